"""Profiles for tests, made by the program's own job."""

import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from ccswitch_py.core.paths import Paths
from ccswitch_py.model.key_ref import KeyRef
from ccswitch_py.model.protocol import MAIN_ROLES, Delivery, Role
from ccswitch_py.redact.secret import Secret
from ccswitch_py.services.profiles.setup import Draft, save_draft
from ccswitch_py.store.profiles import load_profile
from ccswitch_py.targets.claude_code.options import ClaudeCodeOptions
from ccswitch_py.targets.claude_code.target import ClaudeCode

SHELL_VARIABLES = [
    name
    for name in os.environ
    if name.startswith(("ANTHROPIC_", "CLAUDE", "CCSWITCH_", "XDG_", "DBUS_", "DISPLAY", "WAYLAND"))
]
KEY_VARIABLE = "TEST_GATEWAY_KEY"


def add_profile(
    paths: Paths,
    name: str,
    base_url: str = "http://127.0.0.1:9/gw_llm_power",
    *,
    key: Secret | KeyRef | None = None,
    delivery: Delivery = "command",
    models: dict[Role, str] | None = None,
    options: ClaudeCodeOptions | None = None,
    target_options: Mapping[str, Mapping[str, Any]] | None = None,
    provider: str | None = None,
) -> None:
    """A profile with four models named after it, whose key is an environment variable unless one is given."""
    four = {role: f"{name}-{role}" for role in MAIN_ROLES}
    draft = Draft(
        name,
        provider,
        base_url,
        models or four,
        key or KeyRef(env=KEY_VARIABLE),
        delivery=delivery,
        options=target_options or {},
    )
    save_draft(paths, draft.with_options_for(ClaudeCode.id, options or ClaudeCodeOptions()))


def take_out(settings: Path, variable: str) -> None:
    """Take a variable out of the settings, as a user does."""
    content = json.loads(settings.read_text())
    del content["env"][variable]
    settings.write_text(json.dumps(content))


def saved_options(paths: Paths, name: str) -> ClaudeCodeOptions:
    """What a saved profile says to Claude Code."""
    return ClaudeCodeOptions(**load_profile(paths, name).targets.get(ClaudeCode.id, {}))
