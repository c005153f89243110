"""A small target beside the shipped ones: TOML, additive, one item of a list, and the key by command."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

from ccswitch_py.core.paths import home_folder
from ccswitch_py.formats.base import Item
from ccswitch_py.live_files.live_file import LiveFile
from ccswitch_py.targets.base import RequestShape, RunSpec, Target
from ccswitch_py.vault.key_command_line import KeyCommand

if TYPE_CHECKING:
    from ccswitch_py.formats.base import EntryPath, Value
    from ccswitch_py.model.launch import Launch
    from ccswitch_py.targets.base import Environment, Plan, Values

PROVIDER: EntryPath = ("providers", Item("id", "ccswitch"))


def is_secret(path: EntryPath, value: Value) -> bool:
    """The user's own provider of that name may have the key in the file."""
    return path == PROVIDER and isinstance(value, dict) and "api_key" in value


class SampleTool(Target):
    """Reads ``~/.sample/config.toml``, where our provider stands beside the user's own."""

    id = "sample"
    name = "Sample"
    program = "sample-tool"
    protocols = {"messages": frozenset({"both", "bearer"})}  # noqa: RUF012
    deliveries = ("command",)
    mode = "additive"
    settings_name = "config.toml"

    def live_files(self, env: Environment) -> tuple[LiveFile]:
        """One file with one entry of ours."""
        return (
            LiveFile(
                os.path.join(home_folder(env), ".sample", "config.toml"),
                (PROVIDER,),
                "toml",
                is_secret=is_secret,
                whole=(PROVIDER,),
            ),
        )

    def plan(self, launch: Launch, own: Values, env: Environment, key: str | None = None) -> Plan:
        """Our provider with its models and the command that prints the key."""
        command = KeyCommand(sys.executable, launch.profile, launch.state).argv()
        ours: Value = {
            "id": "ccswitch",
            "base_url": launch.base_url,
            "models": list(dict.fromkeys(launch.models.values())),
            "key_command": command,
        }
        return {self.live_files(env)[0]: {PROVIDER: ours}}

    def run_spec(self, launch: Launch, own: Values, current: Values, env: Environment) -> RunSpec:
        """The tool reads the address and the key from its environment as well."""
        variables = {"SAMPLE_BASE_URL": launch.base_url}
        return RunSpec((self.program,), variables, "SAMPLE_KEY", ("SAMPLE_KEY",), needs_environment=True)

    def request(self, launch: Launch) -> RequestShape:
        """The key as a bearer token."""
        return RequestShape("messages", "/v1/messages", lambda key: [("Authorization", f"Bearer {key}")], {})
