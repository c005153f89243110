"""What each apply changed in a live file, so that it can be taken back; secrets are never in it.

Texts in the journal are sealed: where a live file holds a secret, they hold the name under which the keyring keeps it.
"""

from __future__ import annotations

import json
import os

from ccswitch_py.errors import FileNotChanged
from ccswitch_py.files import read_bytes, remove_file, write_own
from ccswitch_py.patch.edit import Edit
from ccswitch_py.patch.owned import Snapshot
from ccswitch_py.store.launches import checksum

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from ccswitch_py.patch.json_text import EntryPath
    from ccswitch_py.paths import Paths

SCHEMA = 1
MOST_STEPS = 10
_ANNOUNCED = ".next"


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

    ``checksum`` is that of the file as we left it (None: no file), ``sealed`` says which of its entries are secrets,
    and under which name the keyring keeps them. ``made_for`` is the checksum of the file before the last change. Steps
    stay in the form of the journal until one is undone.
    """

    def __init__(
        self,
        profile: str | None = None,
        checksum: str | None = None,
        base: Base | None = None,
        steps: list[dict[str, Any]] | None = None,
        sealed: list[tuple[EntryPath, str]] | None = None,
        made_for: str | None = None,
    ) -> None:
        self.profile = profile
        self.checksum = checksum
        self.base = base
        self.steps = (steps or [])[-MOST_STEPS:]
        self.sealed = sealed or []
        self.made_for = made_for
        self.text = ""

    def last_step(self) -> Step | None:
        """The change that an undo takes back."""
        return Step.from_json(self.steps[-1]) if self.steps else None

    def as_text(self) -> str:
        """The journal as it is stored: JSON in ASCII, for a live file may hold half of a surrogate pair."""
        self.text = self.text or json.dumps(self._as_json())
        return self.text

    def _as_json(self) -> dict[str, Any]:
        return {
            "schema": SCHEMA,
            "profile": self.profile,
            "checksum": self.checksum,
            "base": self.base.as_json() if self.base else None,
            "steps": self.steps,
            "sealed": [[list(path), item] for path, item in self.sealed],
            "made_for": self.made_for,
        }

    @classmethod
    def from_json(cls, values: dict[str, Any]) -> Journal:
        """The journal that ``as_text`` wrote, parsed."""
        sealed: list[tuple[EntryPath, str]] = [(tuple(path), item) for path, item in values["sealed"]]
        base = Base.from_json(values["base"])
        return cls(values["profile"], values["checksum"], base, values["steps"], sealed, values["made_for"])


def journal_path(paths: Paths, target_id: str, live_path: str) -> str:
    """The journal's file: one for each live file of each target."""
    return os.path.join(paths.journal, f"{target_id}-{checksum(live_path.encode()).replace(':', '-')}.json")


def load_journal(paths: Paths, target_id: str, live_path: str, live_data: bytes | None) -> Journal:
    """The journal of a live file with this content.

    A change that was announced but cut off (a killed process) counts, unless the file is still the one before it.
    Raises ``FileNotChanged`` for a journal that cannot be read.
    """
    path = journal_path(paths, target_id, live_path)
    announced = _read(path + _ANNOUNCED)
    if announced and announced.made_for != checksum_of(live_data):
        return announced
    return _read(path) or Journal()


def announce(paths: Paths, target_id: str, live_path: str, announced: Journal) -> None:
    """Write down what is about to be done, before the live file is replaced."""
    write_own(journal_path(paths, target_id, live_path) + _ANNOUNCED, announced.as_text().encode())


def settle(paths: Paths, target_id: str, live_path: str) -> None:
    """What was announced is done."""
    path = journal_path(paths, target_id, live_path)
    os.replace(path + _ANNOUNCED, path)


def withdraw(paths: Paths, target_id: str, live_path: str) -> None:
    """What was announced could not be done."""
    remove_file(journal_path(paths, target_id, live_path) + _ANNOUNCED)


def checksum_of(live_data: bytes | None) -> str | None:
    """The checksum that the journal keeps of a live file's content."""
    return None if live_data is None else checksum(live_data)


def _read(path: str) -> Journal | None:
    data = read_bytes(path)
    if data is None:
        return None
    try:
        values: dict[str, Any] = json.loads(data)
        if values["schema"] != SCHEMA:
            raise FileNotChanged(f"{path} was written by a newer ccswitch.", "Update ccswitch; nothing was changed.")
        journal = Journal.from_json(values)
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise FileNotChanged(
            f"{path} cannot be read, so a change could not be undone later.", "Move it away to begin a new journal."
        ) from error
    journal.text = data.decode()
    return journal


def _edits_json(edits: list[Edit]) -> list[list[Any]]:
    return [[edit.offset, edit.removed, edit.inserted] for edit in edits]


def _edits(values: list[list[Any]]) -> list[Edit]:
    return [Edit(offset, removed, inserted) for offset, removed, inserted in values]
