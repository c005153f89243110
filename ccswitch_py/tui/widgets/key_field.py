"""The field that a key goes into: it shows dots, and nothing gets the key out of it but the form that saves it."""

from __future__ import annotations

from collections.abc import Callable
from typing import ClassVar

from rich.cells import cell_len
from textual import events
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.message import Message
from textual.reactive import reactive
from textual.selection import Selection
from textual.widget import Widget

from ccswitch_py.core.errors import BadInput
from ccswitch_py.core.language import N_, _, ngettext
from ccswitch_py.redact.key_patterns import DOTS
from ccswitch_py.redact.secret import Secret

Clean = Callable[[str], tuple[Secret, list[str]]]
"""Makes a key of a pasted text and says what it dropped; raises ``BadInput`` with the reason why it is none."""

NOT_FOR_COPYING = (
    N_("A key cannot be copied or cut here."),
    N_("Copy it where the gateway shows it, or clear the field with Ctrl+U."),
)
_DOT = DOTS[0]
_TELLING = 8
"""A text of fewer characters may occur elsewhere by chance."""


class KeyField(Widget, can_focus=True):
    """A masked row of its own: Textual's password input gives its text to the clipboard, to reprs and to logs.

    A paste replaces what was there, all its lines are looked at, and the key in it is cleaned at once; what is
    typed by hand is cleaned when the user presses Enter or leaves the field.
    """

    ALLOW_SELECT = False
    COMPONENT_CLASSES: ClassVar[set[str]] = {"key-field--remark", "key-field--cursor"}
    DEFAULT_CSS = """
    KeyField {
        height: 1;
        background: $surface;
        color: $foreground;
        pointer: text;
        &:focus { background-tint: $foreground 5%; }
        & > .key-field--remark { color: $text-muted; }
        & > .key-field--cursor { color: $input-cursor-foreground; background: $input-cursor-background; }
    }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("left", "move(-1)", N_("One character left"), show=False),
        Binding("right", "move(1)", N_("One character right"), show=False),
        Binding("home", "move_to_end(-1)", N_("To the start"), show=False),
        Binding("end", "move_to_end(1)", N_("To the end"), show=False),
        Binding("backspace", "delete(-1)", N_("Delete to the left"), show=False),
        Binding("delete", "delete(1)", N_("Delete to the right"), show=False),
        Binding("ctrl+u", "clear", N_("Clear the key"), show=False),
        Binding("enter", "settle", N_("Check the key"), show=False),
        Binding("ctrl+v", "paste", N_("Paste"), show=False),
        Binding("ctrl+c,super+c,ctrl+insert,ctrl+x,shift+delete", "refuse_to_copy", N_("Copy"), show=False),
    ]

    class Cleaned(Message):
        """The field holds a usable key now; ``find_notes`` say what was dropped around it."""

        def __init__(self, field: KeyField, notes: list[str]) -> None:
            super().__init__()
            self.field = field
            self.notes = notes

        @property
        def control(self) -> KeyField:
            """The field, for ``@on`` with a selector."""
            return self.field

    class Refused(Message):
        """What was pasted or typed is no key, or was not given out; neither sentence quotes it."""

        def __init__(self, field: KeyField, message: str, hint: str) -> None:
            super().__init__()
            self.field = field
            self.message = message
            self.hint = hint

        @property
        def control(self) -> KeyField:
            """The field, for ``@on`` with a selector."""
            return self.field

    class Edited(Message):
        """What is in the field was changed by hand, and is not what it was."""

    _cursor: reactive[int] = reactive(0)

    def __init__(
        self,
        clean: Clean,
        *,
        placeholder: str = "",
        id: str | None = None,
        classes: str | None = None,
        disabled: bool = False,
    ) -> None:
        super().__init__(id=id, classes=classes, disabled=disabled)
        self._clean = clean
        self._placeholder = placeholder or _("paste the key")
        self._key = Secret("")
        self._is_clean = True

    @property
    def secret(self) -> Secret | None:
        """The key, or None for an empty field; raises ``BadInput`` for typed text that cannot be a key."""
        if self.text_is_empty:
            return None
        return self._key if self._is_clean else self._clean(self._key.reveal())[0]

    @property
    def text_is_empty(self) -> bool:
        """Whether nothing was typed or pasted."""
        return not self._length

    def occurs_in(self, text: str) -> bool:
        """Whether a text holds the key."""
        return len(self._key.reveal()) >= _TELLING and self._key.reveal() in text

    @property
    def _length(self) -> int:
        return len(self._key.reveal())

    def get_selection(self, selection: Selection) -> None:
        """Nothing for a selection over the whole screen either, not even the last characters."""

    def check_consume_key(self, key: str, character: str | None = None) -> bool:
        """Whatever can be seen is typed here, and is no command."""
        return character is not None and character.isprintable()

    async def on_event(self, event: events.Event) -> None:
        """Take pasted and typed text before Textual writes the event to its log."""
        if isinstance(event, events.Paste):
            event.stop()
            pasted, event.text = Secret(event.text), ""
            self._paste(pasted)
        elif isinstance(event, events.Key) and event.is_printable and event.character:
            event.stop()
            event.prevent_default()
            self._edit(self._cursor, self._cursor, event.character)
        else:
            await super().on_event(event)

    def on_blur(self) -> None:
        """Say what is wrong with a typed key when the user goes on to the next field."""
        if self.app.app_focus:  # pyright: ignore[reportUnknownMemberType]
            self.action_settle()

    def on_click(self, event: events.Click) -> None:
        """Put the cursor where the mouse is."""
        self._cursor = min(max(self._first_shown + event.x, 0), self._length)

    def action_move(self, by: int) -> None:
        """Move the cursor."""
        self._cursor = min(max(self._cursor + by, 0), self._length)

    def action_move_to_end(self, direction: int) -> None:
        """Move the cursor to the start or the end."""
        self._cursor = self._length if direction > 0 else 0

    def action_delete(self, direction: int) -> None:
        """Delete the character before or after the cursor."""
        other = min(max(self._cursor + direction, 0), self._length)
        if other != self._cursor:
            self._edit(min(self._cursor, other), max(self._cursor, other), "")

    def action_clear(self) -> None:
        """Empty the field."""
        self._edit(0, self._length, "")

    def action_paste(self) -> None:
        """Paste what was copied in another field of this program."""
        self._paste(Secret(self.app.clipboard))  # pyright: ignore[reportUnknownMemberType]

    def action_refuse_to_copy(self) -> None:
        """Say why nothing was copied."""
        self.post_message(self.Refused(self, *map(_, NOT_FOR_COPYING)))

    def action_settle(self) -> None:
        """Clean what was typed by hand."""
        if not self._is_clean:
            self._paste(self._key)

    def _paste(self, pasted: Secret) -> None:
        try:
            self._key, notes = self._clean(pasted.reveal())
        except BadInput as problem:
            self.post_message(self.Refused(self, problem.message, problem.hint))
            return
        self._is_clean = True
        self._cursor = self._length
        self.refresh()
        self.post_message(self.Cleaned(self, notes))

    def _edit(self, start: int, end: int, new: str) -> None:
        # Without a variable for the text: a traceback with locals would show it.
        self._key = Secret(self._key.reveal()[:start] + new + self._key.reveal()[end:])
        self._is_clean = self.text_is_empty
        self._cursor = start + len(new)
        self.refresh()
        self.post_message(self.Edited())

    @property
    def _remark(self) -> str:
        """The last characters only of a whole key: shown while one types, they would spell it out one by one."""
        tail = self._key.masked.removeprefix(DOTS) if self._is_clean else ""
        if tail:
            said = ngettext(
                "{count} character, ends …{tail}", "{count} characters, ends …{tail}", self._length, tail=tail
            )
        else:
            said = ngettext("{count} character", "{count} characters", self._length)
        return f" {said} "

    @property
    def _room(self) -> int:
        return max(self.size.width - cell_len(self._remark), 0)

    @property
    def _first_shown(self) -> int:
        """The first dot in view, so that the cursor is in view, too."""
        return max(self._cursor - max(self._room - 1, 0), 0)

    def render(self) -> Content:
        """Dots for the characters, then how many they are."""
        remark_style = self.get_visual_style("key-field--remark")
        if self.text_is_empty:
            shown, at = Content.styled(self._placeholder, remark_style), 0
        else:
            dots = f"{_DOT * self._length} "[self._first_shown :][: self._room]
            shown, at = Content(dots.ljust(self._room)), self._cursor - self._first_shown
            shown += Content.styled(self._remark, remark_style)
        return shown.stylize(self.get_visual_style("key-field--cursor"), at, at + 1) if self.has_focus else shown
