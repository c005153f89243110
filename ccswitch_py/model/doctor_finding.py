"""What the doctor finds: level, sentence, advice, and perhaps an automatic fix."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass, field
from enum import StrEnum
from functools import partial
from typing import Any, NamedTuple

from ccswitch_py.core.language import _
from ccswitch_py.core.paths import from_home
from ccswitch_py.model.base_url import address_of
from ccswitch_py.model.key_ref import display_host
from ccswitch_py.redact.key_patterns import redact_words
from ccswitch_py.redact.printable import printable


class Level(StrEnum):
    """How bad a finding is, the worst first."""

    BROKEN = "broken"
    WARNING = "warning"
    OK = "ok"


class FindingKind(NamedTuple):
    """A kind of finding: its stable code, and its texts, marked with ``N_``.

    ``for_first_use`` advises a user without profiles to add one before ``ccswitch use NAME``.
    """

    level: Level
    code: str
    sentence: str
    fix: str = ""
    for_first_use: bool = False


_USE = "`ccswitch use NAME`"

broken = partial(FindingKind, Level.BROKEN)
warning = partial(FindingKind, Level.WARNING)
ok = partial(FindingKind, Level.OK)


class Sensitivity(StrEnum):
    """What a value in a sentence reveals; it decides how a shareable report shows the value."""

    PUBLIC = "public"
    HOST = "host"
    FILE = "file"
    NAME = "name"
    FREE_TEXT = "free_text"


class FindingValue(NamedTuple):
    """A value in a sentence; ``public_text`` is what a report shows in place of a ``FREE_TEXT``."""

    text: str
    sensitivity: Sensitivity
    public_text: str = ""


def public(value: object) -> FindingValue:
    """A number, a version, or a name of ours or the tool's: nothing that the user chose."""
    return FindingValue(str(value), Sensitivity.PUBLIC)


def host(url: str) -> FindingValue:
    """The host and port of an address alone."""
    address = address_of(url)
    return FindingValue(str(address), Sensitivity.HOST) if address else free_text(_("an invalid address"), "unknown")


def file(path: str) -> FindingValue:
    """A path, shown from the user's home."""
    return FindingValue(from_home(path), Sensitivity.FILE)


def named(name: str) -> FindingValue:
    """A name that the user chose: of a profile, a key, a variable, a program."""
    return FindingValue(name, Sensitivity.NAME)


def free_text(text: str, public_text: str = "…") -> FindingValue:
    """A text in the user's language that may hold anything, and what a report shows in its place."""
    return FindingValue(text, Sensitivity.FREE_TEXT, public_text)


def problem_values(message: str, hint: str, public_text: str = "…") -> dict[str, FindingValue]:
    """The values ``detail`` and ``hint`` of a finding that quotes an error."""
    return {"detail": free_text(message, public_text), "hint": free_text(hint)}


@dataclass(frozen=True)
class ApplyAgain:
    """Apply the profile in use to its target again."""

    profile: str
    target: str


@dataclass(frozen=True)
class ChangeMode:
    """Set the permissions of a file or folder of ours."""

    path: str
    mode: int


@dataclass(frozen=True)
class RemoveLeftover:
    """Remove a file that a killed process left behind."""

    path: str


@dataclass(frozen=True)
class RebuildLaunch:
    """Rebuild a profile's launch record and launch files."""

    profile: str


Fix = ApplyAgain | ChangeMode | RemoveLeftover | RebuildLaunch
"""A fix that loses nothing, as data; ``services.doctor.fixes`` applies it. Equal ones are one."""


@dataclass(frozen=True)
class Finding:
    """One result of an examination; ``path`` and ``line`` are its place, where known.

    It is dropped where a finding of one of the codes in ``unless`` reports the cause for the same file.
    """

    kind: FindingKind
    values: dict[str, FindingValue] = field(default_factory=dict[str, FindingValue])
    path: str = ""
    line: int | None = None
    auto_fix: Fix | None = None
    area: str = ""
    unless: tuple[str, ...] = ()

    @property
    def all_values(self) -> dict[str, FindingValue]:
        """The values of its sentences; ``file`` is ``path`` unless given."""
        return ({"file": file(self.path)} if self.path else {}) | self.values

    @property
    def sentence(self) -> str:
        """What was found, in the user's language."""
        return _(self.kind.sentence, **self._shown)

    @property
    def fix(self) -> str:
        """What to do about it; may be empty."""
        fix = _(self.kind.fix, **self._shown)
        return fix.replace(_USE, _("`ccswitch add` and `ccswitch use`")) if self.kind.for_first_use else fix

    @property
    def brief(self) -> str:
        """The sentence with only the file's name, for output that shows ``place`` above it."""
        if not self.path:
            return self.sentence
        paths = "|".join(map(re.escape, dict.fromkeys((_visible(from_home(self.path)), self.path))))
        name = os.path.basename(self.path) or self.path
        return re.sub(rf"(?:{paths})(?![\w/-]|\.\w)", lambda _: name, self.sentence)

    @property
    def place(self) -> str:
        """``file:line``, from the user's home; empty where unknown."""
        return _visible(from_home(self.path)) + (f":{self.line}" if self.line else "") if self.path else ""

    @property
    def _shown(self) -> dict[str, str]:
        return {
            name: _visible(display_host(text) if sensitivity is Sensitivity.HOST else text, sensitivity)
            for name, (text, sensitivity, _public_text) in self.all_values.items()
        }

    def as_json(self) -> dict[str, Any]:
        """The finding for ``--json``."""
        return {
            "code": self.kind.code,
            "level": self.kind.level.value,
            "subject": self.area,
            "sentence": self.sentence,
            "fix": self.fix,
            "file": self.path or None,
            "line": self.line,
            "repairable": self.auto_fix is not None,
        }


def _visible(text: str, sensitivity: Sensitivity = Sensitivity.FILE) -> str:
    """Replace control characters, and mask what looks like a key; in a path only what is marked as one."""
    is_free = sensitivity in (Sensitivity.NAME, Sensitivity.FREE_TEXT)
    return redact_words(printable(text), marked_only=not is_free)
