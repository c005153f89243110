"""Looks through the settings that Claude Code takes from a project's folder, for what would take the key elsewhere.

Claude Code asks for the key once before it takes these settings in, so that the environment of its key command does not
show them yet. Seen with 2.1.197 and 2.1.330: both read the folder that they were started in, 2.1.330 also the root of
the git repository around it, and for a worktree that of the main one.
"""

from __future__ import annotations

import json
import os

from ccswitch_py.errors import KeyUnavailable
from ccswitch_py.language import tr

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

_NAMES = ("settings.local.json", "settings.json")
PROXIES = ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NODE_TLS_REJECT_UNAUTHORIZED", "NODE_EXTRA_CA_CERTS")


class Redirections:
    """``base_urls`` are the addresses that settings name, ``proxies`` the variables that put somebody on the way."""

    def __init__(self) -> None:
        self.base_urls: list[str] = []
        self.proxies: list[str] = []


def find_redirections() -> Redirections:
    """What the settings of this folder's project and of the user say; raises ``KeyUnavailable`` if that is unclear."""
    user = os.environ.get("CLAUDE_CONFIG_DIR") or os.path.join(os.path.expanduser("~"), ".claude")
    users_file = os.path.realpath(os.path.join(user, "settings.json"))
    found = Redirections()
    for folder in project_folders(os.getcwd()):
        for name in _NAMES:
            path = os.path.realpath(os.path.join(folder, ".claude", name))
            if path != users_file:
                env = _env_of(path)
                found.proxies += [variable for variable in env if variable.upper() in PROXIES]
                found.base_urls += _base_url(env)
    found.base_urls += _base_url(_env_of(users_file))
    return found


def project_folders(start: str) -> list[str]:
    """The folder, those above it up to the root of its git repository, and for a worktree that of the main one."""
    folders = [start]
    while True:
        git = os.path.join(folders[-1], ".git")
        if os.path.isdir(git):
            return folders
        if os.path.isfile(git):
            return [*folders, *_main_repository(git)]
        above = os.path.dirname(folders[-1])
        if above == folders[-1]:
            return [start]
        folders.append(above)


def _main_repository(git_file: str) -> list[str]:
    try:
        with open(git_file, encoding="utf-8", errors="replace") as file:
            named = file.read(4096).partition("gitdir:")[2].strip()
    except OSError:
        return []
    git, worktrees, _ = os.path.join(os.path.dirname(git_file), named).partition(f"{os.sep}worktrees{os.sep}")
    return [os.path.dirname(git)] if worktrees else []


def _base_url(env: dict[str, Any]) -> list[str]:
    return [str(env["ANTHROPIC_BASE_URL"])] if "ANTHROPIC_BASE_URL" in env else []


def _env_of(path: str) -> dict[str, Any]:
    """The variables of a settings file; none for a file that Claude Code skips."""
    try:
        with open(path, "rb") as file:
            data = file.read()
    except OSError:
        return {}
    # Claude Code reads UTF-16 where a mark says so, and puts up with bytes that are no UTF-8.
    encoding = "utf-16" if data[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig"
    try:
        # JavaScript reads numbers of any length, which int() would refuse.
        env = json.loads(data.decode(encoding, "replace"), parse_int=len)["env"]
        return dict(env.items())
    except (ValueError, KeyError, TypeError, AttributeError):
        return {}
    except RecursionError:
        raise KeyUnavailable(
            tr("{file} is nested so deeply that ccswitch cannot see where it sends the key.", file=path),
            tr("Look at {file} first, and move it away if it is not yours.", file=path),
        ) from None
