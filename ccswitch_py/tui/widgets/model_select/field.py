"""The input of a model: type to search the catalogue, choose from the list, or enter an id that is not listed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, Self

from textual import events, on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.message import Message
from textual.widget import Widget
from textual.widgets import Input

from ccswitch_py.core.language import N_, _
from ccswitch_py.redact.printable import printable
from ccswitch_py.tui.widgets.inputs import PlainInput, key_in_plain_field
from ccswitch_py.tui.widgets.model_select.catalog import (
    ModelCatalog,
    ModelChoice,
)

if TYPE_CHECKING:
    from ccswitch_py.tui.widgets.model_select.overlay import ModelList
    from ccswitch_py.tui.widgets.table import Table


MAX_LENGTH = 200
"""As for any model id (``ccswitch_py.model.names``)."""

MAX_ROWS = 14
MIN_WIDTH = 48


class ModelSelect(Widget):
    """One row with the model's id; typing, Down or a click opens the list over the screen.

    Enter takes the highlighted row, and Escape changes nothing. Tab takes the row chosen with the arrows, the typed
    id, or the only model that matches the typed words; any other text stays as a free id.
    """

    DEFAULT_CSS = """
    ModelSelect {
        height: 1;
        padding-right: 1;
        background: $surface;
        color: $text-muted;
        text-align: right;
        text-wrap: nowrap;
        &:focus-within { background-tint: $foreground 5%; }
        & > Input { width: 1fr; background: transparent; background-tint: transparent; }
    }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("down,alt+down", "move(1)", N_("Models"), key_display="↓", show=False),
        Binding("up", "move(-1)", N_("Previous model"), show=False),
        Binding("pagedown", "page(1)", N_("Page down"), show=False),
        Binding("pageup", "page(-1)", N_("Page up"), show=False),
        Binding("home", "end(-1)", N_("First model"), show=False),
        Binding("end", "end(1)", N_("Last model"), show=False),
        Binding("escape", "close", N_("Close the list"), show=False),
        Binding("tab", "leave(1)", N_("Next field"), show=False),
        Binding("shift+tab", "leave(-1)", N_("Previous field"), show=False),
    ]

    @dataclass
    class ModelChanged(Message):
        """The field has another value, by the user or by the program."""

        select: ModelSelect
        value: str

    def __init__(self, choices: Sequence[ModelChoice], value: str = "", *, placeholder: str = "", id: str) -> None:
        super().__init__(id=id)
        self._catalog = ModelCatalog(choices)
        self._value = value.strip()[:MAX_LENGTH]
        self._placeholder = placeholder
        self._input = _ModelInput(placeholder=placeholder or self._hint, compact=True, max_length=MAX_LENGTH)
        self._input.set_reactive(Input.value, self._value)
        self._input.cursor_blink = False
        self._note = Content()
        self._list: ModelList | None = None

    def compose(self) -> ComposeResult:
        self._show_note()
        yield self._input

    def render(self) -> Content:
        """Draw the note about the model; a widget for it would delay the first paint."""
        return self._note

    @property
    def value(self) -> str:
        """The chosen id, or the text being typed; setting it closes the list."""
        return self._catalog.spelled(self._input.value.strip()) if self._is_edited else self._value

    @value.setter
    def value(self, model_id: str) -> None:
        before, self._value = self._value, model_id.strip()[:MAX_LENGTH]
        self._input.in_list = False
        if self._list is not None:
            self._list.display = self._list.moved_by_user = False
        with self.prevent(Input.Changed):
            self._input.value = self._value
        self._show_note()
        self.refresh_bindings()
        if self._value != before:
            self.post_message(self.ModelChanged(self, self._value))

    @property
    def shows_dots(self) -> bool:
        """Whether a key was typed, which is masked."""
        return self._input.shows_dots

    @property
    def is_open(self) -> bool:
        return self._list is not None and self._list.display

    def set_choices(self, choices: Sequence[ModelChoice]) -> None:
        self._catalog = ModelCatalog(choices)
        self._input.placeholder = self._placeholder or self._hint
        self._show_note()
        if self.is_open:
            self._show_rows()

    def focus(self, scroll_visible: bool = True) -> Self:
        self._input.focus(scroll_visible)
        return self

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Leave keys that only an open list needs to the form while it is closed."""
        if action in ("page", "end", "close"):
            return self.is_open
        return self.is_open or self._is_edited if action == "leave" else True

    def action_move(self, by: int) -> None:
        if self._list is not None and self.is_open:
            self._list.action_move(by)
        else:
            self.open()

    def action_page(self, pages: int) -> None:
        self.action_move(pages * (self._list.page_rows if self._list else 1))

    def action_end(self, direction: int) -> None:
        self.action_move(direction * (len(self._list.rows) if self._list else 1))

    def action_close(self) -> None:
        self.value = self._value
        self._input.action_select_all()

    def action_leave(self, direction: int) -> None:
        """Complete the text, and focus the next or the previous field."""
        self.value = self._completed()
        if direction > 0:
            self.screen.focus_next()
        else:
            self.screen.focus_previous()

    def open(self) -> None:
        """Show all models with the cursor on the current one; typing replaces the text."""
        self._input.action_select_all()
        self._show_rows()

    def _show_rows(self) -> None:
        from ccswitch_py.tui.widgets.model_select.overlay import FreeText, Heading, ModelList, rows_under_headings

        if self._list is None:
            self._list = ModelList()
            self.mount(self._list)
        self._list.display = True
        self._input.in_list = True
        text = self.value
        found = self._catalog.find(text if self._is_edited else "")
        if self._is_edited and text:
            picked = found.choices[found.best] if found.choices else None
        else:
            picked = self._catalog.get(self._value)
        none = _("no matches; type the id in full") if self._catalog else self._hint
        rows, highlighted = rows_under_headings(found.choices, picked, none)
        if self.shows_dots:
            rows, highlighted = [Heading(key_in_plain_field())], 0
        elif text and not self._catalog.get(text):
            if picked is None:
                highlighted = len(rows)
            rows.append(FreeText(text))
        self._list.current = self._value
        self._list.show(rows, cursor=highlighted)
        self._place()
        self.refresh_bindings()

    def _place(self) -> None:
        if self._list is None:
            return
        wanted = min(len(self._list.rows), MAX_ROWS)
        above, below = self.region.y, self.screen.size.height - self.region.bottom
        under = below >= wanted or below >= above
        height = min(wanted, below if under else above)
        self._list.styles.height = height
        self._list.styles.width = max(self.size.width, MIN_WIDTH)
        self._list.styles.offset = (0, 0 if under else -height - 1)

    def on_resize(self) -> None:
        """Move the list with the field, and cut the note to half of it."""
        self._show_note()
        if self.is_open:
            self.call_after_refresh(self._place)

    def on_click(self, event: events.Click) -> None:
        if self.is_open and event.widget is self:
            self.action_close()
        elif not self.is_open:
            self.focus()
            self.open()

    def on_table_picked(self, event: Table.Picked) -> None:
        event.stop()
        self.value = event.row.id

    @on(Input.Changed)
    def _input_changed(self, event: Input.Changed) -> None:
        event.stop()
        # The initial text is reported too, and an earlier text can arrive after a value was set.
        if event.value == self._input.value and (self._is_edited or self.is_open):
            self._show_note()
            self._show_rows()
            if self._list:
                self._list.moved_by_user = False

    @on(Input.Submitted)
    def _submitted(self, event: Input.Submitted) -> None:
        event.stop()
        if self._list is None or not self.is_open:
            self.open()
        else:
            self.value = self._list.choice.id if self._list.choice else self.value

    @on(Input.Blurred)
    def _blurred(self, event: Input.Blurred) -> None:
        event.stop()
        # When the whole app loses the focus, the list stays open: an id may be copied from elsewhere.
        if self.app.app_focus and not self._input.has_focus:  # pyright: ignore[reportUnknownMemberType]
            self.value = self.value

    @property
    def _hint(self) -> str:
        """How to choose a model; the form lists those of the gateway."""
        if self._catalog:
            return _("press ↓ to choose, or type an id")
        return _("press ctrl+l to list the models, or type an id")

    @property
    def _is_edited(self) -> bool:
        return self._input.value != self._value

    def _completed(self) -> str:
        if self._list is not None and self._list.moved_by_user and self._list.choice is not None:
            return self._list.choice.id
        text = self.value
        if self._is_edited and text and not self._catalog.get(text):
            found = self._catalog.find(text)
            if found.certain and len(found.choices) == 1:
                return found.choices[0].id
        return text

    def _show_note(self) -> None:
        choice = self._catalog.get(self.value)
        is_unlisted = self._value and self._catalog and not self._is_edited
        note = printable(choice.summary) if choice else _("not listed") if is_unlisted else ""
        room = max(self.size.width // 2, 1)
        self._note = Content(f"{note} ▾".lstrip()).truncate(room, ellipsis=True)
        self._input.styles.margin = (0, self._note.cell_length + 1, 0, 0)
        self.refresh()


class _ModelInput(PlainInput):
    """The text of the field; while the list is open, Home and End belong to the list."""

    in_list = False

    def is_key(self, text: str) -> bool:
        """Take any ``sk-`` for a key: no model id starts so."""
        return text.strip().lower().startswith("sk-") or super().is_key(text)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        return not (self.in_list and action in ("home", "end") and not parameters)
