"""Check the version of each Claude Code on the PATH."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator

from ccswitch_py.core.errors import CcswitchError
from ccswitch_py.core.language import N_, _
from ccswitch_py.model.doctor_finding import Finding, FindingValue, broken, free_text, ok, public, warning
from ccswitch_py.redact.key_patterns import redact_keys
from ccswitch_py.targets.claude_code.inspection import ClaudeCodeInspection
from ccswitch_py.vault.program import run_program

PATIENCE_S = 10.0
OLDEST_MEASURED = (2, 1, 197)
"""The oldest Claude Code that ccswitch was measured with."""

CLAUDE = ok("claude_version", N_("Claude Code {version} ({file})."))
OLD = warning(
    "claude_old",
    N_("Claude Code {version} ({file}) is older than all that ccswitch was tried with ({oldest})."),
    N_("Update it with `claude update`."),
)
MISSING = warning(
    "claude_missing",
    N_("There is no program 'claude' on the PATH."),
    N_("Install Claude Code, or add its folder to PATH."),
)
SILENT = broken(
    "claude_does_not_start",
    N_("{file} does not say its version: {reason}."),
    N_("Do what it says, if it says something; else install Claude Code again."),
)
SEVERAL = warning(
    "claude_several",
    N_("There is another 'claude' on the PATH, which the first one hides: {file}."),
    N_("Remove the one that you do not use, so that updates reach the other."),
)

_MOST_BYTES, _MOST_CHARACTERS = 1000, 200
_VERSION = re.compile(r"\d{1,6}(?:\.\d{1,6}){1,3}")


def examine(inspection: ClaudeCodeInspection) -> Iterator[Finding]:
    """Each Claude Code that the PATH has."""
    programs = _on_path(inspection)
    if not programs:
        yield Finding(MISSING)
        return
    yield _version(inspection, programs[0])
    for program in programs[1:]:
        yield Finding(SEVERAL, path=program)


def _on_path(inspection: ClaudeCodeInspection) -> list[str]:
    """Every program of that name, the one that a shell would start first; two names of one file are one."""
    name = "claude.exe" if os.name == "nt" else "claude"
    folders = filter(os.path.isabs, inspection.environ.get("PATH", os.defpath).split(os.pathsep))
    found = (os.path.join(folder, name) for folder in folders)
    programs: dict[str, str] = {}
    for path in found:
        if os.path.isfile(path) and os.access(path, os.X_OK):
            programs.setdefault(os.path.realpath(path), path)
    return list(programs.values())


def _version(inspection: ClaudeCodeInspection, program: str) -> Finding:
    """Asked in the folder of the program, so that no project has a say."""
    environ = {**inspection.environ, "DISABLE_AUTOUPDATER": "1"}
    command, folder = [program, "--version"], os.path.dirname(program)
    try:
        ended = run_program(command, PATIENCE_S, environ=environ, folder=folder, complaints=True)
    except CcswitchError:
        return Finding(SILENT, {"reason": free_text(_("it cannot be run"), "not_runnable")}, program)
    if ended is None:
        reason = free_text(_("nothing came within {seconds} seconds", seconds=f"{PATIENCE_S:g}"), "too_slow")
        return Finding(SILENT, {"reason": reason}, program)
    code, said = ended[0], ended[1][:_MOST_BYTES].decode("utf-8", "replace")
    version = _VERSION.search(said) if code == 0 else None
    if version is None:
        return Finding(SILENT, {"reason": _ending(code, said)}, program)
    told = {"version": public(version[0]), "oldest": public(".".join(map(str, OLDEST_MEASURED)))}
    is_old = tuple(map(int, version[0].split("."))) < OLDEST_MEASURED
    return Finding(OLD if is_old else CLAUDE, told, program)


def _ending(code: int, said: str) -> FindingValue:
    line = next((line.strip(" .") for line in said.splitlines() if line.strip(" .")), "")
    if not line:
        return free_text(_("it ended with code {code} and said nothing", code=code), f"code_{code}")
    if len(line) > _MOST_CHARACTERS:
        line = f"{line[:_MOST_CHARACTERS]}…"
    text = _("it ended with code {code} and said: {line}", code=code, line=redact_keys(line))
    return free_text(text, f"code_{code}")
