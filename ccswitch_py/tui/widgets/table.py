"""The table for all lists. It draws only the rows in view, so 10,000 rows cost as much as 20.

A list is a subclass that returns the columns for a width and the cells of a row, or overrides ``spans``.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Any, ClassVar, Generic, NamedTuple, TypeVar

from rich.cells import cell_len, set_cell_size
from rich.segment import Segment
from rich.style import Style
from textual import events
from textual.binding import Binding, BindingType
from textual.geometry import Region, Size
from textual.message import Message
from textual.scroll_view import ScrollView
from textual.strip import Strip

from ccswitch_py.core.language import N_

Row = TypeVar("Row")
_GAP = 2
_STYLES = ("header", "heading", "text", "quiet", "good", "warning", "bad", "bar", "hovered", "cursor")


class Span(NamedTuple):
    """A piece of a line; ``style`` names one of the component classes of ``Table``."""

    text: str
    style: str = "text"


class FittedColumn(NamedTuple):
    """A column as wide as it is drawn, with its translated title."""

    title: str
    width: int


class Table(ScrollView, Generic[Row], can_focus=True):
    """Rows under a header, with a cursor; without rows it shows ``empty``, whose lines are not wrapped."""

    ALLOW_SELECT = False
    MARGIN: ClassVar[int] = 0
    """Blank cells before the first column."""
    CLICKS_TO_PICK: ClassVar[int] = 2
    CENTERED: ClassVar[bool] = False
    """Whether ``show`` and a resize put the cursor in the middle."""
    COMPONENT_CLASSES: ClassVar[set[str]] = {f"table--{name}" for name in _STYLES}
    DEFAULT_CSS = """
    Table {
        overflow-x: hidden;
        scrollbar-size-vertical: 1;
        & > .table--header { color: $text-muted; background: $foreground 5%; }
        & > .table--heading { color: $foreground; text-style: bold; }
        & > .table--text { color: $foreground; }
        & > .table--quiet { color: $text-muted; }
        & > .table--good { color: $text-success; }
        & > .table--warning { color: $text-warning; }
        & > .table--bad { color: $text-error; }
        & > .table--bar { color: $primary; }
        & > .table--hovered { background: $foreground 5%; }
        &:focus > .table--cursor { background: $foreground 10%; }
    }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up,k", "move(-1)", N_("Up"), show=False),
        Binding("down,j", "move(1)", N_("Down"), show=False),
        Binding("pageup", "page(-1)", N_("Page up"), show=False),
        Binding("pagedown", "page(1)", N_("Page down"), show=False),
        Binding("home", "end(-1)", N_("First"), show=False),
        Binding("end", "end(1)", N_("Last"), show=False),
    ]

    @dataclass
    class Highlighted(Message):
        """The cursor is on another row, or its row has changed; None without rows."""

        row: Any

    @dataclass
    class Picked(Message):
        """A row was clicked ``CLICKS_TO_PICK`` times."""

        row: Any

    def __init__(self, rows: Sequence[Row] = (), *, empty: str = "", id: str | None = None) -> None:
        super().__init__(id=id)
        self.rows: Sequence[Row] = rows
        self.moved_by_user = False
        self.fitted: Sequence[FittedColumn] = ()
        self._empty = empty
        self._cursor: int = 0
        self._hovered: int | None = None

    def columns(self, width: int) -> Sequence[FittedColumn]:
        """Return the columns for a table of ``width`` cells; the header is drawn if one of them has a title."""
        return ()

    def cells(self, row: Row) -> Sequence[Span]:
        """Return a cell for each column of ``fitted``; a long text is cut."""
        return ()

    def spans(self, row: Row, width: int) -> Sequence[Span]:
        """Return a whole line; the default puts ``cells`` into columns."""
        return list(self._in_columns(self.cells(row)))

    def identity(self, row: Row) -> object:
        """Return what identifies a row after a reload, so that the cursor stays on it."""
        return row

    def is_heading(self, row: Row) -> bool:
        """Whether the cursor skips this row."""
        return False

    def is_highlighted(self, index: int) -> bool:
        return index == self._cursor and not self.is_heading(self.rows[index])

    def heading_index(self, index: int) -> int:
        """Return the index of the row to keep in view together with this one."""
        return index

    @property
    def selected(self) -> Row | None:
        row = self.rows[self._cursor] if self._cursor < len(self.rows) else None
        return None if row is None or self.is_heading(row) else row

    @property
    def in_view(self) -> Sequence[Row]:
        first = self.scroll_offset.y
        return self.rows[first : first + self.size.height]

    @property
    def page_rows(self) -> int:
        return max(self.size.height - self._header_height - 1, 1)

    def show(self, rows: Sequence[Row], *, cursor: int | None = None, empty: str | None = None) -> None:
        """Replace all rows. The cursor moves to ``cursor``, or stays on its row, or else at its index."""
        before = self.selected
        if cursor is None:
            wanted = None if before is None else self.identity(before)
            known = (at for at, row in enumerate(rows) if self.identity(row) == wanted)
            cursor = next(known, min(self._cursor, max(len(rows) - 1, 0)))
        self.rows, self._cursor, self._hovered = rows, cursor, None
        self._empty = self._empty if empty is None else empty
        self.lay_out()
        self._scroll_to_cursor(center=self.CENTERED)
        if self.selected != before:
            self.post_message(self.Highlighted(self.selected))

    def select(self, row: Row) -> None:
        if row in self.rows:
            self._go_to(self.rows.index(row))

    def lay_out(self) -> None:
        """Fit the columns again and redraw: after a resize, or when cells have changed."""
        self.fitted = self.columns(self.size.width)
        self.virtual_size = Size(0, len(self.rows) + self._header_height)
        self.refresh()

    def action_move(self, by: int) -> None:
        """Move the cursor by that many rows, past headings; it stops at the ends."""
        if not self.rows:
            return
        self.moved_by_user = True
        at = min(max(self._cursor + by, 0), len(self.rows) - 1)
        step = 1 if by > 0 else -1
        ahead, back = range(at, len(self.rows) if by > 0 else -1, step), range(at, self._cursor, -step)
        self._go_to(next((i for i in chain(ahead, back) if not self.is_heading(self.rows[i])), self._cursor))

    def action_page(self, pages: int) -> None:
        self.action_move(pages * self.page_rows)

    def action_end(self, direction: int) -> None:
        self.action_move(direction * len(self.rows))

    def on_resize(self) -> None:
        self.lay_out()
        self._scroll_to_cursor(center=self.CENTERED)

    def on_mouse_move(self, event: events.MouseMove) -> None:
        self._hover(self._index_at(event))

    def on_leave(self) -> None:
        self._hover(None)

    def on_click(self, event: events.Click) -> None:
        event.stop()
        index = self._index_at(event)
        if index is None or self.is_heading(self.rows[index]):
            return
        self.moved_by_user = True
        self._go_to(index)
        if event.chain == self.CLICKS_TO_PICK:
            self.post_message(self.Picked(self.rows[index]))

    def render_line(self, y: int) -> Strip:
        width, header_height = self.size.width, self._header_height
        index = self.scroll_offset.y + y - header_height
        if not self.rows:
            lines = self._empty.split("\n")
            return self._strip([Span(fit(lines[y] if y < len(lines) else "", width), "quiet")])
        if y < header_height:
            return self._strip(self._in_columns([Span(column.title, "header") for column in self.fitted]))
        if index >= len(self.rows):
            return Strip.blank(width, self.rich_style)
        row = self.rows[index]
        strip = self._strip(self.spans(row, width))
        if self.is_highlighted(index):
            over = self._overlay("cursor")
        elif index == self._hovered and not self.is_heading(row):
            over = self._overlay("hovered")
        else:
            return strip
        return Strip([Segment(text, style + over if style else over) for text, style, _control in strip])

    @property
    def _header_height(self) -> int:
        return int(bool(self.rows) and any(column.title for column in self.fitted))

    def _go_to(self, index: int) -> None:
        if index != self._cursor:
            self._cursor = index
            self._scroll_to_cursor()
            self.refresh()
            self.post_message(self.Highlighted(self.selected))

    def _scroll_to_cursor(self, *, center: bool = False) -> None:
        top = self.heading_index(self._cursor) if self._cursor < len(self.rows) else self._cursor
        region = Region(0, top, 1, self._cursor - top + 1 + self._header_height)
        self.scroll_to_region(region, animate=False, force=True, immediate=True, center=center)

    def _hover(self, index: int | None) -> None:
        if index != self._hovered:
            self._hovered = index
            self.refresh()

    def _index_at(self, event: events.MouseEvent) -> int | None:
        offset = event.get_content_offset(self)
        if offset is None or offset.y < self._header_height:
            return None
        index = self.scroll_offset.y + offset.y - self._header_height
        return index if index < len(self.rows) else None

    def _in_columns(self, cells: Sequence[Span]) -> Iterator[Span]:
        margin = " " * self.MARGIN
        for (_title, width), (text, style) in zip(self.fitted, cells, strict=False):
            yield Span(margin + fit(text, width) + " " * _GAP, style)
            margin = ""

    def _strip(self, spans: Sequence[Span] | Iterator[Span]) -> Strip:
        strip = Strip([Segment(text, self.get_component_rich_style(f"table--{style}")) for text, style in spans])
        return strip.adjust_cell_length(self.size.width, self.get_component_rich_style("table--text"))

    def _overlay(self, name: str) -> Style:
        """The background of a component, and its colour only where the style sheet sets one."""
        style = self.get_component_rich_style(f"table--{name}")
        has_color = self.get_component_styles(f"table--{name}").has_rule("color")
        return Style(color=style.color if has_color else None, bgcolor=style.bgcolor)


def fit(text: str, width: int) -> str:
    if cell_len(text) <= width:
        return set_cell_size(text, width)
    return set_cell_size(text, max(width - 1, 0)) + "…"[:width]
