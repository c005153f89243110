"""``ccswitch remove NAME``: remove a profile."""

from __future__ import annotations

from ccswitch_py.cli.command import ArgumentParser, Namespace, Result, add_json
from ccswitch_py.core.language import _, join_sentences
from ccswitch_py.core.paths import find_paths
from ccswitch_py.services.profiles.manage import remove


def add_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("name", help=_("the profile"))
    parser.add_argument("--keep-key", action="store_true", help=_("keep its key in the keyring"))
    add_json(parser)


def run(args: Namespace) -> Result:
    """Remove the profile, and its key unless another profile uses it."""
    key_name = remove(find_paths(), args.name, keep_key=args.keep_key)
    text = _("{name} was removed.", name=args.name)
    if key_name:
        text = join_sentences(text, _("Its key '{name}' was removed from the keyring.", name=key_name))
    return Result(text, {"name": args.name, "removed_key": key_name})
