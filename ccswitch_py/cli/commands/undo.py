"""``ccswitch undo``: take the last ``use`` or ``off`` back."""

from __future__ import annotations

from ccswitch_py.cli.output.changes import changes_result
from ccswitch_py.cli.parser import add_json, add_target
from ccswitch_py.core.language import N_, _
from ccswitch_py.core.paths import find_paths
from ccswitch_py.services.apply.apply import undo

TYPE_CHECKING = False
if TYPE_CHECKING:
    import argparse

    from ccswitch_py.cli.output.result import Result


_DONE = N_("The last change was taken back in {target} ({file}).")
_NOTHING = N_("There is nothing to undo in {target} ({file}).")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The arguments of ``undo``."""
    parser.add_argument("--dry-run", action="store_true", help=_("show the change and write nothing"))
    add_target(parser)
    add_json(parser)


def run(args: argparse.Namespace) -> Result:
    """Go one step back in each target."""
    paths = find_paths()
    changes = undo(paths, args.target or (), dry_run=args.dry_run)
    return changes_result(changes, _DONE, _NOTHING, dry_run=args.dry_run)
