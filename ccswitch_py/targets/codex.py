"""OpenAI's Codex CLI: a provider of its config.toml that prints the key with a command. Measured with 0.171.0."""

from __future__ import annotations

import os

from ccswitch_py.core.language import _
from ccswitch_py.core.paths import from_home, home_folder
from ccswitch_py.targets.base import Conflict
from ccswitch_py.targets.config_file import BEARER, PROVIDER_ID, ConfigFileTarget, label_of, values_in

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from ccswitch_py.formats.base import EntryPath, Value
    from ccswitch_py.model.launch import Launch
    from ccswitch_py.targets.base import Contents, Environment
    from ccswitch_py.targets.config_file import Credential

_PROVIDER: EntryPath = ("model_providers", PROVIDER_ID)
_ACTIVE, _WINDOW = ("model_provider",), ("model_context_window",)
_PROFILE = ("profile",)
_KEY_FIELDS = ("auth", "env_key", "experimental_bearer_token")
_OTHER_FIELDS = ("requires_openai_auth", "http_headers", "env_http_headers", "query_params")
"""What a user may have in a provider with this id, and would replace our key."""


class Codex(ConfigFileTarget):
    """Speaks Responses only, and files sessions under the id of the provider."""

    id = "codex"
    name = "Codex"
    program = "codex"
    protocols = {"responses": BEARER}  # noqa: RUF012
    deliveries = ("command", "environment", "plaintext")
    whole = (_PROVIDER,)
    settings_name = "config.toml"
    key_files = ("auth.json",)
    format_id = "toml"
    label = (*_PROVIDER, "name")
    model = ("model",)
    address = (*_PROVIDER, "base_url")
    credentials = tuple((*_PROVIDER, name) for name in _KEY_FIELDS)
    owned = (
        model,
        _ACTIVE,
        _WINDOW,
        *((*_PROVIDER, name) for name in ("name", "base_url", "wire_api", *_KEY_FIELDS, *_OTHER_FIELDS)),
    )
    stale = ("CODEX_API_KEY",)

    def is_secret(self, path: EntryPath, value: Value) -> bool:
        """The command for the key is none: under a heading of its own, no placeholder could stand in its place."""
        return path != self.credentials[0] and super().is_secret(path, value)

    def path(self, env: Environment) -> str:
        folder = env.get("CODEX_HOME") or os.path.join(home_folder(env), ".codex")
        return os.path.join(folder, self.settings_name)

    def entries(self, launch: Launch, credential: Credential) -> Mapping[EntryPath, Value]:
        fields: dict[str, Value] = {"name": label_of(launch), "base_url": launch.base_url, "wire_api": "responses"}
        if credential.command:
            program, *arguments = credential.command
            fields["auth"] = {"command": program, "args": arguments}
        elif credential.variable:
            fields["env_key"] = credential.variable
        else:
            fields["experimental_bearer_token"] = credential.key
        model = launch.models["main"]
        window = launch.options.get("context_window") or launch.context_windows.get(model)
        entries: dict[EntryPath, Value] = {self.model: model, _ACTIVE: PROVIDER_ID, _WINDOW: window}
        return entries | {path: fields.get(str(path[-1])) for path in self.owned if path[:2] == _PROVIDER}

    def conflicts(self, env: Environment, contents: Contents) -> list[Conflict]:
        """A profile of Codex's own that the file selects, with which 0.171 does not start."""
        ((file, text),) = contents.items()
        if not values_in(text or "", self.format_id, (_PROFILE,)):
            return []
        text = _("{tool} does not start with `profile` in {file}.", tool=self.name, file=from_home(file.path))
        return [Conflict(text, _("Remove that line; select it with `codex --profile` instead."))]

    def overrides(self, launch: Launch, entries: Mapping[EntryPath, Value]) -> tuple[Sequence[str], Mapping[str, str]]:
        """Codex takes any entry as ``-c KEY=TOML``."""
        from ccswitch_py.formats import find_format

        fmt = find_format(self.format_id)
        arguments: list[str] = []
        for path, value in entries.items():
            # A table would be dumped with its heading, which is no value.
            parts = {(*path, name): part for name, part in value.items()} if isinstance(value, dict) else {path: value}
            for place, part in parts.items():
                if part is not None:
                    arguments += ["-c", f"{'.'.join(map(str, place))}={fmt.dump(place, part)}"]
        return arguments, {}
