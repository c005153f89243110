"""GitHub's Copilot CLI: all in the environment, with the key by command. Measured with 1.0.102."""

from __future__ import annotations

from ccswitch_py.targets.base import RunSpec
from ccswitch_py.targets.config_file import BEARER, X_API_KEY, EnvironmentTarget, key_command, limits_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from pydantic import BaseModel

    from ccswitch_py.model.launch import Launch
    from ccswitch_py.targets.base import Environment, Values

_PREFIX = "COPILOT_PROVIDER_"
_WIRE_APIS = {"responses": "responses", "chat": "completions"}
_VARIABLES = (
    *("TYPE", "BASE_URL", "WIRE_API", "API_KEY", "API_KEY_COMMAND", "BEARER_TOKEN", "HEADERS"),
    *("MAX_PROMPT_TOKENS", "MAX_OUTPUT_TOKENS"),
)
"""What decides where a request goes and with which key."""


class Copilot(EnvironmentTarget):
    """Keeps no provider in a file, and needs no GitHub login for a custom one."""

    id = "copilot"
    name = "Copilot CLI"
    program = "copilot"
    protocols = {"messages": X_API_KEY, "responses": BEARER, "chat": BEARER}  # noqa: RUF012
    deliveries = ("command", "environment")

    def run_spec(self, launch: Launch, own: Values, current: Values, env: Environment) -> RunSpec:
        """The variables of one process, which hold no secret if the key comes by command."""
        model = launch.models["main"]
        window, output = limits_of(launch, model)
        wire_api = _WIRE_APIS.get(launch.protocol)
        variables = {"TYPE": "openai" if wire_api else "anthropic", "BASE_URL": launch.base_url}
        if wire_api:
            variables["WIRE_API"] = wire_api
        if launch.delivery == "command":
            variables["API_KEY_COMMAND"] = key_command(launch).as_shell()
        if output:
            variables["MAX_OUTPUT_TOKENS"] = str(output)
            if window and window > output:
                variables["MAX_PROMPT_TOKENS"] = str(window - output)
        environment = {f"{_PREFIX}{name}": value for name, value in variables.items()} | {"COPILOT_MODEL": model}
        key_variable = "" if launch.delivery == "command" else f"{_PREFIX}API_KEY"
        stale = tuple(f"{_PREFIX}{name}" for name in _VARIABLES)
        return RunSpec((self.program,), environment, key_variable, stale, needs_environment=True)

    def options_model(self) -> type[BaseModel]:
        from ccswitch_py.targets.options import ToolOptions

        return ToolOptions
