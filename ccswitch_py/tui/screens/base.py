"""What all screens share: commands declared once for keys, key bar, palette and help, and titles without markup."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, TypeVar

from textual.app import App, ComposeResult
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.screen import ModalScreen, Screen
from textual.widget import Widget

from ccswitch_py.redact.printable import printable
from ccswitch_py.tui.widgets.key_bar import KeyBar
from ccswitch_py.tui.widgets.status import Busy, StatusLine

_TYPES_NOTHING = re.compile(r"ctrl\+|f\d")


@dataclass(frozen=True)
class Command:
    """An ``action`` of a screen; ``label`` and ``help`` are marked with ``N_``.

    ``arguments`` of ``ccswitch`` do the same on the command line; ``shown``: the key bar has it. ``display`` names its
    keys, where another command shares them.
    """

    key: str
    action: str
    label: str
    help: str = ""
    arguments: str = ""
    shown: bool = True
    priority: bool = False
    display: str = ""


def bindings_of(commands: Sequence[Command]) -> list[BindingType]:
    """Return untranslated bindings; those of keys that type nothing take precedence over a focused field's."""
    return [
        Binding(
            one.key,
            one.action,
            one.label,
            show=one.shown,
            key_display=one.display or None,
            priority=one.priority or _TYPES_NOTHING.match(one.key) is not None,
            tooltip=one.help,
        )
        for one in commands
    ]


def commands_at(widget: Widget | None) -> list[Command]:
    """Return the described bindings of our own widgets, from the focused one outwards."""
    chain = [node for node in widget.ancestors_with_self if not isinstance(node, App | Screen)] if widget else []
    kinds = [kind for node in chain for kind in type(node).__mro__ if kind.__module__.startswith("ccswitch_py.")]
    bindings = [one for kind in kinds for one in kind.__dict__.get("BINDINGS", ()) if isinstance(one, Binding)]
    return [Command(one.key, one.action, "", one.description) for one in bindings if one.description]


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
