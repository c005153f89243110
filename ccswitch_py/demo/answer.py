"""The gateway's answers: a text that names the model and repeats the question, or a tool call; whole or as events."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from ccswitch_py.demo.cache import NOTHING_CACHED, Cached
from ccswitch_py.demo.problem import in_one_line, new_id
from ccswitch_py.demo.request import Block, MessagesRequest, count_input, split_tokens

TOKENS_PER_DELTA = 2

_NUMBER = re.compile(r"(?<![A-Za-z0-9_.-])-?[0-9]{1,15}(?:\.[0-9]{1,15})?(?![A-Za-z0-9_])")


@dataclass(frozen=True, slots=True)
class DemoAnswer:
    """A finished answer of one block: text, or a tool ``call``; ``pieces`` are the tokens of the text or the input."""

    id: str
    model: str
    pieces: tuple[str, ...]
    call: Block | None
    stop_reason: str
    input_tokens: int
    cached: Cached

    @property
    def text(self) -> str:
        """All pieces in one."""
        return "".join(self.pieces)

    @property
    def block(self) -> dict[str, Any]:
        """The content; a call that was cut has no input, as half of a JSON text is none."""
        if self.call is None:
            return {"type": "text", "text": self.text}
        return {**self.call, "input": {}} if self.stop_reason == "max_tokens" else self.call

    @property
    def usage(self) -> dict[str, int]:
        """The token counts; what was cached is not counted again as input."""
        return {
            "input_tokens": self.input_tokens - self.cached.created - self.cached.read,
            "cache_creation_input_tokens": self.cached.created,
            "cache_read_input_tokens": self.cached.read,
            "output_tokens": len(self.pieces),
        }

    def as_json(self) -> dict[str, Any]:
        """The body of an answer that is not streamed."""
        return {
            "id": self.id,
            "type": "message",
            "role": "assistant",
            "model": self.model,
            "content": [self.block],
            "stop_reason": self.stop_reason,
            "stop_sequence": None,
            "usage": self.usage,
        }


def demo_text(request: MessagesRequest) -> str:
    """The demo's answer: different for each model and question, and it says that it comes from the demo."""
    text = in_one_line(request.last_user_text)
    heard = f" You said: “{text}”." if text else ""
    name = request.model.id
    return f"This is ccswitch's demo gateway, answering as {name}.{heard} No model ran and nothing left this machine."


def answer_request(
    request: MessagesRequest, text: Callable[[MessagesRequest], str] = demo_text, cached: Cached = NOTHING_CACHED
) -> DemoAnswer:
    """Answer with a call of the tool that was named, else with ``text``; cut at ``max_tokens``."""
    call = tool_call(request)
    pieces = split_tokens(json.dumps(call["input"], ensure_ascii=False) if call else text(request))
    is_cut = len(pieces) > request.max_tokens
    return DemoAnswer(
        new_id("msg"),
        request.model.id,
        tuple(pieces[: request.max_tokens]),
        call,
        "max_tokens" if is_cut else "tool_use" if call else "end_turn",
        count_input(request),
        cached,
    )


def tool_call(request: MessagesRequest) -> Block | None:
    """The call of the tool that the user names first, in backquotes such as `` `Read` ``.

    A tool's result is answered with text: a call would lead to the next, for ever.
    """
    text = request.last_user_text
    named = [tool for tool in request.tools if f"`{tool['name']}`" in text]
    if not named or any(block["type"] == "tool_result" for block in request.last_user_blocks):
        return None
    tool = min(named, key=lambda tool: text.index(f"`{tool['name']}`"))
    given = fill_required(tool.get("input_schema", {}), text)
    return {"type": "tool_use", "id": new_id("toolu"), "name": tool["name"], "input": given}


def fill_required(schema: dict[str, Any], text: str) -> dict[str, Any]:
    """An input with the required fields only: the first number in ``text``, and empty values."""
    properties = schema.get("properties", {})
    return {name: _value(properties.get(name), text) for name in schema.get("required", [])}


def _value(wanted: Any, text: str) -> Any:
    found = _NUMBER.search(text)
    number = float(found[0]) if found else 0
    match wanted:
        case {"type": "integer"}:
            return int(number)
        case {"type": "number"}:
            return number
        case {"type": "boolean"}:
            return False
        case {"type": "array"}:
            return []
        case {"type": "object"}:
            return {}
        case _:
            return ""


def stream_events(answer: DemoAnswer) -> Iterator[dict[str, Any]]:
    """The events of a streamed answer, each with its name as ``type``."""
    usage = {**answer.usage, "output_tokens": 0}
    empty: dict[str, Any] = {"text": ""} if answer.call is None else {"input": {}}
    delta, field = ("text_delta", "text") if answer.call is None else ("input_json_delta", "partial_json")
    yield {"type": "message_start", "message": {**answer.as_json(), "content": [], "stop_reason": None, "usage": usage}}
    yield {"type": "content_block_start", "index": 0, "content_block": {**answer.block, **empty}}
    yield {"type": "ping"}
    for start in range(0, len(answer.pieces), TOKENS_PER_DELTA):
        part = "".join(answer.pieces[start : start + TOKENS_PER_DELTA])
        yield {"type": "content_block_delta", "index": 0, "delta": {"type": delta, field: part}}
    yield {"type": "content_block_stop", "index": 0}
    ending = {"stop_reason": answer.stop_reason, "stop_sequence": None}
    yield {"type": "message_delta", "delta": ending, "usage": answer.usage}
    yield {"type": "message_stop"}


def encode_event(event: dict[str, Any]) -> bytes:
    """One event on the wire: its name, its data on one line, and an empty line."""
    return b"event: " + event["type"].encode() + b"\ndata: " + encode_json(event) + b"\n\n"


def encode_json(value: object) -> bytes:
    """``value`` as JSON in UTF-8; half a surrogate pair, which UTF-8 lacks, stays the escape that it came as."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "backslashreplace")
