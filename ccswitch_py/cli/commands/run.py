"""``ccswitch run NAME -- COMMAND``: run a program with a profile."""

from __future__ import annotations

import os
import sys

from ccswitch_py.cli.command import ArgumentParser, Namespace, Result
from ccswitch_py.core.language import _
from ccswitch_py.core.paths import find_paths
from ccswitch_py.redact.printable import printable
from ccswitch_py.services.run import prepare_run, require_program, run_here


def add_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("name", help=_("the profile"))
    which = _("the target (default: the one that COMMAND belongs to, else claude-code)")
    parser.add_argument("--target", metavar="T", help=which)
    parser.add_argument("command", nargs="*", metavar="COMMAND", help=_("after --: the program and its arguments"))
    parse = parser.parse_intermixed_args  # takes --target between the two

    def parse_args(argv: list[str]) -> Namespace:
        """Leave what follows the first ``--`` as it is: argparse would remove each further one."""
        end = argv.index("--") if "--" in argv else len(argv)
        args = parse(argv[:end])
        args.command += argv[end + 1 :]
        return args

    parser.parse_args = parse_args  # pyright: ignore[reportAttributeAccessIssue]


def run(args: Namespace) -> Result:
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
