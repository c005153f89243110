"""Which profile each tool uses, whether its live files still match, and the list of all profiles."""

from __future__ import annotations

import os

from ccswitch_py.core.errors import CcswitchError
from ccswitch_py.core.language import join_sentences
from ccswitch_py.formats.base import path_text
from ccswitch_py.live_files.journal import journaled_targets
from ccswitch_py.services.endpoints import needs_run
from ccswitch_py.services.launches import load_record
from ccswitch_py.services.live_test.results import last_test
from ccswitch_py.services.run import LiveValues
from ccswitch_py.targets.registry import DEFAULT_TARGET, TARGETS

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from ccswitch_py.core.paths import Paths


class TargetStatus:
    """One target: the profile of this home in use there (None: none), and the owned entries that others changed since.

    ``path`` is its first live file. ``edited_since``: the profile itself was changed after it was applied.
    ``conflicts`` make the tool ignore a part of it. ``needs_run``: only ``ccswitch run`` gives the tool its key.
    ``unrecorded`` is a profile in use there without a record in this home: its state was lost, or it is one of another
    home (``other_home``, its state folder). ``key_is_current`` is set by ``compare_keys`` only; None is unknown, or no
    key is there.
    """

    def __init__(self, target_id: str, name: str, path: str) -> None:
        self.target = target_id
        self.name = name
        self.path = path
        self.profile: str | None = None
        self.unrecorded: str | None = None
        self.other_home: str | None = None
        self.changed_by_others: list[str] = []
        self.edited_since = False
        self.key_is_current: bool | None = None
        self.conflicts: list[str] = []
        self.needs_run = False
        self.can_undo = False
        self.problem: str | None = None
        self.values: LiveValues | None = None

    @property
    def base_url(self) -> str | None:
        """The address in the live file, with secrets masked."""
        return TARGETS[self.target].base_url(self.values.current, os.environ) if self.values else None

    def as_json(self) -> dict[str, Any]:
        """The status for ``--json``."""
        return {name: value for name, value in vars(self).items() if name != "values"} | {"base_url": self.base_url}


def status(paths: Paths) -> list[TargetStatus]:
    """Return the state of the default target and of each that has a live file; an error is in its ``problem``."""
    changed = journaled_targets(paths) | {DEFAULT_TARGET}
    return [
        _status_of(paths, target.id)
        for target in TARGETS.values()
        if target.id in changed or any(os.path.lexists(file.path) for file in target.live_files(os.environ))
    ]


def active_targets(paths: Paths, name: str) -> list[str]:
    """The targets in which a profile is applied."""
    return [one.target for one in status(paths) if one.profile == name]


def overridden(paths: Paths, names: list[str]) -> dict[str, list[str]]:
    """What makes a tool ignore a part of these profiles, by the name of the profile; only what is in use there."""
    return {one.profile: one.conflicts for one in status(paths) if one.profile in names and one.conflicts}


def profile_rows(paths: Paths, names: list[str], targets: list[TargetStatus]) -> list[dict[str, Any]]:
    """Return profiles as in ``list --json``, but with a ``LastTest``; ``targets`` is the result of ``status``."""
    return [_profile_row(paths, name, [one.target for one in targets if one.profile == name]) for name in names]


def _profile_row(paths: Paths, name: str, active_in: list[str]) -> dict[str, Any]:
    row: dict[str, Any] = {"name": name, "id": None, "active_in": active_in}
    try:
        record = load_record(paths, name)
        key = record.key.public_json()
        row |= {"id": record.profile_id, "provider": record.provider, "base_url": record.base_url}
        row |= {"roles": record.roles, "key": key}
        row["last_test"] = last_test(paths, record)
    except CcswitchError as problem:
        row |= {"problem": problem.message, "hint": problem.hint, "last_test": None}
    return row


def _status_of(paths: Paths, target_id: str) -> TargetStatus:
    target, env = TARGETS[target_id], os.environ
    found = TargetStatus(target_id, target.name, target.live_files(env)[0].path)
    try:
        values = LiveValues(paths, target)
        states = values.states.values()
        found.profile = values.profile
        found.can_undo = any(state.journal.steps for state in states)
        found.values = values
        for state in states:
            if state.unrecorded:
                found.unrecorded, found.other_home = state.unrecorded.profile, state.other_home
        if found.profile and not found.unrecorded:
            found.changed_by_others = [path_text(path) for state in states for path in state.theirs()]
            contents = {state.file: state.content.text for state in states}
            found.conflicts = [join_sentences(one.message, one.hint) for one in target.conflicts(env, contents)]
            record = load_record(paths, found.profile)
            launch = record.launches.get(target_id)
            found.edited_since = any(state.journal.launch not in (None, launch) for state in states)
            found.needs_run = needs_run(record, target_id)
    except CcswitchError as problem:
        found.problem = str(problem)
    return found
