"""The one reader of a streamed answer: what has arrived of it, when, and what is wrong with it."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any

from ccswitch_py.probe.client.sse import Event, EventSplitter
from ccswitch_py.probe.judge.message import MAX_CREDIBLE, as_object, as_text, merged_usage, read_object, read_usage
from ccswitch_py.probe.judge.observation import Message, Timing, ToolCall

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

MANY_PIECES = 8
ONE_BLOCK_S = 0.03

_DELTAS = {
    "text_delta": (("text",), "text"),
    "input_json_delta": (("tool_use", "server_tool_use"), "partial_json"),
    "thinking_delta": (("thinking",), "thinking"),
}
"""The deltas that are read: the types of block they may belong to, and the field with their text."""


@dataclass
class StreamReader:
    """What has arrived of a stream so far.

    Claude Code goes by the name of an event and ignores those without one (measured), so ``nameless`` counts events
    that are valid otherwise. ``unreadable``: it retries without streaming. ``malformed``: it gives up.
    ``first_event_s`` and ``pieces_at`` are seconds since the request.
    """

    started: bool = False
    has_complete_block: bool = False
    stopped: bool = False
    unreadable: bool = False
    malformed: bool = False
    first_event_s: float | None = None
    stop_reason: str | None = None
    error: dict[str, Any] | None = None
    nameless: int = 0
    openai_chunks: int = 0
    pieces_at: list[float] = field(default_factory=list[float])
    _model: str | None = None
    _text: list[str] = field(default_factory=list[str])
    _open: dict[int, _Block] = field(default_factory=dict[int, "_Block"])
    _complete: list[_Block] = field(default_factory=list["_Block"])
    _first_usage: object = None
    _last_usage: object = None
    _splitter: EventSplitter = field(default_factory=EventSplitter)

    def feed(self, chunk: bytes, at_s: float = 0.0) -> bool:
        """Read on; True once nothing more is to be expected."""
        for event in self._splitter.feed(chunk):
            if self.first_event_s is None:
                self.first_event_s = at_s
            self._read(event, at_s)
            if self.is_over:
                break
        return self.is_over

    @property
    def is_over(self) -> bool:
        """Whether the stream has announced its end, good or bad."""
        return self.stopped or self.error is not None

    @property
    def is_answer(self) -> bool:
        """Whether there is a complete answer: Claude Code accepts one without ``message_stop`` as well (measured)."""
        is_complete = self.stopped or self.stop_reason is not None
        return self.started and is_complete and self.error is None and not self.unreadable and not self.malformed

    @property
    def error_json(self) -> str:
        """The error that the stream reported, as the JSON text that it would be without streaming."""
        return json.dumps(self.error)

    @property
    def has_text(self) -> bool:
        """Whether any text has arrived."""
        return bool(self._text)

    def text_after(self, pieces: int) -> tuple[str, int]:
        """The text after the first ``pieces`` pieces, and how many pieces there are now."""
        return "".join(self._text[pieces:]), len(self._text)

    @property
    def message(self) -> Message:
        """The answer as one message; blocks that were not completed are dropped."""
        text = "".join("".join(block.pieces) for block in self._complete if block.kind == "text")
        calls = tuple(
            ToolCall(block.name, "".join(block.pieces)) for block in self._complete if block.kind == "tool_use"
        )
        usage = merged_usage(self._first_usage, self._last_usage)
        return Message(self._model, text, calls, self.stop_reason, usage)

    def is_buffered(self, after_s: float) -> bool:
        """Whether many pieces arrived at once after a wait of ``after_s``; when in doubt, they did not."""
        if len(self.pieces_at) < MANY_PIECES or self.pieces_at[0] < after_s:
            return False
        return self.pieces_at[-1] - self.pieces_at[0] <= ONE_BLOCK_S

    @property
    def timing(self) -> Timing | None:
        """When the answer arrived, once there is some of it."""
        if self.first_event_s is None or not self.pieces_at:
            return None
        spread_s = self.pieces_at[-1] - self.pieces_at[0]
        tokens = read_usage(self.message.usage, has_text=True).counts.get("output_tokens", 0)
        per_s = tokens / spread_s if spread_s > ONE_BLOCK_S and 0 < tokens <= MAX_CREDIBLE else None
        first_event_ms, spread_ms = (round(seconds * 1000) for seconds in (self.first_event_s, spread_s))
        return Timing(first_event_ms, len(self.pieces_at), spread_ms, round(per_s, 1) if per_s else None)

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


def read_stream(body: bytes) -> StreamReader:
    """Read a whole stream at once."""
    reader = StreamReader()
    reader.feed(body)
    return reader
