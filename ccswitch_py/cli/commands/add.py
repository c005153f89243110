"""``ccswitch add NAME``: add a profile."""

from __future__ import annotations

import sys
from dataclasses import replace

from ccswitch_py.cli.command import ArgumentParser, Namespace, Result, add_json
from ccswitch_py.cli.full_parser import nonempty
from ccswitch_py.cli.output.next_step import how_to_use
from ccswitch_py.cli.output.terminal import print_note
from ccswitch_py.cli.profile_options import add_profile_options, catalogue_notes, read_key_from_stdin, with_options
from ccswitch_py.core.errors import BadInput, Interrupted, KeyUnavailable
from ccswitch_py.core.language import _, join_sentences
from ccswitch_py.core.paths import Paths, find_paths
from ccswitch_py.model.key_ref import KeyRef
from ccswitch_py.services.interchange import read_export
from ccswitch_py.services.profiles.setup import Draft, checked_profile, draft_from_provider, save_draft
from ccswitch_py.store.profiles import check_name_is_free


def add_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("name", help=_("the profile's name"))
    add_profile_options(parser)
    parser.add_argument(
        "--from", dest="from_file", type=nonempty, metavar="FILE", help=_("import a profile exported as TOML")
    )
    parser.add_argument("--test", action="store_true", help=_("test it after saving"))
    add_json(parser)


def run(args: Namespace) -> Result:
    """Save the profile; with ``--test`` return the test's exit code."""
    paths = find_paths()
    check_name_is_free(paths, args.name)
    start, notes, where_key_was = _start(paths, args)
    draft, key_notes = with_options(paths, start, args, "add")
    if draft.key is None:
        # Report whatever else is wrong before asking for a key.
        checked_profile(paths, replace(draft, key=KeyRef(env="KEY")))
        if not sys.stdin.isatty():
            hint = where_key_was or _("Give it with --key-stdin, --key-env or --key.")
            raise KeyUnavailable(_("There is no key yet."), hint)
        if where_key_was:
            print_note(where_key_was)
        key, key_notes = read_key_from_stdin()
        draft = replace(draft, key=key)
    record = save_draft(paths, draft)
    notes += catalogue_notes(paths, draft, args)
    facts = {"name": draft.name, "base_url": record.base_url, "roles": record.roles}
    saved = _("The profile {name} is saved.", name=draft.name)
    next_step = how_to_use(record)
    if not args.test:
        return Result(join_sentences(saved, next_step), facts, notes=[*notes, *key_notes])
    from ccswitch_py.cli.commands.test import Options, run_tests

    tested = run_tests(paths, [draft.name], Options(as_json=args.json))
    match tested.exit_code:
        case 0:
            what_now = next_step
        case Interrupted.exit_code:
            what_now = _("Test it again with `ccswitch test {name}`.", name=draft.name)
        case _:
            what_now = _("Edit it with `ccswitch edit {name}`.", name=draft.name)
    return Result(tested.text, {**facts, **tested.data}, tested.exit_code, [*notes, *key_notes, saved, what_now])


def _start(paths: Paths, args: Namespace) -> tuple[Draft, list[str], str]:
    """Return the draft without the options, notes about it, and where an imported profile had its key."""
    if args.from_file:
        imported = read_export(paths, args.from_file, args.name)
        return imported.draft, imported.notes, imported.where_key_was
    if args.provider:
        return draft_from_provider(paths, args.name, args.provider), [], ""
    if args.base_url is not None:
        return Draft(args.name, None, args.base_url, {}), [], ""
    raise BadInput(_("No provider was given."), _("Pass --provider ID, --base-url URL or --from FILE."))
