"""Collect what the screen shows of one profile: what it sends, and what ``use`` would change."""

from __future__ import annotations

import json
import os
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from ccswitch_py.core.errors import CcswitchError
from ccswitch_py.core.paths import Paths, from_home
from ccswitch_py.core.quoting import posix
from ccswitch_py.services.apply import use
from ccswitch_py.services.endpoints import launch_for
from ccswitch_py.services.launches import load_record, stored_launch_file
from ccswitch_py.services.live_test.results import LastTest, last_test
from ccswitch_py.services.preview import changed_lines
from ccswitch_py.services.run import LiveValues
from ccswitch_py.services.status import TargetStatus, status
from ccswitch_py.targets.registry import DEFAULT_TARGET, TARGETS, find_target

if TYPE_CHECKING:
    from typing import Any

    from ccswitch_py.model.launch import LaunchRecord
    from ccswitch_py.targets.base import Target


@dataclass(frozen=True)
class Details:
    """One profile, with its launch file as ``settings`` and the targets that use it as ``used``.

    ``difference`` is the diff that ``use`` would make to the live files: empty if there is none, None if computing it
    would access the keyring.
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
    """Collect the details without accessing the keyring; raise ``NotFound``, ``BadInput`` or ``KeyUnavailable``."""
    record = load_record(paths, name)
    target = find_target(DEFAULT_TARGET)
    settings = json.loads(target.launch_file(launch_for(record, target.id)) or "{}")
    used = [one for one in status(paths) if one.profile == name]
    difference, problem = None, ""
    try:
        if not _needs_keyring(paths, record, target):
            changes = use(paths, name, dry_run=True).changes
            difference = [line for change in changes for line in changed_lines(change)]
    except CcswitchError as error:
        problem = str(error)
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
    """Return the command line that starts the tool with a profile; raise as ``load_record`` does."""
    stored_launch_file(paths, load_record(paths, name), DEFAULT_TARGET)
    return _command(paths, name)


def _command(paths: Paths, name: str) -> str:
    path = paths.launch_file(DEFAULT_TARGET, name)
    short = from_home(path)
    # A quoted tilde is not expanded.
    file = posix(path) if short == path else f"~/{posix(short[2:])}"
    return f"{TARGETS[DEFAULT_TARGET].program} --settings {file}"


def _needs_keyring(paths: Paths, record: LaunchRecord, target: Target) -> bool:
    """True if the change contains a plaintext key, or secrets of the user's that were moved into the keyring."""
    states = LiveValues(paths, target).states.values()
    is_plaintext = launch_for(record, target.id).delivery == "plaintext"
    return is_plaintext or any(state.journal.secrets for state in states)
