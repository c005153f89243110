"""claude-code-router: a provider of its config.json, and the routes that use it. Measured with 2.0.0."""

from __future__ import annotations

import os

from ccswitch_py.core.language import _
from ccswitch_py.core.paths import home_folder
from ccswitch_py.formats.base import Item
from ccswitch_py.targets.config_file import (
    ANY_HEADER,
    BEARER,
    GOOGLE_KEY,
    PROVIDER_ID,
    ConfigFileTarget,
    label_of,
    overriding,
    used_models,
    values_in,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

    from ccswitch_py.formats.base import EntryPath, Value
    from ccswitch_py.model.launch import Launch
    from ccswitch_py.targets.base import Conflict, Contents, Environment
    from ccswitch_py.targets.config_file import Credential

_PROVIDER: EntryPath = ("Providers", Item("name", PROVIDER_ID))
_MODELS, _TRANSFORMER = (*_PROVIDER, "models"), (*_PROVIDER, "transformer")
_ROUTES = {"default": "main", "background": "haiku", "think": "opus"}
"""The role whose model a route uses."""
_OTHER_ROUTES = tuple(("Router", name) for name in ("longContext", "webSearch", "image"))
"""Without them, the default route is used."""
_CUSTOM_ROUTER = ("CUSTOM_ROUTER_PATH",)
_ENDPOINTS = {
    "messages": ("/v1/messages", ["Anthropic"]),
    "responses": ("/responses", ["openai-responses"]),
    "chat": ("/chat/completions", None),
    "gemini": ("/v1beta/models/", ["gemini"]),
}
"""The suffix of a base URL, and the transformers that make requests of the protocol."""


class ClaudeCodeRouter(ConfigFileTarget):
    """A gateway on this machine, through which Claude Code is started."""

    id = "claude-code-router"
    name = "claude-code-router"
    program = "ccr"
    start_arguments = ("restart",)
    protocols = {"messages": ANY_HEADER, "chat": BEARER, "responses": BEARER, "gemini": GOOGLE_KEY}  # noqa: RUF012
    deliveries = ("environment", "plaintext")
    whole = (_PROVIDER,)
    settings_name = "config.json"
    key_files = (".env",)
    format_id = "json5"
    label = (*_PROVIDER, PROVIDER_ID)
    """An entry of our own, which the router ignores: it cannot be the provider's name, which the routes refer to."""
    model = ("Router", "default")
    address = (*_PROVIDER, "api_base_url")
    credentials = ((*_PROVIDER, "api_key"),)
    owned = (
        label,
        address,
        *credentials,
        _MODELS,
        _TRANSFORMER,
        *(("Router", route) for route in _ROUTES),
        *_OTHER_ROUTES,
    )

    def path(self, env: Environment) -> str:
        return os.path.join(home_folder(env), ".claude-code-router", self.settings_name)

    def entries(self, launch: Launch, credential: Credential) -> Mapping[EntryPath, Value]:
        ending, transformers = _ENDPOINTS[launch.protocol]
        entries: dict[EntryPath, Value] = dict.fromkeys(_OTHER_ROUTES)
        entries |= {
            self.label: label_of(launch),
            self.address: launch.base_url + ending,
            self.credentials[0]: credential.key or f"${credential.variable}",
            _MODELS: used_models(launch),
            _TRANSFORMER: transformers and {"use": transformers},
        }
        main = launch.models["main"]
        return entries | {
            ("Router", route): f"{PROVIDER_ID},{launch.models.get(role, main)}" for route, role in _ROUTES.items()
        }

    def key_headers(self, launch: Launch) -> tuple[str, ...]:
        """Both for Messages, whatever the options of its transformer say."""
        return ("Authorization", "x-api-key") if launch.protocol == "messages" else super().key_headers(launch)

    def conflicts(self, env: Environment, contents: Contents) -> list[Conflict]:
        """A custom router of the user's, which takes precedence over the routes."""
        ((file, text),) = contents.items()
        found = values_in(text or "", self.format_id, (_CUSTOM_ROUTER,))
        return [overriding(file.path, found, self.name)] if found.get(_CUSTOM_ROUTER) else []

    def notes(self, *, in_use: bool) -> list[str]:
        """That it reads its file only when it starts."""
        return [] if in_use else [_("A router that is running keeps its providers until it is restarted.")]
