"""A key as listed: name, location, allowed hosts and users; never its secret."""

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

    ``profiles`` use it; those of ``may_be_used_by`` cannot be read, so they might. ``is_set``: whether this
    process has the variable.
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
        """Whether certainly no profile uses it."""
        return not self.profiles and not self.may_be_used_by

    def as_json(self) -> dict[str, Any]:
        """The key for ``--json``."""
        facts = {"name": self.name, **vars(self)}
        del facts["ref"]
        return {**facts, "stored": self.stored.isoformat() if self.stored else None}


class Presence(StrEnum):
    """Whether the keyring has a key."""

    THERE = "there"
    ABSENT = "absent"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class KeyState:
    """Whether a stored key is in the keyring; ``problem`` and ``hint`` explain ``UNKNOWN``."""

    name: str
    presence: Presence
    problem: str = ""
    hint: str = ""

    def as_json(self) -> dict[str, Any]:
        """The state for ``--json``."""
        return dict(vars(self))


@dataclass(frozen=True)
class KeyDependents:
    """What depends on a key.

    ``profiles`` name it; those of ``perhaps`` cannot be read, so they may. ``in_use`` maps a
    profile to the tools that use it.
    """

    profiles: list[str]
    perhaps: list[str]
    in_use: dict[str, list[str]]
