"""Hermes Agent: a provider of its config.yaml, with the key from a variable. Measured with 0.19.0."""

from __future__ import annotations

import os

from ccswitch_py.core.paths import home_folder
from ccswitch_py.targets.config_file import (
    BEARER,
    PROVIDER_ID,
    X_API_KEY,
    ConfigFileTarget,
    label_of,
    limits_of,
    overriding_variables,
    used_models,
    values_in,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

    from ccswitch_py.formats.base import EntryPath, Value
    from ccswitch_py.model.launch import Launch
    from ccswitch_py.model.protocol import Protocol
    from ccswitch_py.targets.base import Conflict, Contents, Environment
    from ccswitch_py.targets.config_file import Credential

_PROVIDER: EntryPath = ("providers", PROVIDER_ID)
_MODES: Mapping[Protocol, str] = {
    "messages": "anthropic_messages",
    "responses": "codex_responses",
    "chat": "chat_completions",
}
_FIELDS = ("name", "base_url", "api_mode", "key_env", "api_key", "default_model", "models")
_OTHER_FIELDS = ("api", "url", "transport", "api_key_env", "model", "enabled", "extra_headers", "extra_body")
"""Aliases of these, and what would change the request."""
_ACTIVE, _LIMIT = ("model", "provider"), ("model", "max_tokens")
_OF_THE_MODEL = ("base_url", "api_key", "api_mode", "context_length")
"""What the user may have set for their own default, which would apply to ours."""


class Hermes(ConfigFileTarget):
    """Probes its gateway at each start for the model lists of several local servers."""

    id = "hermes"
    name = "Hermes Agent"
    program = "hermes"
    protocols = {"messages": X_API_KEY, "responses": BEARER, "chat": BEARER}  # noqa: RUF012
    deliveries = ("environment", "plaintext")
    whole = (_PROVIDER,)
    settings_name = "config.yaml"
    key_files = (".env",)
    format_id = "yaml"
    label = (*_PROVIDER, "name")
    model = ("model", "default")
    address = (*_PROVIDER, "base_url")
    credentials = ((*_PROVIDER, "key_env"), (*_PROVIDER, "api_key"))
    owned = (
        model,
        _ACTIVE,
        _LIMIT,
        *(("model", name) for name in _OF_THE_MODEL),
        *((*_PROVIDER, name) for name in (*_FIELDS, *_OTHER_FIELDS)),
    )
    stale = ("HERMES_INFERENCE_PROVIDER", "HERMES_INFERENCE_MODEL")

    def path(self, env: Environment) -> str:
        folder = env.get("HERMES_HOME") or os.path.join(home_folder(env), ".hermes")
        return os.path.join(folder, self.settings_name)

    def entries(self, launch: Launch, credential: Credential) -> Mapping[EntryPath, Value]:
        main = launch.models["main"]
        windows = {model: limits_of(launch, model)[0] for model in used_models(launch)}
        fields: dict[str, Value] = {
            "name": label_of(launch),
            "base_url": launch.base_url,
            "api_mode": _MODES[launch.protocol],
            "key_env": credential.variable or None,
            "api_key": credential.key or None,
            "default_model": main,
            "models": {model: {"context_length": window} if window else {} for model, window in windows.items()},
        }
        entries: dict[EntryPath, Value] = dict.fromkeys(self.owned)
        entries |= {self.model: main, _ACTIVE: PROVIDER_ID, _LIMIT: limits_of(launch, main)[1]}
        return entries | {(*_PROVIDER, name): value for name, value in fields.items()}

    def conflicts(self, env: Environment, contents: Contents) -> list[Conflict]:
        """Variables of its ``.env``, which Hermes reads over its environment."""
        ((file, text),) = contents.items()
        variable = values_in(text or "", self.format_id, self.credentials[:1]).get(self.credentials[0], "")
        path = os.path.join(os.path.dirname(file.path), ".env")
        return overriding_variables(path, (*self.stale, variable), self.name)
