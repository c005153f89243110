"""An input for what is no secret: a key that is pasted or typed into it by mistake is not shown."""

from __future__ import annotations

from textual import events
from textual.message import Message
from textual.widget import Widget
from textual.widgets import Input

from ccswitch_py.core.language import _
from ccswitch_py.redact.key_patterns import contains_key, looks_like_key


def key_in_plain_field() -> str:
    """What is said of a key in a field that would show it."""
    return _("This looks like a key, so it is not shown. Paste it into the field Key.")


class PlainInput(Input):
    """A pasted key is refused with ``KeyRefused``; a typed one turns into dots, and is not to be copied.

    An address may hold an account's number, which looks like a key: with ``is_address`` only what is marked as a
    key is one, once it has a scheme.
    """

    is_address = False

    class KeyRefused(Message):
        """A key was pasted, and is not in the field."""

        def __init__(self, field: Widget) -> None:
            super().__init__()
            self.field = field

        @property
        def control(self) -> Widget:
            """The field, for ``@on`` with a selector."""
            return self.field

    def is_key(self, text: str) -> bool:
        """Whether a text must not be shown."""
        return contains_key(text) if self.is_address and "://" in text else looks_like_key(text)

    @property
    def shows_dots(self) -> bool:
        """Whether a key was typed."""
        return self.password

    async def on_event(self, event: events.Event) -> None:
        """Look at a pasted text before Textual writes the event to its log."""
        if isinstance(event, events.Paste) and self.is_key(event.text):
            event.stop()
            event.text = ""
            self.post_message(self.KeyRefused(self))
        else:
            await super().on_event(event)

    def action_paste(self) -> None:
        """Paste what was copied in another field of this program."""
        if self.is_key(self.app.clipboard):
            self.post_message(self.KeyRefused(self))
        else:
            super().action_paste()

    def action_copy(self) -> None:
        """Copy the selected text; no dots, for they stand for a key."""
        if not self.shows_dots:
            super().action_copy()

    def action_cut(self) -> None:
        """Cut the selected text, under the same condition."""
        if not self.shows_dots:
            super().action_cut()

    def watch_value(self, value: str) -> None:
        """Show dots for as long as it looks like a key."""
        self.password = self.is_key(value)


class AddressInput(PlainInput):
    """The same for an address."""

    is_address = True
