"""What the doctor finds: how bad it is, one sentence about it, one about what to do, and perhaps a repair."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass, field
from enum import StrEnum
from functools import partial
from typing import Any, NamedTuple

from ccswitch_py.core.language import _
from ccswitch_py.core.paths import from_home
from ccswitch_py.model.address import address_of
from ccswitch_py.model.key_ref import display_host
from ccswitch_py.redact.key_patterns import redact_words
from ccswitch_py.redact.printable import printable


class Level(StrEnum):
    """How bad a finding is, the worst first."""

    BROKEN = "broken"
    LOOK = "look"
    OK = "ok"


class FindingKind(NamedTuple):
    """One thing that can be found: ``code`` is stable, the texts are marked with ``N_``.

    ``first_fix`` is what to do instead where there is no profile yet.
    """

    level: Level
    code: str
    sentence: str
    fix: str = ""
    first_fix: str = ""

    @property
    def for_first_use(self) -> FindingKind:
        """The same with the advice for those who have no profile yet."""
        return self._replace(fix=self.first_fix or self.fix)


broken = partial(FindingKind, Level.BROKEN)
warning = partial(FindingKind, Level.LOOK)
ok = partial(FindingKind, Level.OK)


class Sensitivity(StrEnum):
    """What a value in a sentence is, which decides how a report for the public shows it."""

    OPEN = "open"
    HOST = "host"
    FILE = "file"
    NAME = "name"
    WORDS = "words"


class FindingValue(NamedTuple):
    """A value in a sentence; ``public`` is what a report shows of ``WORDS``."""

    text: str
    sort: Sensitivity
    public: str = ""


def open_to_all(value: object) -> FindingValue:
    """A number, a version, a name of our own or of Claude Code: nothing that a user chose."""
    return FindingValue(str(value), Sensitivity.OPEN)


def host(url: str) -> FindingValue:
    """The host and port of an address, without what else may stand in it."""
    address = address_of(url)
    return FindingValue(str(address), Sensitivity.HOST) if address else words(_("an invalid address"), "unknown")


def file(path: str) -> FindingValue:
    """A file or a folder."""
    return FindingValue(from_home(path), Sensitivity.FILE)


def named(name: str) -> FindingValue:
    """A name that the user chose: of a profile, a key, a variable, a program."""
    return FindingValue(name, Sensitivity.NAME)


def words(text: str, public: str = "…") -> FindingValue:
    """A text in the user's language that may hold anything, and what a report shows in its place."""
    return FindingValue(text, Sensitivity.WORDS, public)


@dataclass(frozen=True)
class ApplyAgain:
    """Put the profile in use of a target in use again."""

    profile: str
    target: str


@dataclass(frozen=True)
class ChangeMode:
    """Give a file or folder of ours these permissions."""

    path: str
    mode: int


@dataclass(frozen=True)
class RemoveLeftover:
    """Remove what a killed ccswitch left behind."""

    path: str


@dataclass(frozen=True)
class RebuildLaunch:
    """Derive a profile's launch files and record again."""

    profile: str


Repair = ApplyAgain | ChangeMode | RemoveLeftover | RebuildLaunch
"""A way to mend a finding that loses nothing, for ``services.doctor.repairs`` to carry out; equal ones are one."""


@dataclass(frozen=True)
class Finding:
    """Something that was found; ``path`` and ``line`` are where, as far as that can be told.

    It is left out where a finding of one of the codes ``unless`` tells the cause, for the same file.
    """

    kind: FindingKind
    values: dict[str, FindingValue] = field(default_factory=dict[str, FindingValue])
    path: str = ""
    line: int | None = None
    repair: Repair | None = None
    area: str = ""
    unless: tuple[str, ...] = ()

    @property
    def told(self) -> dict[str, FindingValue]:
        """The values of its sentences; unless it says otherwise, the ``file`` is where it was found."""
        return ({"file": file(self.path)} if self.path else {}) | self.values

    @property
    def sentence(self) -> str:
        """What was found, in the user's language."""
        return _(self.kind.sentence, **self._shown)

    @property
    def fix(self) -> str:
        """What to do about it; empty where nothing is to be done."""
        return _(self.kind.fix, **self._shown)

    @property
    def brief(self) -> str:
        """The sentence for those who see ``place`` above it: the file has no folders there."""
        if not self.path:
            return self.sentence
        name = os.path.basename(self.path) or self.path
        return re.sub(self._names_of_path, lambda _: name, self.sentence)

    @property
    def _names_of_path(self) -> str:
        ways = dict.fromkeys((_visible(from_home(self.path)), self.path))
        return rf"(?:{'|'.join(map(re.escape, ways))})(?![\w/-]|\.\w)"

    @property
    def place(self) -> str:
        """The file and the line, as one writes them."""
        if not self.path:
            return ""
        return _visible(from_home(self.path)) + (f":{self.line}" if self.line else "")

    @property
    def _shown(self) -> dict[str, str]:
        return {
            name: _visible(display_host(told.text) if told.sort is Sensitivity.HOST else told.text, told.sort)
            for name, told in self.told.items()
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
            "repairable": self.repair is not None,
        }


def _visible(text: str, sort: Sensitivity = Sensitivity.FILE) -> str:
    """What cannot be seen, or would move the cursor, is a sign; what looks like a key is dots, whoever wrote it there.

    In the name of a file only what is marked as a key: letters and digits can take turns there.
    """
    return redact_words(printable(text), marked_only=sort not in (Sensitivity.NAME, Sensitivity.WORDS))
