"""``ccswitch targets``: list the tools that can be set up, and those that cannot, with the reason."""

from __future__ import annotations

import os
import sys

from ccswitch_py.cli.command import Namespace, Result, add_json
from ccswitch_py.cli.output.terminal import Terminal
from ccswitch_py.core.language import N_, _, join_list
from ccswitch_py.core.paths import find_paths
from ccswitch_py.services.installed import is_installed
from ccswitch_py.services.status import status
from ccswitch_py.targets.registry import TARGETS, UNSUPPORTED

add_arguments = add_json

_DELIVERIES = {
    "command": N_("command"),
    "environment": N_("variable, by `ccswitch run`"),
    "plaintext": N_("plaintext, if you allow it"),
}
"""How the key gets there, by the target's best delivery."""


def run(args: Namespace) -> Result:
    """List each target: installed here, protocols, how the key gets there, profile in use."""
    in_use = {one.target: one.profile or one.unrecorded for one in status(find_paths())}
    facts: list[dict[str, object]] = []
    rows: list[list[str]] = []
    for target in TARGETS.values():
        installed, profile = is_installed(target, os.environ), in_use.get(target.id)
        files = [file.path for file in target.live_files(os.environ)]
        facts.append(
            {
                "id": target.id,
                "name": target.name,
                "available": target.available,
                "installed": installed,
                "protocols": list(target.protocols),
                "deliveries": list(target.deliveries),
                "profile": profile,
                "files": files,
            }
        )
        way = _(
            "{protocols}; key: {key}", protocols=join_list(target.protocols), key=_(_DELIVERIES[target.deliveries[0]])
        )
        facts_shown = way if target.available else _("not on this system")
        rows.append([target.id, _("yes") if installed else "", profile or "", facts_shown])
    terminal = Terminal(sys.stdout)
    table = terminal.table(rows, [_("ID"), _("INSTALLED"), _("PROFILE"), _("PROTOCOLS AND KEY")])
    reasons = (_("{name}: {reason}", name=name, reason=_(why)) for name, why in UNSUPPORTED.items())
    text = "\n".join([table, "", _("Not supported:"), *map(terminal.wrapped, reasons)])
    return Result(text, {"targets": facts, "unsupported": dict(UNSUPPORTED)})
