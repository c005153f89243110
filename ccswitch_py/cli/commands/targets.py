"""``ccswitch targets``: list the tools that can be set up."""

from __future__ import annotations

import os
import sys

from ccswitch_py.cli.command import Namespace, Result, add_json
from ccswitch_py.cli.output.terminal import Terminal
from ccswitch_py.core.language import _
from ccswitch_py.targets.registry import TARGETS

add_arguments = add_json


def run(args: Namespace) -> Result:
    """List each target with the file that it reads."""
    files = {target: [file.path for file in target.live_files(os.environ)] for target in TARGETS.values()}
    rows = [[target.id, target.name, *(paths[:1] or [""])] for target, paths in files.items()]
    facts = [{"id": row[0], "name": row[1], "file": row[2]} for row in rows]
    return Result(Terminal(sys.stdout).table(rows, [_("ID"), _("NAME"), _("FILE")]), {"targets": facts})
