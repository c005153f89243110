"""``ccswitch env NAME``: the shell commands that set a profile's variables; the key is fetched when they run."""

from __future__ import annotations

import sys

from ccswitch_py.cli.command import ArgumentParser, Namespace, Result
from ccswitch_py.core.language import _
from ccswitch_py.core.paths import find_paths
from ccswitch_py.services.shell_environment import Shell, shell_environment
from ccswitch_py.targets.registry import DEFAULT_TARGET


def add_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("name", help=_("the profile"))
    parser.add_argument("--target", default="claude-code", metavar="T", help=_("the target (default: claude-code)"))
    shells = [shell.value for shell in Shell]
    syntax = _("the shell's syntax; posix is for bash, zsh and sh (default: posix)")
    parser.add_argument("--shell", choices=shells, default=Shell.POSIX.value, help=syntax)


def run(args: Namespace) -> Result:
    """Print lines for ``eval``, with a note on a terminal."""
    shell = Shell(args.shell)
    lines, notes = shell_environment(find_paths(), args.name, shell, args.target)
    if sys.stdout.isatty():
        options = "" if args.target == DEFAULT_TARGET else f" --target {args.target}"
        options += "" if shell is Shell.POSIX else f" --shell {shell}"
        notes.append(_("# Use it with: {command}", command=shell.loading(f"ccswitch env {args.name}{options}")))
    return Result("\n".join(lines), notes=notes, for_programs=True)
