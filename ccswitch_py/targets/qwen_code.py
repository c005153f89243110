"""Qwen Code: a provider of its settings.json that reads the key from a variable. Measured with 0.24.4."""

from __future__ import annotations

import os
import sys

from ccswitch_py.core.paths import home_folder
from ccswitch_py.model.launch import PASSED_KEY
from ccswitch_py.targets.config_file import (
    BEARER,
    GOOGLE_KEY,
    PROVIDER_ID,
    PROXIES,
    ConfigFileTarget,
    both_cases,
    in_project,
    label_of,
    limits_of,
    nearest_dotenv,
    overriding_variables,
    used_models,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from typing import Any

    from ccswitch_py.formats.base import EntryPath, Value
    from ccswitch_py.model.launch import Launch
    from ccswitch_py.targets.base import Conflict, Environment
    from ccswitch_py.targets.config_file import Credential

_AUTH_TYPE: EntryPath = ("security", "auth", "selectedType")
_MODELS: EntryPath = ("modelProviders", PROVIDER_ID)
_PROTOCOL: EntryPath = ("providerProtocol", PROVIDER_ID)
_VARIABLE: EntryPath = ("env", PASSED_KEY)
"""The same for every profile, so that it can be owned: it refers to the profile's own variable."""
_FAST_MODEL: EntryPath = ("fastModel",)
_AUTH_TYPES = {"messages": "anthropic", "responses": "openai", "chat": "openai", "gemini": "gemini"}
_REDIRECTING: tuple[EntryPath, ...] = (
    _AUTH_TYPE,
    *(("model", name) for name in ("name", "baseUrl")),
    ("model", "generationConfig", "customHeaders"),
    _FAST_MODEL,
    *((name,) for name in ("modelProviders", "providerProtocol", "proxy")),
)
"""Where settings that go before ours name another model, address, header or proxy; their providers replace ours."""
_DOTENV = (".qwen/.env", ".env")
_THINKING_BUDGET = 32000
"""What it asks for over Messages, in tokens, even if that exceeds ``max_tokens``."""
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
    model = ("model", "name")
    address = ("model", "baseUrl")
    credentials = (_VARIABLE,)
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
        folder = env.get("QWEN_HOME") or os.path.join(home_folder(env), ".qwen")
        return os.path.join(os.path.abspath(os.path.expanduser(folder)), self.settings_name)

    def entries(self, launch: Launch, credential: Credential) -> Mapping[EntryPath, Value]:
        protocol, main = _AUTH_TYPES[launch.protocol], launch.models["main"]
        entries: dict[EntryPath, Value] = dict.fromkeys(self.owned)
        entries |= {_AUTH_TYPE: protocol, _PROTOCOL: protocol, self.model: main, self.address: launch.base_url}
        # Where it had no value, Qwen Code would send a key of the shell: one of another provider.
        entries |= {_FAST_MODEL: launch.models.get("haiku"), _VARIABLE: credential.key or f"${{{credential.variable}}}"}
        entries[_MODELS] = [_model(launch, model) for model in used_models(launch)]
        return entries

    def key_headers(self, launch: Launch) -> tuple[str, ...]:
        """Over Messages it sends a bearer token, and nothing else."""
        return ("Authorization",) if launch.protocol == "messages" else super().key_headers(launch)

    def find_label(self, value: Callable[[EntryPath], Value]) -> Value:
        """The description of our first model."""
        match value(_MODELS):
            case [{"description": str() as label}, *_rest]:
                return label
            case _:
                return None

    def redirections(self, env: Environment) -> list[Conflict]:
        """What a project's and the administrator's settings, and a project's variables, send elsewhere."""
        proxies = [] if any(map(env.get, both_cases(PROXIES))) else both_cases(PROXIES)
        paths = (*_REDIRECTING, *(("env", name) for name in proxies))
        files = (in_project(".qwen", self.settings_name), _ADMINISTRATORS_FILES.get(sys.platform, ""))
        found = overriding_variables(nearest_dotenv(_DOTENV, env), proxies, self.name)
        return [*self.files_overriding(files, paths, env), *found]


def _model(launch: Launch, model: str) -> Value:
    window, output = limits_of(launch, model)
    config: dict[str, Any] = {"contextWindowSize": window} if window else {}
    if output:
        config["samplingParams"] = {"max_tokens": output}
        if launch.protocol == "messages" and output <= _THINKING_BUDGET:
            config["reasoning"] = {"budget_tokens": output // 2}
    fields: dict[str, Any] = {"id": model, "name": model, "description": label_of(launch)}
    fields |= {"wireApi": "responses"} if launch.protocol == "responses" else {}
    fields |= {"envKey": PASSED_KEY, "baseUrl": launch.base_url}
    return fields | ({"generationConfig": config} if config else {})
