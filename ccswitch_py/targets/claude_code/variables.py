"""The settings that decide where Claude Code sends its requests, with which key, and for which models."""

from __future__ import annotations

from ccswitch_py.targets.claude_code.clouds import CLOUDS
from ccswitch_py.targets.claude_code.settings import CONFIG_DIR

ROLE_VARIABLES = {
    "main": "ANTHROPIC_MODEL",
    "haiku": "ANTHROPIC_DEFAULT_HAIKU_MODEL",
    "sonnet": "ANTHROPIC_DEFAULT_SONNET_MODEL",
    "opus": "ANTHROPIC_DEFAULT_OPUS_MODEL",
    "fable": "ANTHROPIC_DEFAULT_FABLE_MODEL",
    "subagent": "CLAUDE_CODE_SUBAGENT_MODEL",
}
"""The variable of each role's model."""
BASE_URL = "ANTHROPIC_BASE_URL"
AUTH_TOKEN = "ANTHROPIC_AUTH_TOKEN"  # noqa: S105 (a name)
API_KEY = "ANTHROPIC_API_KEY"
HELPER = "apiKeyHelper"
PRIMARY_KEY = "primaryApiKey"
"""Where Claude Code's own /login puts an API key, in its state and not in a settings file."""
OAUTH_TOKEN = "CLAUDE_CODE_OAUTH_TOKEN"  # noqa: S105 (a name)
CUSTOM_HEADERS = "ANTHROPIC_CUSTOM_HEADERS"
MODEL = "model"
MAIN_MODEL = ROLE_VARIABLES["main"]

SECRETS = (AUTH_TOKEN, API_KEY, OAUTH_TOKEN, PRIMARY_KEY)
PROXIES = ("https_proxy", "HTTPS_PROXY", "http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY")
"""The first of them that is set counts, for every address: seen with 2.1.330."""
NO_PROXY = ("no_proxy", "NO_PROXY")
SMALL_FAST = "ANTHROPIC_SMALL_FAST_MODEL"
"""Without any effect in 2.1.330: seen by asking for haiku."""
UNCHECKED = "NODE_TLS_REJECT_UNAUTHORIZED"

VARIABLES = (
    BASE_URL,
    AUTH_TOKEN,
    API_KEY,
    OAUTH_TOKEN,
    CUSTOM_HEADERS,
    *ROLE_VARIABLES.values(),
    SMALL_FAST,
    *CLOUDS,
    *CLOUDS.values(),
    CONFIG_DIR,
    *PROXIES,
    *NO_PROXY,
    UNCHECKED,
    "NODE_EXTRA_CA_CERTS",
)
"""The environment variables that are looked for in every layer."""
TOP_LEVEL = (HELPER, MODEL)
"""The entries of a settings file outside its ``env``."""
