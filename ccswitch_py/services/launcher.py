"""Install launchers: scripts on the PATH that start a tool with a profile through ``ccswitch run``."""

from __future__ import annotations

import os

from ccswitch_py.core.errors import BadInput, NotFound
from ccswitch_py.core.files import read_bytes, remove_file, write_own_file
from ccswitch_py.core.language import _, quoted
from ccswitch_py.core.paths import Paths, home_folder
from ccswitch_py.services.endpoints import launch_for
from ccswitch_py.services.launches import load_record
from ccswitch_py.services.run import launcher_script, require_command
from ccswitch_py.targets.registry import find_target

_MARK = "# Written by `ccswitch launcher`; remove it with `ccswitch launcher {target} --remove`."


def _launcher_path(target_id: str) -> str:
    """Where the launcher of a target is: a folder that most systems have on the PATH."""
    return os.path.join(home_folder(os.environ), ".local", "bin", f"ccswitch-{target_id}")


def install_launcher(paths: Paths, target_id: str, name: str) -> str:
    """Write the launcher that starts a tool with a profile, and return its path.

    Raises ``NotFound``, ``BadInput`` where the target cannot use the profile or the file is not ours, and
    ``FileNotChanged``.
    """
    target = find_target(target_id)
    require_command(target, name)
    launch = launch_for(load_record(paths, name), target_id)
    path = _launcher_path(target_id)
    _check_ours(path, target_id)
    write_own_file(path, launcher_script(launch, target, _MARK.format(target=target_id)), mode=0o700)
    return path


def remove_launcher(target_id: str) -> str:
    """Remove the launcher of a target, and return its path; raises ``NotFound``, ``BadInput`` if it is not ours."""
    find_target(target_id)
    path = _launcher_path(target_id)
    if not _check_ours(path, target_id):
        raise NotFound(_("There is no launcher {file}.", file=path))
    remove_file(path)
    return path


def _check_ours(path: str, target_id: str) -> bool:
    """Whether a launcher of ours is there; raises ``BadInput`` for another file."""
    data = read_bytes(path)
    if data is None:
        return False
    if _MARK.format(target=target_id).encode() not in data:
        raise BadInput(_("{file} was not written by ccswitch.", file=quoted(path)), _("Move it away, then try again."))
    return True
