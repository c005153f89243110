"""Text of other programs, made safe to draw: a model id or a gateway's words can hold anything."""

from __future__ import annotations

from rich.cells import cell_len, set_cell_size
from textual.content import Content

_STAND_IN = "\N{REPLACEMENT CHARACTER}"


def printable(text: str) -> str:
    """One line without anything that moves the cursor, turns the writing direction or cannot be seen."""
    if text.isprintable():
        return text
    return "".join(char if char.isprintable() else " " if char.isspace() else _STAND_IN for char in text)


def fitted(text: str, cells: int) -> str:
    """The text in just so many cells: with blanks behind it, or cut with an ellipsis."""
    if cell_len(text) <= cells:
        return set_cell_size(text, cells)
    return set_cell_size(text, max(cells - 1, 0)) + "…"[:cells]


def titled(text: str) -> Content:
    """A title or subtitle of a border, which would take brackets in it for markup."""
    return Content(printable(text))
