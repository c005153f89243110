"""One place that can set something for Claude Code, and what it sets there; keys are masked."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from ccswitch_py.redact.secret import Secret
from ccswitch_py.targets.claude_code.sources.masking import masked


class LayerKind(StrEnum):
    """The kinds of layers; of those that hold now, one that comes earlier here beats those after it."""

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


IN_FORCE = (
    LayerKind.MANAGED,
    LayerKind.SETTINGS_OPTION,
    LayerKind.LOCAL,
    LayerKind.PROJECT,
    LayerKind.USER,
    LayerKind.STATE,
    LayerKind.PROCESS,
)
"""What Claude Code started here and now takes in; the others only fill the environment of shells started later."""


@dataclass(frozen=True)
class Entry:
    """A variable, or a setting, as a layer has it; ``line`` counts from 1, None where there are no lines.

    ``value`` is None where the layer sets it to something that only running it would tell, or (``removes``) unsets it.
    """

    name: str
    value: Secret | None
    line: int | None = None
    removes: bool = False

    @property
    def shown(self) -> str | None:
        """The value as it may be shown, or None where there is none to show."""
        return None if self.value is None else masked(self.name, self.value.reveal())

    @property
    def is_empty(self) -> bool:
        """Whether it is set to nothing."""
        return self.value is not None and not self.value.reveal()


@dataclass
class Layer:
    """A file, or the environment of this process, with what it sets; ``problem`` says why nothing of it is known.

    Nothing of it counts then, unless it is ``unread``: what is too much for us may be read by Claude Code.
    """

    kind: LayerKind
    path: str | None = None
    entries: list[Entry] = field(default_factory=list[Entry])
    problem: str | None = None
    unread: bool = False

    @property
    def in_force(self) -> bool:
        """Whether Claude Code, started here and now, takes it in."""
        return self.kind in IN_FORCE

    def last(self, name: str) -> Entry | None:
        """What counts of this name here: the last one of the file."""
        return next((entry for entry in reversed(self.entries) if entry.name == name), None)
