"""The switches that send requests to a cloud instead of the base URL; on the path of every quick command."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

CLOUDS = {
    "CLAUDE_CODE_USE_BEDROCK": "ANTHROPIC_BEDROCK_BASE_URL",
    "CLAUDE_CODE_USE_FOUNDRY": "ANTHROPIC_FOUNDRY_BASE_URL",
    "CLAUDE_CODE_USE_ANTHROPIC_AWS": "ANTHROPIC_AWS_BASE_URL",
    "CLAUDE_CODE_USE_ANTHROPIC_GOOGLE_CLOUD": "ANTHROPIC_GOOGLE_CLOUD_BASE_URL",
    "CLAUDE_CODE_USE_MANTLE": "ANTHROPIC_BEDROCK_MANTLE_BASE_URL",
    "CLAUDE_CODE_USE_VERTEX": "ANTHROPIC_VERTEX_BASE_URL",
}
"""Each makes Claude Code call a cloud, or whoever the second variable names, instead of the base URL, and send what the
key command prints there. Seen with 2.1.330; of several the first counts."""
_OFF = ("", "0", "false", "no", "off", "null")


def clouds_on(env: Mapping[str, object]) -> list[str]:
    """The clouds that these variables switch on. What is not clearly off counts as on."""
    on = {name.upper() for name, value in env.items() if value is not None and not is_off(str(value))}
    return [name for name in CLOUDS if name in on]


def is_off(value: str) -> bool:
    """Whether this value of a switch is one that nobody could take for a yes."""
    return value.strip().lower() in _OFF
