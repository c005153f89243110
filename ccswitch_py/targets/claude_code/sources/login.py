"""Whether there is a login of Claude itself, which is used where no other credential is; it is never read."""

from __future__ import annotations

import sys
from collections.abc import Mapping

from ccswitch_py.core.reading import UnreadableFile
from ccswitch_py.targets.claude_code.settings import login_file, read_settings, state_file


def find_login_file(environ: Mapping[str, str]) -> str | None:
    """The file that holds, or on macOS tells of, a login; None where there is none.

    On macOS the login itself is in the Keychain, and only Claude Code's state tells that there is one.
    """
    login = login_file(environ)
    if _has(login, "claudeAiOauth"):
        return login
    state = state_file(environ)
    return state if sys.platform == "darwin" and _has(state, "oauthAccount") else None


def _has(path: str, entry: str) -> bool:
    try:
        return bool((read_settings(path) or {}).get(entry))
    except UnreadableFile:
        return False
