"""What to run after a profile or a key was saved."""

from __future__ import annotations

from ccswitch_py.core.errors import CcswitchError
from ccswitch_py.core.language import _, join_list, join_sentences
from ccswitch_py.services.endpoints import launch_for
from ccswitch_py.targets.registry import DEFAULT_TARGET, TARGETS, find_target

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

    from ccswitch_py.model.launch import LaunchRecord


def use_command(name: str, target_ids: Iterable[str]) -> str:
    """Return the command that writes a profile to these targets."""
    ids = list(target_ids)
    return " ".join(["ccswitch use", name, *(f"--target {one}" for one in ids if ids != [DEFAULT_TARGET])])


def how_to_use(record: LaunchRecord) -> str:
    """Return how to switch to a profile, or why no target can use it."""
    usable, problems = _usable(record, TARGETS)
    if not usable:
        return problems[0]
    return _("Switch to it with `{command}`.", command=use_command(record.profile, usable[:1]))


def how_to_apply(record: LaunchRecord, active: list[str]) -> str:
    """Return how to write an edited profile to the targets in which it is in use, or why that can't be done."""
    usable, problems = _usable(record, active or TARGETS)
    if not active:
        return "" if usable else problems[0]
    names = join_list(find_target(one).name for one in usable)
    again = _("Write it to {targets} with `{command}`.", targets=names, command=use_command(record.profile, usable))
    return join_sentences(*([again] if usable else []), *problems)


def _usable(record: LaunchRecord, target_ids: Iterable[str]) -> tuple[list[str], list[str]]:
    """Return the targets that can use a profile, and why the others can't."""
    usable: list[str] = []
    problems: list[str] = []
    for target_id in target_ids:
        try:
            launch_for(record, target_id)
            usable.append(target_id)
        except CcswitchError as problem:
            problems.append(str(problem))
    return usable, problems
