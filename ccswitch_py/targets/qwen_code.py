"""Qwen Code: a provider of its settings.json that reads the key from a variable. Measured with 0.24.4."""

from __future__ import annotations

import os
import sys

from ccswitch_py.targets.config_file import (
    BEARER,
    GOOGLE_KEY,
    KEY_VARIABLE,
    NO_KEY,
    PROVIDER_ID,
    ConfigFileTarget,
    in_project,
    label_of,
    limits_of,
    overriding,
    read_text,
    used_models,
    values_in,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from typing import Any

    from ccswitch_py.formats.base import EntryPath, Value
    from ccswitch_py.live_files.live_file import LiveFile, Ours
    from ccswitch_py.model.launch import Launch
    from ccswitch_py.targets.base import Conflict, Contents, Environment
    from ccswitch_py.targets.config_file import Credential

_AUTH_TYPE: EntryPath = ("security", "auth", "selectedType")
_MODELS: EntryPath = ("modelProviders", PROVIDER_ID)
_PROTOCOL: EntryPath = ("providerProtocol", PROVIDER_ID)
_VARIABLE: EntryPath = ("env", KEY_VARIABLE)
_FAST_MODEL: EntryPath = ("fastModel",)
_AUTH_TYPES = {"messages": "anthropic", "responses": "openai", "chat": "openai", "gemini": "gemini"}
_THINKING_BUDGET = 32000
"""What it asks for over Messages, in tokens, even where that is more than ``max_tokens``."""
_ADMINISTRATORS_FILES = {
    "darwin": "/Library/Application Support/QwenCode/settings.json",
    "linux": "/etc/qwen-code/settings.json",
}


class QwenCode(ConfigFileTarget):
    """Speaks all four protocols, and sends a bearer token over Messages too."""

    id = "qwen-code"
    name = "Qwen Code"
    program = "qwen"
    protocols = {"messages": BEARER, "responses": BEARER, "chat": BEARER, "gemini": GOOGLE_KEY}  # noqa: RUF012
    deliveries = ("environment", "plaintext")
    whole = (_MODELS, _PROTOCOL, _VARIABLE)
    settings_name = "settings.json"
    key_files = (".env",)
    format_id = "json-comments"
    label = (*_MODELS, "description")
    model = ("model", "name")
    address = ("model", "baseUrl")
    credential = _MODELS
    owned = (
        _AUTH_TYPE,
        *(("security", "auth", name) for name in ("apiKey", "baseUrl")),
        model,
        address,
        _FAST_MODEL,
        _MODELS,
        _PROTOCOL,
        _VARIABLE,
    )

    def path(self, env: Environment) -> str:
        folder = env.get("QWEN_HOME") or os.path.join(env.get("HOME", ""), ".qwen")
        return os.path.join(os.path.abspath(os.path.expanduser(folder)), self.settings_name)

    def entries(self, launch: Launch, credential: Credential) -> Mapping[EntryPath, Value]:
        protocol, main = _AUTH_TYPES[launch.protocol], launch.models["main"]
        entries: dict[EntryPath, Value] = dict.fromkeys(self.owned)
        entries |= {_AUTH_TYPE: protocol, _PROTOCOL: protocol, self.model: main, self.address: launch.base_url}
        # Where the variable is unset, Qwen Code sends a key of the shell: one of another provider.
        entries |= {_FAST_MODEL: launch.models.get("haiku"), _VARIABLE: credential.key or NO_KEY}
        entries[_MODELS] = [_model(launch, model) for model in used_models(launch)]
        return entries

    def key_headers(self, launch: Launch) -> tuple[str, ...]:
        """Over Messages it sends a bearer token, and nothing else."""
        return ("Authorization",) if launch.protocol == "messages" else super().key_headers(launch)

    def find_ours(self, file: LiveFile, value: Callable[[EntryPath], Value]) -> Ours | None:
        """The description of our first model names the profile."""
        match value(_MODELS):
            case [{"description": str() as label}, *_rest]:
                return super().find_ours(file, lambda path: label if path == self.label else value(path))
            case _:
                return None

    def conflicts(self, env: Environment, contents: Contents) -> list[Conflict]:
        """What a project's and the administrator's settings say of our entries; their providers replace ours."""
        (own,) = contents
        paths = (_AUTH_TYPE, self.model, self.address, _FAST_MODEL, ("modelProviders",), ("providerProtocol",))
        found: list[Conflict] = []
        for path in (in_project(".qwen", self.settings_name), _ADMINISTRATORS_FILES.get(sys.platform, "")):
            if path != own.path and (values := values_in(read_text(path), self.format_id, paths)):
                found.append(overriding(path, values, self.name))
        return found


def _model(launch: Launch, model: str) -> Value:
    window, output = limits_of(launch, model)
    config: dict[str, Any] = {"contextWindowSize": window} if window else {}
    if output:
        config["samplingParams"] = {"max_tokens": output}
        if launch.protocol == "messages" and output <= _THINKING_BUDGET:
            config["reasoning"] = {"budget_tokens": output // 2}
    fields: dict[str, Any] = {"id": model, "name": model, "description": label_of(launch)}
    fields |= {"wireApi": "responses"} if launch.protocol == "responses" else {}
    fields |= {"envKey": KEY_VARIABLE, "baseUrl": launch.base_url}
    return fields | ({"generationConfig": config} if config else {})
