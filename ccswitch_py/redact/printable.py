"""Text of others, made safe for a terminal: a name, a path or a gateway's words can hold anything."""

from __future__ import annotations

_STAND_IN = "\N{REPLACEMENT CHARACTER}"
_OURS = r"((?:\x1b\[(?:0|2|31|32|33)m|\n)+)"
"""Ends of lines, and the colours in which the command line paints."""


def printable(text: str) -> str:
    """One line without anything that moves the cursor, turns the writing direction or cannot be seen."""
    if text.isprintable():
        return text
    return "".join(char if char.isprintable() else " " if char.isspace() else _STAND_IN for char in text)


def printable_lines(text: str, *, painted: bool = False) -> str:
    """The same for a text of several lines; the colours of one that is ``painted`` stay."""
    if text.replace("\n", "").isprintable():
        return text
    if not painted:
        return "\n".join(map(printable, text.split("\n")))
    import re

    return "".join(part if at % 2 else printable(part) for at, part in enumerate(re.split(_OURS, text)))


def escaped(json_text: str) -> str:
    """JSON that says the same with escapes in place of what cannot be seen."""
    if json_text.replace("\n", "").isprintable():
        return json_text
    return "".join(char if char.isprintable() or char == "\n" else _escape(char) for char in json_text)


def _escape(char: str) -> str:
    units = char.encode("utf-16-be", "surrogatepass")
    return "".join(f"\\u{units[at]:02x}{units[at + 1]:02x}" for at in range(0, len(units), 2))
