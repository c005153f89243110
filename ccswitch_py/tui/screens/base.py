"""What all screens have in common: their commands are their keys, their key bar, their palette and their help."""

# Textual types the class that it makes of a screen only in part:
# pyright: reportUnknownMemberType=false, reportUnknownArgumentType=false

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar, TypeVar

from textual.screen import ModalScreen, Screen

from ccswitch_py.tui.commands import Command, bindings_of

Answer = TypeVar("Answer")


class _WithCommands(Screen[Answer]):
    ACTIONS: ClassVar[Sequence[Command]] = ()

    def __init_subclass__(cls, **options: Any) -> None:
        """Make keys of the commands."""
        if "ACTIONS" in cls.__dict__:
            cls.BINDINGS = bindings_of(cls.ACTIONS)
        super().__init_subclass__(**options)

    def answer(self, answer: Answer | None) -> None:
        """Leave the screen with an answer, once, and with whatever lies over it: the help can be open meanwhile."""
        if self in self.app.screen_stack:
            self.pop_until_active()
            self.dismiss(answer)


class CommandScreen(_WithCommands[Answer]):
    """A screen with commands; one that is left returns an ``Answer``."""


class CommandModal(_WithCommands[Answer], ModalScreen[Answer]):
    """The same over another screen."""
