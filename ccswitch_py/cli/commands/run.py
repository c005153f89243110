"""``ccswitch run NAME -- COMMAND``: run a program with a profile."""

from __future__ import annotations

import os
import sys

from ccswitch_py.cli.output.result import Result
from ccswitch_py.core.language import _
from ccswitch_py.core.paths import find_paths
from ccswitch_py.redact.printable import printable
from ccswitch_py.services.run import prepare_run, require_program, run_here

TYPE_CHECKING = False
if TYPE_CHECKING:
    import argparse


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("name", help=_("the profile"))
    parser.add_argument("--target", default="claude-code", metavar="T", help=_("the tool (default: claude-code)"))
    parser.add_argument("command", nargs="*", metavar="COMMAND", help=_("after --: the program and its arguments"))


def run(args: argparse.Namespace) -> Result:
    """Replace this process by the program; return its exit code where that is impossible."""
    prepared = prepare_run(find_paths(), args.name, args.command, args.target)
    require_program(prepared)
    for note in prepared.notes:
        print(printable(note), file=sys.stderr)
    sys.stdout.flush()
    sys.stderr.flush()
    if os.name != "nt" and prepared.temporary is None:
        os.execve(prepared.argv[0], prepared.argv, prepared.env)  # noqa: S606
    return Result(exit_code=run_here(prepared))
