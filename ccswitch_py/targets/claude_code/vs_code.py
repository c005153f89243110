"""The VS Code extension of Claude Code: the variables that VS Code's own settings give it, with the key in plaintext.

Written from its documentation (code.claude.com, "Use Claude Code in VS Code"); not tested with VS Code. The extension
also reads Claude Code's settings, with the key by command.
"""

from __future__ import annotations

import os
import sys

from ccswitch_py.core.language import _
from ccswitch_py.core.paths import config_home, home_folder
from ccswitch_py.formats.base import Item
from ccswitch_py.targets.claude_code import owned_entries
from ccswitch_py.targets.claude_code.settings import user_settings_file
from ccswitch_py.targets.claude_code.target import ClaudeCode, token_variable
from ccswitch_py.targets.config_file import (
    ConfigFileTarget,
    in_project,
    label_of,
    overriding,
    read_text,
    values_in,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

    from ccswitch_py.formats.base import EntryPath, Value
    from ccswitch_py.model.launch import Launch
    from ccswitch_py.targets.base import Conflict, Contents, Environment, Plan, RequestShape, Values
    from ccswitch_py.targets.config_file import Credential

_VARIABLES = ("claudeCode.environmentVariables",)
_NO_LOGIN = ("claudeCode.disableLoginPrompt",)
_PROFILE = "CCSWITCH_PROFILE"
"""A variable of our own, by which the profile is recognised."""


def _variable(name: str) -> EntryPath:
    return (*_VARIABLES, Item("name", name), "value")


_NAMES = tuple(str(path[1]) for path in owned_entries.OWNED if path[0] == "env")


class ClaudeCodeInVsCode(ConfigFileTarget):
    """Passes its variables to a Claude Code of its own, whose settings take precedence over them."""

    id = "claude-code-vscode"
    name = "Claude Code for VS Code"
    program = "code"
    is_hosted = True
    protocols = ClaudeCode.protocols
    deliveries = ("plaintext",)
    roles = ClaudeCode.roles
    mode = "exclusive"
    settings_name = ClaudeCode.settings_name
    format_id = "jsonc"
    label = _variable(_PROFILE)
    model = _variable("ANTHROPIC_MODEL")
    address = _variable("ANTHROPIC_BASE_URL")
    credentials = (_variable("ANTHROPIC_AUTH_TOKEN"), _variable("ANTHROPIC_API_KEY"))
    owned = (*map(_variable, (_PROFILE, *_NAMES)), _NO_LOGIN)

    def path(self, env: Environment) -> str:
        home = home_folder(env)
        if sys.platform == "darwin":
            folder = os.path.join(home, "Library", "Application Support")
        elif sys.platform == "win32":
            folder = env.get("APPDATA") or os.path.join(home, "AppData", "Roaming")
        else:
            folder = config_home(env)
        return os.path.join(folder, "Code", "User", self.settings_name)

    def is_secret(self, path: EntryPath, value: Value) -> bool:
        """By the name of the variable."""
        selected = path[1] if len(path) > 1 else None
        return isinstance(selected, Item) and owned_entries.is_secret(("env", selected.value), value)

    def entries(self, launch: Launch, credential: Credential) -> Mapping[EntryPath, Value]:
        settings, token = ClaudeCode().settings(launch)["env"], str(token_variable(launch)[1])
        entries: dict[EntryPath, Value] = {_NO_LOGIN: True, self.label: label_of(launch)}
        entries |= {_variable(name): settings.get(name) for name in _NAMES} | {_variable(token): credential.key}
        if not credential.key:  # not resolved, so keep what the file has
            del entries[_variable(token)]
        return entries

    def plan(self, launch: Launch, own: Values, env: Environment, key: str | None = None) -> Plan:
        """Set a variable of the user's that the profile does not have to ``""``: an item needs a value."""
        ((file, entries),) = super().plan(launch, own, env, key).items()
        empty = {path: "" for path, value in entries.items() if value is None and own(file, path) is not None}
        return {file: {**entries, **empty}}

    def request(self, launch: Launch) -> RequestShape:
        return ClaudeCode().request(launch)

    def conflicts(self, env: Environment, contents: Contents) -> list[Conflict]:
        """Claude Code's own settings, and the variables of the workspace."""
        settings = user_settings_file(env)
        names = (owned_entries.HELPER, *(("env", name) for name in owned_entries.GATEWAY_VARIABLES))
        set_there = {path: value for path, value in values_in(read_text(settings), "json", names).items() if value}
        workspace = in_project(".vscode", self.settings_name)
        found = [overriding(settings, set_there, self.name)] if set_there else []
        if values := values_in(read_text(workspace), self.format_id, (_VARIABLES,)):
            found.append(overriding(workspace, values, self.name))
        return found

    def notes(self, *, in_use: bool) -> list[str]:
        """When it takes effect."""
        return [_("Reload the window of VS Code for this to take effect.")]
