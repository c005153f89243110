"""What each apply changed in a live file, so that it can be taken back; secrets are never in it.

Texts in the journal are sealed: where a live file holds a secret, they hold the name under which the keyring keeps it.
"""

from __future__ import annotations

import json
import os

from ccswitch_py.core.errors import FileNotChanged
from ccswitch_py.core.files import read_bytes, remove_file, write_error, write_own_file
from ccswitch_py.core.language import _
from ccswitch_py.formats.edit import Edit
from ccswitch_py.formats.owned import Snapshot
from ccswitch_py.services.launches import checksum

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from ccswitch_py.core.paths import Paths
    from ccswitch_py.formats.json_entries import EntryPath

SCHEMA = 1
MOST_STEPS = 10
_ENDING = ".json"
_ANNOUNCED = ".next"


class DamagedJournal(FileNotChanged):
    """A journal's file in which nothing can be read."""


class Base:
    """The user's own state under the applied profile: how to get there from the file as we left it."""

    def __init__(self, edits: list[Edit], before: Snapshot) -> None:
        self.edits = edits
        self.before = before

    def as_json(self) -> dict[str, Any]:
        """The base as it is stored."""
        return {"edits": _edits_json(self.edits), "before": self.before.as_json()}

    @classmethod
    def from_json(cls, values: dict[str, Any] | None) -> Base | None:
        """The base that ``as_json`` wrote."""
        return cls(_edits(values["edits"]), Snapshot.from_json(values["before"])) if values else None


class Step:
    """One change to undo: how to get from the user's own state to the file as it was before the change.

    ``after`` is the checksum of the file that the change left; only in that very file do the edits fit.
    """

    def __init__(
        self, edits: list[Edit], before: Snapshot, profile: str | None, base: Base | None, after: str | None = None
    ) -> None:
        self.edits = edits
        self.before = before
        self.profile = profile
        self.base = base
        self.after = after

    def as_json(self) -> dict[str, Any]:
        """The step as it is stored."""
        return {
            "edits": _edits_json(self.edits),
            "before": self.before.as_json(),
            "profile": self.profile,
            "base": self.base.as_json() if self.base else None,
            "after": self.after,
        }

    @classmethod
    def from_json(cls, values: dict[str, Any]) -> Step:
        """The step that ``as_json`` wrote."""
        before = Snapshot.from_json(values["before"])
        base = Base.from_json(values["base"])
        return cls(_edits(values["edits"]), before, values["profile"], base, values["after"])


class Journal:
    """What we know of one live file: ``profile`` is applied in it (None: none), ``steps`` can be undone, last first.

    ``checksum`` is that of the file as we left it (None: no file), ``left`` are its owned entries then (of secrets a
    checksum), and ``sealed`` says which of them are secrets, and under which name the keyring keeps them. ``made_for``
    is the checksum of the file before the last change, ``launch`` that of the launch file which was applied. Steps stay
    in the form of the journal until one is undone.
    """

    def __init__(
        self,
        profile: str | None = None,
        checksum: str | None = None,
        left: dict[EntryPath, str] | None = None,
        base: Base | None = None,
        steps: list[dict[str, Any]] | None = None,
        sealed: list[tuple[EntryPath, str]] | None = None,
        made_for: str | None = None,
        launch: str | None = None,
    ) -> None:
        self.profile = profile
        self.checksum = checksum
        self.left = left or {}
        self.base = base
        self.steps = (steps or [])[-MOST_STEPS:]
        self.sealed = sealed or []
        self.made_for = made_for
        self.launch = launch
        self.text = ""

    def as_text(self, target_id: str, live_path: str) -> str:
        """The journal as it is stored: JSON in ASCII, for a live file may hold half of a surrogate pair."""
        self.text = self.text or json.dumps(
            {
                "schema": SCHEMA,
                "target": target_id,
                "file": live_path,
                "profile": self.profile,
                "checksum": self.checksum,
                "left": [[list(path), mark] for path, mark in self.left.items()],
                "base": self.base.as_json() if self.base else None,
                "steps": self.steps,
                "sealed": [[list(path), item] for path, item in self.sealed],
                "made_for": self.made_for,
                "launch": self.launch,
            }
        )
        return self.text

    @classmethod
    def from_json(cls, values: dict[str, Any]) -> Journal:
        """The journal that ``as_text`` wrote, parsed."""
        sealed: list[tuple[EntryPath, str]] = [(tuple(path), item) for path, item in values["sealed"]]
        for step in values["steps"]:
            Step.from_json(step)
        return cls(
            values["profile"],
            values["checksum"],
            {tuple(path): mark for path, mark in values["left"]},
            Base.from_json(values["base"]),
            values["steps"],
            sealed,
            values["made_for"],
            values["launch"],
        )


def journal_path(paths: Paths, target_id: str, live_path: str) -> str:
    """The journal's file: one for each live file of each target."""
    return os.path.join(paths.journal, f"{target_id}-{checksum(live_path.encode()).replace(':', '-')}{_ENDING}")


def load_journal(paths: Paths, target_id: str, live_path: str) -> tuple[Journal, Journal | None]:
    """The journal of a live file, and the one that was announced by a process that was killed, if any.

    Raises ``FileNotChanged`` for a journal that cannot be read; of a damaged announcement nothing can have come.
    """
    path = journal_path(paths, target_id, live_path)
    try:
        announced = _read(path + _ANNOUNCED)  # first: afterwards, one that is settled meanwhile would be missed
    except DamagedJournal:
        announced = None
    return _read(path) or Journal(), announced


def check_journal(path: str) -> None:
    """Raise ``FileNotChanged`` for a journal's file that cannot be read, ``Damaged`` if it never can."""
    _read(path)


def is_damaged_announcement(path: str) -> bool:
    """Whether a file of the journal is a damaged announcement, which nothing needs."""
    if not path.endswith(_ANNOUNCED):
        return False
    try:
        check_journal(path)
    except DamagedJournal:
        return True
    except FileNotChanged:
        pass
    return False


def applied_files(paths: Paths, profile: str) -> list[str]:
    """The live files in which a profile is applied, wherever they are (Claude Code can have several config folders)."""
    try:
        names = sorted(name for name in os.listdir(paths.journal) if name.endswith(_ENDING))
    except FileNotFoundError:
        return []
    found: list[str] = []
    for name in names:
        data = read_bytes(os.path.join(paths.journal, name))
        values: dict[str, Any] = json.loads(data) if data else {}
        if values.get("profile") == profile:
            found.append(str(values["file"]))
    return found


def begin(paths: Paths, target_id: str, live_path: str, announced: Journal) -> None:
    """Write down what is about to be done, before the live file is replaced."""
    path = journal_path(paths, target_id, live_path) + _ANNOUNCED
    write_own_file(path, announced.as_text(target_id, live_path).encode())


def commit(paths: Paths, target_id: str, live_path: str) -> None:
    """What was announced is done; until that can be written down, every reader sees it by the live file."""
    try:
        commit_strictly(paths, target_id, live_path)
    except FileNotChanged:
        return


def commit_strictly(paths: Paths, target_id: str, live_path: str) -> None:
    """What was announced is done, and must be written down before anything else is announced."""
    path = journal_path(paths, target_id, live_path)
    try:
        os.replace(path + _ANNOUNCED, path)
    except OSError as error:
        raise write_error(path, error) from error


def rollback(paths: Paths, target_id: str, live_path: str) -> None:
    """What was announced could not be done; an announcement that cannot be removed either is seen through later."""
    try:
        remove_file(journal_path(paths, target_id, live_path) + _ANNOUNCED)
    except OSError:
        return


def checksum_of(live_data: bytes | None) -> str | None:
    """The checksum that the journal keeps of a live file's content."""
    return None if live_data is None else checksum(live_data)


def _read(path: str) -> Journal | None:
    try:
        data = read_bytes(path)
    except OSError as error:
        raise FileNotChanged(
            _("{file} cannot be read.", file=path), _("Check its permissions; nothing was changed.")
        ) from error
    if data is None:
        return None
    try:
        values: dict[str, Any] = json.loads(data)
        if values["schema"] != SCHEMA:
            raise FileNotChanged(
                _("{file} was written by a newer ccswitch.", file=path), _("Update ccswitch; nothing was changed.")
            )
        journal = Journal.from_json(values)
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise DamagedJournal(
            _("{file} cannot be read, so a change could not be undone later.", file=path),
            _("Move {file} away: ccswitch then begins a new record of its changes.", file=path),
        ) from error
    journal.text = data.decode()
    return journal


def _edits_json(edits: list[Edit]) -> list[list[Any]]:
    return [[edit.offset, edit.removed, edit.inserted] for edit in edits]


def _edits(values: list[list[Any]]) -> list[Edit]:
    return [Edit(offset, removed, inserted) for offset, removed, inserted in values]
