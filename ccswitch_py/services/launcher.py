"""Launcher scripts: commands that start a tool with a profile, for tools that read their key from a variable."""

from __future__ import annotations

import os

from ccswitch_py.core.errors import BadInput, NotFound
from ccswitch_py.core.files import read_bytes, remove_file, write_own_file
from ccswitch_py.core.language import _, quoted
from ccswitch_py.core.paths import Paths, home_folder
from ccswitch_py.core.quoting import command_line, posix
from ccswitch_py.services.endpoints import launch_for
from ccswitch_py.services.launches import load_record
from ccswitch_py.services.run import launcher_argv, require_command
from ccswitch_py.targets.registry import find_target

_MARK = "# Written by `ccswitch launcher`; remove it with `ccswitch launcher {target} --remove`."


def launcher_path(target_id: str, environ: dict[str, str]) -> str:
    """Where the launcher of a target is: a folder that most systems have on the PATH."""
    return os.path.join(home_folder(environ), ".local", "bin", f"ccswitch-{target_id}")


def install_launcher(paths: Paths, target_id: str, name: str) -> str:
    """Write the launcher that starts a tool with a profile, and return its path.

    Raises ``NotFound``, ``BadInput`` where the target cannot use the profile or the file is not ours, and
    ``FileNotChanged``.
    """
    target = find_target(target_id)
    require_command(target, name)
    launch = launch_for(load_record(paths, name), target_id)
    path = launcher_path(target_id, dict(os.environ))
    _check_ours(path, target_id)
    home = os.environ.get("CCSWITCH_HOME")
    lines = [
        "#!/bin/sh",
        _MARK.format(target=target_id),
        *([f"export CCSWITCH_HOME={posix(os.path.abspath(os.path.expanduser(home)))}"] if home else []),
        f'exec {command_line(launcher_argv(launch, target))} "$@"',
        "",
    ]
    write_own_file(path, "\n".join(lines).encode(), mode=0o700)
    return path


def remove_launcher(target_id: str) -> str:
    """Remove the launcher of a target, and return its path; raises ``NotFound``, ``BadInput`` if it is not ours."""
    find_target(target_id)
    path = launcher_path(target_id, dict(os.environ))
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
        raise BadInput(
            _("{file} is not a launcher of ccswitch.", file=quoted(path)), _("Move it away, then try again.")
        )
    return True
