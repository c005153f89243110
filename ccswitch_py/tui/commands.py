"""What a user can do on a screen: one definition for the key, the key bar, the palette, the help and the verb."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from textual.binding import Binding, BindingType


@dataclass(frozen=True)
class Command:
    """One thing to do: ``action`` is that of the screen, ``label`` and ``help`` are marked with ``later``.

    ``verb`` is the command line that does the same, ``shown`` whether the key bar has it.
    """

    key: str
    action: str
    label: str
    help: str = ""
    verb: str = ""
    shown: bool = True
    priority: bool = False


def bindings_of(commands: Sequence[Command]) -> list[BindingType]:
    """The commands as Textual wants them; their labels are translated when they are shown."""
    return [
        Binding(one.key, one.action, one.label, show=one.shown, priority=one.priority, tooltip=one.help)
        for one in commands
    ]
