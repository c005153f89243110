"""opencode: a provider of its opencode.json that reads the key from a variable. Measured with 1.18.33."""

from __future__ import annotations

import os
import sys

from ccswitch_py.core.errors import BadInput
from ccswitch_py.core.language import _
from ccswitch_py.core.paths import config_home, data_home, home_folder
from ccswitch_py.formats import find_format
from ccswitch_py.formats.base import UnreadableText, apply_edits
from ccswitch_py.formats.entries import edits_towards
from ccswitch_py.targets.config_file import (
    ANY_HEADER,
    BEARER,
    GOOGLE_KEY,
    PROVIDER_ID,
    ConfigFileTarget,
    Credential,
    label_of,
    limits_of,
    overriding,
    project_folders,
    read_text,
    used_models,
    values_in,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from ccswitch_py.formats.base import EntryPath, Value
    from ccswitch_py.model.launch import Launch
    from ccswitch_py.probe.client_shape import ClientShape
    from ccswitch_py.targets.base import Conflict, Contents, Environment, RunSpec, Values

_PROVIDER: EntryPath = ("provider", PROVIDER_ID)
_OPTIONS: EntryPath = (*_PROVIDER, "options")
_PACKAGE, _MODELS, _TOKEN = (*_PROVIDER, "npm"), (*_PROVIDER, "models"), (*_OPTIONS, "authToken")
_AGENT_MODELS: tuple[EntryPath, ...] = tuple(("agent", name, "model") for name in ("build", "plan"))
"""Those of its main agents, which go before the default model."""
_DISABLED, _ENABLED = ("disabled_providers",), ("enabled_providers",)
_PACKAGES = {
    "messages": ("@ai-sdk/anthropic", "/v1"),
    "responses": ("@ai-sdk/openai", ""),
    "chat": ("@ai-sdk/openai-compatible", ""),
    "gemini": ("@ai-sdk/google", "/v1beta"),
}
"""The built-in package for a protocol, and the suffix of its base URL."""
_ADMINISTRATORS_FOLDERS = {"darwin": "/Library/Application Support", "linux": "/etc"}


class OpenCode(ConfigFileTarget):
    """Speaks all four protocols. Merges its configuration from many files, most of which override ours."""

    id = "opencode"
    name = "opencode"
    program = "opencode"
    protocols = {"messages": ANY_HEADER, "responses": BEARER, "chat": BEARER, "gemini": GOOGLE_KEY}  # noqa: RUF012
    deliveries = ("environment", "plaintext")
    whole = (_PROVIDER,)
    settings_name = "opencode.json"
    format_id = "jsonc"
    label = (*_PROVIDER, "name")
    model = ("model",)
    small_model = ("small_model",)
    address = (*_OPTIONS, "baseURL")
    credentials = ((*_OPTIONS, "apiKey"), _TOKEN)
    owned = (
        model,
        small_model,
        _PACKAGE,
        label,
        address,
        *credentials,
        _MODELS,
        *((*_PROVIDER, name) for name in ("api", "env")),
        (*_OPTIONS, "headers"),
    )
    stale = ("GOOGLE_GENERATIVE_AI_API_KEY",)
    variables = "OPENCODE"
    file_names = (settings_name, "opencode.jsonc")
    """In the order in which they are merged."""
    folder_names = (".opencode",)
    """Those in a project and in the home."""

    def path(self, env: Environment) -> str:
        return os.path.join(config_home(env), self.program, self.settings_name)

    def find_key_files(self, env: Environment) -> Sequence[str]:
        return [os.path.join(data_home(env), self.program, "auth.json")]

    def entries(self, launch: Launch, credential: Credential) -> Mapping[EntryPath, Value]:
        package, suffix = _PACKAGES[launch.protocol]
        key = credential.key or f"{{env:{credential.variable}}}"
        main, small = launch.models["main"], launch.models.get("haiku", launch.models["main"])
        entries: dict[EntryPath, Value] = dict.fromkeys(self.owned)
        entries |= {self.model: f"{PROVIDER_ID}/{main}", self.small_model: f"{PROVIDER_ID}/{small}"}
        entries |= {_PACKAGE: package, self.label: label_of(launch), self.address: launch.base_url + suffix}
        if launch.protocol == "messages":
            # An empty one is ignored, and hides the value of a stored login or another file.
            entries |= dict.fromkeys(self.credentials, "")
        is_token = launch.protocol == "messages" and self.key_headers(launch) == ("Authorization",)
        entries[self.credentials[is_token]] = key
        entries[_MODELS] = {model: _model(launch, model) for model in used_models(launch)}
        return entries

    def client_shape(self, launch: Launch) -> ClientShape:
        from ccswitch_py.probe.client_shape import ClientShape

        return ClientShape(self.name, validates=True)

    def overrides(self, launch: Launch, entries: Mapping[EntryPath, Value]) -> tuple[Sequence[str], Mapping[str, str]]:
        """A whole configuration in a variable, which only an administrator's file overrides."""
        return (), {f"{self.variables}_CONFIG_CONTENT": self._content("", entries)}

    def run_spec(self, launch: Launch, own: Values, current: Values, env: Environment) -> RunSpec:
        """Our entries over those that the user has in the same variable, whatever any file says."""
        spec = super().run_spec(launch, own, current, env)
        variable = f"{self.variables}_CONFIG_CONTENT"
        entries = self.entries(launch, Credential(variable=launch.passed_variable))
        agents = dict.fromkeys(_AGENT_MODELS, entries[self.model])
        content = self._content(env.get(variable, ""), {**entries, **agents})
        return spec.replace(environment={variable: content})

    def redirections(self, env: Environment) -> list[Conflict]:
        """What files say of our provider beyond our entries, such as headers, and lists that leave it out."""
        return self._overriding([(path, read_text(path)) for path in self._other_files(env)], (_PROVIDER,))

    def _content(self, given: str, entries: Mapping[EntryPath, Value]) -> str:
        fmt = find_format(self.format_id)
        raw = [(path, None if value is None else fmt.dump(path, value)) for path, value in entries.items()]
        try:
            return apply_edits(given, edits_towards(fmt, given, raw))
        except UnreadableText as fault:
            name = f"{self.variables}_CONFIG_CONTENT"
            text = _("{file}, line {line}: {reason}.", file=name, line=fault.line, reason=fault.reason)
            raise BadInput(text, _("Fix that line.")) from fault

    def conflicts(self, env: Environment, contents: Contents) -> list[Conflict]:
        """Later files, and the variable, that set our entries, and lists that exclude our provider."""
        ((own, text),) = contents.items()
        variable = f"{self.variables}_CONFIG_CONTENT"
        later = [(path, read_text(path)) for path in self._other_files(env)]
        later.append((variable, env.get(variable, "")))
        ours = (self.model, self.small_model, *_AGENT_MODELS, _PROVIDER)
        return [*self._overriding([(own.path, text or "")], ()), *self._overriding(later, ours)]

    def _overriding(self, texts: Iterable[tuple[str, str]], ours: Sequence[EntryPath]) -> list[Conflict]:
        """The texts, by name, that have entries of ours or lists without our provider."""
        found: list[Conflict] = []
        for name, text in texts:
            values = values_in(text, self.format_id, (*ours, _DISABLED, _ENABLED))
            if PROVIDER_ID not in values.get(_DISABLED, ()):
                values.pop(_DISABLED, None)
            if PROVIDER_ID in values.get(_ENABLED, ()):
                del values[_ENABLED]
            if values:
                found.append(overriding(name, values, self.name))
        return found

    def _other_files(self, env: Environment) -> list[str]:
        own = self.path(env)
        return [path for path in dict.fromkeys(self._later_files(env)) if path != own]

    def _later_files(self, env: Environment) -> Iterator[str]:
        """The files that override ours, as 1.18.33 merges them, whatever their order among themselves."""
        yield from (os.path.join(os.path.dirname(self.path(env)), name) for name in self.file_names[1:])
        yield env.get(f"{self.variables}_CONFIG", "")
        administrators = _ADMINISTRATORS_FOLDERS.get(sys.platform)
        folders = [env.get(f"{self.variables}_CONFIG_DIR", "")]
        folders += [os.path.join(administrators, self.program)] if administrators else []
        folders[:0] = [os.path.join(home_folder(env), name) for name in self.folder_names]
        if not env.get(f"{self.variables}_DISABLE_PROJECT_CONFIG"):
            for above in project_folders():
                folders += [above, *(os.path.join(above, name) for name in self.folder_names)]
        yield from (os.path.join(folder, name) for folder in folders if folder for name in self.file_names)


def _model(launch: Launch, model: str) -> Value:
    window, output = limits_of(launch, model)
    # With half of a limit, opencode refuses the whole file; 0 stands for an unknown one.
    limit = {"limit": {"context": window or 0, "output": output or 0}} if window or output else {}
    return {"name": model, **limit}
