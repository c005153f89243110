"""What all screens share: commands declared once for keys, key bar, palette and help, and titles without markup."""

from __future__ import annotations

from collections.abc import Callable, Sequence
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


class JobScreen(_WithCommands[Answer]):
    """A screen with a line for the last result and one for the running job, which ``leave`` cancels first."""

    def __init__(self, on_missing_key: Callable[[], object] | None = None) -> None:
        super().__init__()
        # Kept, because results arrive while the program ends, when a query would find nothing.
        self.status = StatusLine(on_missing_key=on_missing_key)
        self.busy = Busy()

    def _footer(self) -> ComposeResult:
        yield self.status
        yield self.busy
        yield KeyBar()

    def action_leave(self) -> object:
        if not self.busy.stop():
            self.answer(None)


class CommandModal(_WithCommands[Answer], ModalScreen[Answer]):
    """A dialog with commands."""


def plain_title(text: str) -> Content:
    """Return a border title; Textual would parse a string as markup."""
    return Content(printable(text))
