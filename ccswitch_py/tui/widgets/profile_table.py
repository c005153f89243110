"""The profiles as a table: as many columns as there is room for, and only the rows in view are drawn."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar, NamedTuple

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
from ccswitch_py.tui.widgets.fitted import fitted


class ProfileRow(NamedTuple):
    """What the table shows of a profile; ``tested`` is a sign and an age, ``in_use`` the targets' names."""

    name: str
    provider: str = ""
    models: str = ""
    key: str = ""
    tested: str = ""
    in_use: str = ""
    is_broken: bool = False


class Column(NamedTuple):
    """A column and its widths; those of little ``worth`` go first when it gets narrow."""

    field: str
    heading: str
    least: int
    most: int
    worth: int


COLUMNS = (
    Column("name", N_("name"), 16, 32, 9),
    Column("provider", N_("provider"), 8, 18, 5),
    Column("models", N_("models"), 14, 60, 4),
    Column("key", N_("key"), 8, 16, 3),
    Column("tested", N_("last test"), 12, 16, 8),
    Column("in_use", N_("in use"), 11, 24, 2),
)
_SIGN_WIDTH = 2
_GAP = 2
_WITH_HEADINGS = 3


class ProfileTable(ScrollView, can_focus=True):
    """Names first; what belongs to them may come later. The arrows move the highlight."""

    ALLOW_SELECT = False
    COMPONENT_CLASSES: ClassVar[set[str]] = {
        "profile-table--heading",
        "profile-table--row",
        "profile-table--quiet",
        "profile-table--in-use",
        "profile-table--broken",
        "profile-table--highlighted",
        "profile-table--hovered",
    }
    DEFAULT_CSS = """
    ProfileTable {
        overflow-x: hidden;
        scrollbar-size-vertical: 1;
        & > .profile-table--heading { color: $text-muted; text-style: bold; }
        & > .profile-table--row { color: $foreground; }
        & > .profile-table--quiet { color: $text-muted; }
        & > .profile-table--in-use { color: $text-success; }
        & > .profile-table--broken { color: $text-error; }
        & > .profile-table--hovered { background: $foreground 5%; }
        & > .profile-table--highlighted { background: $foreground 10%; }
        &:focus > .profile-table--highlighted {
            color: $block-cursor-foreground;
            background: $block-cursor-background;
        }
    }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up,k", "move(-1)", N_("One up"), show=False),
        Binding("down,j", "move(1)", N_("One down"), show=False),
        Binding("pageup", "page(-1)", N_("A page up"), show=False),
        Binding("pagedown", "page(1)", N_("A page down"), show=False),
        Binding("home,g", "end(-1)", N_("The first"), show=False),
        Binding("end,G", "end(1)", N_("The last"), show=False),
    ]

    @dataclass
    class Highlighted(Message):
        """Another profile is selected, or none (an empty name)."""

        name: str

    @dataclass
    class Picked(Message):
        """A profile was clicked twice."""

        name: str

    def __init__(self, names: Sequence[str], *, empty: str, id: str | None = None) -> None:
        """``empty`` is what stands there when there is no row."""
        super().__init__(id=id)
        self._names = list(names)
        self._rows: dict[str, ProfileRow] = {}
        self._highlighted = 0
        self._hovered: int | None = None
        self._empty = empty
        self._columns: list[tuple[Column, int]] = []
        self._widest: dict[str, int] = {}
        self._measure({name: ProfileRow(name) for name in names})

    @property
    def selected(self) -> str | None:
        """The highlighted profile; None if there is no row."""
        return self._names[self._highlighted] if self._names else None

    @property
    def in_view(self) -> Sequence[str]:
        """The profiles whose rows are on the screen."""
        first = self.scroll_offset.y
        return self._names[first : first + self.size.height]

    def show(self, names: Sequence[str], *, empty: str = "") -> None:
        """Show these; the highlight stays on its profile if that is among them, else where it was."""
        before = self.selected
        self._names = list(names)
        self._empty = empty
        if before in self._names:
            self._highlighted = self._names.index(before)
        else:
            self._highlighted = min(self._highlighted, max(len(self._names) - 1, 0))
        self._lay_out()
        self._scroll_to_highlight()
        if self.selected != before:
            self.post_message(self.Highlighted(self.selected or ""))

    def put(self, rows: Mapping[str, ProfileRow]) -> None:
        """Take what is known of some profiles."""
        self._rows.update(rows)
        self._measure(rows)
        self._lay_out()

    def select(self, name: str) -> None:
        """Highlight a profile, if it is there."""
        if name in self._names:
            self._highlight(self._names.index(name))

    def action_move(self, by: int) -> None:
        """Move the highlight by so many rows; it stops at the ends."""
        self._highlight(self._highlighted + by)

    def action_page(self, pages: int) -> None:
        """Move the highlight by what is in view."""
        self._highlight(self._highlighted + pages * max(self.size.height - self._headings - 1, 1))

    def action_end(self, direction: int) -> None:
        """Move the highlight to the first or the last row."""
        self._highlight(len(self._names) if direction > 0 else 0)

    def _highlight(self, index: int) -> None:
        at = min(max(index, 0), len(self._names) - 1)
        if at in (self._highlighted, -1):
            return
        self._highlighted = at
        self._scroll_to_highlight()
        self.refresh()
        self.post_message(self.Highlighted(self._names[at]))

    def _scroll_to_highlight(self) -> None:
        rows = Region(0, self._highlighted, 1, 1 + self._headings)
        self.scroll_to_region(rows, animate=False, force=True, immediate=True)

    def on_resize(self) -> None:
        """The columns follow the width."""
        self._lay_out()
        self._scroll_to_highlight()

    def on_mouse_move(self, event: events.MouseMove) -> None:
        """Show which row a click would take."""
        self._hover(self._index_at(event))

    def on_leave(self) -> None:
        """The mouse is elsewhere."""
        self._hover(None)

    def _hover(self, index: int | None) -> None:
        if index != self._hovered:
            self._hovered = index
            self.refresh()

    def on_click(self, event: events.Click) -> None:
        """A click selects, the second of two picks."""
        index = self._index_at(event)
        if index is None:
            return
        self._highlight(index)
        if event.chain == 2:
            self.post_message(self.Picked(self._names[index]))

    def _index_at(self, event: events.MouseEvent) -> int | None:
        offset = event.get_content_offset(self)
        if offset is None or offset.y < self._headings:
            return None
        index = self.scroll_offset.y + offset.y - self._headings
        return index if index < len(self._names) else None

    @property
    def _headings(self) -> int:
        return 1 if len(self._columns) >= _WITH_HEADINGS and self._names else 0

    def _measure(self, rows: Mapping[str, ProfileRow]) -> None:
        """A column never gets narrower again: it would jump while the rows come in."""
        for column in COLUMNS:
            widest = max((cell_len(getattr(row, column.field)) for row in rows.values()), default=0)
            heading = cell_len(_(column.heading)) if widest else 0
            self._widest[column.field] = max(self._widest.get(column.field, 0), widest, heading)

    def _lay_out(self) -> None:
        self._columns = fitting_columns(self.size.width - _SIGN_WIDTH, self._widest)
        self.virtual_size = Size(0, len(self._names) + self._headings)
        self.refresh()

    def render_line(self, y: int) -> Strip:
        """Draw one row of the screen."""
        width = self.size.width
        quiet = self.get_component_rich_style("profile-table--quiet")
        if not self._names:
            return Strip([Segment(fitted(self._empty if y == 0 else "", width), quiet)])
        if y < self._headings:
            heading = self.get_component_rich_style("profile-table--heading")
            return self._drawn("", [_(column.heading) for column, _unused in self._columns], [heading] * 9, width)
        index = self.scroll_offset.y + y - self._headings
        if index >= len(self._names):
            return Strip.blank(width, self.rich_style)
        name = self._names[index]
        row = self._rows.get(name, ProfileRow(name))
        state = "broken" if row.is_broken else "in-use" if row.in_use else "row"
        styles = [self.get_component_rich_style(f"profile-table--{state}"), *[quiet] * len(COLUMNS)]
        if index == self._highlighted:
            styles = [self.get_component_rich_style("profile-table--highlighted")] * len(styles)
        elif index == self._hovered:
            hovered = self.get_component_rich_style("profile-table--hovered", partial=True)
            styles = [style + hovered for style in styles]
        sign = "!" if row.is_broken else "●" if row.in_use else ""
        cells = [printable(str(getattr(row, column.field))) for column, _unused in self._columns]
        return self._drawn(sign, cells, styles, width)

    def _drawn(self, sign: str, cells: Sequence[str], styles: Sequence[Style], width: int) -> Strip:
        parts = [Segment(fitted(sign, _SIGN_WIDTH), styles[0])]
        for (_column, cell_width), cell, style in zip(self._columns, cells, styles, strict=False):
            parts.append(Segment(fitted(cell, cell_width) + " " * _GAP, style))
        return Strip(parts).adjust_cell_length(width, styles[-1])


def fitting_columns(width: int, widest: Mapping[str, int]) -> list[tuple[Column, int]]:
    """The columns for so many cells, each with its width; ``widest`` is the widest text of each.

    The name is always there. Of the others those of most worth come first, and one whose texts are all empty never.
    """
    kept = [COLUMNS[0]]
    left = width - COLUMNS[0].least
    for column in sorted(COLUMNS[1:], key=lambda one: -one.worth):
        need = min(column.least, widest.get(column.field, column.least)) + _GAP
        if widest.get(column.field) != 0 and need <= left:
            kept.append(column)
            left -= need
    widths = {column: min(column.least, widest.get(column.field, column.least)) for column in kept}
    left += COLUMNS[0].least - widths[COLUMNS[0]]
    growing = [column for column in kept if widths[column] < min(widest.get(column.field, 0), column.most)]
    while left > 0 and growing:
        for column in growing[:left]:
            widths[column] += 1
            left -= 1
        growing = [column for column in growing if widths[column] < min(widest[column.field], column.most)]
    return [(column, max(widths[column], 1)) for column in COLUMNS if column in widths]
