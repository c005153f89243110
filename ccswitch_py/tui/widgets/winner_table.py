"""What Claude Code will use as rows that fit the width: what it is, its value, and the place that decides."""

# Textual types the cells of a table only in part:
# pyright: reportUnknownMemberType=false

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from rich.style import Style
from rich.text import Text
from textual import events
from textual.message import Message
from textual.widgets import DataTable

from ccswitch_py.core.language import N_, _
from ccswitch_py.redact.printable import printable
from ccswitch_py.targets.explanation import ExplainedPart

_WHAT, _VALUE, _PLACE = N_("What"), N_("Value"), N_("Set in")
_WHAT_WIDTH = 13
_VALUE_SHARE = 0.52
_PADDING = 2


class WinnerTable(DataTable[Text]):
    """A row for each part of an explanation; what nothing sets is quiet."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {"winner-table--quiet"}
    DEFAULT_CSS = """
    WinnerTable {
        height: 1fr;
        background: $background;
        scrollbar-size-vertical: 1;
        & > .winner-table--quiet { color: $text-muted; }
        & > .datatable--header { background: $background; color: $text-muted; text-style: none; }
        & > .datatable--cursor { background: $background; color: $foreground; text-style: none; }
        &:focus { background-tint: transparent; }
        &:focus > .datatable--cursor { background: $foreground 10%; color: $foreground; text-style: none; }
    }
    """

    @dataclass
    class Selected(Message):
        """The cursor is on this part now."""

        part: ExplainedPart

    def __init__(self) -> None:
        super().__init__(cursor_type="row")
        self._parts: Sequence[ExplainedPart] = ()

    @property
    def selected(self) -> ExplainedPart | None:
        """The part under the cursor."""
        return self._parts[self.cursor_row] if self.cursor_row < len(self._parts) else None

    def show(self, parts: Sequence[ExplainedPart]) -> None:
        """Show these; the cursor stays in its row."""
        self._parts = parts
        self._draw()

    def on_resize(self, _event: events.Resize) -> None:
        """The columns follow the width."""
        self._draw()

    def notify_style_update(self) -> None:
        """Another theme has other colours."""
        super().notify_style_update()
        self.call_after_refresh(self._draw)

    def on_data_table_row_highlighted(self, event: DataTable.RowHighlighted) -> None:
        """Tell the screen."""
        event.stop()
        self._tell()

    def _tell(self) -> None:
        if part := self.selected:
            self.post_message(self.Selected(part))

    def _draw(self) -> None:
        room = self.size.width - _WHAT_WIDTH - 3 * _PADDING
        if room <= _PADDING or not self._parts:
            return
        row = self.cursor_row
        value_width = int(room * _VALUE_SHARE)
        widths = {_WHAT: _WHAT_WIDTH, _VALUE: value_width, _PLACE: room - value_width}
        self.clear(columns=True)
        for heading, width in widths.items():
            self.add_column(_(heading), width=width)
        quiet = Style(color=self.get_component_rich_style("winner-table--quiet").color)
        for part in self._parts:
            place = part.winner.short_location if part.winner else ""
            style = Style() if part.winner or part.unread else quiet
            cells = [
                Text(part.label),
                _cut(printable(part.value), value_width, style),
                _cut_in_middle(printable(place), widths[_PLACE], quiet),
            ]
            self.add_row(*cells)
        self.move_cursor(row=row)
        self._tell()


def _cut(text: str, width: int, style: Style) -> Text:
    cell = Text(text, style)
    cell.truncate(width, overflow="ellipsis")
    return cell


def _cut_in_middle(text: str, width: int, style: Style) -> Text:
    """The beginning says whose file it is, the end which line."""
    kept = text.find(" ") + 1
    while Text(text).cell_len > width and kept < len(text):
        text = text[:kept] + "…" + text[kept:].removeprefix("…")[1:]
    return Text(text, style)
