"""What fits into the columns of a terminal, in any script: Chinese has wide letters, and no blanks to break at."""

from __future__ import annotations

_WIDE = "\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe4f\uff00-\uff60\uffe0-\uffe6"
_CLOSING = "，。、；：！？）》」』】”’…"
"""What must not begin a line."""
_PIECES = f"( *)([{_WIDE}][{_CLOSING}]*|[^ {_WIDE}]+[{_CLOSING}]*)"


def padded(text: str, columns: int) -> str:
    """``text`` with blanks behind it, as wide as so many columns."""
    return text + " " * (columns - width(text))


def width(text: str) -> int:
    """How many columns a terminal needs for it."""
    if text.isascii():
        return len(text)
    from unicodedata import east_asian_width

    return sum(2 if east_asian_width(char) in "WF" else 1 for char in text)


def wrapped_lines(text: str, columns: int) -> list[str]:
    """The words of ``text`` in lines of at most so many columns (2 or more); only a longer word is cut.

    Runs of blanks stay within a line, and go where one ends.
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
