"""Compares keys that stand in live files in clear text with those that the profiles in use name now.

Compares in memory: nothing derived from a key is stored.
"""

from __future__ import annotations

import os

from ccswitch_py.core.errors import CcswitchError
from ccswitch_py.core.language import _, join_sentences, labelled
from ccswitch_py.services.endpoints import launch_for
from ccswitch_py.services.launches import load_record
from ccswitch_py.services.run import LiveValues
from ccswitch_py.services.status import status
from ccswitch_py.targets.registry import find_target

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from ccswitch_py.core.paths import Paths
    from ccswitch_py.model.launch import LaunchRecord
    from ccswitch_py.services.status import TargetStatus
    from ccswitch_py.targets.base import Target

TIMEOUT_S = 5.0


def compare_keys(paths: Paths, targets: Sequence[TargetStatus]) -> list[str]:
    """Set ``key_is_current`` of each target that holds a key in clear text; return why some can't be compared.

    Asks the keyring, but runs no command of the user's.
    """
    problems: list[str] = []
    for target in targets:
        try:
            target.key_is_current = _is_current(paths, target)
        except CcswitchError as problem:
            unknown = _("It is not known whether {file} has the current key.", file=target.path)
            problems.append(labelled(target.name, join_sentences(unknown, problem.message, problem.hint)))
    return problems


def outdated_copies(paths: Paths, key_name: str) -> list[TargetStatus]:
    """Return the targets whose live file holds an earlier secret of the key ``key_name``."""
    users = [one for one in status(paths) if one.profile and _uses(paths, one.profile, key_name)]
    compare_keys(paths, users)
    return [one for one in users if one.key_is_current is False]


def _uses(paths: Paths, profile: str, key_name: str) -> bool:
    try:
        return load_record(paths, profile).key.name == key_name
    except CcswitchError:
        return False


def _is_current(paths: Paths, found: TargetStatus) -> bool | None:
    if found.profile is None or found.problem or found.unrecorded:
        return None
    return has_current_key(paths, find_target(found.target), load_record(paths, found.profile))


def has_current_key(paths: Paths, target: Target, record: LaunchRecord) -> bool | None:
    """Whether a target's live files have the key of the profile in use; None if the profile writes none there.

    Raises ``KeyUnavailable`` if the key can't be had.
    """
    launch = launch_for(record, target.id)
    if launch.delivery != "plaintext" or record.key.command:
        return None
    from ccswitch_py.vault.reference import resolve_key

    key = resolve_key(record.key, paths, TIMEOUT_S).reveal()
    current = LiveValues(paths, target).current
    plan = target.plan(launch, lambda _file, _path: None, os.environ, key)
    places = [(file, path) for file, wanted in plan.items() for path, value in wanted.items() if value == key]
    return all(current(file, path) == key for file, path in places)
