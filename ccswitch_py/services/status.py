"""What is active where, whether the live file still says so, and the list of all profiles."""

from __future__ import annotations

from ccswitch_py.core.errors import CcswitchError
from ccswitch_py.live_files.live_state import display_address, read_live_state
from ccswitch_py.services.apply.apply import CLAUDE_CODE
from ccswitch_py.services.launches import load_record
from ccswitch_py.services.live_test.results import last_test
from ccswitch_py.targets.claude_code.state_overrides import state_overrides
from ccswitch_py.targets.registry import TARGETS

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from ccswitch_py.core.paths import Paths


class TargetStatus:
    """One target: the profile applied in it (None: none), and the owned entries that others changed since.

    ``base_url`` is the address in its file as people may see it. ``edited_since`` says that the profile itself was
    changed after it was applied, ``state_overrides`` what Claude Code's own state adds to it.
    """

    def __init__(self, target_id: str, name: str, path: str) -> None:
        self.target = target_id
        self.name = name
        self.path = path
        self.profile: str | None = None
        self.base_url: str | None = None
        self.changed_by_others: list[str] = []
        self.edited_since = False
        self.beside: list[str] = []
        self.can_undo = False
        self.problem: str | None = None

    def as_json(self) -> dict[str, Any]:
        """The status for ``--json``."""
        return dict(vars(self))


def status(paths: Paths) -> list[TargetStatus]:
    """The state of every target; what is wrong with one is told in its ``problem``."""
    return [_status_of(paths, target_id) for target_id in TARGETS]


def active_targets(paths: Paths, name: str) -> list[str]:
    """The targets in which a profile is applied."""
    return [one.target for one in status(paths) if one.profile == name]


def profile_rows(paths: Paths, names: list[str], targets: list[TargetStatus]) -> list[dict[str, Any]]:
    """Some profiles as ``list --json`` shows them, with ``last_test`` as a ``LastTest`` or None.

    ``targets`` is how these were found. A profile that cannot be used has a ``problem``.
    """
    return [_profile_row(paths, name, [one.target for one in targets if one.profile == name]) for name in names]


def _profile_row(paths: Paths, name: str, active_in: list[str]) -> dict[str, Any]:
    row: dict[str, Any] = {"name": name, "active_in": active_in}
    try:
        record = load_record(paths, name)
        key = record.key.public_json()
        row |= {"provider": record.provider, "base_url": record.base_url, "roles": record.roles, "key": key}
        row["last_test"] = last_test(paths, record)
    except CcswitchError as problem:
        row |= {"problem": problem.message, "hint": problem.hint, "last_test": None}
    return row


def _status_of(paths: Paths, target_id: str) -> TargetStatus:
    target = TARGETS[target_id]
    found = TargetStatus(target_id, target.name, target.live_path())
    try:
        situation = read_live_state(paths, target)
        found.profile = situation.journal.profile
        found.can_undo = bool(situation.journal.steps)
        address = situation.address
        found.base_url = None if address is None else display_address(target, address)
        if found.profile:
            found.changed_by_others = [".".join(path) for path in situation.theirs()]
            launch = load_record(paths, found.profile).launches.get(target_id)
            found.beside = state_overrides(situation.live.text) if target_id == CLAUDE_CODE else []
            found.edited_since = situation.journal.launch not in (None, launch)
    except CcswitchError as problem:
        found.problem = str(problem)
    return found
