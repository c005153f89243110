"""What Claude Code will use as rows that fit the width: what it is, its value, and the place that decides."""

from __future__ import annotations

from collections.abc import Sequence

from rich.cells import cell_len

from ccswitch_py.core.language import N_, _
from ccswitch_py.redact.printable import printable
from ccswitch_py.targets.explanation import ExplainedPart
from ccswitch_py.tui.widgets.table import FittedColumn, Span, Table

_WHAT, _VALUE, _PLACE = N_("What"), N_("Value"), N_("Set in")
_WHAT_WIDTH = 13
_VALUE_SHARE = 0.52
_GAP = 2


class WinnerTable(Table[ExplainedPart]):
    """A row for each part of an explanation; what nothing sets is quiet."""

    MARGIN = 1
    DEFAULT_CSS = """
    WinnerTable {
        & > .table--header { background: $foreground 5%; }
        & > .table--cursor { color: $foreground; }
    }
    """

    def identity(self, row: ExplainedPart) -> object:
        return row.label

    def columns(self, width: int) -> Sequence[FittedColumn]:
        room = max(width - _WHAT_WIDTH - 3 * _GAP, 2)
        value_width = int(room * _VALUE_SHARE)
        widths = {_WHAT: _WHAT_WIDTH, _VALUE: value_width, _PLACE: room - value_width}
        return [FittedColumn(_(title), width) for title, width in widths.items()]

    def cells(self, row: ExplainedPart) -> Sequence[Span]:
        place = printable(row.winner.short_location) if row.winner else ""
        return [
            Span(row.label),
            Span(printable(row.value), "text" if row.winner or row.unread else "quiet"),
            Span(_cut_in_middle(place, self.fitted[-1].width), "quiet"),
        ]


def _cut_in_middle(text: str, width: int) -> str:
    """Keep the beginning, which says whose file it is, and the end, which says which line."""
    kept = text.find(" ") + 1
    while cell_len(text) > width and kept < len(text):
        text = text[:kept] + "…" + text[kept:].removeprefix("…")[1:]
    return text
