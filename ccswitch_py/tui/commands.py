"""A command: one declaration for the key, the key bar, the palette, the help and the equal command line."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from textual.app import App
from textual.binding import Binding, BindingType
from textual.screen import Screen
from textual.widget import Widget

_TYPES_NOTHING = re.compile(r"ctrl\+|f\d")


@dataclass(frozen=True)
class Command:
    """An ``action`` of a screen; ``label`` and ``help`` are marked with ``N_``.

    ``arguments`` of ``ccswitch`` do the same on the command line; ``shown``: the key bar has it.
    """

    key: str
    action: str
    label: str
    help: str = ""
    arguments: str = ""
    shown: bool = True
    priority: bool = False


def bindings_of(commands: Sequence[Command]) -> list[BindingType]:
    """Return untranslated bindings; those of keys that type nothing take precedence over a focused field's."""
    return [
        Binding(
            one.key,
            one.action,
            one.label,
            show=one.shown,
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
