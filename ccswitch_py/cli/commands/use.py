"""``ccswitch use NAME|-``: write a profile into the live files of its targets."""

from __future__ import annotations

from ccswitch_py.cli.command import ArgumentParser, Namespace, Result
from ccswitch_py.cli.output.changes import add_change_options, changes_result
from ccswitch_py.core.language import N_, _
from ccswitch_py.core.paths import find_paths
from ccswitch_py.services.apply import previous_profile, remember_targets, use
from ccswitch_py.targets.registry import DEFAULT_TARGET

_DONE = N_("{name} is in use in {target} ({file}).")
_NOTHING = N_("{name} is already in use in {target} ({file}).")


def add_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("name", help=_("the profile; - for the previous one"))
    add_change_options(
        parser,
        _("the ones last used with this profile, or claude-code"),
        _("all: every installed tool that can use the profile"),
    )


def run(args: Namespace) -> Result:
    """Apply the profile to each target."""
    paths, name, targets = find_paths(), args.name, args.target or ()
    if name == "-":
        targets = targets or (DEFAULT_TARGET,)
        name = previous_profile(paths, targets)
    changes = use(paths, name, targets, dry_run=args.dry_run)
    if args.target and not args.dry_run:
        remember_targets(paths, name, changes)
    return changes_result(changes, _DONE, _NOTHING, dry_run=args.dry_run, name=name)
