"""The entries of Claude Code's settings that are ours to write: a closed list, as paths and as names of variables."""

from __future__ import annotations

from ccswitch_py.targets.claude_code.custom_headers import header_is_secret, may_be_secret, parse_headers
from ccswitch_py.targets.claude_code.switches import COMPATIBILITY_SWITCHES
from ccswitch_py.targets.claude_code.variables import CLOUDS, ROLE_VARIABLES
from ccswitch_py.vault.key_command_line import KeyCommand

TYPE_CHECKING = False
if TYPE_CHECKING:
    from ccswitch_py.formats.base import EntryPath, Value

HELPER = ("apiKeyHelper",)
BASE_URL = ("env", "ANTHROPIC_BASE_URL")
AUTH_TOKEN = ("env", "ANTHROPIC_AUTH_TOKEN")
API_KEY = ("env", "ANTHROPIC_API_KEY")
SMALL_FAST_MODEL = ("env", "ANTHROPIC_SMALL_FAST_MODEL")
CUSTOM_HEADERS = ("env", "ANTHROPIC_CUSTOM_HEADERS")

GATEWAY_VARIABLES = (
    *(path[1] for path in (BASE_URL, AUTH_TOKEN, API_KEY)),
    *ROLE_VARIABLES.values(),
    *(f"ANTHROPIC_DEFAULT_{family}_MODEL_NAME" for family in ("HAIKU", "SONNET", "OPUS", "FABLE")),
    SMALL_FAST_MODEL[1],
    CUSTOM_HEADERS[1],
)
_ENV = (*GATEWAY_VARIABLES, "CLAUDE_CODE_MAX_CONTEXT_TOKENS", "CLAUDE_CODE_MAX_OUTPUT_TOKENS", *COMPATIBILITY_SWITCHES)

OWNED: tuple[EntryPath, ...] = (HELPER, *(("env", variable) for variable in _ENV))
OWN_VARIABLES = (*GATEWAY_VARIABLES, "CLAUDE_CODE_OAUTH_TOKEN", *CLOUDS)
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
    return path == HELPER and KeyCommand.parse(text) is None and may_be_secret(text)
