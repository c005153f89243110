"""Claude Messages: ``POST {base}/v1/messages``. What a client makes of an answer was measured with Claude Code."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, cast

from ccswitch_py.model.diagnosis import Diagnosis
from ccswitch_py.probe.client.request import MAX_TOKENS, PROMPT, VERSION_HEADER
from ccswitch_py.probe.client.sse import Event
from ccswitch_py.probe.protocols.base import COMMON_CHECKS, Tool, WireProtocol
from ccswitch_py.probe.protocols.stream import AnswerStream, Message, ToolCall
from ccswitch_py.probe.protocols.values import as_object, as_text, read_object


class Messages(WireProtocol):
    """Anthropic's protocol, which Claude Code speaks."""

    id = "messages"
    name = "Claude Messages"
    family = "Anthropic"
    headers = (VERSION_HEADER,)
    mismatch = Diagnosis.NOT_MESSAGES
    end_marker = "message_stop"
    tool_stop = "tool_use"
    limit = MAX_TOKENS
    usage_names = {"input_tokens": "input_tokens", "output_tokens": "output_tokens"}  # noqa: RUF012 (read only)
    fatal_stops = frozenset({"refusal", "model_context_window_exceeded"})
    checks = COMMON_CHECKS | {"claude_code", "count_tokens", "cache"}
    models_path = "/v1/models?limit=1000"

    def body(
        self,
        model: str,
        prompt: str = PROMPT,
        *,
        stream: bool,
        tool: Tool | None = None,
        forced: bool = False,
        png: str = "",
    ) -> dict[str, Any]:
        source = {"type": "base64", "media_type": "image/png", "data": png}
        images = [{"type": "image", "source": source}] if png else []
        body: dict[str, Any] = {
            "model": model,
            "max_tokens": self.limit,
            "messages": [{"role": "user", "content": [*images, {"type": "text", "text": prompt}]}],
            "stream": stream,
        }
        if tool is not None:
            body["tools"] = [{"name": tool.name, "description": tool.description, "input_schema": tool.schema}]
        if tool is not None and forced:
            body["tool_choice"] = {"type": "tool", "name": tool.name}
        return body

    def read(self, value: object) -> Message | None:
        return read_message(value)

    def new_stream(self) -> AnswerStream:
        return MessagesStream()

    def is_own_error(self, found: Mapping[str, Any]) -> bool:
        """Its errors are an object of type ``error`` around the error, which has a type too."""
        inner = as_object(found.get("error"))
        return (
            found.get("type") == "error"
            and inner is not None
            and bool(as_text(inner.get("type")))
            and "message" in inner
        )

    def raise_limit(self, body: dict[str, Any], tokens: int) -> None:
        body["max_tokens"] = max(body["max_tokens"], tokens)


MESSAGES = Messages()

EVENT_NAMES = frozenset(
    {
        "message_start",
        "content_block_start",
        "content_block_delta",
        "content_block_stop",
        "message_delta",
        "message_stop",
    }
)
"""The events of Claude Messages that make up an answer; ``ping`` and ``error`` come besides."""

_DELTAS = {
    "text_delta": (("text",), "text"),
    "input_json_delta": (("tool_use", "server_tool_use"), "partial_json"),
    "thinking_delta": (("thinking",), "thinking"),
}
"""The deltas that are read: the types of block they may belong to, and the field with their text."""


def read_message(value: object) -> Message | None:
    """The message, or None if this is none.

    Claude Code requires a list as content, a string as model, and an object or null as usage; it ignores the type, and
    accepts the JSON text of a message in place of the object (measured).
    """
    found = read_object(value) if isinstance(value, str) else as_object(value)
    content = cast("list[object]", found["content"]) if found and isinstance(found.get("content"), list) else None
    if found is None or content is None or found.get("type") == "error":
        return None
    blocks = [as_object(block) for block in content]
    text = "".join(as_text(block.get("text")) or "" for block in blocks if block and block.get("type") == "text")
    calls = tuple(
        ToolCall(as_text(block.get("name")) or "", json.dumps(block.get("input")))
        for block in blocks
        if block and block.get("type") == "tool_use"
    )
    present = {
        "model": isinstance(found.get("model"), str),
        "usage": "usage" in found and isinstance(found["usage"], dict | None),
        "content": None not in blocks,
    }
    lacks = next((name for name, is_present in present.items() if not is_present), "")
    usage = found.get("usage")
    return Message(as_text(found.get("model")), text, calls, as_text(found.get("stop_reason")), usage, lacks)


@dataclass
class MessagesStream(AnswerStream):
    """A stream as Claude Code reads it: it goes by the name of an event, and ignores those without one (measured)."""

    _open: dict[int, _Block] = field(default_factory=dict[int, "_Block"])
    _complete: list[_Block] = field(default_factory=list["_Block"])
    _first_usage: object = None
    _last_usage: object = None

    @property
    def message(self) -> Message:
        """The answer as one message; blocks that were not completed are dropped."""
        text = "".join("".join(block.pieces) for block in self._complete if block.kind == "text")
        calls = tuple(
            ToolCall(block.name, "".join(block.pieces)) for block in self._complete if block.kind == "tool_use"
        )
        usage = merged_usage(self._first_usage, self._last_usage)
        return Message(self._model, text, calls, self.stop_reason, usage)

    def _read(self, event: Event, at_s: float) -> None:
        if event.name == "error":
            return self._read_error(event.data)
        data = read_object(event.data)
        if data is None:
            self.unreadable = self.unreadable or event.name in EVENT_NAMES
            return None
        kind = as_text(data.get("type"))
        name = kind or "" if event.name == "message" else event.name
        if "choices" in data and kind not in EVENT_NAMES:
            self.openai_chunks += 1
        elif not name and kind in EVENT_NAMES:
            self.nameless += 1
        elif name in EVENT_NAMES and kind is not None:
            self._read_part(name, data, at_s)
        return None

    def _read_error(self, data: str) -> None:
        """Take an error, unless the stop reason is known already: then it changes nothing any more."""
        if self.stop_reason is None:
            self.error = read_object(data) or {"error": {"message": data}}
        else:
            self.stopped = True

    def _read_part(self, name: str, data: dict[str, Any], at_s: float) -> None:
        if name == "message_start":
            message = as_object(data.get("message"))
            self.unreadable = self.unreadable or message is None
            self.started = True
            self._model = as_text((message or {}).get("model"))
            self._first_usage = (message or {}).get("usage")
        elif not self.started:
            return
        elif name == "message_delta":
            delta = as_object(data.get("delta"))
            self.malformed = self.malformed or delta is None
            self.stop_reason = as_text((delta or {}).get("stop_reason")) or self.stop_reason
            self._last_usage = data.get("usage") or self._last_usage
        elif name == "message_stop":
            self.stopped = True
        elif not self._read_block(name, data, at_s):
            self.unreadable = True

    def _read_block(self, name: str, data: dict[str, Any], at_s: float) -> bool:
        """Whether the event fits the blocks so far."""
        index = data.get("index")
        if not isinstance(index, int):
            return False
        if name == "content_block_start":
            block = as_object(data.get("content_block"))
            kind = as_text((block or {}).get("type"))
            if block is None or not kind:
                return False
            self._open[index] = _Block(kind, as_text(block.get("name")) or "")
        elif name == "content_block_delta":
            block, delta = self._open.get(index), as_object(data.get("delta"))
            if block is None or delta is None or not block.extend(delta):
                return False
            self.pieces_at.append(at_s)
            if delta["type"] == "text_delta":
                self._text.append(delta["text"])
        else:
            complete = self._open.pop(index, None)
            if complete is None:
                return False
            self.has_complete_block = True
            self._complete.append(complete)
        return True


@dataclass
class _Block:
    """A content block, as much of it as has arrived."""

    kind: str
    name: str
    pieces: list[str] = field(default_factory=list[str])

    def extend(self, delta: dict[str, Any]) -> bool:
        """Append a delta; one of an unknown type is ignored, False for one that does not fit the block."""
        known = _DELTAS.get(str(delta.get("type")))
        if known is None:
            return isinstance(delta.get("type"), str)
        kinds, name = known
        piece = delta.get(name)
        if self.kind not in kinds or not isinstance(piece, str):
            return False
        self.pieces.append(piece)
        return True


def merged_usage(start: object, end: object) -> dict[str, Any]:
    """The usage of a stream: what its end reports counts, but a 0 there does not erase what its start reported."""
    merged: dict[str, Any] = {}
    for part in (start, end):
        for name, value in (as_object(part) or {}).items():
            if value is not None and (value != 0 or name not in merged):
                merged[name] = value
    return merged


def read_stream(body: bytes) -> MessagesStream:
    """Read a whole stream at once."""
    reader = MessagesStream()
    reader.feed(body)
    return reader
