"""``ccswitch status``: what is in use, and whether the file still says so."""

from __future__ import annotations

from ccswitch_py.cli.parser import add_json
from ccswitch_py.cli.result import Result
from ccswitch_py.jobs.status import TargetStatus, status
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
    return Result("\n".join(map(_text, targets)), facts, 1 if wrong else 0)


def _text(target: TargetStatus) -> str:
    if target.problem:
        return f"{target.name}: {target.problem}"
    if target.profile is None:
        other = f"; {target.path} sends requests to {target.base_url}" if target.base_url else ""
        return f"{target.name}: no profile of ccswitch is in use{other}."
    if target.changed_by_others:
        return (
            f"{target.name}: {target.profile} was put in use, but {target.path} was changed since: "
            f"{', '.join(target.changed_by_others)}. Write it again with `ccswitch use {target.profile}`."
        )
    if target.edited_since:
        return (
            f"{target.name}: {target.profile} is in use as it was before you edited it. "
            f"Write it again with `ccswitch use {target.profile}`."
        )
    return f"{target.name}: {target.profile} is in use ({target.path})."
