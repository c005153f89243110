"""``ccswitch env NAME``: the shell commands that set a profile's variables; the key is fetched when they run."""

from __future__ import annotations

import sys

from ccswitch_py.cli.command import ArgumentParser, Namespace, Result
from ccswitch_py.core.language import _
from ccswitch_py.core.paths import find_paths
from ccswitch_py.services.shell_environment import Shell, shell_environment


def add_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("name", help=_("the profile"))
    shells = [shell.value for shell in Shell]
    syntax = _("the shell's syntax; posix is for bash, zsh and sh (default: posix)")
    parser.add_argument("--shell", choices=shells, default=Shell.POSIX.value, help=syntax)


def run(args: Namespace) -> Result:
    """Print lines for ``eval``, with a note on a terminal."""
    lines, notes = shell_environment(find_paths(), args.name, Shell(args.shell))
    if sys.stdout.isatty():
        notes.append(_('# Use it with: eval "$(ccswitch env {name})"', name=args.name))
    return Result("\n".join(lines), notes=notes, for_programs=True)
