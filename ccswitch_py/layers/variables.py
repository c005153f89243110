"""The settings that decide where Claude Code sends its requests, with which key, and for which models."""

from __future__ import annotations

from ccswitch_py.clouds import CLOUDS
from ccswitch_py.targets.claude_code import ROLE_VARIABLES

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
CONFIG_DIR = "CLAUDE_CONFIG_DIR"

SECRETS = (AUTH_TOKEN, API_KEY, OAUTH_TOKEN, PRIMARY_KEY)
PROXIES = ("HTTPS_PROXY", "HTTP_PROXY", "ALL_PROXY", "https_proxy", "http_proxy", "all_proxy")

VARIABLES = (
    BASE_URL,
    AUTH_TOKEN,
    API_KEY,
    OAUTH_TOKEN,
    CUSTOM_HEADERS,
    *ROLE_VARIABLES.values(),
    "ANTHROPIC_SMALL_FAST_MODEL",
    *CLOUDS,
    *CLOUDS.values(),
    CONFIG_DIR,
    *PROXIES,
)
"""The environment variables that are looked for in every layer."""
TOP_LEVEL = (HELPER, MODEL)
"""The entries of a settings file outside its ``env``."""
