"""What the gateway answers: a text that names the model and repeats the question, or the call of a tool."""

from __future__ import annotations

import json
from dataclasses import dataclass

from ccswitch_py.demo.cache import NOTHING_CACHED
from ccswitch_py.demo.problem import in_one_line, new_id
from ccswitch_py.demo.tokens import count_input, split_tokens
from ccswitch_py.demo.tools import tool_call

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from ccswitch_py.demo.cache import Cached
    from ccswitch_py.demo.request import MessagesRequest
    from ccswitch_py.demo.tools import DemoToolCall


@dataclass(frozen=True, slots=True)
class DemoAnswer:
    """A finished answer of one block, either text or a ``call``.

    ``pieces`` are its tokens, of which a stream sends a few at a time: the text, or the call's input as JSON.
    """

    id: str
    model: str
    pieces: tuple[str, ...]
    call: DemoToolCall | None
    stop_reason: str
    input_tokens: int
    cached: Cached

    @property
    def text(self) -> str:
        """All pieces in one."""
        return "".join(self.pieces)

    @property
    def output_tokens(self) -> int:
        """How many tokens the text, or the call's input, has."""
        return len(self.pieces)

    @property
    def block(self) -> dict[str, Any]:
        """The content; a call that was cut has no input, as half of a JSON text is none."""
        if self.call is None:
            return {"type": "text", "text": self.text}
        given = {} if self.stop_reason == "max_tokens" else self.call.input
        return {"type": "tool_use", "id": self.call.id, "name": self.call.name, "input": given}

    @property
    def usage(self) -> dict[str, int]:
        """What the answer cost, in tokens; what the cache took in or had is not counted again as input."""
        return {
            "input_tokens": self.input_tokens - self.cached.created - self.cached.read,
            "cache_creation_input_tokens": self.cached.created,
            "cache_read_input_tokens": self.cached.read,
            "output_tokens": self.output_tokens,
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
    """The demo's answer: different for each model and each question, and honest about where it comes from."""
    said = in_one_line(request.last_user_text)
    heard = f" You said: “{said}”." if said else ""
    name = request.model.id
    return f"This is ccswitch's demo gateway, answering as {name}.{heard} No model ran and nothing left this machine."


def answer_request(
    request: MessagesRequest, text: Callable[[MessagesRequest], str] = demo_text, cached: Cached = NOTHING_CACHED
) -> DemoAnswer:
    """Answer with the tool that was named, else with ``text``; cut where ``max_tokens`` ends."""
    call = tool_call(request)
    pieces = split_tokens(json.dumps(call.input, ensure_ascii=False) if call else text(request))
    whole = len(pieces) <= request.max_tokens
    ending = "tool_use" if call else "end_turn"
    return DemoAnswer(
        new_id("msg"),
        request.model.id,
        tuple(pieces[: request.max_tokens]),
        call,
        ending if whole else "max_tokens",
        count_input(request),
        cached,
    )
