"""A live file as it is found under the lock, and what is decided about it."""

from __future__ import annotations

import json

from ccswitch_py.core.errors import FileNotChanged
from ccswitch_py.core.files import read_bytes
from ccswitch_py.core.language import _
from ccswitch_py.formats.json_entries import UnreadableJson, check_object
from ccswitch_py.formats.owned import Snapshot, edits_back, snapshot
from ccswitch_py.live_files.journal import Base, Step, checksum_of, load_journal
from ccswitch_py.live_files.live_file import LiveFile
from ccswitch_py.live_files.secret_placeholders import SecretPlaceholders, without_placeholder_names
from ccswitch_py.services.launches import checksum

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from ccswitch_py.core.paths import Paths
    from ccswitch_py.formats.edit import Edit
    from ccswitch_py.formats.json_entries import EntryPath
    from ccswitch_py.live_files.journal import Journal
    from ccswitch_py.targets.base import Target

_ATTEMPTS = 8


class LiveState:
    """A live file as it is found: its sealed text, its journal, and whether it is as we left it.

    ``adopted`` says that the journal is the announcement of a process that was killed when it had replaced the file.
    """

    def __init__(self, paths: Paths, target: Target) -> None:
        self.target = target
        self.live = LiveFile(target.live_path())
        self.file = self.live.real_path
        done, announced = load_journal(paths, target.id, self.file)
        try:
            if self.live.text is not None:
                check_object(self.live.text)
            self.adopted = announced is not None and _was_done(announced, done, self.live, target)
            self.journal = announced if announced and self.adopted else done
            self.untouched = self.journal.checksum == checksum_of(self.live.data)
            self.seal = SecretPlaceholders(paths, target, self.journal.sealed if self.untouched else [])
            self.text = None if self.live.text is None else self.seal.close(self.live.text)
            self.before = snapshot(self.text, target.owned)
        except UnreadableJson as problem:
            is_empty = not (self.live.text or "").strip()
            raise FileNotChanged(
                _("{file}, line {line}: {reason}.", file=self.live.path, line=problem.line, reason=problem.reason),
                _("Delete it, then do this again; nothing was changed.")
                if is_empty
                else _("Mend that, then do this again; nothing was changed."),
            ) from problem

    @property
    def address(self) -> str | None:
        """Where the file says that requests go; there may be a login in it, so people see ``display_address``."""
        raw = snapshot(self.live.text, self.target.owned).entries.get(self.target.base_url_entry)
        value = json.loads(raw) if raw else None
        return None if value is None else str(value)

    @property
    def own(self) -> Snapshot:
        """The owned entries as the user has them without us; those that others changed since count as the user's.

        But not those that we had written earlier: a program that read the file then, and wrote it now, put them back.
        """
        base = self.journal.base
        if base is None:
            return self.before
        if self.untouched:
            return base.before
        if taken_back := self._step_taken_back():
            return taken_back.base.before if taken_back.base else self.before
        theirs = set(self.theirs())
        sources = {path: (self.before if path in theirs else base.before).entries for path in self.target.owned}
        entries = {path: source[path] for path, source in sources.items() if path in source}
        return Snapshot(base.before.exists, entries, base.before.objects)

    def _step_taken_back(self) -> Step | None:
        now = without_placeholder_names(self.before.entries)
        steps = (Step.from_json(values) for values in reversed(self.journal.steps))
        return next((step for step in steps if without_placeholder_names(step.before.entries) == now), None)

    def theirs(self) -> list[EntryPath]:
        """The owned entries that others have changed since we left the file."""
        if self.untouched:
            return []
        now, left = entry_fingerprints(self.target, self.live.text), self.journal.left
        return [path for path in self.target.owned if now.get(path) != left.get(path)]

    def edits_to_own_state(self) -> list[Edit]:
        """The edits that take the applied profile out of the file again."""
        base = self.journal.base
        if base is None:
            return []
        return base.edits if self.untouched else edits_back(self.text, self.target.owned, self.own)

    def step(self, from_own_state: list[Edit]) -> Step:
        """How to come back to this situation from the user's own state."""
        base = Base(self.edits_to_own_state(), self.own) if self.journal.base else None
        return Step(from_own_state, self.before, self.journal.profile, base)


def read_live_state(paths: Paths, target: Target) -> LiveState:
    """The situation as it was at one moment, for those who hold no lock: a switch may be under way."""
    for _attempt in range(_ATTEMPTS):
        found = LiveState(paths, target)
        if read_bytes(found.file) == found.live.data:
            return found
    return LiveState(paths, target)


class WritePlan:
    """The file's next text (sealed, None: no file) and what the journal will say; ``step`` is new in it."""

    def __init__(
        self,
        text: str | None,
        profile: str | None,
        base: Base | None,
        steps: list[dict[str, Any]],
        step: Step | None = None,
        launch: str | None = None,
    ) -> None:
        self.text = text
        self.profile = profile
        self.base = base
        self.steps = steps
        self.step = step
        self.launch = launch


def display_address(target: Target, address: str) -> str:
    """An address of the target's file for people: without a login or a key in it."""
    from ccswitch_py.targets.claude_code.sources.masking import masked

    return masked(target.base_url_entry[-1], address)


def entry_fingerprints(target: Target, text: str | None) -> dict[EntryPath, str]:
    """What tells the owned entries of an (open) text from others: their JSON text, and of secrets a checksum."""
    entries = snapshot(text, target.owned).entries
    return {path: checksum(raw.encode()) if target.is_secret(path, raw) else raw for path, raw in entries.items()}


def _was_done(announced: Journal, done: Journal, live: LiveFile, target: Target) -> bool:
    """Whether the file shows the change that was announced: as a whole, or (others wrote since) by its entries."""
    found = checksum_of(live.data)
    if found == announced.checksum:
        return True
    if found in (announced.made_for, done.checksum):
        return False
    now, after, before = entry_fingerprints(target, live.text), announced.left, done.left
    differing = [path for path in {**after, **before} if after.get(path) != before.get(path)]
    like_after = sum(now.get(path) == after.get(path) for path in differing)
    like_before = sum(now.get(path) == before.get(path) for path in differing)
    return like_after > like_before
