"""``ccswitch env NAME``: the shell commands that set a profile's variables; the key is fetched when they run."""

from __future__ import annotations

import sys

from ccswitch_py.cli.output.result import Result
from ccswitch_py.core.language import _
from ccswitch_py.core.paths import find_paths
from ccswitch_py.services.shell_environment import Shell, shell_environment

TYPE_CHECKING = False
if TYPE_CHECKING:
    import argparse


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("name", help=_("the profile"))
    parser.add_argument("--shell", choices=[shell.value for shell in Shell], default=Shell.POSIX.value)


def run(args: argparse.Namespace) -> Result:
    """Print lines for ``eval``, with a note on a terminal."""
    lines, notes = shell_environment(find_paths(), args.name, Shell(args.shell))
    if sys.stdout.isatty():
        notes.append(_('# Use it with: eval "$(ccswitch env {name})"', name=args.name))
    return Result("\n".join(lines), notes=notes, for_programs=True)
