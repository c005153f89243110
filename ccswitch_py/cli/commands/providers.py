"""``ccswitch providers``: list the known providers."""

from __future__ import annotations

import argparse

from ccswitch_py.cli.output.columns import table
from ccswitch_py.cli.output.result import Result
from ccswitch_py.cli.parser import add_json
from ccswitch_py.core.language import _
from ccswitch_py.core.paths import find_paths
from ccswitch_py.store.providers import load_providers


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments of ``providers``."""
    add_json(parser)


def run(args: argparse.Namespace) -> Result:
    """List all providers; report broken files of the user's with line and reason."""
    usable, broken = load_providers(find_paths())
    rows = [[one.id, one.name, one.base_url, str(len(one.models))] for one in usable]
    notes = [f"ccswitch: {problem}" for problem in broken]
    facts = [one.model_dump(mode="json", by_alias=True, exclude={"models"}) for one in usable]
    return Result(
        table(rows, [_("ID"), _("NAME"), _("BASE URL"), _("MODELS")]),
        {"providers": facts, "broken": [problem.message for problem in broken]},
        notes=notes,
    )
