"""``ccswitch edit NAME``: edit a profile by options, or in the editor."""

from __future__ import annotations

import os
import shlex
import subprocess
import sys
import tempfile
from dataclasses import replace
from pathlib import Path

from ccswitch_py.cli.command import ArgumentParser, Namespace, Result, add_json
from ccswitch_py.cli.output.next_step import how_to_apply
from ccswitch_py.cli.output.terminal import confirmed, print_note
from ccswitch_py.cli.profile_options import add_profile_options, catalogue_notes, has_profile_options, with_options
from ccswitch_py.core.errors import BadInput, Interrupted
from ccswitch_py.core.language import _, join_sentences
from ccswitch_py.core.paths import Paths, find_paths
from ccswitch_py.model.launch import LaunchRecord
from ccswitch_py.services.launches import unknown_target_notes
from ccswitch_py.services.profiles.editing import open_profile
from ccswitch_py.services.profiles.setup import check_key_is_for, draft_of, save_draft, save_text
from ccswitch_py.services.status import active_targets
from ccswitch_py.store.profile_files import read_profile_bytes
from ccswitch_py.store.providers import load_provider, load_providers


def add_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("name", help=_("the profile"))
    add_profile_options(parser)
    add_json(parser)


def run(args: Namespace) -> Result:
    """Save the changes; without options, open the profile's file in ``$VISUAL`` or ``$EDITOR``."""
    paths = find_paths()
    record, notes = _change(paths, args) if has_profile_options(args) else (_open_editor(paths, args.name), [])
    active = active_targets(paths, args.name)
    text = join_sentences(_("The profile {name} is saved.", name=args.name), how_to_apply(record, active))
    notes += unknown_target_notes(record)
    return Result(text, {"name": args.name, "active_in": active}, notes=notes)


def _change(paths: Paths, args: Namespace) -> tuple[LaunchRecord, list[str]]:
    old = open_profile(paths, args.name).profile
    draft = draft_of(args.name, old)
    if args.provider:
        provider = load_provider(paths, args.provider)
        models = provider.main_models or draft.models
        draft = replace(draft, provider=provider.id, base_url=provider.base_url, models=models)
    changed, notes = with_options(paths, draft, args, "edit")
    named = bool(args.key_stdin or args.key_env or args.key)
    check_key_is_for(old, changed, {one.id: one for one in load_providers(paths)[0]}, said_again=named)
    return save_draft(paths, changed, replace_existing=True), notes + catalogue_notes(paths, changed, args)


def _open_editor(paths: Paths, name: str) -> LaunchRecord:
    """Edit a copy, so that the profile's file is only ever replaced by a valid one."""
    before = read_profile_bytes(paths, name)
    editor = os.environ.get("VISUAL") or os.environ.get("EDITOR")
    if not editor or not sys.stdin.isatty():
        raise BadInput(
            _("There is nothing to change: no options were given.")
            if editor
            else _("There is nothing to change: no options were given, and neither VISUAL nor EDITOR is set."),
            _("Pass options (see `ccswitch edit --help`), or edit {file}.", file=paths.profile(name)),
        )
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder, os.path.basename(paths.profile(name)))
        copy.write_bytes(before)
        while True:
            subprocess.run([*shlex.split(editor), copy], check=False)
            try:
                return save_text(paths, name, copy.read_bytes(), before)
            except BadInput as problem:
                print_note(f"ccswitch: {problem}")
                if not confirmed(_("Edit it again? [y/N]")):
                    raise Interrupted(_("Nothing was changed.")) from None
