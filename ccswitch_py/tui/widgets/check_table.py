"""Live tests of one or many profiles as a table: a heading for each, a row for each check, and a bar for its time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from rich.cells import cell_len
from rich.segment import Segment
from rich.style import Style
from textual import events
from textual.binding import Binding, BindingType
from textual.geometry import Region, Size
from textual.message import Message
from textual.scroll_view import ScrollView
from textual.strip import Strip

from ccswitch_py.core.language import N_, _
from ccswitch_py.redact.printable import printable
from ccswitch_py.tui.screens.live_test.board import RUNNING, Board, Group, Line, Row
from ccswitch_py.tui.screens.live_test.texts import COLOURS, SIGNS, in_short
from ccswitch_py.tui.widgets.fitted import fitted

_INDENT = 2
_SIGN = 2
_CHECK = 12
_TIME = 10
_GAP = 2
_BAR, _WIDE_BAR, _WIDE = 8, 16, 90
_FULL, _HALF = "━", "╸"


class CheckTable(ScrollView, can_focus=True):
    """Only the rows in view are drawn, from what the board knows then. Until the user moves it, the highlight leads."""

    ALLOW_SELECT = False
    COMPONENT_CLASSES: ClassVar[set[str]] = {
        "check-table--heading",
        "check-table--row",
        "check-table--good",
        "check-table--bad",
        "check-table--unsure",
        "check-table--quiet",
        "check-table--bar",
        "check-table--highlighted",
    }
    DEFAULT_CSS = """
    CheckTable {
        overflow-x: hidden;
        scrollbar-size-vertical: 1;
        & > .check-table--heading { color: $foreground; text-style: bold; }
        & > .check-table--row { color: $foreground; }
        & > .check-table--good { color: $text-success; }
        & > .check-table--bad { color: $text-error; }
        & > .check-table--unsure { color: $text-warning; }
        & > .check-table--quiet { color: $text-muted; }
        & > .check-table--bar { color: $primary; }
        & > .check-table--highlighted { background: $foreground 8%; }
        &:focus > .check-table--highlighted { background: $primary 30%; }
    }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up,k", "move(-1)", N_("One up"), show=False),
        Binding("down,j", "move(1)", N_("One down"), show=False),
        Binding("pageup", "page(-1)", N_("A page up"), show=False),
        Binding("pagedown", "page(1)", N_("A page down"), show=False),
        Binding("home", "end(-1)", N_("The first"), show=False),
        Binding("end", "end(1)", N_("The last"), show=False),
    ]

    @dataclass
    class Highlighted(Message):
        """Another row is selected."""

        row: Row

    @dataclass
    class Picked(Message):
        """A row was clicked twice."""

        row: Row

    def __init__(self, board: Board, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._board = board
        self._rows: Sequence[Row] = []
        self._highlighted = 0
        self._slowest_ms = 0
        self._model_width = 0
        self.is_led = True

    @property
    def selected(self) -> Row | None:
        """The row under the highlight."""
        return self._rows[self._highlighted] if self._rows else None

    def show(self) -> None:
        """Show what the board knows now; the highlight stays on its row, or on that which took its place."""
        before = self.selected
        self._rows = self._board.rows
        self._slowest_ms = self._board.slowest_ms
        models = (cell_len(row.model) for row in self._rows if isinstance(row, Line))
        self._model_width = max(models, default=0)
        if before is not None and before in self._rows:
            self._highlighted = self._rows.index(before)
        self._highlighted = min(self._highlighted, max(len(self._rows) - 1, 0))
        self.virtual_size = Size(0, len(self._rows))
        self.refresh()
        if self.selected is not None and self.selected is not before:
            self.post_message(self.Highlighted(self.selected))

    def lead_to(self, row: Row) -> None:
        """Highlight a row, unless the user has moved the highlight."""
        if self.is_led and row in self._rows:
            self._highlight(self._rows.index(row))

    def action_move(self, by: int) -> None:
        """Move the highlight by so many rows; it stops at the ends."""
        self._go(self._highlighted + by)

    def action_page(self, pages: int) -> None:
        """Move the highlight by what is in view."""
        self._go(self._highlighted + pages * max(self.size.height - 1, 1))

    def action_end(self, direction: int) -> None:
        """Move the highlight to the first or the last row."""
        self._go(len(self._rows) if direction > 0 else 0)

    def _go(self, index: int) -> None:
        self.is_led = False
        self._highlight(index)

    def _highlight(self, index: int) -> None:
        at = min(max(index, 0), len(self._rows) - 1)
        if at in (self._highlighted, -1):
            return
        self._highlighted = at
        self._scroll_to_highlight()
        self.refresh()
        self.post_message(self.Highlighted(self._rows[at]))

    def on_resize(self) -> None:
        """The highlight stays in view."""
        self._scroll_to_highlight()

    def _scroll_to_highlight(self) -> None:
        """Into view, and with its heading if there is room for both."""
        row, first = self.selected, self._highlighted
        if isinstance(row, Line):
            heading = self._rows.index(row.group)
            first = heading if first - heading < self.size.height else first
        region = Region(0, first, 1, self._highlighted - first + 1)
        self.scroll_to_region(region, animate=False, force=True, immediate=True)

    def on_click(self, event: events.Click) -> None:
        """A click selects, the second of two picks."""
        index = self.scroll_offset.y + event.y
        if index < len(self._rows):
            self._go(index)
            if event.chain == 2:
                self.post_message(self.Picked(self._rows[index]))

    def render_line(self, y: int) -> Strip:
        """Draw one row of the screen."""
        width, index = self.size.width, self.scroll_offset.y + y
        if index >= len(self._rows):
            return Strip.blank(width, self.rich_style)
        row = self._rows[index]
        parts = self._heading(row, width) if isinstance(row, Group) else self._check(row, width)
        strip = Strip([Segment(text, self._style(name)) for text, name in parts])
        strip = strip.adjust_cell_length(width, self._style("row"))
        if index == self._highlighted:
            behind = Style(bgcolor=self._style("highlighted").bgcolor)
            strip = Strip([Segment(text, style + behind if style else behind) for text, style, _ in strip])
        return strip

    def _style(self, name: str) -> Style:
        return self.get_component_rich_style(f"check-table--{name}")

    def _heading(self, group: Group, width: int) -> list[tuple[str, str]]:
        colour = COLOURS.get(group.status, "row")
        name = printable(group.name)
        room = max(width - _SIGN - _GAP - cell_len(name), 0)
        return [
            (fitted(SIGNS[group.status], _SIGN), colour),
            (fitted(name, min(cell_len(name), width - _SIGN)) + " " * _GAP, "heading"),
            (fitted(in_short(group)[-1], room), colour if group.status not in ("works", RUNNING) else "quiet"),
        ]

    def _check(self, line: Line, width: int) -> list[tuple[str, str]]:
        colour = COLOURS.get(line.status, "row")
        bar = _WIDE_BAR if width >= _WIDE else _BAR
        model = min(self._model_width, width // 4)
        room = max(width - _INDENT - _SIGN - _CHECK - model - _TIME - bar - 4 * _GAP, 0)
        said = in_short(line)
        words = next((text for text in said if cell_len(text) <= room), said[-1])
        time = _("{time} ms", time=f"{line.elapsed_ms:,}") if line.elapsed_ms else ""
        is_told = line.status in ("warn", "fail", "untestable")
        return [
            (" " * _INDENT + fitted(SIGNS[line.status], _SIGN), colour),
            (fitted(line.check, _CHECK) + " " * _GAP, "quiet" if colour == "quiet" else "row"),
            (fitted(printable(line.model), model) + " " * _GAP, "quiet"),
            (fitted(words, room) + " " * _GAP, colour if is_told else "quiet"),
            (f"{time:>{_TIME}}" + " " * _GAP, "row"),
            (self._bar(line.elapsed_ms, bar), colour if is_told else "bar"),
        ]

    def _bar(self, elapsed_ms: int, width: int) -> str:
        """As long as the check took, measured by the slowest; the number stands beside it."""
        if not elapsed_ms or not self._slowest_ms:
            return ""
        halves = min(max(round(2 * width * elapsed_ms / self._slowest_ms), 1), 2 * width)
        return _FULL * (halves // 2) + _HALF * (halves % 2)
