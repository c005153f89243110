"""Writing a decided change into a live file together with the journal: both are there afterwards, or neither."""

from __future__ import annotations

import json
import time

from ccswitch_py.core.errors import FileNotChanged, KeyUnavailable
from ccswitch_py.core.language import _, join_sentences
from ccswitch_py.core.lock import state_lock
from ccswitch_py.formats.edit import apply_edits
from ccswitch_py.formats.owned import edits_towards, snapshot
from ccswitch_py.live_files.change import Change, StalePreview
from ccswitch_py.live_files.journal import Journal, begin, checksum_of, commit, commit_strictly, rollback
from ccswitch_py.live_files.live_file import ChangedUnderneath, WrittenOver
from ccswitch_py.live_files.live_state import LiveState, entry_fingerprints
from ccswitch_py.live_files.secret_placeholders import placeholder_names

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from ccswitch_py.core.paths import Paths
    from ccswitch_py.live_files.live_state import WritePlan
    from ccswitch_py.targets.base import Target

    Decide = Callable[[LiveState], WritePlan | None]

_ATTEMPTS = 24
_MOMENT_S = 0.01


def change_file(paths: Paths, target: Target, decide: Decide, *, dry_run: bool, agreed: Change | None = None) -> Change:
    """Change a live file to what ``decide`` wants of it (None: nothing), with the journal, or change nothing.

    It is asked anew where another program was quicker. ``agreed`` is the change that the user has seen: another one
    raises ``StalePreview``. Raises what ``decide`` raises, ``KeyUnavailable``, and ``FileNotChanged``.
    """
    with state_lock(paths):
        for attempt in range(1, _ATTEMPTS + 1):
            try:
                situation = LiveState(paths, target)
            except FileNotChanged:
                if attempt in (1, _ATTEMPTS):
                    raise
                time.sleep(_MOMENT_S)  # another program is in the middle of its writing
                continue
            decision = decide(situation)
            before = situation.journal.profile
            if decision is None:
                return Change(target, situation.live.path, before, situation.text, situation.text)
            change = Change(target, situation.live.path, decision.profile, situation.text, decision.text)
            is_new = decision.step is not None
            if agreed is not None and not change.is_same(agreed):
                raise StalePreview
            if dry_run or (is_new and not change.changed and decision.profile == before):
                return change
            try:
                _commit(paths, situation, decision)
            except WrittenOver:
                if _is_adopted(paths, target):
                    commit(paths, target.id, situation.file)
                    return change
            except ChangedUnderneath:
                continue
            else:
                return change
    raise FileNotChanged(
        _("{file} keeps being changed by another program; it was left alone.", file=target.live_path()),
        _("Close {program} and do this again.", program=target.name),
    )


def _is_adopted(paths: Paths, target: Target) -> bool:
    try:
        return LiveState(paths, target).adopted
    except FileNotChanged:
        return False


def _commit(paths: Paths, situation: LiveState, decision: WritePlan) -> None:
    seal, target = situation.seal, situation.target
    text = None if decision.text is None else seal.open(decision.text)
    data = None if text is None else situation.live.encoded(text)
    if situation.adopted:
        commit_strictly(paths, target.id, situation.file)
    done = _journal_after(situation, decision, text, data)
    names = placeholder_names(done.as_text(target.id, situation.file))
    stored = _keep_secrets(situation, names)
    try:
        begin(paths, target.id, situation.file, done)
        if situation.live.text != text:
            situation.live.replace(text, onto=None if situation.untouched else _onto(target, text))
    except WrittenOver:
        raise
    except BaseException:
        if situation.live.replaced:
            commit(paths, target.id, situation.file)
        else:
            rollback(paths, target.id, situation.file)
            seal.drop(stored)
        raise
    commit(paths, target.id, situation.file)
    seal.drop(placeholder_names(situation.journal.text) - names)


def _onto(target: Target, text: str | None) -> Callable[[str], str]:
    """Gives a text the owned entries of ``text``."""
    entries = snapshot(text, target.owned).entries
    wanted = [(path, entries.get(path)) for path in target.owned]

    def onto(theirs: str) -> str:
        return apply_edits(theirs, edits_towards(theirs, wanted))

    return onto


def _journal_after(situation: LiveState, decision: WritePlan, text: str | None, data: bytes | None) -> Journal:
    seal, target = situation.seal, situation.target
    checksum, made_for = checksum_of(data), checksum_of(situation.live.data)
    steps = decision.steps
    if decision.step:
        decision.step.after = checksum
        steps = [*steps, decision.step.as_json()]
    held = seal.held_entries(decision.text or "")
    if held:
        # A secret that stays in the file and is in no edit is not kept, so the journal must not count on it.
        kept = placeholder_names(json.dumps([decision.base and decision.base.as_json(), steps]))
        held = [(path, name) for path, name in held if name in kept]
    left = entry_fingerprints(target, text)
    return Journal(decision.profile, checksum, left, decision.base, steps, held, made_for, decision.launch)


def _keep_secrets(situation: LiveState, names: set[str]) -> list[str]:
    try:
        return situation.seal.keep(names)
    except KeyUnavailable as problem:
        raise KeyUnavailable(
            join_sentences(
                _("A secret in {file} must be kept for undo, and no keyring can:", file=situation.live.path),
                problem.message,
            ),
            join_sentences(problem.hint, _("Or take the secret out of the file yourself, then do this again.")),
        ) from problem
