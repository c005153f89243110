"""``ccswitch rename A B``: give a profile another name."""

from __future__ import annotations

import argparse

from ccswitch_py.cli.parser import add_json
from ccswitch_py.cli.result import Result
from ccswitch_py.jobs.profiles import rename
from ccswitch_py.language import listed, together, tr
from ccswitch_py.paths import find_paths


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The arguments of ``rename``."""
    parser.add_argument("name", help=tr("the profile"))
    parser.add_argument("new_name", help=tr("its new name"))
    add_json(parser)


def run(args: argparse.Namespace) -> Result:
    """Rename, and apply it anew where it is in use."""
    applied = rename(find_paths(), args.name, args.new_name)
    text = tr("{name} is called {new_name} now.", name=args.name, new_name=args.new_name)
    if applied:
        text = together(text, tr("It was applied anew in {targets}.", targets=listed(applied)))
    facts = {"name": args.new_name, "was": args.name, "applied_in": applied}
    return Result(text, facts)
