"""Check the version of each Claude Code on the PATH."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator

from ccswitch_py.core.errors import CcswitchError
from ccswitch_py.core.language import N_, _, labelled
from ccswitch_py.model.doctor_finding import Finding, broken, free_text, ok, public, warning
from ccswitch_py.redact.key_patterns import redact_keys
from ccswitch_py.targets.claude_code.inspection import ClaudeCodeInspection
from ccswitch_py.vault.program import run_program

PATIENCE_S = 10.0
OLDEST_MEASURED = (2, 1, 197)
"""The oldest Claude Code that ccswitch was tested with."""

CLAUDE = ok("claude_version", N_("Claude Code {version} ({file})."))
OLD = warning(
    "claude_old",
    N_("Claude Code {version} ({file}) is older than the oldest tested version ({oldest})."),
    N_("Update it with `claude update`."),
)
MISSING = warning(
    "claude_missing",
    N_("There is no program 'claude' on the PATH."),
    N_("Install Claude Code, or add its folder to PATH."),
)
SILENT = broken(
    "claude_does_not_start",
    N_("{file} does not report its version: {reason}."),
    N_("Follow its message, if any; else reinstall Claude Code."),
)
SEVERAL = warning(
    "claude_several",
    N_("There is another 'claude' on the PATH, behind the first one: {file}."),
    N_("Remove the one that you do not use."),
)

_MOST_BYTES, _MOST_CHARACTERS = 1000, 200
_VERSION = re.compile(r"\d{1,6}(?:\.\d{1,6}){1,3}")


def examine(inspection: ClaudeCodeInspection) -> Iterator[Finding]:
    """Each Claude Code on the PATH."""
    programs = _on_path(inspection)
    if not programs:
        yield Finding(MISSING)
        return
    yield _version(inspection, programs[0])
    for program in programs[1:]:
        yield Finding(SEVERAL, path=program)


def _on_path(inspection: ClaudeCodeInspection) -> list[str]:
    """The programs of that name in the order of the PATH, each file once."""
    name = "claude.exe" if os.name == "nt" else "claude"
    folders = filter(os.path.isabs, inspection.environ.get("PATH", os.defpath).split(os.pathsep))
    programs: dict[str, str] = {}
    for path in (os.path.join(folder, name) for folder in folders):
        if os.path.isfile(path) and os.access(path, os.X_OK):
            programs.setdefault(os.path.realpath(path), path)
    return list(programs.values())


def _version(inspection: ClaudeCodeInspection, program: str) -> Finding:
    """Run ``--version`` in the program's own folder, so that no project's settings apply."""
    environ = {**inspection.environ, "DISABLE_AUTOUPDATER": "1"}
    command, folder = [program, "--version"], os.path.dirname(program)
    try:
        ended = run_program(command, PATIENCE_S, environ=environ, folder=folder, complaints=True)
    except CcswitchError:
        return _silent(program, _("it cannot be run"), "not_runnable")
    if ended is None:
        return _silent(program, _("no output within {seconds} seconds", seconds=f"{PATIENCE_S:g}"), "too_slow")
    code, output = ended[0], ended[1][:_MOST_BYTES].decode("utf-8", "replace")
    version = _VERSION.search(output) if code == 0 else None
    if version is None:
        line = next((line.strip(" .") for line in output.splitlines() if line.strip(" .")), "")
        reason = _("it exited with code {code}", code=code)
        if line:
            shown = line if len(line) <= _MOST_CHARACTERS else f"{line[:_MOST_CHARACTERS]}…"
            reason = labelled(reason, redact_keys(shown))
        return _silent(program, reason, f"code_{code}")
    values = {"version": public(version[0]), "oldest": public(".".join(map(str, OLDEST_MEASURED)))}
    is_old = tuple(map(int, version[0].split("."))) < OLDEST_MEASURED
    return Finding(OLD if is_old else CLAUDE, values, program)


def _silent(program: str, reason: str, public_text: str) -> Finding:
    return Finding(SILENT, {"reason": free_text(reason, public_text)}, program)
