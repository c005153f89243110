"""Whether there is a login of Claude itself, which is used where no other credential is; it is never read."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Mapping
from typing import Any, cast

from ccswitch_py.core.reading import UnreadableFile, read_text
from ccswitch_py.targets.claude_code.sources.state_file import config_folder, state_file


def find_login_file(home: str, environ: Mapping[str, str]) -> str | None:
    """The file that holds, or on macOS tells of, a login; None where there is none.

    On macOS the login itself is in the Keychain, and only Claude Code's state tells that there is one.
    """
    login = os.path.join(config_folder(home, environ), ".credentials.json")
    if _has(login, "claudeAiOauth"):
        return login
    state = state_file(home, environ)
    return state if sys.platform == "darwin" and _has(state, "oauthAccount") else None


def _has(path: str, entry: str) -> bool:
    try:
        found: object = json.loads(read_text(path) or "{}", parse_int=len)
    except (UnreadableFile, ValueError, RecursionError):
        return False
    return isinstance(found, dict) and bool(cast("dict[str, Any]", found).get(entry))
