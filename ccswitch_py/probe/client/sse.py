"""Splits server-sent events as their bytes arrive."""

from __future__ import annotations

import codecs
import re
from typing import NamedTuple

MAX_EVENT_BYTES = 1024 * 1024
"""A larger event is dropped."""

_LINE_END = re.compile(rb"\r\n|\r|\n")


class Event(NamedTuple):
    """One event; ``name`` is empty where the stream gives none."""

    name: str
    data: str


class EventSplitter:
    """Turns chunks of bytes into events, however they are cut.

    Lines are split before decoding: text functions also split at U+2028 and U+0085, which are legal inside JSON.
    """

    def __init__(self) -> None:
        self._line = bytearray()
        self._line_size = 0
        self._fields: list[tuple[str, str]] = []
        self._size = 0
        self._after_cr = False
        self._first_line = True
        self.dropped = 0
        """How many events were larger than ``MAX_EVENT_BYTES``."""

    def feed(self, chunk: bytes) -> list[Event]:
        """The events that this chunk completes."""
        if not chunk:
            return []
        if self._after_cr and chunk.startswith(b"\n"):
            chunk = chunk[1:]
        self._after_cr = chunk.endswith(b"\r") if chunk else False
        *ended, rest = _LINE_END.split(chunk)
        events: list[Event] = []
        for piece in ended:
            if not (piece or self._size):
                self._first_line = False
                continue
            self._extend(piece)
            event = self._end_line()
            if event is not None:
                events.append(event)
        self._extend(rest)
        return events

    def _extend(self, piece: bytes) -> None:
        self._line_size += len(piece)
        self._size += len(piece)
        if self._size <= MAX_EVENT_BYTES:
            self._line += piece

    def _end_line(self) -> Event | None:
        line, size = bytes(self._line), self._line_size
        self._line.clear()
        self._line_size = 0
        if self._first_line:
            line = line.removeprefix(codecs.BOM_UTF8)
            self._first_line = False
        if size == 0:
            return self._end_event()
        if self._size <= MAX_EVENT_BYTES:
            name, _colon, value = line.decode("utf-8", "replace").partition(":")
            self._fields.append((name, value.removeprefix(" ")))
        return None

    def _end_event(self) -> Event | None:
        fields, size = self._fields, self._size
        self._fields, self._size = [], 0
        if size > MAX_EVENT_BYTES:
            self.dropped += 1
            return None
        data = [value for name, value in fields if name == "data"]
        names = [value for name, value in fields if name == "event"]
        return Event(names[-1] if names else "", "\n".join(data)) if data else None
