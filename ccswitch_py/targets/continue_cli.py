"""Continue: models of its config.yaml, with the key from a variable. Measured with its program cn 1.5.47."""

from __future__ import annotations

import os

from ccswitch_py.core.errors import BadInput
from ccswitch_py.core.language import _
from ccswitch_py.core.paths import home_folder
from ccswitch_py.formats.base import Item
from ccswitch_py.live_files.live_file import LiveFile
from ccswitch_py.targets.config_file import (
    BEARER,
    GOOGLE_KEY,
    PROVIDER_ID,
    X_API_KEY,
    ConfigFileTarget,
    label_of,
    limits_of,
    refers_to_ours,
    used_models,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from ccswitch_py.formats.base import EntryPath, Value
    from ccswitch_py.live_files.live_file import Ours
    from ccswitch_py.model.launch import Launch
    from ccswitch_py.model.protocol import Protocol, Role
    from ccswitch_py.targets.base import Environment, Plan, RunSpec, Values
    from ccswitch_py.targets.config_file import Credential

_PROVIDERS: Mapping[Protocol, tuple[str, str]] = {
    "messages": ("anthropic", "/v1"),
    "responses": ("openai", ""),
    "chat": ("openai", ""),
    "gemini": ("gemini", "/v1beta"),
}
"""What Continue calls a protocol, and the suffix of its base URL."""
_OVER_RESPONSES = ("gpt-5", *(f"o{digit}" for digit in range(10)))
"""The prefixes of the models that it calls over Responses, whatever its settings; all others go over Chat."""
_ROLES: tuple[Role, ...] = ("main", "haiku", "sonnet", "opus", "fable", "subagent")
_ITEMS: Mapping[Role, EntryPath] = {role: ("models", Item("name", f"{PROVIDER_ID} {role}")) for role in _ROLES}
_FIELDS = ("provider", "model", "apiBase", "apiKey", "roles", "defaultCompletionOptions")
_OTHER_FIELDS = ("requestOptions", "env", "useResponsesApi", "useLegacyCompletionsEndpoint")
"""Would change the request."""
_GEMINI_ADDRESS = "GOOGLE_GEMINI_BASE_URL"
_SELECTED: EntryPath = ("cliSelectedModel",)
_SELECTED_MODEL = f"{PROVIDER_ID} main"


class Continue(ConfigFileTarget):
    """Has models instead of a provider, and keeps the chosen one in another file."""

    id = "continue"
    name = "Continue"
    program = "cn"
    protocols = {"messages": X_API_KEY, "responses": BEARER, "chat": BEARER, "gemini": GOOGLE_KEY}  # noqa: RUF012
    deliveries = ("environment", "plaintext")
    whole = (("metadata", PROVIDER_ID), *_ITEMS.values())
    settings_name = "config.yaml"
    key_files = (".env",)
    format_id = "yaml"
    empty = "name: Local Config\nversion: 1.0.0\nschema: v1\n"
    label = ("metadata", PROVIDER_ID)
    model = (*_ITEMS["main"], "model")
    address = (*_ITEMS["main"], "apiBase")
    credentials = ((*_ITEMS["main"], "apiKey"),)
    owned = (label, *((*item, name) for item in _ITEMS.values() for name in (*_FIELDS, *_OTHER_FIELDS)))

    stale = ("ANTHROPIC_API_KEY", "CONTINUE_USE_BEDROCK")
    """With the first, cn -p adds a model of Anthropic's to its file, with that key in plaintext."""

    def speaks(self, protocol: Protocol, model: str) -> bool:
        is_over_responses = model.lower().startswith(_OVER_RESPONSES)
        return is_over_responses if protocol == "responses" else protocol != "chat" or not is_over_responses

    def path(self, env: Environment) -> str:
        folder = env.get("CONTINUE_GLOBAL_DIR") or os.path.join(home_folder(env), ".continue")
        return os.path.join(folder, self.settings_name)

    def live_files(self, env: Environment) -> tuple[LiveFile, ...]:
        """Its models, and which one cn uses."""
        state = os.path.join(os.path.dirname(self.path(env)), "index", "globalContext.json")
        return (*super().live_files(env), LiveFile(state, (_SELECTED,), refers_to_ours=refers_to_ours))

    def plan(self, launch: Launch, own: Values, env: Environment, key: str | None = None) -> Plan:
        return {**super().plan(launch, own, env, key), self.live_files(env)[1]: {_SELECTED: _SELECTED_MODEL}}

    def entries(self, launch: Launch, credential: Credential) -> Mapping[EntryPath, Value]:
        provider, end = _PROVIDERS[launch.protocol]
        if credential.key and launch.protocol == "gemini":
            raise BadInput(
                _("Over gemini, Continue would send a key in its file to Google: it ignores the file's address."),
                _(
                    "Run `ccswitch edit {name} --delivery environment --target {target}` first.",
                    name=launch.profile,
                    target=self.id,
                ),
            )
        entries: dict[EntryPath, Value] = dict.fromkeys(self.owned)
        entries[self.label] = label_of(launch)
        roles: dict[str, Role] = {model: role for role in reversed(_ROLES) if (model := launch.models.get(role))}
        for model in filter(lambda model: self.speaks(launch.protocol, model), used_models(launch)):
            window, output = limits_of(launch, model)
            limits = {"contextLength": window, "maxTokens": output}
            values: dict[str, Value] = {
                "provider": provider,
                "model": model,
                "apiBase": launch.base_url + end,
                "apiKey": credential.key or f"${{{{ secrets.{credential.variable} }}}}",
                "roles": ["chat", "edit", "apply"],
                "defaultCompletionOptions": {name: limit for name, limit in limits.items() if limit} or None,
            }
            entries |= {(*_ITEMS[roles[model]], name): value for name, value in values.items()}
        return entries

    def run_spec(self, launch: Launch, own: Values, current: Values, env: Environment) -> RunSpec:
        """Over gemini also the address, which Continue takes from its environment alone."""
        spec = super().run_spec(launch, own, current, env)
        if current(self.live_files(env)[1], _SELECTED) != _SELECTED_MODEL:
            raise self.needs_its_file(launch)
        return spec.replace(environment={_GEMINI_ADDRESS: launch.base_url}) if launch.protocol == "gemini" else spec

    def find_ours(self, file: LiveFile, value: Callable[[EntryPath], Value]) -> Ours | None:
        """The other file shows only that the model is ours; the configuration names the profile."""
        if file.owned == self.owned:
            return super().find_ours(file, value)
        if value(_SELECTED) != _SELECTED_MODEL:
            return None
        config = os.path.join(os.path.dirname(os.path.dirname(file.path)), self.settings_name)
        return self.find_ours_in(config, (_SELECTED,))
