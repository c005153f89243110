"""``ccswitch off``: restore a target's settings as they were before the first ``use``."""

from __future__ import annotations

from ccswitch_py.cli.command import Namespace, Result
from ccswitch_py.cli.output.changes import add_change_options, changes_result
from ccswitch_py.core.language import N_
from ccswitch_py.core.paths import find_paths
from ccswitch_py.services.apply import off
from ccswitch_py.targets.registry import DEFAULT_TARGET

_DONE = N_("No profile is in use any more in {target} ({file}).")
_NOTHING = N_("No profile was in use in {target} ({file}).")
add_arguments = add_change_options


def run(args: Namespace) -> Result:
    """Restore each target's files."""
    changes = off(find_paths(), args.target or (DEFAULT_TARGET,), dry_run=args.dry_run)
    return changes_result(changes, _DONE, _NOTHING, dry_run=args.dry_run)
