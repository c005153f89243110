"""What a terminal can do and a file cannot: colours, a transient line, and lines no longer than it is wide."""

from __future__ import annotations

import os
import sys

from ccswitch_py.cli.output.columns import table, wrapped_lines
from ccswitch_py.redact.printable import printable_lines

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import TextIO

RED, GREEN, YELLOW, DIM = "31", "32", "33", "2"
_NARROWEST = 40


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
