"""``ccswitch duplicate A B``: copy a profile."""

from __future__ import annotations

from ccswitch_py.cli.command import ArgumentParser, Namespace, Result, add_json
from ccswitch_py.core.language import _
from ccswitch_py.core.paths import find_paths
from ccswitch_py.services.profiles.manage import duplicate


def add_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("name", help=_("the profile"))
    parser.add_argument("new_name", help=_("the name of the copy"))
    add_json(parser)


def run(args: Namespace) -> Result:
    """Copy the profile; both share the key."""
    duplicate(find_paths(), args.name, args.new_name)
    text = _("{name} is a copy of {other}, with the same key.", name=args.new_name, other=args.name)
    return Result(text, {"name": args.new_name, "copy_of": args.name})
