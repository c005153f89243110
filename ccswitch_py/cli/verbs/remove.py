"""``ccswitch remove NAME``: remove a profile."""

from __future__ import annotations

import argparse

from ccswitch_py.cli.parser import add_json
from ccswitch_py.cli.result import Result
from ccswitch_py.jobs.profiles import remove
from ccswitch_py.paths import find_paths


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The arguments of ``remove``."""
    parser.add_argument("name", help="the profile")
    parser.add_argument("--keep-key", action="store_true", help="leave its key in the keyring")
    add_json(parser)


def run(args: argparse.Namespace) -> Result:
    """Remove; the key goes too unless another profile uses it."""
    key_name = remove(find_paths(), args.name, keep_key=args.keep_key)
    key = f" Its key {key_name!r} was removed from the keyring." if key_name else ""
    return Result(f"{args.name} was removed.{key}", {"name": args.name, "removed_key": key_name})
