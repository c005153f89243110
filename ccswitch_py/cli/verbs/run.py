"""``ccswitch run NAME -- COMMAND``: start a program with a profile."""

from __future__ import annotations

import os
import shutil
import sys

from ccswitch_py.cli.result import Result
from ccswitch_py.errors import NotFound
from ccswitch_py.jobs.run import prepare_run
from ccswitch_py.language import plain, tr
from ccswitch_py.paths import find_paths

TYPE_CHECKING = False
if TYPE_CHECKING:
    import argparse


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The arguments of ``run``."""
    parser.add_argument("name", help=tr("the profile"))
    parser.add_argument("--target", default="claude-code", metavar="T", help=tr("the tool (default: claude-code)"))
    parser.add_argument("command", nargs="*", metavar="COMMAND", help=tr("after --: the program and its arguments"))


def run(args: argparse.Namespace) -> Result:
    """Become the program; this returns only where a process cannot become another."""
    prepared = prepare_run(find_paths(), args.name, args.command, args.target)
    program = shutil.which(prepared.argv[0])
    if program is None:
        raise NotFound(
            tr("There is no program '{program}' on the PATH.", program=plain(prepared.argv[0])),
            tr("Install it, or give its full path."),
        )
    sys.stdout.flush()
    sys.stderr.flush()
    if os.name != "nt":
        os.execve(program, prepared.argv, prepared.env)  # noqa: S606
    import subprocess

    return Result(exit_code=subprocess.run([program, *prepared.argv[1:]], env=prepared.env, check=False).returncode)
