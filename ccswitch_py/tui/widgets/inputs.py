"""The inputs: plain text, which never shows a key that is entered by mistake, and the masked one of a key."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import ClassVar

from rich.cells import cell_len
from textual import events
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.message import Message
from textual.reactive import reactive
from textual.selection import Selection
from textual.widget import Widget
from textual.widgets import Input

from ccswitch_py.core.errors import BadInput
from ccswitch_py.core.language import N_, _, ngettext
from ccswitch_py.redact.key_patterns import DOTS, contains_key, looks_like_key
from ccswitch_py.redact.secret import Secret


def key_in_plain_field() -> str:
    return _("This looks like a key, so it is not shown. Paste it into the Key field.")


class PlainInput(Input):
    """Refuses a pasted key with ``KeyRefused``; masks a typed one, which can't be copied then.

    An address may contain an account id that looks like a key, so in one with a scheme only a marked key counts.
    """

    is_address = False

    @dataclass
    class KeyRefused(Message):
        """A key was pasted, and not inserted."""

        field: Widget

    def is_key(self, text: str) -> bool:
        return contains_key(text) if self.is_address and "://" in text else looks_like_key(text)

    @property
    def shows_dots(self) -> bool:
        return self.password

    async def on_event(self, event: events.Event) -> None:
        """Check a pasted text before Textual logs the event."""
        if isinstance(event, events.Paste) and self.is_key(event.text):
            event.stop()
            event.text = ""
            self.post_message(self.KeyRefused(self))
        else:
            await super().on_event(event)

    def action_paste(self) -> None:
        if self.is_key(self.app.clipboard):
            self.post_message(self.KeyRefused(self))
        else:
            super().action_paste()

    def action_copy(self) -> None:
        if not self.shows_dots:
            super().action_copy()

    def action_cut(self) -> None:
        if not self.shows_dots:
            super().action_cut()

    def watch_value(self, value: str) -> None:
        self.password = self.is_key(value)


class AddressInput(PlainInput):
    is_address = True


Clean = Callable[[str], tuple[Secret, list[str]]]
"""Returns the key in a pasted text, and notes on what was dropped; raises ``BadInput`` if there is none."""

NOT_FOR_COPYING = (
    N_("A key cannot be copied from here."),
    N_("Copy it from the gateway's website, or clear the field with Ctrl+U."),
)
_DOT = DOTS[0]
_MIN_LENGTH_TO_FIND = 8
"""A shorter text may occur elsewhere by chance."""


class KeyField(Widget, can_focus=True):
    """A widget of its own, because Textual's password input exposes its text to the clipboard, reprs and logs.

    A paste replaces the text and is cleaned at once, all lines of it; typed text is cleaned on Enter and on blur.
    """

    ALLOW_SELECT = False
    COMPONENT_CLASSES: ClassVar[set[str]] = {"key-field--summary", "key-field--cursor"}
    DEFAULT_CSS = """
    KeyField {
        height: 1;
        background: $surface;
        color: $foreground;
        pointer: text;
        &:focus { background-tint: $foreground 5%; }
        & > .key-field--summary { color: $text-muted; }
        & > .key-field--cursor { color: $input-cursor-foreground; background: $input-cursor-background; }
    }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("left", "move(-1)", N_("Left"), show=False),
        Binding("right", "move(1)", N_("Right"), show=False),
        Binding("home", "move(-1000000)", N_("To the start"), show=False),
        Binding("end", "move(1000000)", N_("To the end"), show=False),
        Binding("backspace", "delete(-1)", N_("Delete to the left"), show=False),
        Binding("delete", "delete(1)", N_("Delete to the right"), show=False),
        Binding("ctrl+u", "clear", N_("Clear the key"), show=False),
        Binding("enter", "clean", N_("Check the key"), show=False),
        Binding("ctrl+v", "paste", N_("Paste"), show=False),
        Binding("ctrl+c,super+c,ctrl+insert,ctrl+x,shift+delete", "refuse_to_copy", N_("Copy"), show=False),
    ]

    @dataclass
    class Cleaned(Message):
        """The field holds a usable key; ``notes`` name what was dropped around it."""

        notes: list[str]

    @dataclass
    class Refused(Message):
        """The text is not a key, or may not be copied; ``message`` and ``hint`` do not quote it."""

        message: str
        hint: str

    class Edited(Message):
        """The user has typed or deleted a character."""

    _cursor: reactive[int] = reactive(0)

    def __init__(self, clean: Clean, *, id: str | None = None, classes: str | None = None) -> None:
        super().__init__(id=id, classes=classes)
        self._clean = clean
        self._key = Secret("")
        self._is_clean = True

    @property
    def secret(self) -> Secret | None:
        """Return the key, or None for an empty field; raises ``BadInput`` for text that cannot be a key."""
        if self.text_is_empty:
            return None
        return self._key if self._is_clean else self._clean(self._key.reveal())[0]

    @property
    def text_is_empty(self) -> bool:
        return not self.length

    def occurs_in(self, text: str) -> bool:
        return len(self._key.reveal()) >= _MIN_LENGTH_TO_FIND and self._key.reveal() in text

    @property
    def length(self) -> int:
        return len(self._key.reveal())

    def get_selection(self, selection: Selection) -> None:
        """Return nothing, also when the whole screen is selected."""

    def check_consume_key(self, key: str, character: str | None = None) -> bool:
        return character is not None and character.isprintable()

    async def on_event(self, event: events.Event) -> None:
        """Take pasted and typed text before Textual logs the event."""
        if isinstance(event, events.Paste):
            event.stop()
            pasted, event.text = Secret(event.text), ""
            self.paste(pasted)
        elif isinstance(event, events.Key) and event.is_printable and event.character:
            event.stop()
            event.prevent_default()
            self._edit(self._cursor, self._cursor, event.character)
        else:
            await super().on_event(event)

    def on_blur(self) -> None:
        """Clean typed text, unless the whole app has lost the focus."""
        if self.app.app_focus:  # pyright: ignore[reportUnknownMemberType]
            self.action_clean()

    def on_click(self, event: events.Click) -> None:
        self._cursor = min(max(self._first_shown + event.x, 0), self.length)

    def action_move(self, by: int) -> None:
        self._cursor = min(max(self._cursor + by, 0), self.length)

    def action_delete(self, direction: int) -> None:
        other = min(max(self._cursor + direction, 0), self.length)
        if other != self._cursor:
            self._edit(min(self._cursor, other), max(self._cursor, other), "")

    def action_clear(self) -> None:
        self._edit(0, self.length, "")

    def action_paste(self) -> None:
        self.paste(Secret(self.app.clipboard))  # pyright: ignore[reportUnknownMemberType]

    def action_refuse_to_copy(self) -> None:
        self.post_message(self.Refused(*map(_, NOT_FOR_COPYING)))

    def action_clean(self) -> None:
        if not self._is_clean:
            self.paste(self._key)

    def paste(self, pasted: Secret) -> None:
        """Replace the text by the key in a pasted one."""
        try:
            self._key, notes = self._clean(pasted.reveal())
        except BadInput as problem:
            self.post_message(self.Refused(problem.message, problem.hint))
            return
        self._is_clean = True
        self._cursor = self.length
        self.refresh()
        self.post_message(self.Cleaned(notes))

    def _edit(self, start: int, end: int, new: str) -> None:
        # No local variable holds the text: a traceback with locals would show it.
        self._key = Secret(self._key.reveal()[:start] + new + self._key.reveal()[end:])
        self._is_clean = self.text_is_empty
        self._cursor = start + len(new)
        self.refresh()
        self.post_message(self.Edited())

    @property
    def _summary(self) -> str:
        """Include the last characters of a complete key only: while typing they would spell it out."""
        length, tail = self.length, self._key.masked.removeprefix(DOTS) if self._is_clean else ""
        words = ngettext("{count} character", "{count} characters", length)
        if tail:
            words = ngettext("{count} character, ends …{tail}", "{count} characters, ends …{tail}", length, tail=tail)
        return f" {words} "

    @property
    def _room(self) -> int:
        return max(self.size.width - cell_len(self._summary), 0)

    @property
    def _first_shown(self) -> int:
        """The index of the first dot in view; the cursor stays in view."""
        return max(self._cursor - max(self._room - 1, 0), 0)

    def render(self) -> Content:
        """Draw a dot for each character, then their number."""
        summary_style = self.get_visual_style("key-field--summary")
        if self.text_is_empty:
            shown, at = Content.styled(_("paste the key"), summary_style), 0
        else:
            dots = f"{_DOT * self.length} "[self._first_shown :][: self._room]
            shown, at = Content(dots.ljust(self._room)), self._cursor - self._first_shown
            shown += Content.styled(self._summary, summary_style)
        return shown.stylize(self.get_visual_style("key-field--cursor"), at, at + 1) if self.has_focus else shown
