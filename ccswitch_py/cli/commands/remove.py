"""``ccswitch remove NAME``: remove a profile."""

from __future__ import annotations

import sys

from ccswitch_py.cli.command import ArgumentParser, Namespace, Result, add_json
from ccswitch_py.cli.output.terminal import confirmed
from ccswitch_py.core.errors import Interrupted
from ccswitch_py.core.language import _, join_list, join_sentences
from ccswitch_py.core.paths import find_paths
from ccswitch_py.services.profiles.manage import check_removable, key_on_removal, remove


def add_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("name", help=_("the profile"))
    parser.add_argument("--keep-key", action="store_true", help=_("keep its key in the keyring"))
    parser.add_argument("--yes", action="store_true", help=_("remove without asking"))
    add_json(parser)


def run(args: Namespace) -> Result:
    """Remove the profile, and its key unless another profile uses it; ask first on a terminal."""
    paths = find_paths()
    if not args.yes and sys.stdin.isatty():
        check_removable(paths, args.name)
        if not confirmed(_("Remove the profile {name}? [y/N]", name=args.name)):
            raise Interrupted(_("Nothing was changed."))
    key = key_on_removal(paths, args.name)
    key_name = remove(paths, args.name, keep_key=args.keep_key)
    text = _("{name} was removed.", name=args.name)
    if key_name:
        text = join_sentences(text, _("Its key '{name}' was removed from the keyring.", name=key_name))
    notes: list[str] = []
    if key.possible_users and not args.keep_key:
        unclear = _(
            "Its key '{name}' was kept: these profiles cannot be read and may use it: {profiles}.",
            name=key.name,
            profiles=join_list(key.possible_users),
        )
        notes.append(join_sentences(unclear, _("Remove it with `ccswitch keys remove {name}`.", name=key.name)))
    return Result(text, {"name": args.name, "removed_key": key_name}, notes=notes)
