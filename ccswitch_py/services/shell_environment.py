"""A profile as shell commands: the key is fetched by the shell that runs them, so it is never shown."""

from __future__ import annotations

from enum import StrEnum

from ccswitch_py.services.launches import load_launch, load_record
from ccswitch_py.services.run import process_variables
from ccswitch_py.targets.registry import find_target
from ccswitch_py.vault.key_command_line import KeyCommand

TYPE_CHECKING = False
if TYPE_CHECKING:
    from ccswitch_py.core.paths import Paths


class Shell(StrEnum):
    """The shells whose syntax we write."""

    POSIX = "posix"
    FISH = "fish"
    POWERSHELL = "powershell"


def shell_lines(paths: Paths, name: str, shell: Shell) -> list[str]:
    """Commands that set the profile's variables in the running shell, the key among them.

    All or none: an address without a key would get Claude Code's own login.
    """
    record = load_record(paths, name)
    launch = load_launch(paths, record, "claude-code")
    key_command = KeyCommand.parse(launch["apiKeyHelper"])
    command = key_command.unguarded().as_shell() if key_command else launch["apiKeyHelper"]
    variables = process_variables(launch)
    set_lines = [_assignment(shell, variable, value) for variable, value in variables.items()]
    target = find_target("claude-code")
    unset = [name for name in target.own_variables if name not in (*variables, target.token_variable)]
    match shell:
        case Shell.POSIX:
            start = [f'if ANTHROPIC_AUTH_TOKEN="$({command})"; then', "export ANTHROPIC_AUTH_TOKEN"]
            return [*start, *set_lines, f"unset {' '.join(unset)}", "else unset ANTHROPIC_AUTH_TOKEN; false; fi"]
        case Shell.FISH:
            start = [f"if set -gx ANTHROPIC_AUTH_TOKEN ({command})"]
            return [*start, *set_lines, *(f"set -e {name}" for name in unset), "else; set -e ANTHROPIC_AUTH_TOKEN; end"]
        case Shell.POWERSHELL:
            start = [f"$env:ANTHROPIC_AUTH_TOKEN = (& {command})", "if ($LASTEXITCODE -eq 0) {"]
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
            quoted = value.replace("'", "''")
            return f"$env:{variable} = '{quoted}'"
