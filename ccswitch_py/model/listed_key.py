"""A key as it is listed: its name, where it is, where it may go and who uses it; never its secret."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from ccswitch_py.model.key_ref import KeyRef


class KeyLocation(StrEnum):
    """Where a key is."""

    KEYRING = "keyring"
    NOWHERE = "missing"
    VARIABLE = "variable"
    COMMAND = "command"


@dataclass(frozen=True)
class ListedKey:
    """One key.

    ``profiles`` use it; those of ``may_be_used_by`` cannot be read, so they might. ``is_set`` says of a variable
    whether this process has it.
    """

    ref: KeyRef
    kept_in: KeyLocation
    hosts: list[str]
    profiles: list[str]
    may_be_used_by: list[str]
    stored: datetime | None = None
    is_set: bool | None = None

    @property
    def name(self) -> str:
        """The key's own name, that of the variable, or the program of the command."""
        return self.ref.label

    @property
    def is_unused(self) -> bool:
        """Whether no profile can want it."""
        return not self.profiles and not self.may_be_used_by

    def as_json(self) -> dict[str, Any]:
        """The key for ``--json``."""
        facts = {"name": self.name, **vars(self)}
        del facts["ref"]
        return {**facts, "stored": self.stored.isoformat() if self.stored else None}


class Presence(StrEnum):
    """What the keyring says of a key."""

    THERE = "there"
    ABSENT = "absent"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class KeyState:
    """Whether a stored key is really in the keyring; ``trouble`` and ``hint`` say why that is not known."""

    name: str
    presence: Presence
    trouble: str = ""
    hint: str = ""

    def as_json(self) -> dict[str, Any]:
        """The state for ``--json``."""
        return dict(vars(self))


@dataclass(frozen=True)
class KeyDependents:
    """What cannot go on without a key.

    ``profiles`` name it; those of ``perhaps`` cannot be read, so they may. ``in_use`` says of a profile in which tools
    it is applied.
    """

    profiles: list[str]
    perhaps: list[str]
    in_use: dict[str, list[str]]
