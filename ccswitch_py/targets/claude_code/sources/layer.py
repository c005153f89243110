"""The kinds of layers that set something for Claude Code."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum

from ccswitch_py.core.language import N_, _
from ccswitch_py.redact.secret import Secret
from ccswitch_py.targets.claude_code.sources.masking import masked
from ccswitch_py.targets.explanation import Entry, Layer


class LayerKind(StrEnum):
    """The kinds of layers; of those in force, each overrides those after it."""

    MANAGED = "managed"
    SETTINGS_OPTION = "--settings"
    LOCAL = "settings.local.json"
    PROJECT = "project"
    USER = "user"
    STATE = "state"
    PROCESS = "process"
    DIRENV = "direnv"
    SHELL = "shell"
    SYSTEMD = "systemd"
    LAUNCHD = "launchd"


OF_PROJECT = (LayerKind.LOCAL, LayerKind.PROJECT)
SETTINGS_KINDS = (LayerKind.MANAGED, LayerKind.SETTINGS_OPTION, *OF_PROJECT, LayerKind.USER)
_LATER = (LayerKind.DIRENV, LayerKind.SHELL, LayerKind.SYSTEMD, LayerKind.LAUNCHD)
"""These only affect shells and sessions started later."""
_TITLES = {
    LayerKind.MANAGED: (N_("the administrator's settings"), N_("administrator")),
    LayerKind.SETTINGS_OPTION: (N_("the file of --settings"), "--settings"),
    LayerKind.LOCAL: (N_("the folder's settings.local.json"), N_("project")),
    LayerKind.PROJECT: (N_("the folder's settings.json"), N_("project")),
    LayerKind.USER: (N_("your settings.json"), N_("user")),
    LayerKind.STATE: (N_("Claude Code's own state"), N_("user")),
    LayerKind.PROCESS: (N_("this terminal's environment"), ""),
    LayerKind.DIRENV: (N_("direnv"), ""),
    LayerKind.SHELL: (N_("a start file of the shell"), ""),
    LayerKind.SYSTEMD: (N_("the environment of systemd"), ""),
    LayerKind.LAUNCHD: (N_("the environment of launchd"), ""),
}


def layer_of(kind: LayerKind, path: str | None = None, entries: Sequence[Entry] = ()) -> Layer:
    """Make a layer of this kind."""
    title, short_title = _TITLES[kind]
    return Layer(kind, _(title), kind not in _LATER, path, short_title and _(short_title), list(entries))


def entry_of(name: str, value: str | None, line: int | None = None) -> Entry:
    """Make an entry; a ``value`` of None is unknown."""
    if value is None:
        return Entry(name, None, line)
    return Entry(name, Secret(value), line, shown=masked(name, value))
