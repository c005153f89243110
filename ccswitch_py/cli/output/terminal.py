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
_READABLE, _NARROWEST_CELL = 20, 6
_WIDE = "\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe4f\uff00-\uff60\uffe0-\uffe6"
_CLOSING = "，。、；：！？）》」』】”’…"
"""Must not begin a line."""
_PIECES = f"( *)([{_WIDE}][{_CLOSING}]*|[^ {_WIDE}]+[{_CLOSING}]*)"

GAP = "  "
_LONGEST_LINE = 65536
_PASTE_GAP_S = 0.05
"""Between two lines of a paste; nobody types that fast."""


class Terminal:
    """An output stream; where it is no terminal, text stays as it is.

    ``NO_COLOR`` and ``TERM=dumb`` turn colours off.
    """

    def __init__(self, stream: TextIO) -> None:
        self.is_one = stream.isatty()
        self._can_erase = self.is_one and os.environ.get("TERM") != "dumb"
        self._has_colours = self._can_erase and not os.environ.get("NO_COLOR")
        self._width = _width_of_terminal(stream) if self.is_one else _NARROWEST

    def painted(self, text: str, colour: str) -> str:
        """Return ``text`` in a colour, which never says what the text does not."""
        return f"\x1b[{colour}m{text}\x1b[0m" if self._has_colours else text

    def passing(self, text: str) -> str:
        """Return ``text`` in place of the current line; nothing where a line cannot be erased."""
        return f"\r\x1b[K{text[: self._width - 1]}" if self._can_erase else ""

    def table(self, rows: Sequence[Sequence[str]], heading: Sequence[str] = ()) -> str:
        """Align the cells of all rows; shorten long cells and wrap the last column to fit."""
        return table(rows, heading, self._width if self.is_one else None)

    def wrapped(self, text: str, indent: str = "") -> str:
        """Wrap ``text`` behind an indent."""
        if not self.is_one:
            return indent + text
        return "\n".join(indent + line for line in wrapped_lines(text, self._width - len(indent)))


def _width_of_terminal(stream: TextIO) -> int:
    try:
        columns = int(os.environ.get("COLUMNS") or 0) or os.get_terminal_size(stream.fileno()).columns
    except (ValueError, OSError):
        columns = 80
    return max(_NARROWEST, columns)


def confirmed(question: str) -> bool:
    """Ask on the terminal; anything but yes is no."""
    print_note(question, end=" ")
    return sys.stdin.readline().strip().lower() in ("y", "yes")


def hidden_input(prompt: str) -> str:
    """Ask on the terminal without echo; return all lines of a paste, where the terminal can be told apart from one."""
    try:
        import termios
    except ImportError:  # Windows
        from getpass import getpass

        return getpass(prompt)
    import select

    stdin = sys.stdin.fileno()
    before = termios.tcgetattr(stdin)
    silent = [*before]
    silent[3] &= ~termios.ECHO
    try:
        termios.tcsetattr(stdin, termios.TCSADRAIN, silent)
        print_note(prompt, end="")
        typed = os.read(stdin, _LONGEST_LINE)
        while typed and select.select([stdin], [], [], _PASTE_GAP_S)[0] and (more := os.read(stdin, _LONGEST_LINE)):
            typed += more
    finally:
        termios.tcsetattr(stdin, termios.TCSAFLUSH, before)
        print_note("")
    return typed.decode("utf-8", "replace")


def print_note(line: str, end: str = "\n") -> None:
    """Print at once on stderr: stdout is for what was asked for."""
    print(printable_lines(line), end=end, file=sys.stderr, flush=True)


def table(rows: Sequence[Sequence[str]], heading: Sequence[str] = (), columns: int | None = None) -> str:
    """Align the cells of all rows. To fit into ``columns``, shorten long cells and wrap the last cell under itself."""
    lines = [heading, *rows] if heading else rows
    widths = [max(map(width, cells)) for cells in zip(*lines, strict=True)][:-1]
    if columns:
        lasts = [line[-1] for line in lines]
        words = max((width(word) for last in lasts for word in last.split()), default=0)
        _narrow(widths, columns - max(map(width, lasts)) - len(GAP) * len(widths), _READABLE)
        _narrow(widths, columns - words - len(GAP) * len(widths), _NARROWEST_CELL)
    indent = sum(widths) + len(GAP) * len(widths)
    text: list[str] = []
    for *cells, last in lines:
        head = "".join(padded(shortened(cell, size), size) + GAP for cell, size in zip(cells, widths, strict=True))
        first, *more = wrapped_lines(last, columns - indent) if columns else [last]
        text += [(head + first).rstrip(), *(" " * indent + line for line in more)]
    return "\n".join(text)


def _narrow(widths: list[int], room: int, least: int) -> None:
    """Narrow the widest columns, to no less than ``least``, until all fit into ``room``."""
    while sum(widths) > room and max(widths) > least:
        widths[widths.index(max(widths))] -= 1


def shortened(text: str, columns: int) -> str:
    """Replace the middle of a text that is too wide by an ellipsis."""
    if width(text) <= columns:
        return text
    head = _fitting(text, columns // 2)
    tail = _fitting(text[::-1], columns - 1 - width(head))
    return f"{head}…{tail[::-1]}"


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
    if width(text) <= columns:
        return [text]
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
