"""Charm's Crush: a provider of its crush.json that prints the key with a command.

Written from the documentation (docs/config/README.md, schema.json) and the source (internal/config, internal/agent) of
0.9x; not tested with the program.
"""

from __future__ import annotations

import os

from ccswitch_py.core.language import _
from ccswitch_py.core.paths import config_home, data_home, from_home
from ccswitch_py.core.quoting import command_line
from ccswitch_py.targets.base import Conflict
from ccswitch_py.targets.config_file import (
    ANY_HEADER,
    BEARER,
    PROVIDER_ID,
    ConfigFileTarget,
    in_project,
    label_of,
    limits_of,
    used_models,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

    from ccswitch_py.formats.base import EntryPath, Value
    from ccswitch_py.model.launch import Launch
    from ccswitch_py.targets.base import Contents, Environment
    from ccswitch_py.targets.config_file import Credential

_PROVIDER: EntryPath = ("providers", PROVIDER_ID)
_TYPE, _MODELS, _HEADERS = (*_PROVIDER, "type"), (*_PROVIDER, "models"), (*_PROVIDER, "extra_headers")
_TYPES = {"messages": "anthropic", "chat": "openai-compat"}
_ROLES = {"large": "main", "small": "haiku"}
_PICKS: tuple[EntryPath, ...] = tuple(("models", size, name) for size in _ROLES for name in ("model", "provider"))


class Crush(ConfigFileTarget):
    """Merges its JSON with a Bash script next to it, which takes precedence, and with models picked on its screen."""

    id = "crush"
    name = "Crush"
    program = "crush"
    protocols = {"messages": ANY_HEADER, "chat": BEARER}  # noqa: RUF012
    deliveries = ("command", "environment", "plaintext")
    commands = ("$(",)
    whole = (_PROVIDER,)
    settings_name = "crush.json"
    label = (*_PROVIDER, "name")
    model = ("models", "large", "model")
    address = (*_PROVIDER, "base_url")
    credentials = ((*_PROVIDER, "api_key"),)
    owned = (label, _TYPE, address, *credentials, _HEADERS, _MODELS, *_PICKS)

    def path(self, env: Environment) -> str:
        folder = env.get("CRUSH_GLOBAL_CONFIG") or os.path.join(config_home(env), "crush")
        return os.path.join(folder, self.settings_name)

    def entries(self, launch: Launch, credential: Credential) -> Mapping[EntryPath, Value]:
        key = credential.key
        if credential.command:
            key = f"$({command_line(credential.command)})"  # its own Bash runs it, on every system
        elif credential.variable:
            key = f"${credential.variable}"
        if launch.protocol == "messages" and self.key_headers(launch) == ("Authorization",):
            key = f"Bearer {key}"
        main = launch.models["main"]
        entries: dict[EntryPath, Value] = {
            self.label: label_of(launch),
            _TYPE: _TYPES[launch.protocol],
            self.address: launch.base_url,
            self.credentials[0]: key,
            _HEADERS: None,
            _MODELS: [_model(launch, model) for model in used_models(launch)],
        }
        for size, role in _ROLES.items():
            entries["models", size, "model"] = launch.models.get(role, main)
            entries["models", size, "provider"] = PROVIDER_ID
        return entries

    def redirections(self, env: Environment) -> list[Conflict]:
        """Another model, or another provider of our name, in a project's files."""
        files = [in_project(file) for file in (self.settings_name, f".{self.settings_name}")]
        return self.files_overriding(files, (*_PICKS, _PROVIDER), env)

    def conflicts(self, env: Environment, contents: Contents) -> list[Conflict]:
        """The script, the models picked on the screen, and the project's files."""
        own, name = self.path(env), self.name
        picked = os.path.join(env.get("CRUSH_GLOBAL_DATA") or os.path.join(data_home(env), "crush"), self.settings_name)
        found = self.files_overriding([picked], (*_PICKS, _PROVIDER), env) + self.redirections(env)
        scripts = (os.path.join(os.path.dirname(own), "crushrc"), in_project("crushrc"), in_project(".crushrc"))
        for script in filter(os.path.exists, scripts):
            text = _("{file} overrides the profile in {tool} if it sets a model.", file=from_home(script), tool=name)
            found.append(Conflict(text, _("Look for `model large` and `model small` there.")))
        return found


def _model(launch: Launch, model: str) -> Value:
    window, output = limits_of(launch, model)
    limits = {"context_window": window, "default_max_tokens": output}
    return {"id": model, "name": model, **{name: value for name, value in limits.items() if value}}
