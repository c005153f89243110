"""The settings that decide where Claude Code sends what, with which key; on the path of every quick command."""

from __future__ import annotations

from ccswitch_py.targets.claude_code.settings import CONFIG_DIR

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

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
DEFAULT_BASE_URL = "https://api.anthropic.com"
AUTH_TOKEN = "ANTHROPIC_AUTH_TOKEN"  # noqa: S105 (a name)
API_KEY = "ANTHROPIC_API_KEY"
HELPER = "apiKeyHelper"
PRIMARY_KEY = "primaryApiKey"
"""Where Claude Code's own /login puts an API key, in its state and not in a settings file."""
OAUTH_TOKEN = "CLAUDE_CODE_OAUTH_TOKEN"  # noqa: S105 (a name)
CUSTOM_HEADERS = "ANTHROPIC_CUSTOM_HEADERS"
MODEL = "model"
MAIN_MODEL = ROLE_VARIABLES["main"]
DEFAULT_MODEL = "ANTHROPIC_DEFAULT_MODEL"
"""The main model where neither of the two before names one: seen with 2.1.330."""

SECRETS = (AUTH_TOKEN, API_KEY, OAUTH_TOKEN, PRIMARY_KEY)
PROXIES = ("https_proxy", "HTTPS_PROXY", "http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY")
"""The first of them that is set counts, for every address: seen with 2.1.330."""
NO_PROXY = ("no_proxy", "NO_PROXY")
SMALL_FAST = "ANTHROPIC_SMALL_FAST_MODEL"
"""Without any effect in 2.1.330: seen by asking for haiku."""
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
HOST_MANAGED = "CLAUDE_CODE_PROVIDER_MANAGED_BY_HOST"
"""In the environment: it alone decides address, key and models. Seen with 2.1.197 and 2.1.330: all settings files, and
those of the administrator, are left out of account."""
HOSTED = (
    *("ANTHROPIC_UNIX_SOCKET", "CLAUDE_CODE_RUNNER_MODEL_SOCKET", HOST_MANAGED),
    *("CLAUDE_CODE_HOST_AUTH_ENV_VAR", "CLAUDE_CODE_HOST_CREDS_FILE"),
)
"""In the environment: another program provides the connection, or the address and credential."""
UNCHECKED = "NODE_TLS_REJECT_UNAUTHORIZED"

OF_GATEWAY = (BASE_URL, AUTH_TOKEN, API_KEY, OAUTH_TOKEN, CUSTOM_HEADERS, *ROLE_VARIABLES.values(), SMALL_FAST)
VARIABLES = (
    *(*OF_GATEWAY, DEFAULT_MODEL, *CLOUDS, *CLOUDS.values(), CONFIG_DIR),
    *(*PROXIES, *NO_PROXY, UNCHECKED, "NODE_EXTRA_CA_CERTS"),
)
"""The environment variables that are looked for in every layer."""
TOP_LEVEL = (HELPER, MODEL)
"""The entries of a settings file outside its ``env``."""
_OFF = ("", "0", "false", "no", "off", "null")


def clouds_on(env: Mapping[str, object]) -> list[str]:
    """The clouds that these variables switch on. What is not clearly off counts as on."""
    on = {name.upper() for name, value in env.items() if value is not None and not is_off(str(value))}
    return [name for name in CLOUDS if name in on]


def is_off(value: str) -> bool:
    """Whether this value of a switch is one that nobody could take for a yes."""
    return value.strip().lower() in _OFF
