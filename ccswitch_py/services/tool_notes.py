"""Notes about one tool or several: which tool a sentence is about, and how to start one that needs a variable."""

from __future__ import annotations

from ccswitch_py.core.language import _, join_list, join_with_and, labelled
from ccswitch_py.targets.registry import DEFAULT_TARGET, TARGETS

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

    from ccswitch_py.targets.base import Target


def about_tool(target: Target, text: str) -> str:
    """Label a sentence with its tool, unless it names the tool itself."""
    return text if target.name in text else labelled(target.name, text)


def key_from_run(name: str, targets: Iterable[Target]) -> list[str]:
    """One note on the tools that get a profile's key only from ``ccswitch run``; none without such tools."""
    tools = list(targets)
    if not tools:
        return []
    commands = join_list(f"`{run_command(name, target)}`" for target in tools)
    if len(tools) == 1:
        return [_("{tool} needs the key from {command}.", tool=tools[0].name, command=commands)]
    names = join_with_and(target.name for target in tools)
    return [_("{tools} need the key from `ccswitch run`: {commands}.", tools=names, commands=commands)]


def run_command(name: str, target: Target) -> str:
    """Return the command that starts a target's program with a profile."""
    return " ".join(["ccswitch run", name, "--target", target.id, "--", target.program, *target.start_arguments])


def target_of(program: str) -> str:
    """The id of the target that a program belongs to, the default one for any other program."""
    if not program or program == TARGETS[DEFAULT_TARGET].program:
        return DEFAULT_TARGET  # without loading the others
    own = (target.id for target in TARGETS.values() if target.program == program and not target.is_hosted)
    return next(own, DEFAULT_TARGET)
