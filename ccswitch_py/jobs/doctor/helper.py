"""Looks whether Claude Code can start the command that fetches the key."""

from __future__ import annotations

import os
import shlex
import sys
from collections.abc import Iterator

from ccswitch_py.errors import CcswitchError, KeyUnavailable
from ccswitch_py.jobs.doctor.finding import Finding, Kind, Level, Repair, Told, file, named, open_to_all
from ccswitch_py.jobs.doctor.mending import use_again
from ccswitch_py.jobs.doctor.scene import Scene
from ccswitch_py.language import later
from ccswitch_py.layers.variables import HELPER
from ccswitch_py.layers.winners import Place, effective
from ccswitch_py.store.launches import stored_record
from ccswitch_py.vault.program import find_program, run_program

PATIENCE_S = 10.0
_MODULE = "ccswitch_py.key_command"

READY = Kind("helper_ready", Level.OK, later("Claude Code can start the command that fetches the key."))
DEAD = Kind(
    "helper_dead",
    Level.BROKEN,
    later("Claude Code cannot start the command that fetches the key: {program} is not there any more."),
    later("Run `ccswitch use {profile}`, which writes the way to the ccswitch of today."),
)
WITHOUT_US = Kind(
    "helper_without_ccswitch",
    Level.BROKEN,
    later("Claude Code cannot fetch the key: ccswitch is not installed for {program} any more."),
    later("Run `ccswitch use {profile}`, which writes the way to the ccswitch of today."),
)
HANGS = Kind(
    "helper_hangs",
    Level.BROKEN,
    later("The command that fetches the key did not start within {seconds} seconds."),
    later("Look at what slows {program} down, and run `ccswitch doctor` again."),
)
OTHER_PROFILE = Kind(
    "helper_without_profile",
    Level.BROKEN,
    later("Claude Code fetches the key of the profile '{profile}', which is not ready for that."),
    later("Run `ccswitch use {profile}`, or that of another profile."),
)
NOT_ISOLATED = Kind(
    "not_importable",
    Level.BROKEN,
    later("Claude Code could not start this ccswitch: it is visible to your own user's Python only."),
    later("Install it with `pipx install ccswitch`, or into a virtual environment."),
)
FOREIGN_GONE = Kind(
    "foreign_helper_missing",
    Level.BROKEN,
    later("apiKeyHelper in {file} starts `{program}`, which was not found."),
    later("Install it, or remove the line, or run `ccswitch use NAME`."),
    later("Install it, or remove the line, or make a profile with `ccswitch add` and put it in use."),
)


def examine(scene: Scene) -> Iterator[Finding]:
    """This ccswitch, then the user's helper; one of somebody else's is never run."""
    if _started(sys.executable) is False:
        yield Finding(NOT_ISOLATED)
    place = next(effective([layer for layer in scene.layers if layer not in scene.projects], HELPER), None)
    if place is None:
        return
    command = _split(place.text)
    if _MODULE in command:
        yield from _ours(scene, place, command)
    elif command:
        yield from _foreign(place, command[0])


def _ours(scene: Scene, place: Place, command: list[str]) -> Iterator[Finding]:
    program, profile = command[0], command[-1]
    told = {"program": file(program), "profile": named(profile), "seconds": open_to_all(f"{PATIENCE_S:g}")}
    repair = use_again(scene) if scene.in_use else None
    if not (os.path.isabs(program) and os.access(program, os.X_OK)):
        yield _at(DEAD, place, told, repair)
        return
    started = True if program == sys.executable else _started(program)
    if started is None:
        yield _at(HANGS, place, told)
    elif not started:
        yield _at(WITHOUT_US, place, told, repair)
    elif stored_record(scene.paths_of(command), profile) is None:
        yield _at(OTHER_PROFILE, place, told, repair)
    else:
        yield _at(READY, place, told)


def _foreign(place: Place, program: str) -> Iterator[Finding]:
    """The first word of a shell's line can be more than a program, so only a path is judged."""
    if not os.path.isabs(os.path.expanduser(program)):
        return
    try:
        found = os.access(find_program(os.path.expanduser(program)), os.X_OK)
    except KeyUnavailable:
        found = False
    if not found:
        yield _at(FOREIGN_GONE, place, {"file": file(place.layer.path or ""), "program": file(program)})


def _started(python: str) -> bool | None:
    """Whether this Python finds the key command, as Claude Code would start it; None if it takes too long."""
    try:
        ended = run_program([python, "-I", "-m", _MODULE, "--help"], PATIENCE_S, folder=os.path.dirname(python))
    except CcswitchError:
        return False
    return None if ended is None else ended[0] == 0


def _split(command: str) -> list[str]:
    try:
        return shlex.split(command)
    except ValueError:
        return []


def _at(kind: Kind, place: Place, told: dict[str, Told], repair: Repair | None = None) -> Finding:
    return Finding(kind, told, place.layer.path or "", place.entry.line, repair)
