"""Google's Gemini CLI: its settings say how to log in, its environment has address and key. Measured with 0.61.0."""

from __future__ import annotations

import os
import sys

from ccswitch_py.core.paths import home_folder
from ccswitch_py.formats import find_format
from ccswitch_py.formats.base import UnreadableText
from ccswitch_py.targets.base import RequestShape, RunSpec
from ccswitch_py.targets.config_file import (
    BEARER,
    GOOGLE_KEY,
    PROVIDER_ID,
    PROXIES,
    STALE_VARIABLES,
    ConfigFileTarget,
    both_cases,
    label_of,
    overriding,
    read_text,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from ccswitch_py.formats.base import EntryPath, Value
    from ccswitch_py.model.launch import Launch
    from ccswitch_py.targets.base import Conflict, Environment, Values
    from ccswitch_py.targets.config_file import Credential

_LOGIN = ("security", "auth", "selectedType")
_ENFORCED = ("security", "auth", "enforcedType")
_WITH_KEY = "gemini-api-key"
_ADDRESS, _KEY, _MODEL = "GOOGLE_GEMINI_BASE_URL", "GEMINI_API_KEY", "GEMINI_MODEL"
_MECHANISM = "GEMINI_API_KEY_AUTH_MECHANISM"
_ADMINISTRATORS_FILES = {
    "darwin": "/Library/Application Support/GeminiCli/settings.json",
    "win32": r"C:\ProgramData\gemini-cli\settings.json",
}


class GeminiCli(ConfigFileTarget):
    """Takes an address from its environment alone, so only ``ccswitch run`` starts it with a profile."""

    id = "gemini-cli"
    name = "Gemini CLI"
    program = "gemini"
    protocols = {"gemini": GOOGLE_KEY | BEARER}  # noqa: RUF012
    deliveries = ("environment",)
    mode = "exclusive"
    settings_name = "settings.json"
    key_files = (".env",)
    format_id = "json-comments"
    label = (PROVIDER_ID,)
    """An entry of our own, which Gemini CLI ignores and keeps: it has no name for its provider."""
    model = ("model", "name")
    owned = (label, _LOGIN, model)
    variables_first = {"address": _ADDRESS, "key": _KEY, "model": _MODEL}  # noqa: RUF012
    stale = (
        _MODEL,
        "GEMINI_CLI_CUSTOM_HEADERS",
        "GOOGLE_GENAI_USE_GCA",
        "GOOGLE_GENAI_USE_VERTEXAI",
        "GOOGLE_VERTEX_BASE_URL",
        _MECHANISM,
    )

    def path(self, env: Environment) -> str:
        home = env.get("GEMINI_CLI_HOME") or home_folder(env)
        return os.path.join(home, ".gemini", self.settings_name)

    def entries(self, launch: Launch, credential: Credential) -> Mapping[EntryPath, Value]:
        return {self.label: label_of(launch), _LOGIN: _WITH_KEY, self.model: launch.models["main"]}

    def run_spec(self, launch: Launch, own: Values, current: Values, env: Environment) -> RunSpec:
        """Address, key and model in variables; a login that is no key has to be changed in the file first."""
        (file,) = self.live_files(env)
        if current(file, _LOGIN) != _WITH_KEY:
            raise self.needs_its_file(launch)
        # Its .env, which may be a project's, sets all that is not there.
        others = [name for name in (*STALE_VARIABLES["gemini"], *self.stale) if name != _KEY]
        variables = {name: env.get(name.upper()) or env.get(name.lower(), "") for name in both_cases(PROXIES)}
        variables |= dict.fromkeys(others, "")
        variables |= {_ADDRESS: launch.base_url, _MODEL: launch.models["main"]}
        if launch.auth == "bearer":
            variables[_MECHANISM] = "bearer"
        return RunSpec((self.program,), variables, _KEY, needs_environment=True)

    def request(self, launch: Launch) -> RequestShape:
        """The key as ``x-goog-api-key``, which Gemini CLI sends beside a bearer token too."""
        shape = super().request(launch)

        def both(key: str) -> list[tuple[str, str]]:
            return [("x-goog-api-key", key), ("Authorization", f"Bearer {key}")]

        return shape.replace(headers=both) if launch.auth == "bearer" else shape

    def deciding_entries(self, value: Callable[[EntryPath], Value]) -> Mapping[str, Sequence[EntryPath]]:
        return {"address": (), "key": (), "model": (self.model,)}

    def base_url(self, current: Values, env: Environment) -> None:
        """The file has none."""

    def redirections(self, env: Environment) -> list[Conflict]:
        """What an administrator's and the project's settings say of the login; ``run`` sets the model beside them."""
        return list(self._redirections(env, self.path(env)))

    def _redirections(self, env: Environment, own: str) -> Iterator[Conflict]:
        administrators = _ADMINISTRATORS_FILES.get(sys.platform, "/etc/gemini-cli/settings.json")
        project = os.path.join(".gemini", self.settings_name)
        fmt = find_format(self.format_id)
        for path in (env.get("GEMINI_CLI_SYSTEM_SETTINGS_PATH") or administrators, project):
            if os.path.abspath(path) == own:
                continue
            text = read_text(path)
            try:
                spans = fmt.spans(text, (_LOGIN, _ENFORCED))
                found = [name for name, span in spans.items() if fmt.load(name, text[slice(*span[-1])]) != _WITH_KEY]
            except UnreadableText:
                continue
            if found:
                yield overriding(path, found, self.name)
