"""A profile as shell commands: the key is fetched by the shell that runs them, so it is never shown."""

from __future__ import annotations

import os
from enum import StrEnum

from ccswitch_py.core import quoting
from ccswitch_py.services.endpoints import launch_for
from ccswitch_py.services.launches import key_command_of, load_record
from ccswitch_py.services.run import LiveValues
from ccswitch_py.targets.registry import DEFAULT_TARGET, find_target

TYPE_CHECKING = False
if TYPE_CHECKING:
    from ccswitch_py.core.paths import Paths


class Shell(StrEnum):
    """The shells whose syntax we write."""

    POSIX = "posix"
    FISH = "fish"
    POWERSHELL = "powershell"


def shell_lines(paths: Paths, name: str, shell: Shell, target_id: str = DEFAULT_TARGET) -> list[str]:
    """Commands that set the profile's variables in the running shell, the key among them.

    All or none: an address without a key would get the tool's own login.
    """
    record = load_record(paths, name)
    target, values = find_target(target_id), LiveValues(paths, find_target(target_id))
    spec = target.run_spec(launch_for(record, target_id), values.own, values.current, os.environ)
    command, key = quoting.command_line(key_command_of(record).argv(), shell), spec.key_variable
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
            start = [f"$env:{key} = ({command})", "if ($LASTEXITCODE -eq 0) {"]
            return [*start, *set_lines, *(f"$env:{name} = $null" for name in unset), "}"]


def _assignment(shell: Shell, variable: str, value: str) -> str:
    match shell:
        case Shell.POSIX:
            return f"export {variable}={quoting.posix(value)}"
        case Shell.FISH:
            return f"set -gx {variable} {quoting.fish(value)}"
        case Shell.POWERSHELL:
            return f"$env:{variable} = {quoting.powershell(value)}"
