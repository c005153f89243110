"""Check that Claude Code can start the key command."""

from __future__ import annotations

import contextlib
import os
import re
import shlex
import shutil
import sys
from collections.abc import Iterator

from ccswitch_py.core.errors import KeyUnavailable
from ccswitch_py.core.language import N_
from ccswitch_py.model.doctor_finding import Finding, broken, file
from ccswitch_py.targets.claude_code.inspection import ClaudeCodeInspection, finding_at
from ccswitch_py.targets.claude_code.sources.precedence import effective
from ccswitch_py.targets.claude_code.variables import HELPER
from ccswitch_py.targets.explanation import Setting
from ccswitch_py.targets.key_command_findings import (
    DEAD,
    HANGS,
    OTHER_PROFILE,
    READY,
    WITHOUT_US,
    can_start,
    find_fault,
    values_of,
)
from ccswitch_py.vault.key_command_line import KeyCommand
from ccswitch_py.vault.program import find_program

_OF_SHELLS = (
    "alias|bg|bind|break|builtin|caller|case|cd|command|compgen|complete|continue|declare|dirs|disown|"
    "echo|enable|eval|exec|exit|export|false|fc|fg|for|function|getopts|hash|help|history|if|jobs|kill|"
    "let|local|logout|popd|print|printf|pushd|pwd|read|readonly|return|select|set|shift|shopt|source|"
    "suspend|test|time|times|trap|true|type|typeset|ulimit|umask|unalias|unset|until|wait|while"
)
_NAME = re.compile(rf"(?!(?:\.|{_OF_SHELLS})$)[A-Za-z0-9_.+-]+")
"""A name that is not a builtin or keyword of a shell."""

NOT_ISOLATED = broken(
    "not_importable",
    N_("Claude Code could not start this ccswitch: it is installed for your user's Python only."),
    N_("Install it with `pipx install ccswitch`, or into a virtual environment."),
)
FOREIGN_GONE = broken(
    "foreign_helper_missing",
    N_("{entry} in {file} starts `{program}`, which was not found."),
    N_("Install it, remove the line, or run `ccswitch use NAME`."),
)
CODES = tuple(kind.code for kind in (DEAD, WITHOUT_US, OTHER_PROFILE, FOREIGN_GONE))
"""The findings of a command that gives no key."""


def examine(inspection: ClaudeCodeInspection) -> Iterator[Finding]:
    """This ccswitch, then the user's helper; a foreign one is never run."""
    if can_start(sys.executable) is False:
        yield Finding(NOT_ISOLATED)
    place = next(effective([layer for layer in inspection.layers if layer not in inspection.projects], HELPER), None)
    if place is None:
        return
    if command := KeyCommand.parse(place.text):
        yield from _ours(inspection, place, command)
    else:
        yield from foreign(inspection, place)


def _ours(inspection: ClaudeCodeInspection, place: Setting, command: KeyCommand) -> Iterator[Finding]:
    kind = find_fault(inspection.general, command, start=True)
    auto_fix = None if kind in (None, HANGS) else inspection.general.apply_again(inspection.target)
    yield finding_at(kind or READY, place, values_of(inspection.target, command), auto_fix)


def without_running(inspection: ClaudeCodeInspection, place: Setting) -> Iterator[Finding]:
    """Check a helper, ours or not, without running anything."""
    command = KeyCommand.parse(place.text)
    if command is None:
        yield from foreign(inspection, place)
    elif kind := find_fault(inspection.general, command, start=False):
        yield finding_at(kind, place, values_of(inspection.target, command))


def foreign(inspection: ClaudeCodeInspection, place: Setting) -> Iterator[Finding]:
    """Check that the program of a foreign helper exists.

    A name without a folder is checked only where it cannot be a word of the shell.
    """
    command: list[str] = []
    with contextlib.suppress(ValueError):  # an unclosed quote
        command = shlex.split(place.text)
    program = os.path.expanduser(command[0]) if command else ""
    if os.sep in program:
        try:
            found = os.access(find_program(os.path.join(inspection.folder, program)), os.X_OK)
        except KeyUnavailable:
            found = False
    else:
        is_name = os.name == "posix" and _NAME.fullmatch(program)
        found = not is_name or shutil.which(program, path=inspection.environ.get("PATH", os.defpath)) is not None
    if not found:
        yield finding_at(FOREIGN_GONE, place, {"program": file(command[0])})
