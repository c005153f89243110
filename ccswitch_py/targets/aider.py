"""aider: all in a file of variables that it is started with, which refers to the key. Measured with 0.86.2."""

from __future__ import annotations

import os

from ccswitch_py.core.errors import BadInput
from ccswitch_py.core.language import _
from ccswitch_py.targets.base import LAUNCH_FILE, RunSpec
from ccswitch_py.targets.config_file import (
    BEARER,
    GOOGLE_KEY,
    PROXIES,
    STALE_VARIABLES,
    X_API_KEY,
    EnvironmentTarget,
    both_cases,
    overriding,
    overriding_variables,
    project_folders,
    read_text,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from ccswitch_py.model.launch import Launch
    from ccswitch_py.model.protocol import Protocol
    from ccswitch_py.targets.base import Conflict, Environment, Values

_OPENAI_ADDRESSES = ("OPENAI_BASE_URL", "OPENAI_API_BASE", "AIDER_OPENAI_API_BASE")
_OPENAI_KEYS = ("OPENAI_API_KEY", "AIDER_OPENAI_API_KEY")
_PROTOCOLS: Mapping[Protocol, tuple[str, str, Sequence[str], Sequence[str]]] = {
    "messages": (
        "anthropic/",
        "",
        ("ANTHROPIC_API_BASE", "ANTHROPIC_BASE_URL"),
        ("ANTHROPIC_API_KEY", "AIDER_ANTHROPIC_API_KEY"),
    ),
    "responses": ("openai/responses/", "", _OPENAI_ADDRESSES, _OPENAI_KEYS),
    "chat": ("openai/", "", _OPENAI_ADDRESSES, _OPENAI_KEYS),
    "gemini": ("gemini/", "/v1beta", ("GEMINI_API_BASE",), ("GOOGLE_API_KEY", "GEMINI_API_KEY")),
}
"""The prefix of a model's name, the suffix of the base URL, and the variables for addresses and keys.

Those of aider itself override its ``.aider.conf.yml``.
"""
_ENV_FILE = "--env-file"
_REDIRECTING = (*both_cases(PROXIES), "AIDER_MODEL_SETTINGS_FILE", "AIDER_VERIFY_SSL")
_WORDS: Mapping[str, Sequence[str]] = {
    ".aider.model.settings.yml": ("api_base", "base_url", "api_key", "extra_headers", "custom_llm_provider", "proxy"),
    ".aider.conf.yml": ("model-settings-file", "verify-ssl"),
}
"""What sends a request elsewhere, in whichever model's settings it stands."""
_STALE = ("AIDER_API_KEY", "OPENAI_ORGANIZATION", "OPENAI_API_TYPE", "OPENAI_API_VERSION")


class Aider(EnvironmentTarget):
    """Reads each ``.env`` of the home, the repository and the folder over its environment, and our file last."""

    id = "aider"
    name = "aider"
    program = "aider"
    protocols = {"messages": X_API_KEY, "responses": BEARER, "chat": BEARER, "gemini": GOOGLE_KEY}  # noqa: RUF012
    deliveries = ("environment",)

    def launch_file(self, launch: Launch) -> str:
        """Every variable that decides where the key goes, and which key it is."""
        prefix, end, addresses, keys = _PROTOCOLS[launch.protocol]
        base_url, main = launch.base_url + end, launch.models["main"]
        variables = {
            "AIDER_MODEL": prefix + main,
            "AIDER_WEAK_MODEL": prefix + launch.models.get("haiku", main),
            **dict.fromkeys(addresses, base_url),
            # Replaces the one in .aider.conf.yml, which is applied after this file is read.
            "AIDER_SET_ENV": f"{addresses[0]}={base_url}",
        }
        reference = f"${{{launch.passed_variable}}}"
        lines = [f"{name}={_literal(value)}" for name, value in variables.items()]
        lines += [f"{name}={reference}" for name in keys]
        if launch.protocol == "gemini":
            lines.append(f"AIDER_API_KEY=gemini={reference}")
        return "\n".join([*lines, ""])

    def merged_launch_file(self, ours: str, given: str) -> str:
        """Refuse: of several ``--env-file`` options, aider uses only the last."""
        raise BadInput(
            _("aider accepts only one {option}, and ccswitch uses it.", option=_ENV_FILE),
            _("Put your variables into a .env file in the project or in your home folder."),
        )

    def run_spec(self, launch: Launch, own: Values, current: Values, env: Environment) -> RunSpec:
        """The file, and the key that it refers to."""
        stale = (*STALE_VARIABLES[launch.protocol], *_STALE)
        argv = (self.program, _ENV_FILE, LAUNCH_FILE)
        return RunSpec(argv, {}, launch.passed_variable, stale, needs_environment=True)

    def run_conflicts(self, launch: Launch, env: Environment) -> list[Conflict]:
        """What a project's files set beside the launch file: another way for requests, or settings of a model."""
        found: list[Conflict] = []
        for folder in project_folders():
            if folder == env.get("HOME"):
                continue
            found += overriding_variables(os.path.join(folder, ".env"), _REDIRECTING, self.name)
            for name, words in _WORDS.items():
                text = read_text(path := os.path.join(folder, name))
                if names := [(word,) for word in words if word in text]:
                    found.append(overriding(path, names, self.name))
        return [conflict.replace(blocking=True) for conflict in found]


def _literal(value: str) -> str:
    """Keep python-dotenv from replacing ``${NAME}``: a dollar is the default of a variable without a name."""
    return value.replace("$", "${:-$}")
