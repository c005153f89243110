"""Records what each apply changed in a live file, so that it can be undone; never contains a secret.

Each live file of each target has a journal file. In place of a secret its texts have the name of its keyring entry,
and nothing derived from the secret.

A transaction records the pending change in a file beside the journal (``begin``), replaces the live files, and makes
the pending record the journal (``commit``). After a kill, the live file shows whether the pending change was made.
"""

from __future__ import annotations

import os

from ccswitch_py.core.checksum import checksum
from ccswitch_py.core.errors import FileNotChanged
from ccswitch_py.core.files import parse_json, read_bytes, read_own_json, remove_file, write_error, write_own_file
from ccswitch_py.core.json_codec import dumps
from ccswitch_py.core.language import _
from ccswitch_py.core.record import Record
from ccswitch_py.formats.base import Edit, path_from_json, path_to_json
from ccswitch_py.formats.entries import Snapshot
from ccswitch_py.live_files.live_file import NO_FILE, Fingerprint

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from ccswitch_py.core.paths import Paths
    from ccswitch_py.formats.base import EntryPath

SCHEMA = 2
MAX_STEPS = 10
_LARGEST = 64 * 1024 * 1024
SECRET = "•"  # noqa: S105 (a mark)
"""Stands in ``Journal.left`` for the raw text of a secret."""
_ENDING = ".json"
_PENDING = ".next"


class DamagedJournal(FileNotChanged):
    """A file of the journal that cannot be parsed."""


class Base(Record):
    """The user's own state beneath the applied profile, and the edits that restore it from the file as we left it.

    ``is_unknown``: an unrecorded profile was in the file already, so what was there before it is unknown.
    """

    edits: list[Edit]
    before: Snapshot
    is_unknown: bool = False

    def as_json(self) -> dict[str, Any]:
        """The base as it is stored."""
        edits = _edits_to_json(self.edits)
        return {"edits": edits, "before": self.before.as_json(), "is_unknown": self.is_unknown}

    @classmethod
    def from_json(cls, values: dict[str, Any] | None) -> Base | None:
        """The base that ``as_json`` wrote."""
        if not values:
            return None
        before = Snapshot.from_json(values["before"])
        return cls(_edits_from_json(values["edits"]), before, values.get("is_unknown", False))


class Step(Record):
    """One change to undo: how to get from the user's own state to the file as it was before the change.

    ``after`` is the file that the change left; only in that very file do the edits fit. Steps of one transaction have
    the same ``transaction``, and the later ones a higher ``number`` (0: written by schema 1). ``launch`` is the digest
    of the launch that was applied then (None: unknown).
    """

    edits: list[Edit]
    before: Snapshot
    profile: str | None
    base: Base | None
    after: Fingerprint = NO_FILE
    transaction: str = ""
    number: int = 0
    launch: str | None = None

    def as_json(self) -> dict[str, Any]:
        """The step as it is stored."""
        return {
            "edits": _edits_to_json(self.edits),
            "before": self.before.as_json(),
            "profile": self.profile,
            "base": self.base.as_json() if self.base else None,
            "after": self.after.as_json(),
            "transaction": self.transaction,
            "number": self.number,
            "launch": self.launch,
        }

    @classmethod
    def from_json(cls, values: dict[str, Any]) -> Step:
        """The step that ``as_json`` wrote."""
        return cls(
            _edits_from_json(values["edits"]),
            Snapshot.from_json(values["before"]),
            values["profile"],
            Base.from_json(values["base"]),
            Fingerprint.from_json(values["after"]),
            values.get("transaction", ""),
            values.get("number", 0),
            values.get("launch"),
        )


class Journal:
    """What we know of one live file: ``profile`` is applied in it (None: none), ``steps`` can be undone, last first.

    ``after`` is the file as we left it, ``left`` are the raw texts of its owned entries then (``SECRET`` for a secret),
    and ``secrets`` says under which name the keyring keeps which of them. ``made_for`` is the file before the last
    change, ``launch`` the digest of the launch that was applied. Steps stay in the form of the journal until one is
    undone. ``group`` lists the members of a transaction over several files (``FileOfGroup``).
    """

    def __init__(
        self,
        profile: str | None = None,
        after: Fingerprint = NO_FILE,
        left: dict[EntryPath, str] | None = None,
        base: Base | None = None,
        steps: list[dict[str, Any]] | None = None,
        secrets: list[tuple[EntryPath, str]] | None = None,
        made_for: Fingerprint = NO_FILE,
        launch: str | None = None,
        group: list[FileOfGroup] | None = None,
    ) -> None:
        self.profile = profile
        self.after = after
        self.left = left or {}
        self.base = base
        self.steps = (steps or [])[-MAX_STEPS:]
        self.secrets = secrets or []
        self.made_for = made_for
        self.launch = launch
        self.group = group or []
        self.text = ""

    def as_text(self, target_id: str, live_path: str) -> str:
        """The stored form: JSON in ASCII, as a live file may contain a lone surrogate."""
        self.text = self.text or dumps(
            {
                "schema": SCHEMA,
                "target": target_id,
                "file": live_path,
                "profile": self.profile,
                "after": self.after.as_json(),
                "left": [[path_to_json(path), raw] for path, raw in self.left.items()],
                "base": self.base.as_json() if self.base else None,
                "steps": self.steps,
                "secrets": [[path_to_json(path), item] for path, item in self.secrets],
                "made_for": self.made_for.as_json(),
                "launch": self.launch,
                "group": [member.as_json() for member in self.group],
            }
        )
        return self.text

    @classmethod
    def from_json(cls, values: dict[str, Any]) -> Journal:
        """The journal that ``as_text`` wrote, parsed; also one of schema 1."""
        if values["schema"] not in (1, SCHEMA):
            raise TypeError("the schema is a number that we know")
        is_first = values["schema"] == 1
        secrets: list[tuple[EntryPath, str]] = [
            (path_from_json(path), item) for path, item in values["sealed" if is_first else "secrets"]
        ]
        left = {path_from_json(path): raw for path, raw in values["left"]}
        if is_first:  # it had a checksum there
            left |= {path: SECRET for path, _item in secrets}
        profiles = [values["profile"], *(Step.from_json(step).profile for step in values["steps"])]
        if not all(profile is None or isinstance(profile, str) for profile in profiles):
            raise TypeError("a profile is named by a string")
        return cls(
            values["profile"],
            Fingerprint.from_json(values["checksum" if is_first else "after"]),
            left,
            Base.from_json(values["base"]),
            values["steps"],
            secrets,
            Fingerprint.from_json(values["made_for"]),
            values["launch"],
            [FileOfGroup.from_json(member) for member in values.get("group", [])],
        )


class FileOfGroup(Record):
    """One file of a transaction over several: what is needed to finish it after its process was killed.

    ``transaction`` is its id. ``staged`` is a copy of the file's next content beside it ("": there shall be no file).
    """

    transaction: str
    target_id: str
    path: str
    format_id: str
    owned: tuple[EntryPath, ...]
    staged: str

    def as_json(self) -> list[Any]:
        """The member as it is stored."""
        owned = [path_to_json(path) for path in self.owned]
        return [self.transaction, self.target_id, self.path, self.format_id, owned, self.staged]

    @classmethod
    def from_json(cls, values: list[Any]) -> FileOfGroup:
        """The member that ``as_json`` wrote."""
        transaction, target_id, path, format_id, owned, staged = values
        return cls(transaction, target_id, path, format_id, tuple(path_from_json(one) for one in owned), staged)


def journal_path(paths: Paths, target_id: str, live_path: str) -> str:
    """The path of a live file's journal."""
    return os.path.join(paths.journal, f"{target_id}-{checksum(os.fsencode(live_path)).replace(':', '-')}{_ENDING}")


def load_journal(paths: Paths, target_id: str, live_path: str) -> tuple[Journal, Journal | None]:
    """The journal of a live file, and what a process that was killed had begun, if any.

    Raises ``FileNotChanged`` for a journal that cannot be read; of a damaged pending one nothing can have come.
    """
    path = journal_path(paths, target_id, live_path)
    try:
        pending = _read(path + _PENDING)  # first: one that is committed meanwhile would be missed afterwards
    except DamagedJournal:
        pending = None
    return _read(path) or Journal(), pending


def pending_groups(paths: Paths) -> list[list[FileOfGroup]]:
    """The pending transactions over several files."""
    try:
        names = sorted(name for name in os.listdir(paths.journal) if name.endswith(_ENDING + _PENDING))
    except FileNotFoundError:
        return []
    groups: list[list[FileOfGroup]] = []
    for name in names:
        try:
            pending = _read(os.path.join(paths.journal, name))
        except FileNotChanged:
            continue
        if pending and pending.group and pending.group not in groups:
            groups.append(pending.group)
    return groups


def check_journal(path: str) -> None:
    """Raise ``FileNotChanged`` for a journal's file that cannot be read, ``DamagedJournal`` if it never can."""
    _read(path)


def is_damaged_pending(path: str) -> bool:
    """Whether a file of the journal is a damaged pending one, which can be deleted safely."""
    if not path.endswith(_PENDING):
        return False
    try:
        check_journal(path)
    except DamagedJournal:
        return True
    except FileNotChanged:
        pass
    return False


def applied_files(paths: Paths, profile: str) -> list[str]:
    """The live files in which a profile is applied, wherever they are; a journal that cannot be read is passed over."""
    found: list[str] = []
    for path in journal_files(paths):
        try:
            values: dict[str, Any] = read_own_json(path) or {}
            if values.get("profile") == profile:
                found.append(str(values["file"]))
        except (OSError, ValueError, KeyError, AttributeError):
            continue
    return found


def journal_files(paths: Paths) -> list[str]:
    """The files of the journal, sorted."""
    try:
        names = sorted(name for name in os.listdir(paths.journal) if name.endswith(_ENDING))
    except FileNotFoundError:
        return []
    return [os.path.join(paths.journal, name) for name in names]


def journaled_targets(paths: Paths) -> set[str]:
    """The ids of the targets of which a live file was ever changed, even if that was interrupted."""
    try:
        return {name.rsplit("-", 2)[0] for name in os.listdir(paths.journal)}
    except OSError:
        return set()


def begin(paths: Paths, target_id: str, live_path: str, pending: Journal) -> None:
    """Record the pending change, before the live file is replaced."""
    path = journal_path(paths, target_id, live_path) + _PENDING
    write_own_file(path, pending.as_text(target_id, live_path).encode())


def commit(paths: Paths, target_id: str, live_path: str) -> None:
    """Make the pending journal the current one; until that succeeds, readers recognise it by the live file."""
    try:
        commit_strictly(paths, target_id, live_path)
    except FileNotChanged:
        return


def commit_strictly(paths: Paths, target_id: str, live_path: str) -> None:
    """Commit, or raise ``FileNotChanged``: nothing else may be begun before."""
    path = journal_path(paths, target_id, live_path)
    try:
        os.replace(path + _PENDING, path)
    except FileNotFoundError:
        return
    except OSError as error:
        raise write_error(path, error) from error


def rollback(paths: Paths, target_id: str, live_path: str) -> None:
    """Discard the pending change; a pending file that can't be removed is recognised as stale later."""
    try:
        remove_file(journal_path(paths, target_id, live_path) + _PENDING)
    except OSError:
        return


def _read(path: str) -> Journal | None:
    try:
        data = read_bytes(path, _LARGEST + 1)
    except OSError as error:
        raise FileNotChanged(_("{file} cannot be read.", file=path), _("Check its permissions.")) from error
    if data is None:
        return None
    try:
        values: dict[str, Any] = parse_json(data)
        if isinstance(schema := values["schema"], int) and schema > SCHEMA:
            raise FileNotChanged(_("{file} was written by a newer ccswitch.", file=path), _("Update ccswitch."))
        journal = Journal.from_json(values)
    except (ValueError, KeyError, TypeError, AttributeError, StopIteration) as error:
        raise DamagedJournal(
            _("{file} cannot be read, so a change could not be undone later.", file=path),
            _("Move {file} away: ccswitch then starts a new journal.", file=path),
        ) from error
    journal.text = data.decode()
    return journal


def _edits_to_json(edits: list[Edit]) -> list[list[Any]]:
    return [[edit.offset, edit.removed, edit.inserted] for edit in edits]


def _edits_from_json(values: list[list[Any]]) -> list[Edit]:
    return [Edit(offset, removed, inserted) for offset, removed, inserted in values]
