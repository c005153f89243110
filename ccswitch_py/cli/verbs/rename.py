"""``ccswitch rename A B``: give a profile another name."""

from __future__ import annotations

import argparse

from ccswitch_py.cli.parser import add_json
from ccswitch_py.cli.result import Result
from ccswitch_py.jobs.profiles import rename
from ccswitch_py.paths import find_paths


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The arguments of ``rename``."""
    parser.add_argument("name", help="the profile")
    parser.add_argument("new_name", help="its new name")
    add_json(parser)


def run(args: argparse.Namespace) -> Result:
    """Rename, and apply it anew where it is in use."""
    applied = rename(find_paths(), args.name, args.new_name)
    again = f" It was applied anew in {', '.join(applied)}." if applied else ""
    facts = {"name": args.new_name, "was": args.name, "applied_in": applied}
    return Result(f"{args.name} is called {args.new_name} now.{again}", facts)
