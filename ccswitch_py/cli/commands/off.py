"""``ccswitch off``: restore the settings of tools as they were before the first ``use``."""

from __future__ import annotations

from ccswitch_py.cli.command import ArgumentParser, Namespace, Result
from ccswitch_py.cli.output.changes import add_change_options, changes_result
from ccswitch_py.core.language import N_, _
from ccswitch_py.core.paths import find_paths
from ccswitch_py.services.apply import off

_DONE = N_("No profile is in use any more in {target} ({file}).")
_NOTHING = N_("No profile was in use in {target} ({file}).")


def add_arguments(parser: ArgumentParser) -> None:
    add_change_options(parser, _("every tool that a profile was applied to"))


def run(args: Namespace) -> Result:
    """Restore each target's files."""
    changes = off(find_paths(), args.target or (), dry_run=args.dry_run)
    return changes_result(changes, _DONE, _NOTHING, dry_run=args.dry_run)
