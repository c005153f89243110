"""Which tools are installed here, and which of them can use a profile."""

from __future__ import annotations

import os

from ccswitch_py.core.errors import CcswitchError, NotFound
from ccswitch_py.core.language import _
from ccswitch_py.services.endpoints import launch_for
from ccswitch_py.services.tool_notes import about_tool
from ccswitch_py.targets.registry import TARGETS

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

    from ccswitch_py.model.launch import LaunchRecord
    from ccswitch_py.targets.base import Target

_ENDINGS = (".exe", ".cmd", ".bat") if os.name == "nt" else ("",)


def is_installed(target: Target, env: Mapping[str, str]) -> bool:
    """Whether the tool's program is on the PATH, or one of its files is there; starts nothing.

    A library has neither, so nobody knows.
    """
    if not target.program or not target.available:
        return False
    folders = env.get("PATH", os.defpath).split(os.pathsep)
    if any(os.access(os.path.join(folder, target.program + end), os.X_OK) for folder in folders for end in _ENDINGS):
        return True
    return any(os.path.exists(file.path) for file in target.live_files(env))


def usable_targets(record: LaunchRecord) -> tuple[tuple[str, ...], list[str]]:
    """The installed targets that can use a profile, and why the other installed ones can't; raises ``NotFound``."""
    usable: list[str] = []
    unusable: list[str] = []
    for target in TARGETS.values():
        if not target.live_files(os.environ) or not is_installed(target, os.environ):
            continue  # a tool without a file is set up by each `ccswitch run`
        try:
            launch_for(record, target.id)
            usable.append(target.id)
        except CcswitchError as problem:
            unusable.append(about_tool(target, str(problem)))
    if not usable:
        raise NotFound(
            _("No tool that can use this profile is installed."), _("See `ccswitch targets` for the ones you can use.")
        )
    return tuple(usable), unusable
