"""What all screens share: commands declared once for keys, key bar, palette and help, and titles without markup."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar, TypeVar

from textual.app import ComposeResult
from textual.content import Content
from textual.screen import ModalScreen, Screen

from ccswitch_py.redact.printable import printable
from ccswitch_py.tui.commands import Command, bindings_of
from ccswitch_py.tui.widgets.busy import Busy
from ccswitch_py.tui.widgets.key_bar import KeyBar
from ccswitch_py.tui.widgets.status_line import StatusLine

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


class JobScreen(CommandScreen[Answer]):
    """A screen with a line for the last result and one for the job that runs, which ``leave`` stops first."""

    def __init__(self) -> None:
        super().__init__()
        # Kept, because results arrive while the program ends, when a query would find nothing.
        self._status = StatusLine()
        self._busy = Busy()

    def _footer(self) -> ComposeResult:
        yield self._status
        yield self._busy
        yield KeyBar()

    def action_leave(self) -> None:
        if not self._busy.stop():
            self.answer(None)


class CommandModal(_WithCommands[Answer], ModalScreen[Answer]):
    """The same over another screen."""


def plain_title(text: str) -> Content:
    """Return a title or subtitle for a border, where Textual would take a string for markup."""
    return Content(printable(text))
