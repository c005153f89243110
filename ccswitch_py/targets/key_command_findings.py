"""Check that a tool can start the key command, as its files call it."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping

from ccswitch_py.core.errors import CcswitchError, KeyUnavailable
from ccswitch_py.core.language import N_
from ccswitch_py.core.paths import Paths
from ccswitch_py.model.doctor_finding import FindingKind, FindingValue, broken, file, named, ok, public
from ccswitch_py.model.launch import LaunchRecord
from ccswitch_py.targets.base import Target
from ccswitch_py.targets.inspection import Inspection
from ccswitch_py.targets.registry import DEFAULT_TARGET
from ccswitch_py.vault.key_command_line import MODULE, PROGRAM, KeyCommand
from ccswitch_py.vault.program import find_program, run_program
from ccswitch_py.vault.reference import resolve_key

TIMEOUT_S = 10.0

READY = ok("helper_ready", N_("{tool} can start the key command."))
_USE_AGAIN = N_("Run `ccswitch use {profile}{target_option}`, which writes the path of this ccswitch.")
DEAD = broken(
    "helper_dead",
    N_("{tool} cannot start the key command: {program} no longer exists."),
    _USE_AGAIN,
)
WITHOUT_US = broken(
    "helper_without_ccswitch",
    N_("{tool} cannot start the key command: ccswitch is no longer installed for {program}."),
    _USE_AGAIN,
)
HANGS = broken(
    "helper_hangs",
    N_("The key command did not start within {seconds} seconds."),
    N_("Find out what slows {program} down, then run `ccswitch doctor` again."),
)
OTHER_PROFILE = broken(
    "helper_without_profile",
    N_("{tool} uses the key of the profile '{profile}', which has no launch record."),
    N_("Run `ccswitch use {profile}{target_option}`, or use another profile."),
)


def find_fault(inspection: Inspection, command: KeyCommand, *, start: bool) -> FindingKind | None:
    """What keeps a key command of ours from printing a key; None if no fault is found.

    With ``start``, another installation than this one is asked whether it still has the command.
    """
    if not (os.path.isabs(command.python) and os.access(command.python, os.X_OK)):
        return DEAD
    if start and command.python != sys.executable and not (started := can_start(command.python)):
        return HANGS if started is None else WITHOUT_US
    return None if inspection.record_of(command) else OTHER_PROFILE


def missing_key(record: LaunchRecord, paths: Paths, environ: Mapping[str, str]) -> str:
    """Why the variable or program of a profile gives no key, "" if nothing is seen; no keyring is asked."""
    try:
        if record.key.kind == "variable":
            resolve_key(record.key, paths, environ=environ)
        elif record.key.kind == "command":
            find_program(record.key.label)
    except KeyUnavailable as missing:
        return str(missing)
    return ""


def values_of(target: Target, command: KeyCommand) -> dict[str, FindingValue]:
    """The values in the sentences above."""
    return target_values(target) | {
        "program": file(command.python),
        "profile": named(command.profile),
        "seconds": public(f"{TIMEOUT_S:g}"),
    }


def target_values(target: Target) -> dict[str, FindingValue]:
    """The tool, and the option with which a command of ours is about it; the default target needs none."""
    option = "" if target.id == DEFAULT_TARGET else f" --target {target.id}"
    return {"tool": public(target.name), "target_option": public(option)}


def can_start(python: str) -> bool | None:
    """Whether this Python, or the installed program, starts the key command as a tool would; None after a timeout."""
    module = [] if os.path.basename(python) == PROGRAM else ["-I", "-m", MODULE]
    try:
        ended = run_program([python, *module, "--help"], TIMEOUT_S, folder=os.path.dirname(python))
    except CcswitchError:
        return False
    return None if ended is None else ended[0] == 0
