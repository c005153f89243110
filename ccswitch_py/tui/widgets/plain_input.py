"""An input for plain text, which never shows a key that is entered by mistake."""

from __future__ import annotations

from dataclasses import dataclass

from textual import events
from textual.message import Message
from textual.widget import Widget
from textual.widgets import Input

from ccswitch_py.core.language import _
from ccswitch_py.redact.key_patterns import contains_key, looks_like_key


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
