"""``ccswitch status``: what is in use, and whether the file still says so."""

from __future__ import annotations

from ccswitch_py.cli.parser import add_json
from ccswitch_py.cli.result import Result
from ccswitch_py.jobs.status import TargetStatus, status
from ccswitch_py.language import about, listed, together, tr
from ccswitch_py.paths import find_paths

TYPE_CHECKING = False
if TYPE_CHECKING:
    import argparse


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The arguments of ``status``."""
    add_json(parser)


def run(args: argparse.Namespace) -> Result:
    """The state of each target; exit code 1 if a file is not as it was left, or cannot be read."""
    targets = status(find_paths())
    wrong = any(target.problem or target.changed_by_others or target.edited_since for target in targets)
    facts = {"targets": [target.as_json() for target in targets]}
    lines = [line for target in targets for line in (_text(target), *(f"  {note}" for note in target.beside))]
    return Result("\n".join(lines), facts, 1 if wrong else 0)


def _text(target: TargetStatus) -> str:
    if target.problem:
        return about(target.name, target.problem)
    if target.profile is None and target.base_url is None:
        return tr("{target}: no profile of ccswitch is in use.", target=target.name)
    if target.profile is None:
        return tr(
            "{target}: no profile of ccswitch is in use; {file} sends requests to {address}.",
            target=target.name,
            file=target.path,
            address=target.base_url,
        )
    again = tr("Write it again with `ccswitch use {name}`.", name=target.profile)
    if target.changed_by_others:
        changed = tr(
            "{target}: {name} was put in use, but {file} was changed since: {entries}.",
            target=target.name,
            name=target.profile,
            file=target.path,
            entries=listed(target.changed_by_others),
        )
        return together(changed, again)
    if target.edited_since:
        old = tr("{target}: {name} is in use as it was before you edited it.", target=target.name, name=target.profile)
        return together(old, again)
    return tr("{target}: {name} is in use ({file}).", target=target.name, name=target.profile, file=target.path)
