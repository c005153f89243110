"""pi: a provider of its models.json that prints the key with a command. Measured with 0.73.1 and 1.6.0."""

from __future__ import annotations

import os

from ccswitch_py.core.language import _
from ccswitch_py.core.paths import from_home, home_folder
from ccswitch_py.live_files.live_file import LiveFile, Ours
from ccswitch_py.targets.base import Conflict
from ccswitch_py.targets.config_file import (
    ANY_HEADER,
    BEARER,
    GOOGLE_KEY,
    NO_KEY,
    PROVIDER_ID,
    ConfigFileTarget,
    in_project,
    key_command,
    label_of,
    limits_of,
    overriding,
    read_text,
    refers_to_ours,
    used_models,
    values_in,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from ccswitch_py.formats.base import EntryPath, Value
    from ccswitch_py.model.launch import Launch
    from ccswitch_py.targets.base import Contents, Environment, Plan, RunSpec, Values
    from ccswitch_py.targets.config_file import Credential

_PROVIDER: EntryPath = ("providers", PROVIDER_ID)
APIS = {
    "messages": ("anthropic-messages", ""),
    "responses": ("openai-responses", ""),
    "chat": ("openai-completions", ""),
    "gemini": ("google-generative-ai", "/v1beta"),
}
"""What pi and OpenClaw call a protocol, and the suffix of its base URL."""
_DEFAULT_PROVIDER, _DEFAULT_MODEL = ("defaultProvider",), ("defaultModel",)


class Pi(ConfigFileTarget):
    """Speaks all four protocols. Its default model is in another file than its providers."""

    id = "pi"
    name = "pi"
    program = "pi"
    protocols = {"messages": ANY_HEADER, "responses": BEARER, "chat": BEARER, "gemini": GOOGLE_KEY}  # noqa: RUF012
    deliveries = ("command", "plaintext")
    """No variable: its syntax differs between versions, that of a command does not."""
    commands = ("!",)
    whole = (_PROVIDER,)
    settings_name = "models.json"
    key_files = ("auth.json",)
    format_id = "jsonc"
    label = (*_PROVIDER, "name")
    model = _DEFAULT_MODEL
    address = (*_PROVIDER, "baseUrl")
    credentials = ((*_PROVIDER, "apiKey"),)
    owned = (
        label,
        address,
        *credentials,
        *((*_PROVIDER, name) for name in ("api", "authHeader", "headers", "models", "modelOverrides")),
    )

    def path(self, env: Environment) -> str:
        folder = env.get("PI_CODING_AGENT_DIR") or os.path.join(home_folder(env), ".pi", "agent")
        return os.path.join(folder, self.settings_name)

    def live_files(self, env: Environment) -> tuple[LiveFile, ...]:
        """Its providers, and its settings with the default model."""
        settings = os.path.join(os.path.dirname(self.path(env)), "settings.json")
        return (
            *super().live_files(env),
            LiveFile(settings, (_DEFAULT_PROVIDER, _DEFAULT_MODEL), refers_to_ours=refers_to_ours),
        )

    def plan(self, launch: Launch, own: Values, env: Environment, key: str | None = None) -> Plan:
        defaults: dict[EntryPath, Value] = {_DEFAULT_PROVIDER: PROVIDER_ID, _DEFAULT_MODEL: launch.models["main"]}
        return {**super().plan(launch, own, env, key), self.live_files(env)[1]: defaults}

    def entries(self, launch: Launch, credential: Credential) -> Mapping[EntryPath, Value]:
        api, suffix = APIS[launch.protocol]
        fields: dict[str, Value] = {"name": label_of(launch), "baseUrl": launch.base_url + suffix, "api": api}
        fields["apiKey"] = credential.key or f"!{key_command(launch).as_shell()}"
        if launch.protocol == "messages":
            # Without it, 0.73 sends ANTHROPIC_AUTH_TOKEN of the shell in this header.
            fields["authHeader"] = True
            if launch.bearer_only:
                fields["headers"] = {"x-api-key": NO_KEY}
        fields["models"] = [model_fields(launch, model) for model in used_models(launch)]
        return {path: fields.get(str(path[-1])) for path in self.owned}

    def key_headers(self, launch: Launch) -> tuple[str, ...]:
        """Over Messages it sends both."""
        is_both = launch.protocol == "messages" and not launch.bearer_only
        return ("Authorization", "x-api-key") if is_both else super().key_headers(launch)

    def run_spec(self, launch: Launch, own: Values, current: Values, env: Environment) -> RunSpec:
        """Our model by option, so that no default of a project wins."""
        spec = super().run_spec(launch, own, current, env)
        return spec.replace(argv=(*spec.argv, "--provider", PROVIDER_ID, "--model", launch.models["main"]))

    def find_ours(self, file: LiveFile, value: Callable[[EntryPath], Value]) -> Ours | None:
        """The settings show only that the provider is ours; the file next to them names the profile."""
        if file.owned == self.owned:
            return super().find_ours(file, value)
        if value(_DEFAULT_PROVIDER) != PROVIDER_ID:
            return None
        models = os.path.join(os.path.dirname(file.path), self.settings_name)
        return self.find_ours_in(models, (_DEFAULT_PROVIDER, _DEFAULT_MODEL))

    def conflicts(self, env: Environment, contents: Contents) -> list[Conflict]:
        """A key that pi has stored for our provider, and the default model of a project."""
        found: list[Conflict] = []
        path = os.path.join(os.path.dirname(self.path(env)), "auth.json")
        if values_in(read_text(path), "json", ((PROVIDER_ID,),)):
            text = _(
                "{file} has a key for '{provider}', which {tool} sends instead of the profile's.",
                file=from_home(path),
                provider=PROVIDER_ID,
                tool=self.name,
            )
            found.append(Conflict(text, _("Remove it with /logout in {tool}.", tool=self.name)))
        project = in_project(".pi", "settings.json")
        if values := values_in(read_text(project), "json", (_DEFAULT_PROVIDER, _DEFAULT_MODEL)):
            found.append(overriding(project, values, self.name))
        return found


def model_fields(launch: Launch, model: str) -> dict[str, Value]:
    """A model as pi and OpenClaw describe it, with the limits that are known."""
    window, output = limits_of(launch, model)
    fields: dict[str, Value] = {"id": model, "name": model, "contextWindow": window, "maxTokens": output}
    return {name: value for name, value in fields.items() if value is not None}
