"""Print a profile as shell commands; the shell that runs them fetches the key, so the output has no secret."""

from __future__ import annotations

import os
from enum import StrEnum

from ccswitch_py.services.endpoints import launch_for
from ccswitch_py.services.launches import key_command_of, load_record
from ccswitch_py.services.run import LiveValues
from ccswitch_py.targets.registry import DEFAULT_TARGET, find_target

TYPE_CHECKING = False
if TYPE_CHECKING:
    from ccswitch_py.core.paths import Paths


class Shell(StrEnum):
    """Supported shell syntaxes."""

    POSIX = "posix"
    FISH = "fish"
    POWERSHELL = "powershell"


def shell_lines(paths: Paths, name: str, shell: Shell, target_id: str = DEFAULT_TARGET) -> list[str]:
    """Return commands that set the profile's variables, including the key, in the running shell.

    They set all variables or none: with a base URL but no key, the tool would send its own login there.
    """
    record = load_record(paths, name)
    target, values = find_target(target_id), LiveValues(paths, find_target(target_id))
    spec = target.run_spec(launch_for(record, target_id), values.own, values.current, os.environ)
    command, key = key_command_of(record).as_shell(), spec.key_variable
    set_lines = [_assignment(shell, variable, value) for variable, value in spec.environment.items()]
    unset = [name for name in spec.unset if name not in (*spec.environment, key)]
    match shell:
        case Shell.POSIX:
            start = [f'if {key}="$({command})"; then', f"export {key}"]
            return [*start, *set_lines, f"unset {' '.join(unset)}", f"else unset {key}; false; fi"]
        case Shell.FISH:
            start = [f"if set -gx {key} ({command})"]
            return [*start, *set_lines, *(f"set -e {name}" for name in unset), f"else; set -e {key}; end"]
        case Shell.POWERSHELL:
            start = [f"$env:{key} = (& {command})", "if ($LASTEXITCODE -eq 0) {"]
            return [*start, *set_lines, *(f"$env:{name} = $null" for name in unset), "}"]


def _assignment(shell: Shell, variable: str, value: str) -> str:
    match shell:
        case Shell.POSIX:
            quoted = value.replace("'", "'\\''")
            return f"export {variable}='{quoted}'"
        case Shell.FISH:
            quoted = value.replace("\\", "\\\\").replace("'", "\\'")
            return f"set -gx {variable} '{quoted}'"
        case Shell.POWERSHELL:
            quoted = "".join(char * 2 if char in _POWERSHELL_QUOTES else char for char in value)
            return f"$env:{variable} = '{quoted}'"


_POWERSHELL_QUOTES = "'\u2018\u2019\u201a\u201b"
"""PowerShell treats each as a single quote; doubling it escapes it."""
