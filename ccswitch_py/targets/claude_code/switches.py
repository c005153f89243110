"""The compatibility switches that a profile may set, and the headers that it may not."""

from __future__ import annotations

from ccswitch_py.core.language import N_

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

COMPATIBILITY_SWITCHES = {
    "CLAUDE_CODE_ATTRIBUTION_HEADER": ("0", N_("0 leaves out the billing block, which can defeat caching.")),
    "CLAUDE_CODE_DISABLE_1M_CONTEXT": ("1", N_("1 never requests a context of a million tokens.")),
    "CLAUDE_CODE_DISABLE_EXPERIMENTAL_BETAS": ("1", N_("1 leaves out experimental features, such as betas.")),
    "CLAUDE_CODE_DISABLE_THINKING": ("1", N_("1 leaves out thinking and context management.")),
    "CLAUDE_CODE_EFFORT_LEVEL": ("unset", N_("unset leaves out the effort.")),
    "DISABLE_INTERLEAVED_THINKING": ("1", N_("1 leaves out the interleaved thinking beta.")),
    "DISABLE_PROMPT_CACHING": ("1", N_("1 turns off prompt caching, so everything is paid in full.")),
    "ENABLE_TOOL_SEARCH": ("false", N_("false sends all tools at once, without tool search.")),
    "MAX_THINKING_TOKENS": ("0", N_("Maximum thinking tokens; 0 leaves out thinking.")),
}
"""Environment variables that a profile may set for strict gateways, with the usual value and its effect."""

CREDENTIAL_HEADERS = ("authorization", "x-api-key", "proxy-authorization", "cookie")
"""Headers that carry a credential, in lower case: never among a profile's extra headers."""


def switches_of(launch: dict[str, Any]) -> dict[str, str]:
    """The compatibility switches that a launch file sets."""
    return {name: value for name, value in launch["env"].items() if name in COMPATIBILITY_SWITCHES}
