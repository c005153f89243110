"""Claude Desktop with a gateway in place of an account ("third-party inference"), on macOS and Windows.

Written from its documentation (claude.com/docs/third-party/claude-desktop: gateway, credential-helper) and from what
other programs write there; not tested with the program.
"""

from __future__ import annotations

import os
import sys

from ccswitch_py.core.language import _
from ccswitch_py.core.paths import Paths, find_paths, home_folder
from ccswitch_py.core.quoting import command_line
from ccswitch_py.formats.base import Item
from ccswitch_py.live_files.live_file import ANY_HOME, LiveFile
from ccswitch_py.targets.base import Conflict, Ours
from ccswitch_py.targets.config_file import (
    BEARER,
    X_API_KEY,
    ConfigFileTarget,
    is_key,
    key_command,
    label_of,
    profile_of,
    read_text,
    used_models,
    values_in,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from ccswitch_py.formats.base import EntryPath, Value
    from ccswitch_py.model.launch import Launch
    from ccswitch_py.targets.base import Contents, Environment, Plan, Values
    from ccswitch_py.targets.config_file import Credential
    from ccswitch_py.targets.explanation import Explanation
    from ccswitch_py.targets.inspection import Inspection

CONFIGURATION = "cc5317c4-0000-4000-8000-000000000001"
"""The id of our configuration: one that never changes, as each is a file of its own."""
_APPLIED = ("appliedId",)
_NAME = ("entries", Item("id", CONFIGURATION), "name")
_MODE = ("deploymentMode",)
_OURS = ("ccswitch",)
"""An entry of our own next to the mode, which tells ours from the user's."""
_MODELS = ("inferenceModels",)
_API_KEY = ("inferenceGatewayApiKey",)
_HEADERS = ("inferenceGatewayHeaders", "inferenceCustomHeaders")
_SECRETS = (*_API_KEY, *_HEADERS)
_LIBRARY = ("Claude-3p", "configLibrary")
_META, _CONFIG = "_meta.json", "claude_desktop_config.json"
_FIELDS = (
    *("inferenceProvider", "inferenceGatewayBaseUrl", "inferenceGatewayAuthScheme", *_API_KEY),
    *("inferenceCredentialKind", "inferenceCredentialHelper", "inferenceCredentialHelperTtlSec"),
    *_HEADERS,
    *_MODELS,
)
_HELPER_TTL_S = 300
_MODEL_PREFIXES = tuple(
    f"{vendor}claude-{family}-" for vendor in ("", "anthropic/") for family in ("sonnet", "opus", "haiku", "fable")
)
"""The prefixes of the models that it accepts; it refuses a list with any other."""


class ClaudeDesktop(ConfigFileTarget):
    """Has a file for each configuration, one that names the applied one, and two that turn the mode on."""

    id = "claude-desktop"
    name = "Claude Desktop"
    program = "claude-desktop"
    protocols = {"messages": BEARER | X_API_KEY}  # noqa: RUF012
    mode = "exclusive"
    settings_name = f"{CONFIGURATION}.json"
    model = _MODELS
    address = ("inferenceGatewayBaseUrl",)
    credentials = (_API_KEY, ("inferenceCredentialHelper",))
    owned = tuple((name,) for name in _FIELDS)

    def __init__(self, system: str = sys.platform) -> None:
        self._system = system
        self.available = system in ("darwin", "win32")
        self.deliveries = ("plaintext",) if system == "win32" else ("command", "plaintext")

    def path(self, env: Environment) -> str:
        return os.path.join(self._folder(env), *_LIBRARY, self.settings_name)

    def _folder(self, env: Environment) -> str:
        home = home_folder(env)
        if self._system == "win32":
            return env.get("LOCALAPPDATA") or os.path.join(home, "AppData", "Local")
        return os.path.join(home, "Library", "Application Support")

    def is_secret(self, path: EntryPath, value: Value) -> bool:
        """The key, the headers, and an address with a login; what else is named after a credential has none."""
        return (path[0] in _SECRETS and bool(value)) or (path == self.address and is_key(path, value))

    def live_files(self, env: Environment) -> tuple[LiveFile, ...]:
        """The configuration, the file that names the applied one, and those with the mode."""
        if not self.available:
            return ()
        meta = LiveFile(os.path.join(os.path.dirname(self.path(env)), _META), (_NAME, _APPLIED))
        folders = (_LIBRARY[0], "Claude")
        modes = (LiveFile(os.path.join(self._folder(env), folder, _CONFIG), (_MODE, _OURS)) for folder in folders)
        return (*super().live_files(env), meta, *modes)

    def plan(self, launch: Launch, own: Values, env: Environment, key: str | None = None) -> Plan:
        _configuration, meta, *modes = self.live_files(env)
        named: dict[EntryPath, Value] = {_NAME: label_of(launch), _APPLIED: CONFIGURATION}
        mode: dict[EntryPath, Value] = {_MODE: "3p", _OURS: label_of(launch)}
        return {**super().plan(launch, own, env, key), meta: named, **dict.fromkeys(modes, mode)}

    def entries(self, launch: Launch, credential: Credential) -> Mapping[EntryPath, Value]:
        fields: dict[str, Value] = {
            "inferenceProvider": "gateway",
            "inferenceGatewayBaseUrl": launch.base_url,
            "inferenceGatewayAuthScheme": "x-api-key" if launch.auth == "x-api-key" else "bearer",
            "inferenceModels": [one for one in used_models(launch) if one.startswith(_MODEL_PREFIXES)] or None,
        }
        if credential.command:
            (fields["inferenceCredentialHelper"],) = self.scripts(launch)
            fields |= {"inferenceCredentialKind": "helper-script", "inferenceCredentialHelperTtlSec": _HELPER_TTL_S}
        entries = {path: fields.get(str(path[0])) for path in self.owned} | {_API_KEY: credential.key or None}
        if not credential.command and not credential.key:  # not resolved, so keep what the file has
            del entries[_API_KEY]
        return entries

    def scripts(self, launch: Launch) -> Mapping[str, str]:
        """The script that prints the key: the helper gets no arguments."""
        state = launch.state or find_paths({}).state
        command = command_line(key_command(launch).argv())
        path = os.path.join(Paths("", state).launches, self.id, f"{launch.profile}-key")
        return {path: f"#!/bin/sh\nexec {command}\n"} if launch.delivery == "command" else {}

    def key_headers(self, launch: Launch) -> tuple[str, ...]:
        return ("x-api-key",) if launch.auth == "x-api-key" else ("Authorization",)

    def find_ours(self, file: LiveFile, value: Callable[[EntryPath], Value]) -> Ours | None:
        """The profile that an entry names; the configuration itself has none, but the file next to it."""
        folder, name = os.path.split(file.path)
        label = value(_OURS if name == _CONFIG else _NAME)
        if name == self.settings_name and value(self.address) is not None:
            label = values_in(read_text(os.path.join(folder, _META)), "json", (_NAME,)).get(_NAME)
        profile = profile_of(label)
        if profile is None:
            return None
        return Ours(profile, ANY_HOME, tuple(path for path in file.owned if value(path) is not None))

    def explain(self, inspection: Inspection, settings_file: str | None) -> Explanation | None:
        return super().explain(inspection, settings_file) if self.available else None

    def conflicts(self, env: Environment, contents: Contents) -> list[Conflict]:
        """An address and models that it refuses."""
        text = contents[self.live_files(env)[0]] or ""
        values = values_in(text, "json", (self.address, _MODELS))
        found: list[Conflict] = []
        if not str(values.get(self.address, "")).startswith("https://"):
            found.append(Conflict(_("Claude Desktop accepts only https addresses."), _("Choose another provider.")))
        if _MODELS not in values:
            message = _("None of the profile's models has a name that Claude Desktop accepts, such as claude-sonnet-5.")
            found.append(Conflict(message, _("It will offer those of the gateway's list that it accepts.")))
        return found

    def notes(self, *, in_use: bool) -> list[str]:
        """When it takes effect."""
        return [_("Restart Claude Desktop for this to take effect.")]
