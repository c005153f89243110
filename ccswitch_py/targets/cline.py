"""Cline's command line tool: one of its built-in providers, with the key in plaintext. Measured with 3.0.65."""

from __future__ import annotations

import os

from ccswitch_py.core.language import _
from ccswitch_py.core.paths import home_folder
from ccswitch_py.live_files.live_file import ANY_HOME
from ccswitch_py.targets.base import Conflict, Ours
from ccswitch_py.targets.config_file import (
    BEARER,
    GOOGLE_KEY,
    X_API_KEY,
    ConfigFileTarget,
    is_key,
    label_of,
    limits_of,
    profile_of,
    shown_address,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from ccswitch_py.formats.base import EntryPath, Value
    from ccswitch_py.live_files.live_file import LiveFile
    from ccswitch_py.model.launch import Launch
    from ccswitch_py.model.protocol import Protocol
    from ccswitch_py.targets.base import Contents, Environment, Values
    from ccswitch_py.targets.config_file import Credential

_PROVIDERS: Mapping[Protocol, tuple[str, str]] = {
    "messages": ("anthropic", "/v1"),
    "responses": ("openai-native", ""),
    "chat": ("openai-compatible", ""),
    "gemini": ("gemini", "/v1beta"),
}
"""The id of each protocol's provider, and the suffix of its base URL. Cline runs no provider with another id."""

_LAST_USED = ("lastUsedProvider",)
_LABEL = ("settings", "auth", "metadata", "name")
"""Metadata is the one place for a text of ours that Cline keeps when it writes its file."""
_UPDATED = ("updatedAt",)
_SETTINGS = ("provider", "apiKey", "model", "baseUrl", "maxTokens", "contextWindow")
_OTHER_SETTINGS = ("headers", "protocol", "client", "routingProviderId")
"""Would replace our key, or send it differently."""
_FIELDS: tuple[tuple[str, ...], ...] = (
    *(("settings", name) for name in (*_SETTINGS, *_OTHER_SETTINGS)),
    ("settings", "auth", "apiKey"),
    ("settings", "auth", "accessToken"),
    _LABEL,
    _UPDATED,
    ("tokenSource",),
)
_WRITTEN = "2026-01-01T00:00:00.000Z"
"""Cline demands the time of the last change, and writes its own when it starts."""


class Cline(ConfigFileTarget):
    """Reads its key from its file alone, and rewrites that file at each start, without what it does not know."""

    id = "cline"
    name = "Cline"
    program = "cline"
    protocols = {"messages": X_API_KEY, "responses": BEARER, "chat": BEARER, "gemini": GOOGLE_KEY}  # noqa: RUF012
    deliveries = ("plaintext",)
    settings_name = "providers.json"
    empty = '{\n  "version": 1\n}\n'
    owned = (
        _LAST_USED,
        *(("providers", provider, *field) for provider, _end in _PROVIDERS.values() for field in _FIELDS),
    )
    volatile = tuple(("providers", provider, *_UPDATED) for provider, _end in _PROVIDERS.values())

    def path(self, env: Environment) -> str:
        home = env.get("CLINE_DIR") or os.path.join(home_folder(env), ".cline")
        data = env.get("CLINE_DATA_DIR") or os.path.join(home, "data")
        return env.get("CLINE_PROVIDER_SETTINGS_PATH") or os.path.join(data, "settings", self.settings_name)

    def is_secret(self, path: EntryPath, value: Value) -> bool:
        return path[-1] != "tokenSource" and is_key(path, value)

    def entries(self, launch: Launch, credential: Credential) -> Mapping[EntryPath, Value]:
        provider, end = _PROVIDERS[launch.protocol]
        model = launch.models["main"]
        window, output = limits_of(launch, model)
        fields: dict[tuple[str, ...], Value] = {
            ("settings", "provider"): provider,
            ("settings", "apiKey"): credential.key,
            ("settings", "model"): model,
            ("settings", "baseUrl"): launch.base_url + end,
            ("settings", "maxTokens"): output,
            ("settings", "contextWindow"): window,
            _LABEL: label_of(launch),
            _UPDATED: _WRITTEN,
            ("tokenSource",): "manual",
        }
        entries: dict[EntryPath, Value] = {_LAST_USED: provider}
        entries |= {("providers", provider, *field): fields.get(field) for field in _FIELDS}
        if not credential.key:  # not resolved, so keep what the file has
            del entries["providers", provider, "settings", "apiKey"]
        return entries

    def find_ours(self, file: LiveFile, value: Callable[[EntryPath], Value]) -> Ours | None:
        """The profile that the label of one of the providers names."""
        for provider, _end in _PROVIDERS.values():
            if profile := profile_of(value(("providers", provider, *_LABEL))):
                ours = [path for path in file.owned if path[:2] == ("providers", provider) and value(path) is not None]
                if value(_LAST_USED) == provider:
                    ours.append(_LAST_USED)
                return Ours(profile, ANY_HOME, tuple(ours))
        return None

    def deciding_entries(self, value: Callable[[EntryPath], Value]) -> Mapping[str, Sequence[EntryPath]]:
        """Those of the provider that it used last."""
        settings: EntryPath = ("providers", str(value(_LAST_USED)), "settings")
        fields = {"address": "baseUrl", "key": "apiKey", "model": "model"}
        return {part: ((*settings, name),) for part, name in fields.items()}

    def base_url(self, current: Values, env: Environment) -> str | None:
        file = self.live_files(env)[0]
        value = current(file, ("providers", str(current(file, _LAST_USED)), "settings", "baseUrl"))
        return shown_address(value)

    def conflicts(self, env: Environment, contents: Contents) -> list[Conflict]:
        """A file without its version, which Cline replaces by an empty one."""
        text = contents[self.live_files(env)[0]]
        if text is None or self.live_files(env)[0].format.spans(text, [("version",)]):
            return []
        return [
            Conflict(
                _('Cline does not read its {file} without `"version": 1`.', file=self.settings_name),
                _("Add that entry, or remove the file, and try again."),
                blocking=True,
            )
        ]

    def notes(self, *, in_use: bool) -> list[str]:
        """What runs already keeps its provider."""
        return [_("Running sessions of {tool} keep their provider until they are restarted.", tool=self.name)]
