"""``ccswitch remove NAME``: remove a profile."""

from __future__ import annotations

import argparse

from ccswitch_py.cli.parser import add_json
from ccswitch_py.cli.result import Result
from ccswitch_py.jobs.profiles import remove
from ccswitch_py.language import together, tr
from ccswitch_py.paths import find_paths


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The arguments of ``remove``."""
    parser.add_argument("name", help=tr("the profile"))
    parser.add_argument("--keep-key", action="store_true", help=tr("leave its key in the keyring"))
    add_json(parser)


def run(args: argparse.Namespace) -> Result:
    """Remove; the key goes too unless another profile uses it."""
    key_name = remove(find_paths(), args.name, keep_key=args.keep_key)
    text = tr("{name} was removed.", name=args.name)
    if key_name:
        text = together(text, tr("Its key '{name}' was removed from the keyring.", name=key_name))
    return Result(text, {"name": args.name, "removed_key": key_name})
