"""Everything about one profile that a user wants to see before using it: what it sends, and what it would change."""

from __future__ import annotations

import json
import os
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from ccswitch_py.core.errors import CcswitchError
from ccswitch_py.core.paths import Paths, from_home
from ccswitch_py.core.quoting import posix
from ccswitch_py.services.apply.apply import use
from ccswitch_py.services.apply.preview import changed_lines
from ccswitch_py.services.endpoints import launch_for
from ccswitch_py.services.launches import load_record, stored_launch_file
from ccswitch_py.services.live_test.results import LastTest, last_test
from ccswitch_py.services.run import LiveValues
from ccswitch_py.services.status import TargetStatus, status
from ccswitch_py.targets.registry import DEFAULT_TARGET, TARGETS, find_target

if TYPE_CHECKING:
    from typing import Any

    from ccswitch_py.model.launch import LaunchRecord
    from ccswitch_py.targets.base import Target


@dataclass(frozen=True)
class Details:
    """One profile; ``launch_command`` starts the tool with it, ``settings`` is what that file says.

    ``used`` are the targets in which it is in use. ``difference`` are the lines of a diff between the live file and
    what ``use`` would make of it: empty where there is none, None where looking would ask the keyring.
    """

    record: LaunchRecord
    settings: dict[str, Any]
    launch_command: str
    tested: LastTest | None
    used: list[TargetStatus] = field(default_factory=list[TargetStatus])
    live_file: str = ""
    difference: list[str] | None = None
    problem: str = ""


def details_of(paths: Paths, name: str) -> Details:
    """What is known of a profile without asking the keyring; raises ``NotFound``, ``BadInput``, ``KeyUnavailable``."""
    record = load_record(paths, name)
    target = find_target(DEFAULT_TARGET)
    settings = json.loads(target.launch_file(launch_for(record, target.id)) or "{}")
    used = [one for one in status(paths) if one.profile == name]
    difference, problem = None, ""
    try:
        if not _asks_keyring(paths, record, target):
            changes = use(paths, name, dry_run=True).changes
            difference = [line for change in changes for line in changed_lines(change)]
    except CcswitchError as trouble:
        problem = str(trouble)
    return Details(
        record,
        settings,
        _command(paths, name),
        last_test(paths, record),
        used,
        from_home(target.live_files(os.environ)[0].path),
        difference,
        problem,
    )


def launch_command(paths: Paths, name: str) -> str:
    """What one types to start the tool with a profile in one terminal; raises as ``load_record`` does."""
    stored_launch_file(paths, load_record(paths, name), DEFAULT_TARGET)
    return _command(paths, name)


def _command(paths: Paths, name: str) -> str:
    path = paths.launch_file(DEFAULT_TARGET, name)
    short = from_home(path)
    # A tilde in quotes is no home.
    file = posix(path) if short == path else f"~/{posix(short[2:])}"
    return f"{TARGETS[DEFAULT_TARGET].program} --settings {file}"


def _asks_keyring(paths: Paths, record: LaunchRecord, target: Target) -> bool:
    """A key in clear text has to be fetched, and so have secrets of the user's that were sealed."""
    states = LiveValues(paths, target).states.values()
    return record.delivery == "plaintext" or any(state.journal.secrets for state in states)
