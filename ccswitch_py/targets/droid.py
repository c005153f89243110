"""Factory's Droid: custom models of its settings.json, with the key from a variable. Measured with 0.215.0."""

from __future__ import annotations

import os

from ccswitch_py.core.paths import home_folder
from ccswitch_py.formats.base import Item
from ccswitch_py.targets.config_file import (
    BEARER,
    PROVIDER_ID,
    X_API_KEY,
    ConfigFileTarget,
    label_of,
    limits_of,
    project_folders,
    used_models,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

    from ccswitch_py.formats.base import EntryPath, Value
    from ccswitch_py.model.launch import Launch
    from ccswitch_py.model.protocol import Protocol
    from ccswitch_py.targets.base import Conflict, Environment
    from ccswitch_py.targets.config_file import Credential

_PROVIDERS: Mapping[Protocol, str] = {
    "messages": "anthropic",
    "responses": "openai",
    "chat": "generic-chat-completion-api",
}
_IDS = tuple(f"custom:{PROVIDER_ID}-{number}" for number in range(6))
"""One for each role, as Droid names custom models."""
_ITEMS: tuple[EntryPath, ...] = tuple(("customModels", Item("id", id_)) for id_ in _IDS)
_FIELDS = ("model", "index", "baseUrl", "apiKey", "displayName", "maxOutputTokens", "provider", "extraHeaders")
_PROJECT_NAMES = ("settings.json", "settings.local.json")
_SESSION_MODEL = ("sessionDefaultSettings", "model")


class Droid(ConfigFileTarget):
    """Needs no Factory login for custom models."""

    id = "droid"
    name = "Droid"
    program = "droid"
    protocols = {"messages": X_API_KEY, "responses": BEARER, "chat": BEARER}  # noqa: RUF012
    deliveries = ("environment", "plaintext")
    whole = _ITEMS
    settings_name = "settings.json"
    format_id = "json-comments"
    model = ("model",)
    label = (*_ITEMS[0], "displayName")
    address = (*_ITEMS[0], "baseUrl")
    credentials = ((*_ITEMS[0], "apiKey"),)
    owned = (*((*item, name) for item in _ITEMS for name in _FIELDS), _SESSION_MODEL, model)

    def path(self, env: Environment) -> str:
        return os.path.join(home_folder(env), ".factory", self.settings_name)

    def entries(self, launch: Launch, credential: Credential) -> Mapping[EntryPath, Value]:
        entries: dict[EntryPath, Value] = dict.fromkeys(self.owned)
        for number, model in enumerate(used_models(launch)):
            values = {
                "model": model,
                "index": number,
                "baseUrl": launch.base_url,
                "apiKey": credential.key or f"${{{credential.variable}}}",
                "displayName": label_of(launch) if number == 0 else f"{model}, {label_of(launch)}",
                "maxOutputTokens": limits_of(launch, model)[1],
                "provider": _PROVIDERS[launch.protocol],
            }
            entries |= {(*_ITEMS[number], name): value for name, value in values.items()}
        return entries | {_SESSION_MODEL: _IDS[0], self.model: _IDS[0]}

    def redirections(self, env: Environment) -> list[Conflict]:
        """Another default model, or models under our ids, in a project's settings."""
        files = [os.path.join(folder, ".factory", name) for folder in project_folders() for name in _PROJECT_NAMES]
        return self.files_overriding(files, self.owned, env)
