"""Warn of what Claude Code's own state adds to a profile in use: variables that the profile does not set, and a key.

It never overrides a profile: seen with 2.1.330, the user's settings override it name by name.
"""

from __future__ import annotations

import os

from ccswitch_py.core.language import _, join_list
from ccswitch_py.core.paths import from_home
from ccswitch_py.targets.base import Conflict
from ccswitch_py.targets.claude_code.settings import CONFIG_DIR, state_file
from ccswitch_py.targets.claude_code.variables import BASE_URL, NO_PROXY, OAUTH_TOKEN, PRIMARY_KEY, PROXIES, SMALL_FAST

TYPE_CHECKING = False
if TYPE_CHECKING:
    from ccswitch_py.targets.base import Environment
    from ccswitch_py.targets.explanation import Layer

_MARKS = (b'"ANTHROPIC_', b'"CLAUDE_CODE_', f'"{PRIMARY_KEY}"'.encode())
_OF_NO_CONCERN = (PRIMARY_KEY, OAUTH_TOKEN, SMALL_FAST, CONFIG_DIR, *PROXIES, *NO_PROXY)
"""The key has its own conflict; the login's token is not sent beside another; no profile sets proxies."""


def state_overrides(settings: str | None, env: Environment) -> list[Conflict]:
    """Return what the state adds to the text of the user's settings with a profile."""
    path = state_file(env)
    if not settings or not _has_marks(path):
        return []
    from ccswitch_py.formats.base import UnreadableText
    from ccswitch_py.targets.claude_code.sources.layer import LayerKind, layer_of
    from ccswitch_py.targets.claude_code.sources.settings_files import entries_of, settings_layer

    state = settings_layer(LayerKind.STATE, path)
    try:
        user = layer_of(LayerKind.USER, entries=entries_of(settings))
    except UnreadableText:  # Claude Code skips it as a whole
        return []
    return _conflicts(user, state, from_home(path)) if state else []


def _conflicts(user: Layer, state: Layer, file: str) -> list[Conflict]:
    from ccswitch_py.targets.claude_code.sources.precedence import X_API_KEY, is_first_party, resolve, resolve_header

    found: list[Conflict] = []
    others = (entry.name for entry in state.entries if not entry.is_empty and entry.name not in _OF_NO_CONCERN)
    names = [name for name in others if user.last(name) is None]
    if names:
        found.append(
            Conflict(
                _("{file} sets {names}, which Claude Code also applies.", file=file, names=join_list(names)),
                _("If you do not want that, quit Claude Code and remove it there."),
            )
        )
    layers = [user, state]
    key, address = resolve_header(layers, X_API_KEY).winner, resolve(layers, BASE_URL).winner
    if key and key.entry.name == PRIMARY_KEY and address and not is_first_party(address.text):
        found.append(
            Conflict(
                _("The API key of your Claude login, in {file}, also goes to the gateway.", file=file),
                _("Run /logout in Claude Code, or use a profile whose key is not stored in a file."),
            )
        )
    return found


def _has_marks(path: str) -> bool:
    """Whether it is worth parsing: most states are large, and have none of this."""
    try:
        if not os.path.isfile(path):
            return False
        with open(path, "rb") as file:
            data = file.read()
    except OSError:
        return False
    return any(mark in data for mark in _MARKS)
