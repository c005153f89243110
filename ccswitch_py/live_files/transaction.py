"""Changes live files together with their journals: all of them or none.

One file: begin, replace, commit. Several: begin all, stage a copy of each file's next content, replace one by one,
commit all. A failure restores the replaced files. After a kill, the next command completes the transaction if a file
was already replaced, and rolls it back otherwise.
"""

from __future__ import annotations

import os
import time

from ccswitch_py.core.checksum import digest
from ccswitch_py.core.errors import BadInput, CcswitchError, FileNotChanged, KeyUnavailable
from ccswitch_py.core.files import TEMPORARY, read_bytes, remove_file
from ccswitch_py.core.json_codec import dumps
from ccswitch_py.core.language import _, join_sentences
from ccswitch_py.core.lock import state_lock
from ccswitch_py.formats.base import UnreadableText, apply_edits
from ccswitch_py.formats.entries import edits_towards, snapshot
from ccswitch_py.live_files.content import SETTLED_S, BeingWritten, ChangedUnderneath, FileContent, WrittenOver
from ccswitch_py.live_files.journal import (
    FileOfGroup,
    Journal,
    begin,
    commit,
    commit_strictly,
    load_journal,
    pending_groups,
    rollback,
)
from ccswitch_py.live_files.live_file import LiveFile, fingerprint, unreadable
from ccswitch_py.live_files.live_state import Change, LiveState, StalePreview, entries_left
from ccswitch_py.live_files.secret_placeholders import placeholder_names

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from ccswitch_py.core.paths import Paths
    from ccswitch_py.live_files.live_state import WritePlan

    Decide = Callable[[list[LiveState]], list[WritePlan | None]]
    Pending = tuple[LiveState, WritePlan]

_ATTEMPTS = 24
_RETRY_S = 0.01


def change_files(
    paths: Paths,
    files: Sequence[tuple[str, LiveFile]],
    decide: Decide,
    *,
    dry_run: bool,
    agreed: Sequence[Change] | None = None,
) -> list[Change]:
    """Change live files (each with the id of its target) to what ``decide`` plans for each (None: nothing), or none.

    ``decide`` is called again if another program wrote meanwhile. ``agreed`` are the changes that the user has seen:
    others raise ``StalePreview``. Raises what ``decide`` raises, ``KeyUnavailable``, and ``FileNotChanged``.
    """
    with state_lock(paths):
        complete_pending(paths, {os.path.realpath(file.path) for _target_id, file in files})
        for attempt in range(1, _ATTEMPTS + 1):
            try:
                states = [LiveState(paths, target_id, file) for target_id, file in files]
            except BeingWritten:
                time.sleep(2 * SETTLED_S / _ATTEMPTS)
                continue
            except FileNotChanged as problem:
                if attempt in (1, _ATTEMPTS):
                    problem.hint = join_sentences(problem.hint, _("Nothing was changed."))
                    raise
                time.sleep(_RETRY_S)  # another program is in the middle of writing
                continue
            _require_distinct(states)
            plans = decide(states)
            changes = [_change(state, plan) for state, plan in zip(states, plans, strict=True)]
            if agreed is not None and not _all_same(changes, agreed):
                raise StalePreview
            pending = [
                (state, plan)
                for state, plan, change in zip(states, plans, changes, strict=True)
                if plan and (plan.step is None or change.changed or plan.profile != state.journal.profile)
            ]
            if dry_run or not pending:
                return changes
            try:
                _commit(paths, pending)
            except ChangedUnderneath:
                continue
            return changes
    raise FileNotChanged(
        _("Another program keeps changing {file}; ccswitch did not change it.", file=files[0][1].path),
        _("Close that program and try again."),
    )


def _require_distinct(states: Sequence[LiveState]) -> None:
    """Raise ``BadInput`` if symlinks lead from the files of two tools to the same one."""
    seen: dict[str, LiveState] = {}
    for state in states:
        other = seen.setdefault(state.path, state)
        if other is not state:
            raise BadInput(
                _("{file} and {other} are the same file.", file=other.file.path, other=state.file.path),
                _("Give each tool a file of its own, or change one tool at a time with --target."),
            )


def _change(state: LiveState, plan: WritePlan | None) -> Change:
    if plan is None:
        return Change(state.target_id, state.file, state.journal.profile, state.text, state.text)
    return Change(state.target_id, state.file, plan.profile, state.text, plan.text)


def _all_same(changes: Sequence[Change], agreed: Sequence[Change]) -> bool:
    """Whether the same files change in the same way; a preview leaves out those that don't."""
    now, before = ([one for one in some if one.changed] for some in (changes, agreed))
    return len(now) == len(before) and all(map(Change.is_same, now, before))


def _commit(paths: Paths, pending: list[Pending]) -> None:
    """Write all files; raises ``ChangedUnderneath``, with nothing changed, if another program wrote one meanwhile."""
    transaction = os.urandom(8).hex()
    group = [_member(paths, transaction, state, plan) for state, plan in pending] if len(pending) > 1 else []
    writes = [_Write(paths, state, plan, group) for state, plan in pending]
    begun: list[_Write] = []
    try:
        for write in writes:
            begun.append(write)
            write.begin()
        for write in writes if group else ():
            write.stage()
        for write in writes:
            write.replace()
    except BaseException as problem:
        _restore(begun, problem)
        raise
    for write in writes:
        write.commit()


def _restore(begun: list[_Write], problem: BaseException) -> None:
    """Restore the replaced files in reverse order, and roll back the journals."""
    alone = len(begun) == 1
    if alone and isinstance(problem, WrittenOver):
        return  # what was begun is kept: the other program may write back our entries, which it has read meanwhile
    for write in reversed(begun):
        if write.replaced and (alone or not write.restore()):
            write.commit()
            if not alone and isinstance(problem, CcswitchError):
                problem.hint = join_sentences(
                    problem.hint, _("{file} was already changed: `ccswitch undo` restores it.", file=write.path)
                )
        else:
            write.rollback()


class _Write:
    """One file of a transaction: its next content and its progress."""

    def __init__(self, paths: Paths, state: LiveState, plan: WritePlan, group: list[FileOfGroup]) -> None:
        self._paths = paths
        self._state = state
        self._text = None if plan.text is None else state.placeholders.open(plan.text)
        self._journal = _journal_after(state, plan, self._text, group)
        self._names = placeholder_names(self._journal.as_text(state.target_id, state.path))
        self._stored: list[str] = []
        self._staged = _staged_path(paths, state) if group and self._text is not None else ""
        self.path = state.file.path

    @property
    def replaced(self) -> bool:
        """Whether the file was replaced, even if the replacement was interrupted afterwards."""
        return self._state.content.replaced

    def begin(self) -> None:
        """Store the secrets that the journal will name, and record the pending change."""
        state = self._state
        if state.adopted:
            commit_strictly(self._paths, state.target_id, state.path)
        self._stored = _keep_secrets(state, self._names)
        begin(self._paths, state.target_id, state.path, self._journal)

    def stage(self) -> None:
        """Write the next content to a copy beside the file, from which an interrupted transaction is completed."""
        if self._staged:
            self._state.content.write_copy(self._staged, self._text or "")

    def replace(self) -> None:
        """Replace the file; one that another program wrote right after us counts if it has our entries."""
        state = self._state
        if state.content.text == self._text:
            return
        try:
            state.content.replace(self._text, onto=None if state.untouched else _onto(state.file, self._text))
        except WrittenOver:
            if not _is_adopted(self._paths, state):
                state.content.replaced = False  # the content is theirs
                raise

    def restore(self) -> bool:
        """Restore the file; if others wrote it since, restore only its owned entries."""
        state = self._state
        try:
            current = FileContent(state.file.path)
            if current.text == self._text:
                current.replace(state.content.text)
            else:
                current.replace(_onto(state.file, state.content.text)(current.text or ""))
        except (CcswitchError, ChangedUnderneath, UnreadableText, ValueError):
            return False
        self.rollback()
        return True

    def rollback(self) -> None:
        """Discard the pending change and its staged copy."""
        rollback(self._paths, self._state.target_id, self._state.path)
        self._state.placeholders.drop(self._stored)
        self._remove_staged()

    def commit(self) -> None:
        """Make the pending journal current, and delete secrets that nothing names any more."""
        state = self._state
        commit(self._paths, state.target_id, state.path)
        state.placeholders.drop(placeholder_names(state.journal.text) - self._names)
        self._remove_staged()

    def _remove_staged(self) -> None:
        if self._staged:
            _remove_quietly(self._staged)


def _member(paths: Paths, transaction: str, state: LiveState, plan: WritePlan) -> FileOfGroup:
    staged = "" if plan.text is None else _staged_path(paths, state)
    return FileOfGroup(transaction, state.target_id, state.path, state.file.format_id, state.file.owned, staged)


def _staged_path(paths: Paths, state: LiveState) -> str:
    folder, name = os.path.split(state.path)
    return os.path.join(folder, f".{name}{staged_suffix(paths)}")


def staged_suffix(paths: Paths) -> str:
    """Return the suffix of staged copies, unique to this home, so that two homes can write at once."""
    return f".{digest(os.fsencode(paths.journal))[:8]}.ccswitch-staged"


def _is_adopted(paths: Paths, state: LiveState) -> bool:
    try:
        return LiveState(paths, state.target_id, state.file).adopted
    except FileNotChanged:
        return False


def _onto(file: LiveFile, text: str | None) -> Callable[[str], str]:
    """A function that gives a text the owned entries of ``text``."""
    entries = snapshot(file.format, text, file.owned).entries
    wanted = [(path, entries.get(path)) for path in file.owned]

    def onto(theirs: str) -> str:
        return apply_edits(theirs, edits_towards(file.format, theirs, wanted))

    return onto


def _journal_after(state: LiveState, plan: WritePlan, text: str | None, group: list[FileOfGroup]) -> Journal:
    after = fingerprint(state.file, text)
    made_for = fingerprint(state.file, state.content.text)
    steps = plan.steps
    if plan.step:
        steps = [*steps, plan.step.replace(after=after).as_json()]
    held = state.placeholders.held_entries(plan.text or "")
    if held:
        # A secret that stays in the file and is in no edit is not kept, so the journal must not count on it.
        kept = placeholder_names(dumps([plan.base and plan.base.as_json(), steps]))
        held = [(path, name) for path, name in held if name in kept]
    left = entries_left(state.file, text)
    return Journal(plan.profile, after, left, plan.base, steps, held, made_for, plan.launch, group)


def _keep_secrets(state: LiveState, names: set[str]) -> list[str]:
    try:
        return state.placeholders.keep(names)
    except KeyUnavailable as problem:
        raise KeyUnavailable(
            join_sentences(
                _("A secret in {file} must be kept for undo, and no keyring can:", file=state.file.path),
                problem.message,
            ),
            join_sentences(problem.hint, _("Or remove the secret from the file yourself, then try again.")),
        ) from problem


def complete_pending(paths: Paths, live_paths: set[str]) -> None:
    """Complete or roll back interrupted transactions over several files; callers hold the lock.

    If one of the files was replaced the others follow, else all is as before; one whose staged content is gone or
    altered stays as it is. A file that can't be read or replaced is tried again by the next command. Raises
    ``FileNotChanged`` for it if its transaction has to do with one of ``live_paths`` (where symlinks lead).
    """
    for group in pending_groups(paths):
        try:
            _complete(paths, group)
        except FileNotChanged:
            if not live_paths.isdisjoint(member.path for member in group):
                raise


def _complete(paths: Paths, group: list[FileOfGroup]) -> None:
    done = [_is_done(paths, member) for member in group]
    for member, is_done in zip(group, done, strict=True):
        if is_done or (any(done) and _finish(paths, member)):
            commit_strictly(paths, member.target_id, member.path)
        elif _is_pending(paths, member):
            rollback(paths, member.target_id, member.path)
        if member.staged:
            _remove_quietly(member.staged)
            _remove_incomplete(member.staged)


def _is_pending(paths: Paths, member: FileOfGroup) -> bool:
    _journal, pending = load_journal(paths, member.target_id, member.path)
    return pending is not None and member in pending.group


def _is_done(paths: Paths, member: FileOfGroup) -> bool:
    journal, pending = load_journal(paths, member.target_id, member.path)
    if pending is None or member not in pending.group:
        return member in journal.group  # committed already, or never begun
    return LiveState(paths, member.target_id, LiveFile(member.path, member.owned, member.format_id)).adopted


def _finish(paths: Paths, member: FileOfGroup) -> bool:
    """Replace a file with its staged content; False if that is not what was staged."""
    content = FileContent(member.path)
    _journal, pending = load_journal(paths, member.target_id, member.path)
    if pending is None:
        return False
    if not member.staged:
        content.replace(None)
        return True
    file = LiveFile(member.path, member.owned, member.format_id)
    staged = read_bytes(member.staged)
    text = None if staged is None else content.decoded(staged)
    if text is None or not pending.after.matches_text(file, text):
        return False
    try:
        unchanged = pending.made_for.matches(file, content)
        content.replace(text if unchanged else _onto(file, text)(content.text or file.format.empty))
    except UnreadableText as problem:
        raise unreadable(member.path, problem) from problem
    return True


def _remove_incomplete(staged: str) -> None:
    """Remove what a killed process had of a staged copy; nobody else writes one while the lock is held."""
    folder, name = os.path.split(staged)
    try:
        names = os.listdir(folder)
    except OSError:
        return
    for other in names:
        if other.startswith(f".{name}.") and other.endswith(TEMPORARY):
            _remove_quietly(os.path.join(folder, other))


def _remove_quietly(path: str) -> None:
    try:
        remove_file(path)
    except OSError:
        return
