"""What the streams of all protocols have in common: what of an answer has arrived, when, and whether it is complete."""

from __future__ import annotations

import json
from abc import abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from ccswitch_py.probe.client.sse import Event, EventSplitter
from ccswitch_py.probe.protocols.values import as_object, as_whole, read_object

MANY_PIECES = 8
ONE_BLOCK_S = 0.03
MAX_CREDIBLE = 10_000_000
"""No context window is larger, so no count of tokens can be."""

OUT_OF_TOKENS = "max_tokens"
TOOL_CALL = "tool_use"
FINISHED = "end_turn"


class ToolCall(NamedTuple):
    """A tool call of the model; ``arguments`` is the JSON text of its input."""

    name: str
    arguments: str


class Message(NamedTuple):
    """A model's answer.

    ``stop_reason`` is in the words of Claude Messages where these have one for it. ``usage`` is whatever was sent as
    such, its counts under their names in Claude Messages. ``lacks`` is the first required field that is missing,
    ``misfit`` the first that only a tool with a strict schema refuses.
    """

    model: str | None
    text: str
    tool_calls: tuple[ToolCall, ...]
    stop_reason: str | None
    usage: object
    lacks: str = ""
    misfit: str = ""

    @property
    def has_text(self) -> bool:
        """Whether there is more than white space."""
        return bool(self.text.strip())


class Timing(NamedTuple):
    """When a stream's first event came, and over how long its pieces were spread; no rate where all came at once."""

    first_event_ms: int
    pieces: int
    spread_ms: int
    tokens_per_s: float | None


@dataclass
class AnswerStream:
    """What has arrived of a stream so far.

    ``unreadable``: Claude Code retries without streaming, and other tools fail. ``malformed``: Claude Code gives up.
    ``nameless`` counts events that only lack their name, ``openai_chunks`` those of another protocol.
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
        """Whether there is a complete answer: tools accept one without an end marker as well (measured)."""
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
    @abstractmethod
    def message(self) -> Message:
        """The answer as one message; what was not completed is dropped where tools drop it."""

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
        tokens = as_whole((as_object(self.message.usage) or {}).get("output_tokens")) or 0
        per_s = tokens / spread_s if spread_s > ONE_BLOCK_S and 0 < tokens <= MAX_CREDIBLE else None
        first_event_ms, spread_ms = (round(seconds * 1000) for seconds in (self.first_event_s, spread_s))
        return Timing(first_event_ms, len(self.pieces_at), spread_ms, round(per_s, 1) if per_s else None)

    @abstractmethod
    def _read(self, event: Event, at_s: float) -> None:
        """Read one event."""

    def _read_object(self, event: Event) -> dict[str, Any] | None:
        """The JSON object of an event that goes by its data; None, once noted, for an error and for anything else."""
        data = read_object(event.data)
        if event.name == "error" or (data and data.get("error")):
            self.error = data or {"error": {"message": event.data}}
            return None
        self.unreadable = self.unreadable or data is None
        return data

    def _add_text(self, piece: object, at_s: float) -> None:
        """Add a piece of text; ignore anything else."""
        if isinstance(piece, str) and piece:
            self._text.append(piece)
            self.pieces_at.append(at_s)


def renamed(usage: object, names: Mapping[str, str]) -> dict[str, Any]:
    """The counts of a usage under their names in Claude Messages; ``names`` gives those on the wire."""
    reported = as_object(usage) or {}
    return {name: reported[wire_name] for name, wire_name in names.items() if wire_name in reported}
