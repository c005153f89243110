"""Reads a streamed answer event by event, and judges what Claude Code could do with it."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple

from ccswitch_py.probe.message import Message, ToolCall, as_object, as_text, read_json
from ccswitch_py.probe.sse import EventSplitter
from ccswitch_py.probe.usage import MOST_CREDIBLE, merged_usage, read_usage

if TYPE_CHECKING:
    from ccswitch_py.probe.sse import Event

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


class Timing(NamedTuple):
    """How an answer arrived: when its first event came, and over how long its pieces were spread.

    ``tokens_per_s`` is None where all came at once.
    """

    first_event_ms: int
    pieces: int
    spread_ms: int
    tokens_per_s: float | None


@dataclass
class StreamReading:
    """What has arrived of a stream so far.

    Claude Code looks at the name of an event and passes over those without one (measured), so ``nameless`` counts
    events that would be right otherwise. ``first_event_s`` and ``pieces_at`` are the seconds since the request at
    which the first event and each piece of the answer arrived.
    """

    started: bool = False
    has_whole_block: bool = False
    stopped: bool = False
    first_event_s: float | None = None
    stop_reason: str | None = None
    error: dict[str, Any] | None = None
    nameless: int = 0
    openai_chunks: int = 0
    pieces_at: list[float] = field(default_factory=list[float])
    _model: str | None = None
    _text: list[str] = field(default_factory=list[str])
    _calls: list[tuple[str, list[str]]] = field(default_factory=list[tuple[str, list[str]]])
    _first_usage: object = None
    _last_usage: object = None
    _splitter: EventSplitter = field(default_factory=EventSplitter)

    def feed(self, chunk: bytes, at_s: float = 0.0) -> bool:
        """Read on; True once nothing more is to be expected."""
        for event in self._splitter.feed(chunk):
            if self.first_event_s is None:
                self.first_event_s = at_s
            self._take(event, at_s)
            if self.is_over:
                break
        return self.is_over

    @property
    def is_over(self) -> bool:
        """Whether the stream has said that it ends, well or with an error."""
        return self.stopped or self.error is not None

    @property
    def is_answer(self) -> bool:
        """Whether there is a whole answer: Claude Code takes one without ``message_stop`` as well (measured)."""
        return self.started and self.error is None and (self.stopped or self.stop_reason is not None)

    @property
    def error_json(self) -> str:
        """The error that the stream reported, as the JSON text that it would be without streaming."""
        return json.dumps(self.error)

    @property
    def text(self) -> str:
        """The words that have come so far."""
        return "".join(self._text)

    def text_after(self, pieces: int) -> tuple[str, int]:
        """The words that came after so many pieces of text, and how many pieces there are now."""
        return "".join(self._text[pieces:]), len(self._text)

    @property
    def message(self) -> Message:
        """The answer as one message."""
        calls = tuple(ToolCall(name, "".join(parts)) for name, parts in self._calls)
        usage = merged_usage(self._first_usage, self._last_usage)
        return Message(self._model, "".join(self._text), calls, self.stop_reason, usage)

    def is_buffered(self, slow_s: float) -> bool:
        """Whether many pieces arrived at once after a wait of ``slow_s``; when in doubt, they did not."""
        if len(self.pieces_at) < MANY_PIECES or self.pieces_at[0] < slow_s:
            return False
        return self.pieces_at[-1] - self.pieces_at[0] <= ONE_BLOCK_S

    @property
    def timing(self) -> Timing | None:
        """When the answer came, once there is some of it."""
        if self.first_event_s is None or not self.pieces_at:
            return None
        spread_s = self.pieces_at[-1] - self.pieces_at[0]
        tokens = read_usage(self.message.usage, has_text=True).counts.get("output_tokens", 0)
        per_s = tokens / spread_s if spread_s > ONE_BLOCK_S and 0 < tokens <= MOST_CREDIBLE else None
        first_event_ms, spread_ms = (round(seconds * 1000) for seconds in (self.first_event_s, spread_s))
        return Timing(first_event_ms, len(self.pieces_at), spread_ms, round(per_s, 1) if per_s else None)

    def _take(self, event: Event, at_s: float) -> None:
        try:
            data = as_object(read_json(event.data)) or {}
        except ValueError:
            return
        kind = data.get("type")
        if "choices" in data:
            self.openai_chunks += 1
        elif event.name == "error" or (not event.name and kind == "error"):
            self.error = data
        elif not event.name and kind in EVENT_NAMES:
            self.nameless += 1
        elif event.name in EVENT_NAMES:
            self._take_part(event.name, data, at_s)

    def _take_part(self, name: str, data: dict[str, Any], at_s: float) -> None:
        if name == "message_start":
            message = as_object(data.get("message")) or {}
            self.started = True
            self._model = as_text(message.get("model"))
            self._first_usage = message.get("usage")
        elif not self.started:
            return
        elif name == "content_block_start":
            block = as_object(data.get("content_block")) or {}
            self._add_text(block)
            if block.get("type") == "tool_use":
                self._calls.append((as_text(block.get("name")) or "", []))
        elif name == "content_block_delta":
            delta = as_object(data.get("delta")) or {}
            self._add_text(delta)
            part = delta.get("partial_json")
            if isinstance(part, str) and self._calls:
                self._calls[-1][1].append(part)
            self.pieces_at.append(at_s)
        elif name == "content_block_stop":
            self.has_whole_block = True
        elif name == "message_delta":
            delta = as_object(data.get("delta")) or {}
            self.stop_reason = as_text(delta.get("stop_reason")) or self.stop_reason
            self._last_usage = data.get("usage") or self._last_usage
        elif name == "message_stop":
            self.stopped = True

    def _add_text(self, part: dict[str, Any]) -> None:
        text = part.get("text")
        if isinstance(text, str):
            self._text.append(text)


def read_stream(body: bytes) -> StreamReading:
    """Read a whole stream at once."""
    reading = StreamReading()
    reading.feed(body)
    return reading
