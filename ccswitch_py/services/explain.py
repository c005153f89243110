"""Explain what a tool will use in a folder, and why."""

from __future__ import annotations

import os
from collections.abc import Mapping

from ccswitch_py.core.errors import BadInput
from ccswitch_py.core.language import _
from ccswitch_py.core.paths import absolute, find_paths
from ccswitch_py.services.endpoints import check_available
from ccswitch_py.targets.explanation import Explanation
from ccswitch_py.targets.inspection import Inspection
from ccswitch_py.targets.registry import DEFAULT_TARGET, find_target


def explain(
    folder: str, environ: Mapping[str, str], settings_file: str | None = None, target_id: str = DEFAULT_TARGET
) -> Explanation:
    """Explain what the tool would use in ``folder`` with this environment; nothing is run or changed.

    Raises ``BadInput`` if the folder or the file is missing, and for a target without explanations.
    """
    folder = absolute(folder)
    if not os.path.isdir(folder):
        raise BadInput(_("{folder} is not a folder.", folder=folder), _("Pass the folder where Claude Code starts."))
    target = find_target(target_id)
    check_available(target)
    found = target.explain(Inspection(find_paths(environ), folder, environ), settings_file)
    if found is None:
        raise BadInput(
            _("{tool} has no settings file to explain: it takes its provider from its environment.", tool=target.name),
            _("Set it for one program with `ccswitch run NAME --target {target} -- PROGRAM`.", target=target.id),
        )
    return found
