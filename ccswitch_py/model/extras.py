"""What a profile may say to Claude Code beyond address, key and models; a table that others check against."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

COMPATIBILITY_SWITCHES = (
    "CLAUDE_CODE_ATTRIBUTION_HEADER",
    "CLAUDE_CODE_DISABLE_1M_CONTEXT",
    "CLAUDE_CODE_DISABLE_EXPERIMENTAL_BETAS",
    "CLAUDE_CODE_DISABLE_THINKING",
    "CLAUDE_CODE_EFFORT_LEVEL",
    "DISABLE_INTERLEAVED_THINKING",
    "DISABLE_PROMPT_CACHING",
    "ENABLE_TOOL_SEARCH",
    "MAX_THINKING_TOKENS",
)
"""Environment variables that a profile may set so that a strict gateway accepts Claude Code's requests."""

CREDENTIAL_HEADERS = ("authorization", "x-api-key", "proxy-authorization", "cookie")
"""Headers that carry a credential, in lower case: never among a profile's extra headers."""


def switches_of(launch: dict[str, Any]) -> dict[str, str]:
    """The compatibility switches that a launch file sets."""
    return {name: value for name, value in launch["env"].items() if name in COMPATIBILITY_SWITCHES}
