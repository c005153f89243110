"""The entries of Claude Code's settings that are ours to write: a closed list, as paths and as names of variables."""

from __future__ import annotations

from ccswitch_py.core.language import N_
from ccswitch_py.redact.key_patterns import is_secret_name, may_contain_key
from ccswitch_py.targets.claude_code.variables import CLOUDS, HOSTED, ROLE_VARIABLES
from ccswitch_py.vault.key_command_line import KeyCommand

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from ccswitch_py.formats.base import EntryPath, Value

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

CREDENTIAL_HEADERS = ("authorization", "x-api-key", "api-key", "x-goog-api-key", "proxy-authorization", "cookie")
"""Headers that carry a credential, in lower case: never among a profile's extra headers."""


def switches_of(launch: dict[str, Any]) -> dict[str, str]:
    """The compatibility switches that a launch file sets."""
    return {name: value for name, value in launch["env"].items() if name in COMPATIBILITY_SWITCHES}


HELPER = ("apiKeyHelper",)
BASE_URL = ("env", "ANTHROPIC_BASE_URL")
AUTH_TOKEN = ("env", "ANTHROPIC_AUTH_TOKEN")
API_KEY = ("env", "ANTHROPIC_API_KEY")
SMALL_FAST_MODEL = ("env", "ANTHROPIC_SMALL_FAST_MODEL")
CUSTOM_HEADERS = ("env", "ANTHROPIC_CUSTOM_HEADERS")
CONTEXT_WINDOW = ("env", "CLAUDE_CODE_MAX_CONTEXT_TOKENS")

EXTRA_BODY = ("env", "CLAUDE_CODE_EXTRA_BODY")
REMOVED = (
    *(("env", f"ANTHROPIC_DEFAULT_{family}_MODEL_NAME") for family in ("HAIKU", "SONNET", "OPUS", "FABLE")),
    SMALL_FAST_MODEL,
    EXTRA_BODY,
)
"""Of another gateway, its models' names and what its requests have besides: removed by each profile."""
GATEWAY_VARIABLES = (
    *(path[1] for path in (BASE_URL, AUTH_TOKEN, API_KEY)),
    *ROLE_VARIABLES.values(),
    *(path[1] for path in REMOVED),
    CUSTOM_HEADERS[1],
)
_ENV = (*GATEWAY_VARIABLES, CONTEXT_WINDOW[1], "CLAUDE_CODE_MAX_OUTPUT_TOKENS", *COMPATIBILITY_SWITCHES)

OWNED: tuple[EntryPath, ...] = (HELPER, *(("env", variable) for variable in _ENV))
LEFT_OUT: tuple[EntryPath, ...] = (
    CUSTOM_HEADERS,
    *(("env", ROLE_VARIABLES[role]) for role in ("fable", "subagent")),
    *REMOVED,
)
"""The user's own of these is for another gateway; unlike the address and the four models, nobody expects it to go."""
OWN_VARIABLES = (*GATEWAY_VARIABLES, "CLAUDE_CODE_OAUTH_TOKEN", *CLOUDS, *HOSTED)
"""Variables of the calling shell that must not reach a program started with a profile."""


def is_secret(path: EntryPath, value: Value) -> bool:
    """Tokens always; a helper, header or URL when something in it looks like a token."""
    if value in ("", None):
        return False
    if path in (AUTH_TOKEN, API_KEY):
        return True
    text = str(value)
    if path == BASE_URL:
        return "@" in text
    if path == CUSTOM_HEADERS:
        return any(header_is_secret(name, value) for name, value in parse_headers(text))
    if path == EXTRA_BODY:
        return may_be_secret(text) or any(map(is_secret_name, _names_in(text)))
    return path == HELPER and KeyCommand.parse(text) is None and may_be_secret(text)


def _names_in(text: str) -> list[str]:
    """The words in front of a colon: the names of a JSON object, without reading it."""
    return [part.rstrip().rstrip('"').rpartition('"')[2] for part in text.split(":")[:-1]]


_SHOWS_A_SECRET = r"\bsk-|\b(?:echo|printf)\b"  # noqa: S105 (a pattern)
_ROUTING_HEADERS = (
    *("connection", "keep-alive", "te", "trailer", "transfer-encoding", "content-length", "content-encoding"),
    *("expect", "upgrade", "http2-settings", "via", "alt-used", "max-forwards", "range"),
)
_ROUTING_WORDS = {
    *("host", "authority", "url", "uri", "destination", "forwarded", "original", "rewrite", "proxy"),
    *("upstream", "backend", "vhost", "redirect"),
}
_DOUBTFUL_WORDS = ("server", "route", "endpoint", "target", "domain", "gateway", "base", "override", "config", "origin")
"""A user may have such a header for his gateway; in a project's settings it may be there to send the key elsewhere."""
UNUSED = "unused"
"""What stands in ``x-api-key`` for gateways that must not get the key there."""


def header_is_secret(name: str, value: str) -> bool:
    """Whether a custom header carries a key, by its name or by how its value looks."""
    return value != UNUSED and (is_secret_name(name) or may_be_secret(value))


def may_be_secret(text: str) -> bool:
    """Whether something in it looks like a key, or prints one."""
    import re

    return may_contain_key(text) or re.search(_SHOWS_A_SECRET, text) is not None


def is_routing_header(name: str, more: tuple[str, ...] = ()) -> bool:
    """Whether a server may route or frame the request by this header, or one with a word of ``more``.

    Hop-by-hop and framing headers, and those that name a host or URL, such as ``Host``, ``X-Forwarded-Host`` and
    ``X-Original-URL``. Characters that no header name has are ignored: Claude Code trims some of them.
    """
    plain = name.lower().replace("_", "-")
    if not (plain.isascii() and plain.replace("-", "").isalnum()):
        plain = "".join(char for char in plain if char == "-" or (char.isascii() and char.isalnum()))
    words = plain.split("-")
    return plain in _ROUTING_HEADERS or not (_ROUTING_WORDS.isdisjoint(words) and set(more).isdisjoint(words))


def routing_headers(text: str) -> list[str]:
    """The names of the headers in the form of ``ANTHROPIC_CUSTOM_HEADERS`` that a user has not chosen and may route."""
    return [name for name, _value in parse_headers(text) if is_routing_header(name, _DOUBTFUL_WORDS)]


def parse_headers(text: str) -> list[tuple[str, str]]:
    """The headers in the form of ``ANTHROPIC_CUSTOM_HEADERS``: one ``Name: value`` a line."""
    pairs = (line.partition(":") for line in text.splitlines())
    return [(name.strip(), value.strip()) for name, colon, value in pairs if colon and name.strip()]
