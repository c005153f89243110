"""What a test sees of a table."""

from __future__ import annotations

from typing import Any

from rich.cells import cell_len

from ccswitch_py.tui.widgets.table import Table, fit


def cells(table: Table[Any]) -> list[list[str]]:
    """The cells of each row, as they are seen."""
    widths = [column.width for column in table.fitted]
    rows = [[cell.text for cell in table.cells(row)] for row in table.rows]
    return [[_seen(text, width) for text, width in zip(row, widths, strict=False)] for row in rows]


def _seen(text: str, width: int) -> str:
    return text if cell_len(text) <= width else fit(text, width)
