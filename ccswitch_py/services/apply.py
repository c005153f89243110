"""Apply profiles to live files, and restore them: ``use``, ``off`` and ``undo``."""

from __future__ import annotations

import os
import time

from ccswitch_py.core.errors import BadInput, CcswitchError, FileNotChanged, NotFound
from ccswitch_py.core.files import UnreadableFile, read_data, write_own_file
from ccswitch_py.core.language import _, join_list, join_sentences, join_with_and, quoted
from ccswitch_py.core.lock import state_lock
from ccswitch_py.formats.base import apply_edits, inverse_edits, path_text
from ccswitch_py.live_files.journal import Base, Step, journaled_targets
from ccswitch_py.live_files.live_state import WritePlan, read_live_state
from ccswitch_py.live_files.transaction import change_files
from ccswitch_py.services.endpoints import check_available, launch_for, needs_run
from ccswitch_py.services.launches import load_record
from ccswitch_py.services.tool_notes import about_tool, key_from_run
from ccswitch_py.targets.registry import ALL_TARGETS, DEFAULT_TARGET, TARGETS, find_target

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
    from typing import Any

    from ccswitch_py.core.paths import Paths
    from ccswitch_py.formats.base import Edit, EntryPath, Value
    from ccswitch_py.formats.entries import Snapshot
    from ccswitch_py.live_files.live_file import LiveFile, Ours
    from ccswitch_py.live_files.live_state import Change, FindOurs, LiveState
    from ccswitch_py.live_files.transaction import Decide
    from ccswitch_py.model.launch import Launch, LaunchRecord
    from ccswitch_py.targets.base import Plan, Target

_MARK = b"ccswitch"
"""In every file with a profile: the name of our provider, or of the key command."""


class ChangeSet:
    """What one command changed, or would change, over all live files of its targets.

    ``profile`` is in use now (None: none); ``notes`` are sentences for the user.
    """

    def __init__(self, changes: Sequence[Change], profile: str | None, notes: Sequence[str] = ()) -> None:
        self.changes = list(changes)
        self.profile = profile
        self.notes = list(notes)

    @property
    def changed(self) -> bool:
        """Whether anything changes in any file."""
        return any(change.changed for change in self.changes)


def use(
    paths: Paths,
    name: str,
    target_ids: Sequence[str] = (),
    *,
    dry_run: bool = False,
    agreed: ChangeSet | None = None,
) -> ChangeSet:
    """Apply a profile to targets in one transaction, from the user's own state and not from the profile before it.

    Without ``target_ids`` these are the ones that the profile remembers; ``all`` is every installed tool that can use
    it. ``agreed`` is what the user has seen: anything else raises ``StalePreview``. Raises ``NotFound``, ``BadInput``,
    ``KeyUnavailable``, and ``FileNotChanged`` with all files as they were.
    """
    record = load_record(paths, name)
    asked = tuple(target_ids) or tuple(record.use_in) or (DEFAULT_TARGET,)
    unusable: list[str] = []
    if ALL_TARGETS in asked:
        from ccswitch_py.services.installed import usable_targets

        asked, unusable = usable_targets(record)
    launches = {find_target(target_id): launch_for(record, target_id) for target_id in dict.fromkeys(asked)}
    if ALL_TARGETS in target_ids:
        unusable += _leave_out_unusable(paths, record, launches)
    result = use_launches(paths, record, launches, dry_run=dry_run, agreed=agreed)
    result.notes += unusable
    if not target_ids and record.use_in not in ([], [DEFAULT_TARGET]):
        result.notes.append(_remembered(record))
    if not dry_run:
        result.notes += _failed_test(paths, record)
    return result


def _leave_out_unusable(paths: Paths, record: LaunchRecord, launches: dict[Target, Launch]) -> list[str]:
    """Take out the targets whose files cannot be changed, and return the reasons; raises the first one if all are."""
    from ccswitch_py.services.preview import check_replaceable

    problems: dict[Target, CcswitchError] = {}
    for target, launch in launches.items():
        try:
            check_replaceable(use_launches(paths, record, {target: launch}, dry_run=True).changes)
        except (BadInput, FileNotChanged) as problem:
            problems[target] = problem
    if len(problems) == len(launches):
        raise next(iter(problems.values()))
    for target in problems:
        del launches[target]
    return [
        about_tool(target, join_sentences(problem.message, _("It was left out.")))
        for target, problem in problems.items()
    ]


def _remembered(record: LaunchRecord) -> str:
    """Why these tools: those of the last ``--target``, and how to choose others."""
    names = join_with_and(TARGETS[one].name for one in record.use_in)
    return join_sentences(
        _("{name} remembers the tools of its last `use --target`: {tools}.", name=record.profile, tools=names),
        _("For Claude Code alone: `{command}`.", command=f"ccswitch use {record.profile} --target {DEFAULT_TARGET}"),
    )


def _failed_test(paths: Paths, record: LaunchRecord) -> list[str]:
    """Say that the profile's last test failed, if it did and nothing has changed since."""
    if not os.path.exists(paths.last_test(record.profile)):
        return []
    from ccswitch_py.store.last_tests import load_last_test

    stored = load_last_test(paths, record.profile)
    if stored is None or stored.verdict != "broken":
        return []
    from ccswitch_py.services.live_test.results import last_test

    tested = last_test(paths, record)
    if tested is None or tested.edited_since:
        return []
    failed = _("The last test of {name} failed: {result}.", name=record.profile, result=tested.in_short)
    return [join_sentences(failed, _("Test it again with `ccswitch test {name}`.", name=record.profile))]


def remember_targets(paths: Paths, name: str, changes: ChangeSet) -> None:
    """Have ``use`` set up the targets of these changes from now on unless others are named.

    They are in use already, so a profile that cannot be written is a note and not an error.
    """
    wanted = list(dict.fromkeys(change.target_id for change in changes.changes))
    if wanted == (load_record(paths, name).use_in or [DEFAULT_TARGET]):
        return
    from ccswitch_py.store.profiles import load_profile, save_profile

    try:
        with state_lock(paths):
            save_profile(paths, name, load_profile(paths, name).model_copy(update={"use_in": wanted}))
        load_record(paths, name)
    except CcswitchError as problem:
        changes.notes.append(_("The profile's tools were not saved: {problem}", problem=str(problem)))


def previous_profile(paths: Paths, target_ids: Sequence[str]) -> str:
    """The profile that was in use before the current one, or before ``off``; raises ``NotFound``."""
    targets = _named_targets(target_ids) or _changed_targets(paths)
    states = [read_live_state(paths, target_id, file) for target_id, file in _files(targets)]
    for state in states:
        state.recognise(_find_ours(paths, find_target(state.target_id)))
    current = {state.profile for state in states}
    steps = sorted((step for state in states for step in state.journal.steps), key=lambda step: step.get("number", 0))
    for step in reversed(steps):
        if step["profile"] not in (None, *current) and os.path.exists(paths.profile(step["profile"])):
            return step["profile"]
    raise NotFound(_("There is no previous profile."), _("See `ccswitch list`."))


def use_launches(
    paths: Paths,
    record: LaunchRecord,
    launches: dict[Target, Launch],
    *,
    dry_run: bool = False,
    agreed: ChangeSet | None = None,
) -> ChangeSet:
    """Apply launches that need not be stored, for a preview; see ``use``."""
    _require_files(launches, record.profile)
    key = _plaintext_key(paths, record, launches)
    notes: list[str] = []

    def decide(states: list[LiveState]) -> list[WritePlan | None]:
        mark = _transaction_mark(states)
        plans: list[WritePlan | None] = []
        left_out: list[str] = []
        for target, launch in launches.items():
            own_states = [state for state in states if state.target_id == target.id]
            for state in own_states:
                state.find_changed_secrets()
            wanted = _wanted(paths, record, target, launch, own_states, key)
            plans += [_plan_use(state, dict(wanted.get(state.file, {})), record, mark) for state in own_states]
            left_out += [name for state in own_states for name in _left_out(state, wanted.get(state.file, {}))]
        notes[:] = _notes(launches, states, plans)
        if left_out:
            names = join_list(left_out)
            notes.append(_("Left out while a profile is in use, and restored by `ccswitch off`: {names}.", names=names))
        notes.extend(_unknown(state for state in states if _is_first(state)))
        return plans

    for launch_target, launch in () if dry_run else launches.items():
        for path, text in launch_target.scripts(launch).items():
            write_own_file(path, text.encode(), mode=0o700)
    changes = _change_files(paths, launches, decide, dry_run=dry_run, agreed=agreed)
    result = ChangeSet(changes, record.profile)
    if result.changed:
        result.notes += _tool_notes(dict.fromkeys(launches, record.profile))
        for target, launch in launches.items():
            if launch.delivery == "plaintext":
                text = _("The key is in {file} in plaintext.", file=target.settings_name)
                result.notes.append(about_tool(target, text) if len(launches) > 1 else text)
    result.notes += key_from_run(record.profile, (one for one in launches if launches[one].delivery == "environment"))
    variable = record.key.env
    if variable and not dry_run and not os.environ.get(variable, "").strip():
        unset = _("The variable {variable} is not set here; the profile's key comes from it.", variable=variable)
        result.notes.append(join_sentences(unset, _("Set it where the tool starts.")))
    result.notes += notes
    return result


def _change_files(
    paths: Paths, targets: Iterable[Target], decide: Decide, *, dry_run: bool = False, agreed: ChangeSet | None = None
) -> list[Change]:
    """Change the live files of targets; ``decide`` gets states in which entries of ours are recognised."""

    def recognised(states: list[LiveState]) -> list[WritePlan | None]:
        for state in states:
            state.recognise(_find_ours(paths, find_target(state.target_id)))
        return decide(states)

    return change_files(paths, _files(targets), recognised, dry_run=dry_run, agreed=agreed and agreed.changes)


def _require_files(targets: Iterable[Target], name: str = "NAME") -> None:
    """Raise ``BadInput`` for a target without a file, which only ``ccswitch run`` starts with a profile."""
    for target in targets:
        check_available(target)
        if not target.live_files(os.environ):
            command = f"ccswitch run {name} --target {target.id} -- {target.program or 'PROGRAM'}"
            raise BadInput(
                _("{tool} has no file for its provider, so there is nothing to write or restore.", tool=target.name),
                _("Start it with `{command}`.", command=command),
            )


def _files(targets: Iterable[Target]) -> list[tuple[str, LiveFile]]:
    return [(target.id, file) for target in targets for file in target.live_files(os.environ)]


def _find_ours(paths: Paths, target: Target) -> FindOurs:
    """A target's ``find_ours``, with all that the profile writes, as far as the profile is still there."""

    def find_ours(file: LiveFile, value: Callable[[EntryPath], Value]) -> Ours | None:
        ours = target.find_ours(file, value)
        if ours is None:
            return None
        from ccswitch_py.services.unrecorded import written_values

        written = written_values(paths, target, ours).get(file, {})
        entries = [path for path, wanted in written.items() if wanted is not None and wanted == value(path)]
        return ours.replace(entries=tuple(dict.fromkeys((*ours.entries, *entries))))

    return find_ours


def _wanted(
    paths: Paths, record: LaunchRecord, target: Target, launch: Launch, states: list[LiveState], key: str | None
) -> Plan:
    """What a target wants of its files. Without a keyring, undo gets a key from its variable or command again."""
    if launch.delivery != "plaintext":
        key = None
    if key is not None and record.key.kind != "keyring":
        from ccswitch_py.vault.store import open_store

        if not open_store(paths).status().ready:
            for state in states:
                state.placeholders.refer(key, record.key)
    return target.plan(launch, _own_values(states), os.environ, key)


def _own_values(states: list[LiveState]) -> Callable[[LiveFile, EntryPath], Value]:
    by_file = {state.file: state for state in states}

    def own(file: LiveFile, path: EntryPath) -> Value:
        state = by_file[file]
        raw = state.own.entries.get(path)
        return None if raw is None else file.format.load(path, state.placeholders.open(raw))

    return own


def _notes(launches: dict[Target, Launch], states: list[LiveState], plans: list[WritePlan | None]) -> list[str]:
    """Return notes about conflicts; raises ``BadInput`` for a blocking one."""
    notes: list[str] = []
    for target in launches:
        contents = {
            state.file: plan.text if plan else state.text
            for state, plan in zip(states, plans, strict=True)
            if state.target_id == target.id
        }
        for conflict in target.conflicts(os.environ, contents):
            if conflict.blocking:
                raise BadInput(conflict.message, conflict.hint)
            text = join_sentences(conflict.message, conflict.hint)
            notes.append(about_tool(target, text) if len(launches) > 1 else text)
    return list(dict.fromkeys(notes))


def _tool_notes(profiles: Mapping[Target, str | None]) -> list[str]:
    """What takes effect when, for the profile in use now in each tool (None: none); several tools are named."""
    notes = [(target, note) for target, name in profiles.items() for note in target.notes(in_use=name is not None)]
    return [about_tool(target, note) if len(profiles) > 1 else note for target, note in notes]


def _is_first(state: LiveState) -> bool:
    return state.ours is not None and state.own_is_unknown


def _unknown(states: Iterable[LiveState]) -> list[str]:
    files = join_list(state.file.path for state in states)
    if not files:
        return []
    unknown = _("What was in {files} before ccswitch wrote there is unknown.", files=files)
    return [join_sentences(unknown, _("`ccswitch off` removes only what ccswitch wrote."))]


def _plan_use(
    state: LiveState, wanted: dict[EntryPath, Value], record: LaunchRecord, mark: tuple[str, int]
) -> WritePlan:
    file = state.file
    entries = _closed_entries(state, wanted)
    if state.untouched or (state.journal.base is None and state.ours is None):
        to_own_state = state.edits_to_own_state()
        own_text = _after(state.text, to_own_state, state.own)
        edits = file.edits_towards(own_text, entries)
        text = _after(own_text, edits, state.own)
        base, from_own_state = Base(inverse_edits(edits), state.own, state.own_is_unknown), inverse_edits(to_own_state)
    else:
        # Another program has written the file since: our entries stay where it put them.
        own = state.own
        rest = [(path, own.entries.get(path)) for path in file.owned if path not in dict(entries)]
        edits = file.edits_towards(state.text, [*entries, *rest])
        text = _after(state.text, edits, own)
        base = Base(file.edits_back(text, own, is_unknown=state.own_is_unknown), own, state.own_is_unknown)
        from_own_state = [*inverse_edits(base.edits), *inverse_edits(edits)]
    step = state.step(from_own_state).replace(transaction=mark[0], number=mark[1])
    return WritePlan(text, record.profile, base, state.journal.steps, step, record.launches.get(state.target_id))


def _closed_entries(state: LiveState, wanted: dict[EntryPath, Value]) -> list[tuple[EntryPath, str | None]]:
    """The raw texts of what the target wants, with placeholders for secrets."""
    return [(path, None if value is None else _closed(state, path, value)) for path, value in wanted.items()]


def _left_out(state: LiveState, wanted: Mapping[EntryPath, Value]) -> Iterator[str]:
    """The names of what the user would miss: their own values for another gateway."""
    dump = state.file.format.dump
    for path in state.file.left_out:
        raw = state.own.entries.get(path)
        if raw not in (None, dump(path, ""), dump(path, wanted.get(path) or "")):
            yield str(path[-1])


def _closed(state: LiveState, path: EntryPath, value: Value) -> str:
    raw = state.file.format.dump(path, value)
    is_secret = state.file.is_secret
    return state.placeholders.hold(raw) if is_secret and is_secret(path, value) else raw


def _transaction_mark(states: list[LiveState]) -> tuple[str, int]:
    """An id for the steps of this transaction, and a number that is higher than those of all steps before."""
    last = max((step.get("number", 0) for state in states for step in state.journal.steps), default=0)
    return os.urandom(8).hex(), max(time.time_ns(), last + 1)


def off(
    paths: Paths,
    target_ids: Sequence[str] = (),
    *,
    dry_run: bool = False,
    agreed: ChangeSet | None = None,
) -> ChangeSet:
    """Restore the owned entries as they were before the first apply; keep changes by others.

    Without ``target_ids`` these are all targets that were ever changed, or in whose files a profile is found.
    """
    targets = _named_targets(target_ids) or _targets_to_restore(paths)
    unknown: list[str] = []

    def decide(states: list[LiveState]) -> list[WritePlan | None]:
        mark = _transaction_mark(states)
        plans = [_plan_off(state, mark) for state in states]
        unknown[:] = _unknown(state for state in states if state.own_is_unknown)
        return plans

    result = ChangeSet(_change_files(paths, targets, decide, dry_run=dry_run, agreed=agreed), None)
    changed = {change.target_id for change in result.changes if change.changed}
    result.notes += _tool_notes({target: None for target in targets if target.id in changed})
    result.notes += unknown
    return result


def _named_targets(target_ids: Sequence[str]) -> list[Target]:
    """The named targets; none if there are none, or ``all`` is among them."""
    if ALL_TARGETS in target_ids:
        return []
    named = [find_target(target_id) for target_id in dict.fromkeys(target_ids)]
    _require_files(named)
    return named


def _changed_targets(paths: Paths) -> list[Target]:
    """The targets that were ever changed, the default one among them."""
    changed = journaled_targets(paths) | {DEFAULT_TARGET}
    return [TARGETS[target_id] for target_id in TARGETS if target_id in changed]


def _targets_to_restore(paths: Paths) -> list[Target]:
    """The same, and those with a profile in their files: a journal can be lost."""
    changed = _changed_targets(paths)
    return [target for target in TARGETS.values() if target in changed or _has_profile(paths, target)]


def _has_profile(paths: Paths, target: Target) -> bool:
    """Whether a profile is found in a live file; one that cannot be read counts as without."""
    for file in target.live_files(os.environ):
        try:
            if _MARK not in (read_data(file.path) or b""):
                continue
            state = read_live_state(paths, target.id, file)
            state.recognise(target.find_ours)
        except (CcswitchError, UnreadableFile):
            continue
        if state.ours:
            return True
    return False


def _plan_off(state: LiveState, mark: tuple[str, int]) -> WritePlan | None:
    state.find_changed_secrets()
    if state.journal.base is None and state.ours is None:
        return None
    if state.text is None:  # the user has removed the file, and gets none
        step = state.step([]).replace(base=Base([], state.own), transaction=mark[0], number=mark[1])
        return WritePlan(None, None, None, state.journal.steps, step)
    to_own_state = state.edits_to_own_state()
    step = state.step(inverse_edits(to_own_state)).replace(transaction=mark[0], number=mark[1])
    return WritePlan(_after(state.text, to_own_state, state.own), None, None, state.journal.steps, step)


def undo(
    paths: Paths, target_ids: Sequence[str] = (), *, dry_run: bool = False, agreed: ChangeSet | None = None
) -> ChangeSet:
    """Undo the last ``use`` or ``off``, in all files that it changed; can be repeated, step by step.

    ``target_ids`` restrict it to the last step of these targets. A profile that was renamed since is applied under its
    new name. Passed over are steps to a profile that is gone, with a note, and those whose state the file has already.
    Raises ``NotFound`` if only the former are left, and ``FileNotChanged`` if
    others have changed owned entries since: that would be lost.
    """
    targets = _named_targets(target_ids) or _changed_targets(paths)
    restored: list[str | None] = []
    gone: dict[str, None] = {}

    def decide(states: list[LiveState]) -> list[WritePlan | None]:
        last = _last_transaction({state: state.journal.steps for state in states})
        gone.clear()
        found: dict[LiveState, WritePlan] = {}
        for target_id in dict.fromkeys(state.target_id for state in last):
            found |= _plan_undo(paths, states, [state for state in last if state.target_id == target_id], gone)
        plans = [found.get(state) for state in states]
        restored[:] = [plan.profile for plan in plans if plan]
        return plans

    changes = _change_files(paths, targets, decide, dry_run=dry_run, agreed=agreed)
    touched = [change for change in changes if change.changed] or changes[:1]
    result = ChangeSet(touched, restored[0] if restored else changes[0].profile)
    for name in gone:
        result.notes.append(_("Skipped the profile '{name}', which no longer exists.", name=quoted(name)))
    if result.changed:
        profiles = {find_target(change.target_id): change.profile for change in touched}
        result.notes += _in_use_now(paths, profiles, dry_run=dry_run)
    return result


def _in_use_now(paths: Paths, profiles: dict[Target, str | None], *, dry_run: bool) -> list[str]:
    """Which profile each tool uses after an undo, what takes effect when, and which tools need ``run``."""
    notes: list[str] = []
    for name in () if dry_run else dict.fromkeys(profiles.values()):
        tools = join_with_and(target.name for target, profile in profiles.items() if profile == name)
        if name:
            notes.append(_("{name} is in use now in {tools}.", name=name, tools=tools))
        else:
            notes.append(_("No profile is in use now in {tools}.", tools=tools))
    notes += _tool_notes(profiles)
    for name in filter(None, dict.fromkeys(profiles.values())):
        try:
            record = load_record(paths, name)
        except (CcswitchError, OSError) as problem:
            from ccswitch_py.core.crash_report import error_text

            notes.append(error_text(problem))  # it is back in use, even if it has been broken since
            continue
        with_it = [one for one, profile in profiles.items() if profile == name]
        notes += key_from_run(name, (one for one in with_it if needs_run(record, one.id)))
    return notes


def _last_transaction(steps: Mapping[LiveState, list[dict[str, Any]]]) -> list[LiveState]:
    """The states whose last step belongs to the latest transaction; a step of an earlier version stands alone."""
    last = {state: its[-1] for state, its in steps.items() if its}
    if not last:
        return []
    latest = max(last, key=lambda state: last[state].get("number", 0))
    transaction = last[latest].get("transaction")
    if not transaction:
        return [latest]
    return [state for state, step in last.items() if step.get("transaction") == transaction]


def _plan_undo(
    paths: Paths, states: list[LiveState], chosen: list[LiveState], gone: dict[str, None]
) -> dict[LiveState, WritePlan]:
    """Plan one undo step for ``chosen`` files of one target, all to the same step; add profiles that are gone to it."""
    steps = {state: list(state.journal.steps) for state in chosen}
    theirs: dict[LiveState, list[EntryPath]] = {}
    for state in chosen:
        state.find_changed_secrets()
        theirs[state] = state.theirs()
    plans: dict[LiveState, WritePlan] = {}
    while last := _last_transaction(steps):
        found: dict[LiveState, WritePlan] = {}
        for state in last:
            values = steps[state].pop()
            step = Step.from_json(values)
            if step.profile and not os.path.exists(paths.profile(step.profile)):
                gone[step.profile] = None
            elif step.profile and values.get("renamed"):
                plan = _reapply(paths, state, states, step.profile)
                found[state] = plan.replace(steps=list(steps[state]), step=None)
            else:
                found[state] = _back_to(state, step, list(steps[state]))
        plans |= found
        same = [state for state, plan in found.items() if state.placeholders.equal(plan.text, state.text)]
        theirs |= {state: [] for state in same}
        if len(same) < len(found):
            break
    for state in plans:
        if theirs[state]:
            raise _lost_by_undo(state, theirs[state])
    if gone and not plans:
        name = quoted(next(iter(gone)))
        raise NotFound(
            _("The profile '{name}', which was in use before, no longer exists.", name=name), _("Use another one.")
        )
    return plans


def _reapply(paths: Paths, state: LiveState, states: list[LiveState], name: str) -> WritePlan:
    """Plan to apply a profile as it is now: an earlier text has the name that it had then."""
    record, target = load_record(paths, name), find_target(state.target_id)
    own_states = [one for one in states if one.target_id == target.id]
    launch = launch_for(record, target.id)
    key = _plaintext_key(paths, record, {target: launch})
    wanted = _wanted(paths, record, target, launch, own_states, key)
    return _plan_use(state, dict(wanted.get(state.file, {})), record, ("", 0))


def _back_to(state: LiveState, step: Step, earlier: list[dict[str, Any]]) -> WritePlan:
    if state.untouched and step.after.matches(state.file, state.content):
        text = _after(_after(state.text, state.edits_to_own_state(), state.own), step.edits, step.before)
        return WritePlan(text, step.profile, step.base, earlier, launch=step.launch)
    text = _after(state.text, state.file.edits_back(state.text, step.before), step.before)
    base = step.base and step.base.replace(
        edits=state.file.edits_back(text, step.base.before, is_unknown=step.base.is_unknown)
    )
    return WritePlan(text, step.profile, base, earlier, launch=step.launch)


def _lost_by_undo(state: LiveState, theirs: list[EntryPath]) -> FileNotChanged:
    names = join_list(map(path_text, theirs))
    if state.journal.base is None:
        advice = _("Leave it, or switch to a profile with `ccswitch use NAME`, which can be undone.")
    else:
        advice = _(
            "Run `ccswitch off`, which removes the profile and keeps that change, "
            "or `ccswitch use NAME`, which overwrites it; both can be undone."
        )
    return FileNotChanged(
        _(
            "Another program has changed {names} in {file} since, and undo would lose that.",
            names=names,
            file=state.content.path,
        ),
        advice,
    )


def forget_steps_to(paths: Paths, name: str, target_id: str, new_name: str | None = None) -> None:
    """Take a profile that is removed out of what undo can go back to, with its secrets; or give it its new name."""

    def decide(states: list[LiveState]) -> list[WritePlan | None]:
        return [_plan_forget(state, name, new_name) for state in states]

    _change_files(paths, [find_target(target_id)], decide)


def _plan_forget(state: LiveState, name: str, new_name: str | None) -> WritePlan | None:
    journal = state.journal
    if new_name:
        renamed = {"profile": new_name, "renamed": True}
        steps = [{**step, **renamed} if step["profile"] == name else step for step in journal.steps]
    else:
        steps = [step for step in journal.steps if step["profile"] != name]
    if steps == journal.steps:
        return None
    if journal.profile is None and all(step["profile"] is None for step in steps):
        steps = []  # they lead to where the file is
    return WritePlan(state.text, journal.profile, state.base(), steps, None, journal.launch)


def _plaintext_key(paths: Paths, record: LaunchRecord, launches: dict[Target, Launch]) -> str | None:
    """The key for the live files, or None if the profile has it written to none of them."""
    if all(launch.delivery != "plaintext" for launch in launches.values()):
        return None
    from ccswitch_py.vault.reference import resolve_key

    return resolve_key(record.key, paths).reveal()


def _after(text: str | None, edits: list[Edit], then: Snapshot) -> str | None:
    """Return the edited text; None if it is empty and there was no file ``then``."""
    try:
        after = apply_edits(text or "", edits)
    except ValueError as error:
        raise CcswitchError(
            _("The journal does not fit the file."), _("Please report this bug, with the steps to reproduce it.")
        ) from error
    return after if after or then.exists else None
