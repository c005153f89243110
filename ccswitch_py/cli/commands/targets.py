"""``ccswitch targets``: list the tools that can be set up."""

from __future__ import annotations

import os

from ccswitch_py.cli.output.columns import table
from ccswitch_py.cli.output.result import Result
from ccswitch_py.cli.parser import add_json
from ccswitch_py.core.language import _
from ccswitch_py.targets.registry import TARGETS

TYPE_CHECKING = False
if TYPE_CHECKING:
    import argparse


def add_arguments(parser: argparse.ArgumentParser) -> None:
    add_json(parser)


def run(args: argparse.Namespace) -> Result:
    """List each target with the file that it reads."""
    rows = [[target.id, target.name, target.live_files(os.environ)[0].path] for target in TARGETS.values()]
    facts = [{"id": row[0], "name": row[1], "file": row[2]} for row in rows]
    return Result(table(rows, [_("ID"), _("NAME"), _("FILE")]), {"targets": facts})
