"""``ccswitch undo``: undo the last ``use`` or ``off``."""

from __future__ import annotations

from ccswitch_py.cli.command import ArgumentParser, Namespace, Result
from ccswitch_py.cli.output.changes import add_change_options, changes_result
from ccswitch_py.core.language import N_, _
from ccswitch_py.core.paths import find_paths
from ccswitch_py.services.apply import undo

_DONE = N_("Undid the last change in {target} ({file}).")
_NOTHING = N_("There is nothing to undo in {target} ({file}).")


def add_arguments(parser: ArgumentParser) -> None:
    add_change_options(parser, _("those of the last change"))


def run(args: Namespace) -> Result:
    """Undo one step in each target."""
    changes = undo(find_paths(), args.target or (), dry_run=args.dry_run)
    return changes_result(changes, _DONE, _NOTHING, dry_run=args.dry_run)
