"""Text in a column of a widget that draws its rows itself."""

from __future__ import annotations

from rich.cells import cell_len, set_cell_size


def fitted(text: str, cells: int) -> str:
    """The text in just so many cells: with blanks behind it, or cut with an ellipsis."""
    if cell_len(text) <= cells:
        return set_cell_size(text, cells)
    return set_cell_size(text, max(cells - 1, 0)) + "…"[:cells]
