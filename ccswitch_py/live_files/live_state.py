"""The current state of a live file with its journal, the plan for its next text, and the resulting change."""

from __future__ import annotations

import os
import time

from ccswitch_py.core.errors import CcswitchError, FileNotChanged
from ccswitch_py.core.files import read_bytes
from ccswitch_py.core.language import _
from ccswitch_py.core.record import Record
from ccswitch_py.formats.base import UnreadableText
from ccswitch_py.formats.entries import Snapshot, snapshot
from ccswitch_py.live_files.content import SETTLED_S, BeingWritten, FileContent
from ccswitch_py.live_files.journal import SECRET, Base, Step, load_journal
from ccswitch_py.live_files.live_file import secret_entries, unreadable
from ccswitch_py.live_files.secret_placeholders import (
    SecretPlaceholders,
    is_placeholder,
    reference_in,
    without_new_names,
    without_placeholder_names,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from typing import Any

    from ccswitch_py.core.paths import Paths
    from ccswitch_py.formats.base import Edit, EntryPath, Value
    from ccswitch_py.live_files.journal import Journal
    from ccswitch_py.live_files.live_file import LiveFile, Ours

    FindOurs = Callable[[LiveFile, Callable[[EntryPath], Value]], Ours | None]

_ATTEMPTS = 8


class LiveState:
    """A live file's closed ``text``, its journal, and whether it is as we left it (``untouched``).

    ``path`` has its symlinks resolved. ``adopted``: the journal is the pending one of a process that was killed after
    it had replaced the file. ``ours`` is a profile that is found in the file though it isn't the journal's, and
    ``unrecorded`` the same where this journal has none, or it is of another home (``other_home``, its state folder).
    Raises ``FileNotChanged`` for a file that cannot be read or parsed.
    """

    def __init__(self, paths: Paths, target_id: str, file: LiveFile) -> None:
        self.target_id = target_id
        self.ours: Ours | None = None
        self.unrecorded: Ours | None = None
        self.other_home: str | None = None
        self._paths = paths
        self._find_ours: FindOurs = _find_nothing
        self._own: Snapshot | None = None
        self._is_unknown = False
        self.file = file
        self.content = FileContent(file.path)
        self.path = self.content.real_path
        if self.content.is_being_written:
            raise BeingWritten(
                _("{file} is empty, and another program may be writing it.", file=file.path),
                _("Try again in a moment."),
            )
        done, pending = load_journal(paths, target_id, self.path)
        try:
            if self.content.text is not None:
                file.format.check(self.content.text)
            self.adopted = pending is not None and _was_applied(pending, done, file, self.content)
            self.journal = pending if pending and self.adopted else done
            self.untouched = self.journal.after.matches(file, self.content)
            secrets = self.journal.secrets
            self.known = secrets if self.untouched else [one for one in secrets if reference_in(one[1])]
            self.placeholders = SecretPlaceholders(paths, file, self.known)
            self.text = None if self.content.text is None else self.placeholders.close(self.content.text)
            self.before = snapshot(file.format, self.text, file.owned)
        except UnreadableText as problem:
            raise unreadable(self.content.path, problem) from problem

    def recognise(self, find_ours: FindOurs) -> None:
        """Find entries of ours in the file itself, by the target's ``find_ours``: a journal can be lost.

        Without this call they would count as the user's own.
        """
        self._find_ours = find_ours
        if self.untouched and self.journal.profile:
            return
        ours = self._ours_in(self.before.entries)
        if ours is None:
            return
        home = ours.state_folder(self._paths)
        is_other = os.path.realpath(home) != os.path.realpath(self._paths.state)
        if is_other or ours.profile != self.journal.profile:
            self.ours = ours
        if is_other or self.journal.profile is None:
            self.unrecorded = ours
            self.other_home = home if is_other else None

    @property
    def profile(self) -> str | None:
        """The profile of this home that is in use in the file, recorded or not."""
        if self.unrecorded is None:
            return self.journal.profile
        return None if self.other_home else self.unrecorded.profile

    def _ours_in(self, entries: dict[EntryPath, str]) -> Ours | None:
        def value(path: EntryPath) -> Value:
            raw = entries.get(path)
            return None if raw is None else self.file.format.load(path, raw)

        return self._find_ours(self.file, value)

    def find_changed_secrets(self) -> None:
        """Clear ``untouched`` if a secret that we wrote has changed, which the fingerprint does not show.

        Raises ``KeyUnavailable`` as ``SecretPlaceholders.has_changed`` does.
        """
        if not self.known or self.content.text is None:
            return
        spans = self.file.format.spans(self.content.text, [path for path, _item in self.known])
        changed = [
            path
            for path, found in spans.items()
            if self.placeholders.has_changed(path, self.content.text[slice(*found[-1])])
        ]
        if changed:
            self.untouched, self._own = False, None
            for path in changed:
                self.journal.left.pop(path, None)

    def value(self, path: EntryPath) -> Value:
        """Return the value of an owned entry, None if it is missing; it may be a secret."""
        if self.content.text is None:
            return None
        found = self.file.format.spans(self.content.text, [path]).get(path)
        return self.file.format.load(path, self.content.text[slice(*found[-1])]) if found else None

    @property
    def own(self) -> Snapshot:
        """The owned entries without the applied profile; changes by others count as the user's.

        An exception: another program wrote back an earlier text of ours that it had read before. Nor do entries count
        that another home wrote, or this one before its state was lost.
        """
        if self._own is None:
            own = self._recorded_own()
            self._is_unknown = bool(own is not self.before and self.journal.base and self.journal.base.is_unknown)
            if ours := self._ours_in(own.entries):
                base = self.journal.base.before if self.journal.base and own is not self.before else None
                if base is None or self._ours_in(base.entries):
                    known = self._own_of_other_home() if own is self.before else None
                    self._is_unknown = self._is_unknown or known is None
                    own = known or _without(own, ours.entries)
                else:
                    kept = {path: raw for path, raw in own.entries.items() if path not in ours.entries}
                    restored = {path: raw for path, raw in base.entries.items() if path in ours.entries}
                    own = own.replace(entries=kept | restored)
            self._own = own
        return self._own

    @property
    def own_is_unknown(self) -> bool:
        """Whether there may have been more than ``own`` before ccswitch wrote to the file."""
        return bool(self.own and self._is_unknown)

    def _own_of_other_home(self) -> Snapshot | None:
        """The user's own entries by the record of the home whose profile is in the file; None without one."""
        if self.other_home is None:
            return None
        from ccswitch_py.core.paths import Paths

        try:
            other = LiveState(Paths(self._paths.config, self.other_home), self.target_id, self.file)
            other.recognise(self._find_ours)
            if other.journal.profile is None or other.ours:
                return None
            own = other.own
            entries = {
                path: self.placeholders.hold(other.placeholders.open(raw)) if is_placeholder(raw) else raw
                for path, raw in own.entries.items()
            }
        except CcswitchError:
            return None
        self._is_unknown = other.own_is_unknown
        return Snapshot(own.exists, entries, own.containers)

    def _recorded_own(self) -> Snapshot:
        base = self.journal.base
        if base is None:
            return self.before
        if self.untouched:
            return base.before
        if reverted := self._reverted_step():
            return reverted.base.before if reverted.base else self.before
        theirs = set(self.theirs()).difference(self.ours.entries if self.ours else ())
        entries: dict[EntryPath, str] = {}
        for path in self.file.owned:
            now, before = self.before.entries.get(path), base.before.entries.get(path)
            raw = self._without_ours(path, now, before) if path in theirs else before
            if raw is not None:
                entries[path] = raw
        return Snapshot(base.before.exists, entries, base.before.containers)

    def _without_ours(self, path: EntryPath, now: str | None, before: str | None) -> str | None:
        """An entry that others have changed, without what they left of ours in it: that was ``before`` instead."""
        file = self.file
        if any(path[: len(place)] == place for place in file.whole):
            return before
        if now is None or file.refers_to_ours is None or is_placeholder(now):
            return now
        value = file.format.load(path, now)
        old = None if before is None or is_placeholder(before) else file.format.load(path, before)
        own = _own_parts(file.refers_to_ours, value, old)
        if own == value:
            return now
        return before if own == old else file.format.dump(path, own)

    def _reverted_step(self) -> Step | None:
        now = without_placeholder_names(self.before.entries)
        steps = (Step.from_json(values) for values in reversed(self.journal.steps))
        return next((step for step in steps if without_placeholder_names(step.before.entries) == now), None)

    def theirs(self) -> list[EntryPath]:
        """The owned entries that others have changed since we left the file, but for ``volatile`` ones."""
        if self.untouched:
            return []
        now, left = entries_left(self.file, self.content.text), self.journal.left
        passed_over = (*(self.unrecorded.entries if self.unrecorded else ()), *self.file.volatile)
        others = [path for path in self.file.owned if path not in passed_over]
        return [path for path in others if not _has_same_value(self.file, path, now.get(path), left.get(path))]

    def edits_to_own_state(self) -> list[Edit]:
        """Return the edits that remove the applied profile from the file."""
        own, base = self.own, self.journal.base
        if own is self.before:
            return []
        if base and self.untouched and own is base.before:
            return base.edits
        return self.file.edits_back(self.text, own, is_unknown=self._is_unknown)

    def base(self) -> Base | None:
        """The base of the applied profile for the file as it is now."""
        return Base(self.edits_to_own_state(), self.own, self.own_is_unknown) if self.journal.base else None

    def step(self, from_own_state: list[Edit]) -> Step:
        """Return the step that restores this state from the user's own."""
        profile, launch = (None, None) if self.unrecorded else (self.journal.profile, self.journal.launch)
        return Step(from_own_state, self.before, profile, self.base(), launch=launch)


def read_live_state(paths: Paths, target_id: str, file: LiveFile) -> LiveState:
    """Read a consistent state without the lock, while a transaction may be running.

    Wait for a file that was emptied a moment ago: it counts as an empty object once it stays so.
    """
    for _attempt in range(_ATTEMPTS):
        try:
            found = LiveState(paths, target_id, file)
        except BeingWritten:
            time.sleep(2 * SETTLED_S / _ATTEMPTS)
            continue
        if read_bytes(found.path) == found.content.data:
            return found
    return LiveState(paths, target_id, file)


class WritePlan(Record):
    """The file's next closed text (None: no file) and journal; ``step`` is the one that is added."""

    text: str | None
    profile: str | None
    base: Base | None
    steps: list[dict[str, Any]]
    step: Step | None = None
    launch: str | None = None


def _find_nothing(_file: LiveFile, _value: Callable[[EntryPath], Value]) -> None:
    """Recognise nothing, before a target's own function is known."""


def _without(before: Snapshot, entries: Sequence[EntryPath]) -> Snapshot:
    """The snapshot without some entries; containers around them may have been made for them."""
    kept = {path: raw for path, raw in before.entries.items() if path not in entries}
    around = {path[:depth] for path in entries for depth in range(len(path))}
    return Snapshot(before.exists, kept, [path for path in before.containers if path not in around])


def _own_parts(refers: Callable[[Value], bool], value: Value, old: Value) -> Value:
    """The value with what was there before (``old``) in the place of each text that refers to us; None: nothing."""
    if isinstance(value, dict):
        if not (old is None or isinstance(old, dict)):
            return old if _own_parts(refers, value, None) != value else value
        parts = {name: _own_parts(refers, part, (old or {}).get(name)) for name, part in value.items()}
        return {name: part for name, part in parts.items() if part is not None or value[name] is None} or None
    if isinstance(value, list):
        return [part for part in value if not refers(part)] if any(map(refers, value)) else value
    return old if refers(value) else value


def _has_same_value(file: LiveFile, path: EntryPath, one: str | None, other: str | None) -> bool:
    """Whether two raw texts have the same value: a tool that saves its file may lay it out in its own way."""
    if one == other or one is None or other is None or SECRET in (one, other):
        return one == other
    return file.format.load(path, one) == file.format.load(path, other)


def entries_left(file: LiveFile, text: str | None) -> dict[EntryPath, str]:
    """The raw texts of the owned entries of an open text, ``SECRET`` for one that may hold a secret."""
    entries = snapshot(file.format, text, file.owned).entries
    secret = secret_entries(file, text) if text is not None else ()
    return {path: SECRET if path in secret else raw for path, raw in entries.items()}


def _was_applied(pending: Journal, done: Journal, file: LiveFile, content: FileContent) -> bool:
    """Whether the pending change reached the file: all of it or, if others wrote since, most of its entries."""
    if pending.after.matches(file, content):
        return True
    if pending.made_for.matches(file, content) or done.after.matches(file, content):
        return False
    now, after, before = entries_left(file, content.text), pending.left, done.left
    differing = [path for path in {**after, **before} if after.get(path) != before.get(path)]
    like_after = sum(now.get(path) == after.get(path) for path in differing)
    like_before = sum(now.get(path) == before.get(path) for path in differing)
    return like_after > like_before


class StalePreview(FileNotChanged):
    """The file or the profile has changed since the user agreed to the change."""

    def __init__(self) -> None:
        super().__init__(
            _("Something has changed since you saw the preview, so nothing was written."), _("Review it again.")
        )


class Change:
    """A change of one file, made or planned: its closed texts ``before`` and ``after`` (None: no file)."""

    def __init__(
        self, target_id: str, file: LiveFile, profile: str | None, before: str | None, after: str | None
    ) -> None:
        self.target_id = target_id
        self.file = file
        self.profile = profile
        self.before = before
        self.after = after

    @property
    def path(self) -> str:
        """The file as the tool names it."""
        return self.file.path

    @property
    def changed(self) -> bool:
        """Whether anything in the file changes."""
        return self.before != self.after

    def is_same(self, other: Change) -> bool:
        """Whether both have the same file, profile and texts, whatever the names of their secrets."""
        mine, theirs = (
            (one.path, one.profile, without_new_names(one.before), without_new_names(one.after))
            for one in (self, other)
        )
        return mine == theirs
