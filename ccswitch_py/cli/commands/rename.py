"""``ccswitch rename A B``: rename a profile."""

from __future__ import annotations

from ccswitch_py.cli.command import ArgumentParser, Namespace, Result, add_json
from ccswitch_py.core.language import _, join_list, join_sentences
from ccswitch_py.core.paths import find_paths
from ccswitch_py.services.profiles.manage import rename


def add_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("name", help=_("the profile"))
    parser.add_argument("new_name", help=_("its new name"))
    add_json(parser)


def run(args: Namespace) -> Result:
    """Rename the profile, and apply it again where it is in use."""
    applied = rename(find_paths(), args.name, args.new_name)
    text = _("{name} was renamed to {new_name}.", name=args.name, new_name=args.new_name)
    if applied:
        text = join_sentences(text, _("It was applied again in {targets}.", targets=join_list(applied)))
    facts = {"name": args.new_name, "was": args.name, "applied_in": applied}
    return Result(text, facts)
