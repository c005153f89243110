"""Hermes Agent: a provider of its config.yaml, with the key from a variable. Measured with 0.19.0."""

from __future__ import annotations

import os

from ccswitch_py.targets.config_file import (
    BEARER,
    PROVIDER_ID,
    X_API_KEY,
    ConfigFileTarget,
    label_of,
    limits_of,
    used_models,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

    from ccswitch_py.formats.base import EntryPath, Value
    from ccswitch_py.model.launch import Launch
    from ccswitch_py.model.protocol import Protocol
    from ccswitch_py.targets.base import Environment
    from ccswitch_py.targets.config_file import Credential

_PROVIDER: EntryPath = ("providers", PROVIDER_ID)
_MODES: Mapping[Protocol, str] = {
    "messages": "anthropic_messages",
    "responses": "codex_responses",
    "chat": "chat_completions",
}
_FIELDS = ("name", "base_url", "api_mode", "key_env", "api_key", "default_model", "models")
_OTHER_FIELDS = ("api", "url", "transport", "api_key_env", "model", "enabled", "extra_headers", "extra_body")
"""Other names of the same, and what would send another request than ours."""
_ACTIVE, _LIMIT = ("model", "provider"), ("model", "max_tokens")
_OF_THE_MODEL = ("base_url", "api_key", "api_mode", "context_length")
"""What the user's own default may have beside it, which would hold for ours."""


class Hermes(ConfigFileTarget):
    """Asks its gateway for more than answers when it starts: it looks for the lists of several local servers."""

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
    credential = (*_PROVIDER, "key_env")
    owned = (
        model,
        _ACTIVE,
        _LIMIT,
        *(("model", name) for name in _OF_THE_MODEL),
        *((*_PROVIDER, name) for name in (*_FIELDS, *_OTHER_FIELDS)),
    )
    stale = ("HERMES_INFERENCE_PROVIDER", "HERMES_INFERENCE_MODEL")

    def path(self, env: Environment) -> str:
        folder = env.get("HERMES_HOME") or os.path.join(env.get("HOME", ""), ".hermes")
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
