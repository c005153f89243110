"""Print for people: tables and wrapped lines in any script, colours, a transient line, and notes on stderr."""

from __future__ import annotations

import os
import sys

from ccswitch_py.redact.printable import printable_lines

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import TextIO

RED, GREEN, YELLOW, DIM = "31", "32", "33", "2"
_NARROWEST = 40
_WIDE = "\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe4f\uff00-\uff60\uffe0-\uffe6"
_CLOSING = "，。、；：！？）》」』】”’…"
"""Must not begin a line."""
_PIECES = f"( *)([{_WIDE}][{_CLOSING}]*|[^ {_WIDE}]+[{_CLOSING}]*)"

GAP = "  "


class Terminal:
    """An output stream; where it is no terminal, text stays as it is.

    ``NO_COLOR`` and ``TERM=dumb`` turn colours off.
    """

    def __init__(self, stream: TextIO) -> None:
        self.is_one = stream.isatty()
        self._can_erase = self.is_one and os.environ.get("TERM") != "dumb"
        self._has_colours = self._can_erase and not os.environ.get("NO_COLOR")
        self._width = _width_of_terminal() if self.is_one else _NARROWEST

    def painted(self, text: str, colour: str) -> str:
        """Return ``text`` in a colour, which never says what the text does not."""
        return f"\x1b[{colour}m{text}\x1b[0m" if self._has_colours else text

    def passing(self, text: str) -> str:
        """Return ``text`` in place of the current line; nothing where a line cannot be erased."""
        return f"\r\x1b[K{text[: self._width - 1]}" if self._can_erase else ""

    def table(self, rows: Sequence[Sequence[str]], heading: Sequence[str] = ()) -> str:
        """Align the cells of all rows, and wrap the last column."""
        return table(rows, heading, self._width if self.is_one else None)

    def wrapped(self, text: str, indent: str = "") -> str:
        """Wrap ``text`` behind an indent."""
        if not self.is_one:
            return indent + text
        return "\n".join(indent + line for line in wrapped_lines(text, self._width - len(indent)))


def _width_of_terminal() -> int:
    import shutil

    return max(_NARROWEST, shutil.get_terminal_size().columns)


def say(line: str, end: str = "\n") -> None:
    """Print at once on stderr: stdout is for what was asked for."""
    print(printable_lines(line), end=end, file=sys.stderr, flush=True)


def table(rows: Sequence[Sequence[str]], heading: Sequence[str] = (), columns: int | None = None) -> str:
    """Align the cells of all rows; the last one of a row is wrapped under itself to fit into ``columns``."""
    lines = [heading, *rows] if heading else rows
    widths = [max(map(width, cells)) for cells in zip(*lines, strict=True)][:-1]
    indent = sum(widths) + len(GAP) * len(widths)
    text: list[str] = []
    for *cells, last in lines:
        head = "".join(padded(cell, size) + GAP for cell, size in zip(cells, widths, strict=True))
        first, *more = wrapped_lines(last, columns - indent) if columns else [last]
        text += [(head + first).rstrip(), *(" " * indent + line for line in more)]
    return "\n".join(text)


def padded(text: str, columns: int) -> str:
    """Pad ``text`` with blanks to a width."""
    return text + " " * (columns - width(text))


def width(text: str) -> int:
    """Return how many columns a terminal needs for ``text``."""
    if text.isascii():
        return len(text)
    from unicodedata import east_asian_width

    return sum(2 if east_asian_width(char) in "WF" else 1 for char in text)


def wrapped_lines(text: str, columns: int) -> list[str]:
    """Wrap ``text`` to lines of at most ``columns`` (2 or more); only a longer word is split.

    Runs of blanks stay within a line, and are dropped where one ends.
    """
    import re

    lines = [""]
    for blanks, piece in re.findall(_PIECES, text):
        if width(lines[-1] + blanks + piece) <= columns:
            lines[-1] += blanks + piece
            continue
        rest = piece
        if lines[-1]:
            lines.append("")
        while width(rest) > columns:
            head = _fitting(rest, columns)
            lines[-1:] = [head, ""]
            rest = rest[len(head) :]
        lines[-1] = rest
    return lines


def _fitting(text: str, columns: int) -> str:
    end = 1
    while width(text[: end + 1]) <= columns:
        end += 1
    return text[:end]
