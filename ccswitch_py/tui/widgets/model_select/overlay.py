"""The list under a model field: headings, models with what matters about them, and a free id at the end."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain
from typing import ClassVar, NamedTuple

from rich.cells import cell_len
from rich.segment import Segment
from textual import events
from textual.geometry import Region, Size
from textual.message import Message
from textual.scroll_view import ScrollView
from textual.strip import Strip

from ccswitch_py.core.language import _
from ccswitch_py.redact.printable import printable
from ccswitch_py.tui.widgets.fitted import fitted
from ccswitch_py.tui.widgets.model_catalog import ModelChoice


class Heading(NamedTuple):
    """A family's name, or a remark; it cannot be chosen."""

    text: str


class FreeText(NamedTuple):
    """An id that the provider does not list."""

    id: str


Row = Heading | ModelChoice | FreeText


class ModelList(ScrollView, can_focus=True):
    """Draws only the rows in view, so ten thousand models open as fast as ten.

    The field above keeps the focus: it moves the highlight and takes the row.
    """

    FOCUS_ON_CLICK = False  # can_focus all the same: else a click would focus a scrolling container around it
    ALLOW_SELECT = False
    COMPONENT_CLASSES: ClassVar[set[str]] = {
        "model-list--heading",
        "model-list--model",
        "model-list--note",
        "model-list--highlighted",
        "model-list--hovered",
    }
    DEFAULT_CSS = """
    ModelList {
        overlay: screen;
        constrain: inside none;
        background: $panel;
        scrollbar-size-vertical: 1;
        overflow-x: hidden;
        & > .model-list--heading { color: $text-muted; text-style: bold; }
        & > .model-list--model { color: $foreground; }
        & > .model-list--note { color: $text-muted; }
        & > .model-list--hovered { background: $foreground 10%; }
        & > .model-list--highlighted {
            color: $block-cursor-foreground;
            background: $block-cursor-background;
            text-style: none;
        }
    }
    """

    @dataclass
    class Picked(Message):
        """The user clicked a row."""

        row: ModelChoice | FreeText

    def __init__(self) -> None:
        super().__init__()
        self.rows: Sequence[Row] = ()
        self._current = ""
        self._highlighted = 0
        self._hovered: int | None = None

    def show(self, rows: Sequence[Row], highlighted: int, current: str) -> None:
        """Show these rows, with a dot before the id that is ``current`` now."""
        self.rows = rows
        self._current = current
        self._highlighted = highlighted
        self._hovered = None
        self.virtual_size = Size(0, len(rows))
        self.refresh()
        self._scroll_to_highlight(center=True)

    @property
    def picked(self) -> ModelChoice | FreeText | None:
        """The highlighted row, or None where there is nothing to choose."""
        row = self.rows[self._highlighted] if self._highlighted < len(self.rows) else None
        return None if isinstance(row, Heading) else row

    def move(self, by: int) -> None:
        """Move the highlight by so many rows, over the headings, and stop at the ends."""
        step = 1 if by > 0 else -1
        at = min(max(self._highlighted + by, 0), len(self.rows) - 1)
        onwards = range(at, len(self.rows) if by > 0 else -1, step)
        back = range(at, self._highlighted, -step)
        for index in chain(onwards, back):
            if not isinstance(self.rows[index], Heading):
                self._highlighted = index
                self._scroll_to_highlight()
                self.refresh()
                return

    @property
    def page(self) -> int:
        """How many rows PageDown moves."""
        return max(self.size.height - 1, 1)

    def _scroll_to_highlight(self, *, center: bool = False) -> None:
        top = self._highlighted
        if top and isinstance(self.rows[top - 1], Heading):
            top -= 1
        rows = Region(0, top, 1, self._highlighted - top + 1)
        self.scroll_to_region(rows, animate=False, force=True, immediate=True, center=center)

    def on_resize(self) -> None:
        """The first size is known only after the list was opened."""
        self._scroll_to_highlight(center=True)

    def on_mouse_move(self, event: events.MouseMove) -> None:
        """Show which row a click would take."""
        self._hover(self.scroll_offset.y + event.y)

    def on_leave(self) -> None:
        """The mouse is elsewhere."""
        self._hover(None)

    def _hover(self, index: int | None) -> None:
        if index != self._hovered:
            self._hovered = index
            self.refresh()

    def on_click(self, event: events.Click) -> None:
        """Take the row under the mouse."""
        event.stop()
        index = self.scroll_offset.y + event.y
        if index < len(self.rows) and not isinstance(row := self.rows[index], Heading):
            self.post_message(self.Picked(row))

    def render_line(self, y: int) -> Strip:
        """Draw one row of the screen."""
        index = self.scroll_offset.y + y
        width = self.size.width
        if index >= len(self.rows):
            return Strip.blank(width, self.rich_style)
        text, note = self._words(self.rows[index])
        kind = "heading" if isinstance(self.rows[index], Heading) else "model"
        style = self.get_component_rich_style(f"model-list--{kind}")
        note_style = self.get_component_rich_style("model-list--note")
        if index == self._highlighted and kind == "model":
            style = note_style = self.get_component_rich_style("model-list--highlighted")
        elif index == self._hovered and kind == "model":
            hovered = self.get_component_rich_style("model-list--hovered", partial=True)
            style, note_style = style + hovered, note_style + hovered
        room = max(width - cell_len(note), 0)
        return Strip([Segment(fitted(text, room), style), Segment(note, note_style)]).crop(0, width)

    def _words(self, row: Row) -> tuple[str, str]:
        match row:
            case Heading(text):
                return f" {printable(text)}", ""
            case FreeText(text):
                return f" {self._dot(text)} " + _("use '{id}' as typed", id=printable(text)), ""
            case ModelChoice():
                return f" {self._dot(row.id)} {printable(row.id)}", f" {printable(row.remark)} "

    def _dot(self, model_id: str) -> str:
        return "●" if model_id == self._current else " "


def rows_under_headings(choices: Sequence[ModelChoice], picked: ModelChoice | None) -> tuple[list[Row], int]:
    """The choices under the headings of their families, and where the picked one stands."""
    if not choices:
        return [Heading(_("no listed model fits; type the id in full"))], 0
    rows: list[Row] = []
    highlighted = -1
    family = None
    for choice in choices:
        if choice.family != family:
            family = choice.family
            rows.append(Heading(family or _("other")))
        if choice is picked or (picked is None and highlighted < 0):
            highlighted = len(rows)
        rows.append(choice)
    return rows, highlighted
