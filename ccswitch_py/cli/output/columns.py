"""Lays text out in the columns of a terminal, in any script: Chinese has wide letters, and no blanks to break at."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

_WIDE = "\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe4f\uff00-\uff60\uffe0-\uffe6"
_CLOSING = "，。、；：！？）》」』】”’…"
"""Must not begin a line."""
_PIECES = f"( *)([{_WIDE}][{_CLOSING}]*|[^ {_WIDE}]+[{_CLOSING}]*)"


GAP = "  "


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
