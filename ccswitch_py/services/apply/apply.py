"""Writing a profile into a target's live file, and going back: ``use``, ``off`` and ``undo``."""

from __future__ import annotations

import os

from ccswitch_py.core.errors import CcswitchError, FileNotChanged, NotFound
from ccswitch_py.core.language import _, join_list, quoted
from ccswitch_py.formats.edit import apply_edits, inverse_edits
from ccswitch_py.formats.owned import edits_back, edits_towards
from ccswitch_py.live_files.change import Change
from ccswitch_py.live_files.journal import Base, Step
from ccswitch_py.live_files.live_state import LiveState, WritePlan
from ccswitch_py.live_files.transaction import change_file
from ccswitch_py.services.apply.cloud_overrides import check_no_cloud_override, shell_cloud_overrides
from ccswitch_py.services.launches import load_launch, load_record
from ccswitch_py.targets.claude_code.state_overrides import state_overrides
from ccswitch_py.targets.registry import find_target

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from ccswitch_py.core.paths import Paths
    from ccswitch_py.formats.edit import Edit
    from ccswitch_py.formats.json_entries import EntryPath
    from ccswitch_py.model.launch import LaunchRecord
    from ccswitch_py.targets.base import Target


CLAUDE_CODE = "claude-code"


def use(
    paths: Paths, name: str, target_id: str = CLAUDE_CODE, *, dry_run: bool = False, agreed: Change | None = None
) -> Change:
    """Apply a profile to a target, from the user's own state and not from the profile before it.

    ``agreed`` is the change that the user has seen: another one raises ``StalePreview``. Raises ``NotFound``,
    ``BadInput``, ``KeyUnavailable``, and ``FileNotChanged`` with the file as it was.
    """
    target = find_target(target_id)
    record = load_record(paths, name)
    launch = load_launch(paths, record, target_id)
    change = use_launch(paths, target, record, launch, dry_run=dry_run, agreed=agreed)
    change.notes = target.aftermath(in_use=True) if change.changed else []
    change.notes += shell_cloud_overrides(target, change)
    if target_id == CLAUDE_CODE:
        change.notes += state_overrides(change.after)
    return change


def use_launch(
    paths: Paths,
    target: Target,
    record: LaunchRecord,
    launch: dict[str, Any],
    *,
    dry_run: bool = False,
    agreed: Change | None = None,
) -> Change:
    """Apply a launch that need not be stored, for a preview; see ``use``."""
    plaintext_key = _plaintext_key(paths, record) if record.delivery == "plaintext" else None

    def decide(situation: LiveState) -> WritePlan:
        check_no_cloud_override(situation)
        wanted = _wanted(situation, launch, plaintext_key)
        if situation.untouched or situation.journal.base is None:
            to_own_state = situation.edits_to_own_state()
            own_text = _after(situation.text, to_own_state)
            edits = edits_towards(own_text, wanted)
            text = _after(own_text, edits)
            base, from_own_state = Base(inverse_edits(edits), situation.own), inverse_edits(to_own_state)
        else:
            # Another program has written the file since: our entries stay where it put them.
            rest = [(path, situation.own.entries.get(path)) for path in target.owned if path not in dict(wanted)]
            edits = edits_towards(situation.text, [*wanted, *rest])
            text = _after(situation.text, edits)
            base = Base(edits_back(text, target.owned, situation.own), situation.own)
            from_own_state = [*inverse_edits(base.edits), *inverse_edits(edits)]
        step = situation.step(from_own_state)
        launch_checksum = record.launches.get(target.id)
        return WritePlan(text, record.profile, base, situation.journal.steps, step, launch_checksum)

    return change_file(paths, target, decide, dry_run=dry_run, agreed=agreed)


def off(paths: Paths, target_id: str = CLAUDE_CODE, *, dry_run: bool = False, agreed: Change | None = None) -> Change:
    """Give the owned entries back as they were before the first apply; what others changed meanwhile stays."""
    target = find_target(target_id)

    def decide(situation: LiveState) -> WritePlan | None:
        if situation.journal.base is None:
            return None
        to_own_state = situation.edits_to_own_state()
        step = situation.step(inverse_edits(to_own_state))
        return WritePlan(_after(situation.text, to_own_state), None, None, situation.journal.steps, step)

    change = change_file(paths, target, decide, dry_run=dry_run, agreed=agreed)
    change.notes = target.aftermath(in_use=False) if change.changed else []
    return change


def undo(paths: Paths, target_id: str = CLAUDE_CODE, *, dry_run: bool = False, agreed: Change | None = None) -> Change:
    """Take the last ``use`` or ``off`` back; can be repeated, step by step.

    Passed over are steps to a profile that is gone, and those whose state the file has already. Raises ``NotFound`` if
    only the former are left, and ``FileNotChanged`` if others have changed owned entries since: that would be lost.
    """
    target = find_target(target_id)

    def decide(situation: LiveState) -> WritePlan | None:
        steps = list(situation.journal.steps)
        gone: str | None = None
        theirs = situation.theirs()
        while steps:
            step = Step.from_json(steps.pop())
            if step.profile and not os.path.exists(paths.profile(step.profile)):
                gone = step.profile
                continue
            decision = _back_to(situation, step, steps)
            if situation.seal.equal(decision.text, situation.text):
                theirs = []
                if steps:
                    continue
            if theirs:
                raise _lost_by_undo(situation, theirs)
            return decision
        if gone:
            raise NotFound(
                _("The profile '{name}', which was in use before, is gone.", name=quoted(gone)), _("Use another one.")
            )
        return None

    change = change_file(paths, target, decide, dry_run=dry_run, agreed=agreed)
    if change.changed:
        used = change.profile
        now = _("{name} is in use now.", name=used) if used else _("No profile is in use now.")
        follows = target.aftermath(in_use=change.profile is not None)
        change.notes = follows if dry_run else [now, *follows]
    return change


def _back_to(situation: LiveState, step: Step, earlier: list[dict[str, Any]]) -> WritePlan:
    target = situation.target
    if situation.untouched and situation.journal.checksum == step.after:
        text = _after(_after(situation.text, situation.edits_to_own_state()), step.edits)
        return WritePlan(text, step.profile, step.base, earlier)
    text = _after(situation.text, edits_back(situation.text, target.owned, step.before))
    base = step.base and Base(edits_back(text, target.owned, step.base.before), step.base.before)
    return WritePlan(text, step.profile, base, earlier)


def _lost_by_undo(situation: LiveState, theirs: list[EntryPath]) -> FileNotChanged:
    names = join_list(".".join(path) for path in theirs)
    if situation.journal.base is None:
        advice = _("Leave it so, or put a profile in use with `ccswitch use NAME`, which can be undone.")
    else:
        advice = _(
            "Run `ccswitch off`, which takes the profile out and keeps that change, or `ccswitch use NAME`, which "
            "writes over it; either can be undone."
        )
    return FileNotChanged(
        _(
            "Another program has changed {names} in {file} since, and undo would lose that.",
            names=names,
            file=situation.live.path,
        ),
        advice,
    )


def forget_steps_to(paths: Paths, name: str, target_id: str) -> None:
    """Take a profile that is no more, or has another name, out of what undo can go back to, with its secrets."""
    target = find_target(target_id)

    def decide(situation: LiveState) -> WritePlan | None:
        journal = situation.journal
        steps = [step for step in journal.steps if step["profile"] != name]
        if len(steps) == len(journal.steps):
            return None
        if journal.profile is None and all(step["profile"] is None for step in steps):
            steps = []  # they lead to where the file is
        base = Base(situation.edits_to_own_state(), situation.own) if journal.base else None
        return WritePlan(situation.text, journal.profile, base, steps, launch=journal.launch)

    change_file(paths, target, decide, dry_run=False)


def _wanted(
    situation: LiveState, launch: dict[str, Any], plaintext_key: str | None
) -> list[tuple[EntryPath, str | None]]:
    """What the target wants, sealed."""
    target, seal, own = situation.target, situation.seal, situation.own

    def own_entry(path: EntryPath) -> str | None:
        raw = own.entries.get(path)
        return raw and seal.open(raw)

    wanted = dict(target.wanted(launch, own_entry, plaintext_key))
    for path in target.sticky:
        if path not in wanted and path not in own.entries and situation.before.entries.get(path, '""') != '""':
            wanted[path] = '""'
    return [
        (path, seal.hold(raw) if raw is not None and target.is_secret(path, raw) else raw)
        for path, raw in wanted.items()
    ]


def _plaintext_key(paths: Paths, record: LaunchRecord) -> str:
    from ccswitch_py.vault.reference import resolve_key

    return resolve_key(record.key, paths).reveal()


def _after(text: str | None, edits: list[Edit]) -> str | None:
    """The text after the edits; a file that holds nothing any more is no file."""
    try:
        return apply_edits(text or "", edits) or None
    except ValueError as error:
        raise CcswitchError(
            _("The journal does not fit the file."), _("Report this as a defect, with the steps.")
        ) from error
