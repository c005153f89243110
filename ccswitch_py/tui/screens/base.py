"""What all screens share: commands declared once for keys, key bar, palette and help, and titles without markup."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar, TypeVar

from textual.content import Content
from textual.screen import ModalScreen, Screen

from ccswitch_py.redact.printable import printable
from ccswitch_py.tui.commands import Command, bindings_of

Answer = TypeVar("Answer")


class _WithCommands(Screen[Answer]):
    ACTIONS: ClassVar[Sequence[Command]] = ()

    def __init_subclass__(cls, **options: Any) -> None:
        if "ACTIONS" in cls.__dict__:
            cls.BINDINGS = bindings_of(cls.ACTIONS)
        super().__init_subclass__(**options)

    def answer(self, answer: Answer | None) -> None:
        """Dismiss the screen, once, together with whatever lies over it (such as the help)."""
        if self in self.app.screen_stack:
            self.pop_until_active()
            self.dismiss(answer)


class CommandScreen(_WithCommands[Answer]):
    """A screen with commands, which may return an ``Answer``."""


class CommandModal(_WithCommands[Answer], ModalScreen[Answer]):
    """The same over another screen."""


def plain_title(text: str) -> Content:
    """Return a title or subtitle for a border, where Textual would take a string for markup."""
    return Content(printable(text))
