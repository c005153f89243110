"""Print a profile as shell commands; the shell that runs them fetches the key, so the output has no secret."""

from __future__ import annotations

import os
from enum import StrEnum

from ccswitch_py.core import quoting
from ccswitch_py.core.language import _, join_list, join_sentences
from ccswitch_py.core.paths import from_home
from ccswitch_py.services.endpoints import launch_for
from ccswitch_py.services.launches import key_command_of, load_record
from ccswitch_py.services.run import LiveValues, launcher_argv
from ccswitch_py.targets.registry import DEFAULT_TARGET, find_target

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from ccswitch_py.core.paths import Paths
    from ccswitch_py.targets.base import RunSpec, Target


class Shell(StrEnum):
    """Supported shell syntaxes."""

    POSIX = "posix"
    FISH = "fish"
    POWERSHELL = "powershell"

    def loading(self, command: str) -> str:
        """How this shell runs what a command prints."""
        match self:
            case Shell.POSIX:
                return f'eval "$({command})"'
            case Shell.FISH:
                return f"{command} | source"
            case Shell.POWERSHELL:
                return f"{command} | Out-String | Invoke-Expression"


def shell_environment(
    paths: Paths, name: str, shell: Shell, target_id: str = DEFAULT_TARGET
) -> tuple[list[str], list[str]]:
    """Return commands that set the profile's variables, including the key, in the running shell; and notes on them.

    They set all variables or none: with a base URL but no key, the tool would send its own login there. A tool that
    takes a launch file or options becomes a function that starts it with those.
    """
    record = load_record(paths, name)
    target, values = find_target(target_id), LiveValues(paths, find_target(target_id))
    launch = launch_for(record, target_id)
    spec = target.run_spec(launch, values.own, values.current, os.environ)
    conflicts = target.run_conflicts(launch, os.environ)
    command, key = quoting.command_line(key_command_of(record).argv(), shell), spec.key_variable
    variables = {**spec.environment, **({} if conflicts else spec.enforcing)}
    lines = [_assignment(shell, variable, value) for variable, value in variables.items()]
    stale = [name for name in os.environ if launch.is_stale(name) and name.isascii() and name.isidentifier()]
    unset = [name for name in dict.fromkeys((*spec.unset, *stale)) if name not in (*variables, key)]
    is_function = len(spec.argv) > 1
    program, start = target.program, quoting.command_line(launcher_argv(launch, target), shell)
    notes = [join_sentences(conflict.message, conflict.hint) for conflict in conflicts]
    if is_function:
        notes += _override_notes(name, target, values, spec)
    match shell:
        case Shell.POSIX:
            # An alias of that name would be expanded in the definition.
            alias = [f"unalias {program} 2>/dev/null || :"] * is_function
            lines += [f'{program}() {{ {start} "$@"; }}'] * is_function + [f"unset {' '.join(unset)}"]
            if key:
                lines = [f'if {key}="$({command})"; then', f"export {key}", *lines, f"else unset {key}; false; fi"]
            lines = [*alias, *lines]
        case Shell.FISH:
            lines += [f"function {program}; {start} $argv; end"] * is_function + [f"set -e {name}" for name in unset]
            if key:
                lines = [f"if set -gx {key} ({command})", *lines, f"else; set -e {key}; end"]
        case Shell.POWERSHELL:
            lines += [f"function global:{program} {{ {start} @args }}"] * is_function
            lines += [f"$env:{name} = $null" for name in unset]
            if key:
                lines = [f"$env:{key} = ({command})", "if ($LASTEXITCODE -eq 0) {", *lines, "}"]
    return lines, notes


def _override_notes(name: str, target: Target, values: LiveValues, spec: RunSpec) -> Iterator[str]:
    """Report live files that set what the variables set."""
    for file in values.states:
        entries = {str(path[-1]): values.current(file, path) for path in file.owned}
        names = [one for one, value in entries.items() if value and one in (*spec.environment, *spec.unset)]
        names = [one for one in names if entries[one] != spec.environment.get(one)]
        if names:
            text = _(
                "{file} sets {names}. The function `{program}` still uses '{profile}'; {tool} started in another way, "
                "such as by a script, may not.",
                file=from_home(file.path),
                names=join_list(names),
                program=target.program,
                profile=name,
                tool=target.name,
            )
            used = values.profile
            yield join_sentences(_("In use there: {profile}.", profile=used) if used else "", text)


def _assignment(shell: Shell, variable: str, value: str) -> str:
    match shell:
        case Shell.POSIX:
            return f"export {variable}={quoting.posix(value)}"
        case Shell.FISH:
            return f"set -gx {variable} {quoting.fish(value)}"
        case Shell.POWERSHELL:
            return f"$env:{variable} = {quoting.powershell(value)}"
