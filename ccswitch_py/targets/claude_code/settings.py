"""Where Claude Code's files lie in the environment that it is started with; on the path of the key command."""

from __future__ import annotations

import os
import sys

from ccswitch_py.core.files import UnreadableFile, read_text
from ccswitch_py.core.json_codec import Decoder
from ccswitch_py.core.language import _
from ccswitch_py.core.paths import home_folder

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any, TypeGuard

    Environment = Mapping[str, str]
    Settings = dict[str, Any]

CONFIG_DIR = "CLAUDE_CONFIG_DIR"
SETTINGS, LOCAL_SETTINGS = "settings.json", "settings.local.json"
PROJECT_FOLDER = ".claude"
_MANAGED = {"darwin": "/Library/Application Support/ClaudeCode", "win32": r"C:\Program Files\ClaudeCode"}
_MANAGED_ELSEWHERE = "/etc/claude-code"
_DECODER = Decoder(parse_int=str)  # JavaScript reads numbers of any length, which int() would refuse.


class TooDeeplyNested(UnreadableFile):
    """Python cannot follow the levels of the file; Claude Code can."""


def config_folder(env: Environment) -> str:
    """The folder of the user's settings; relative to Claude Code's folder if the variable is."""
    return env.get(CONFIG_DIR) or os.path.join(home_folder(env), PROJECT_FOLDER)


def user_settings_file(env: Environment) -> str:
    """The user's settings, which need not exist."""
    return os.path.abspath(os.path.join(config_folder(env), SETTINGS))


def managed_files() -> list[str]:
    """The files that an administrator may have put there, the strongest last; only the first need not exist."""
    folder = _MANAGED.get(sys.platform, _MANAGED_ELSEWHERE)
    more = os.path.join(folder, "managed-settings.d")
    try:
        names = sorted(name for name in os.listdir(more) if name.endswith(".json") and name[0] != ".")
    except OSError:
        names = []
    return [os.path.join(folder, "managed-settings.json"), *(os.path.join(more, name) for name in names)]


def state_file(env: Environment) -> str:
    """The file of Claude Code's own state, which need not exist.

    Seen with 2.1.330: where the old ``.config.json`` has anything in it, that is used, and ``.claude.json`` is not.
    """
    old = os.path.join(os.path.abspath(config_folder(env)), ".config.json")
    try:
        if os.path.isfile(old) and os.path.getsize(old):
            return old
    except OSError:
        pass
    return os.path.join(env.get(CONFIG_DIR) or home_folder(env), ".claude.json")


def read_settings(path: str) -> Settings | None:
    """The JSON object in one of Claude Code's files; None without a file, and for one that Claude Code skips.

    Raises ``UnreadableFile`` where Claude Code may read more than we can.
    """
    text = read_text(path)
    return None if text is None else parse_settings(text)


def parse_settings(text: str) -> Settings | None:
    """The JSON object in a text, None for anything else; raises ``TooDeeplyNested``."""
    try:
        found: object = _DECODER.decode(text)
    except ValueError:
        return None
    except RecursionError:
        raise TooDeeplyNested(_("It is nested too deeply for ccswitch to read.")) from None
    return found if is_object(found) else None


def variables_of(settings: Settings | None) -> dict[str, Any]:
    """What the settings put into the environment; a value may be of any type."""
    env: object = (settings or {}).get("env")
    return env if is_object(env) else {}


def as_text(value: object) -> str:
    """What Claude Code makes of a value of ``env``: a list becomes its parts with commas between."""
    parts: list[str] = []
    rest: list[Any] = [value]
    while rest:
        part: Any = rest.pop()
        if isinstance(part, list):
            rest += reversed(part)  # pyright: ignore[reportUnknownArgumentType]
        else:
            parts.append("" if part is None or isinstance(part, dict) else str(part))
    return ",".join(parts)


def find_login_file(env: Environment) -> str | None:
    """The file that holds, or on macOS tells of, a login; None where there is none.

    On macOS the login itself is in the Keychain, and only Claude Code's state tells that there is one.
    """
    login = os.path.join(os.path.abspath(config_folder(env)), ".credentials.json")
    if _has(login, "claudeAiOauth"):
        return login
    state = state_file(env)
    return state if sys.platform == "darwin" and _has(state, "oauthAccount") else None


def _has(path: str, entry: str) -> bool:
    try:
        return bool((read_settings(path) or {}).get(entry))
    except UnreadableFile:
        return False


def is_object(value: object) -> TypeGuard[dict[str, Any]]:
    """Whether a value of a parsed file is an object."""
    return isinstance(value, dict)
