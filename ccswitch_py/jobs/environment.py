"""A profile as shell commands: the key is fetched by the shell that runs them, so it is never shown."""

from __future__ import annotations

from enum import StrEnum

from ccswitch_py.jobs.run import process_variables
from ccswitch_py.store.launches import load_launch, load_record

TYPE_CHECKING = False
if TYPE_CHECKING:
    from ccswitch_py.paths import Paths


class Shell(StrEnum):
    """The shells whose syntax we write."""

    POSIX = "posix"
    FISH = "fish"
    POWERSHELL = "powershell"


def shell_lines(paths: Paths, name: str, shell: Shell) -> list[str]:
    """Commands that set the profile's variables in the running shell, the key among them."""
    record = load_record(paths, name)
    launch = load_launch(paths, record, "claude-code")
    command = launch["apiKeyHelper"].replace(" --claude-code", "")
    lines = [_assignment(shell, variable, value) for variable, value in process_variables(launch).items()]
    match shell:
        case Shell.POSIX:
            lines += [f'export ANTHROPIC_AUTH_TOKEN="$({command})"', "unset ANTHROPIC_API_KEY"]
        case Shell.FISH:
            lines += [f"set -gx ANTHROPIC_AUTH_TOKEN ({command})", "set -e ANTHROPIC_API_KEY"]
        case Shell.POWERSHELL:
            lines += [f"$env:ANTHROPIC_AUTH_TOKEN = (& {command})", "$env:ANTHROPIC_API_KEY = $null"]
    return lines


def _assignment(shell: Shell, variable: str, value: str) -> str:
    match shell:
        case Shell.POSIX:
            quoted = value.replace("'", "'\\''")
            return f"export {variable}='{quoted}'"
        case Shell.FISH:
            quoted = value.replace("\\", "\\\\").replace("'", "\\'")
            return f"set -gx {variable} '{quoted}'"
        case Shell.POWERSHELL:
            quoted = value.replace("'", "''")
            return f"$env:{variable} = '{quoted}'"
