"""Claude Code: which entries of its settings.json are ours, and what a profile makes of them.

The facts were measured with Claude Code 2.1.197 and 2.1.330 against a gateway on loopback.
"""

from __future__ import annotations

import json
import os

from ccswitch_py.core.language import _
from ccswitch_py.redact.key_patterns import is_secret_name, may_contain_key
from ccswitch_py.targets.base import Target
from ccswitch_py.targets.claude_code.clouds import CLOUDS, clouds_on
from ccswitch_py.targets.claude_code.settings import SETTINGS, user_settings_file
from ccswitch_py.targets.claude_code.switches import COMPATIBILITY_SWITCHES, CREDENTIAL_HEADERS
from ccswitch_py.targets.claude_code.variables import ROLE_VARIABLES
from ccswitch_py.vault.key_command_line import KeyCommand

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from ccswitch_py.model.profile import Profile
    from ccswitch_py.model.provider import Provider
    from ccswitch_py.targets.base import EntryPath, Examination, OwnEntry, Settings, Wanted
    from ccswitch_py.targets.explanation import Explanation
    from ccswitch_py.targets.inspection import Inspection

HELPER = ("apiKeyHelper",)
BASE_URL = ("env", "ANTHROPIC_BASE_URL")
AUTH_TOKEN = ("env", "ANTHROPIC_AUTH_TOKEN")
API_KEY = ("env", "ANTHROPIC_API_KEY")
SMALL_FAST_MODEL = ("env", "ANTHROPIC_SMALL_FAST_MODEL")
CUSTOM_HEADERS = ("env", "ANTHROPIC_CUSTOM_HEADERS")

UNKNOWN_WINDOW = 200_000
"""Tokens of context that a model has for us when the catalogue does not say."""

_NAMING_A_GATEWAY = (
    *(path[1] for path in (BASE_URL, AUTH_TOKEN, API_KEY)),
    *ROLE_VARIABLES.values(),
    *(f"ANTHROPIC_DEFAULT_{family}_MODEL_NAME" for family in ("HAIKU", "SONNET", "OPUS", "FABLE")),
    SMALL_FAST_MODEL[1],
    CUSTOM_HEADERS[1],
)
_ENV = (
    *_NAMING_A_GATEWAY,
    "CLAUDE_CODE_MAX_CONTEXT_TOKENS",
    "CLAUDE_CODE_MAX_OUTPUT_TOKENS",
    *COMPATIBILITY_SWITCHES,
)

_SHOWS_A_SECRET = r"\bsk-|\b(?:echo|printf)\b"  # noqa: S105 (a pattern)
UNUSED = "unused"
"""What stands in ``x-api-key`` for gateways that must not get the key there."""


class ClaudeCode(Target):
    """Anthropic's Claude Code, through the user's settings.json."""

    id = "claude-code"
    name = "Claude Code"
    program = "claude"
    settings_name = SETTINGS
    base_url_entry = BASE_URL
    token_variable = "ANTHROPIC_AUTH_TOKEN"  # noqa: S105
    own_variables = (*_NAMING_A_GATEWAY, "CLAUDE_CODE_OAUTH_TOKEN", *CLOUDS)
    owned = (HELPER, *(("env", variable) for variable in _ENV))
    sticky = (CUSTOM_HEADERS,)

    def live_path(self) -> str:
        """The user's settings."""
        return user_settings_file(os.environ)

    def build_launch(self, profile: Profile, provider: Provider | None, helper: str) -> Settings:
        """A complete settings.json for this profile alone: what ``claude --settings FILE`` takes.

        Unused credentials are ``""``: a lower layer's value would be merged in otherwise, and a variable that is
        removed lives on in a running session, which would send the old key to the new gateway.
        """
        extras = profile.claude_code
        env = {"ANTHROPIC_BASE_URL": profile.base_url, "ANTHROPIC_AUTH_TOKEN": "", "ANTHROPIC_API_KEY": ""}
        models = {role.value: model_id for role, model_id in profile.models.items()}
        env |= {variable: models[role] for role, variable in ROLE_VARIABLES.items() if role in models}
        headers = dict(extras.headers)
        if extras.bearer_only:
            headers["x-api-key"] = UNUSED
        if headers:
            env[CUSTOM_HEADERS[1]] = "\n".join(f"{name}: {value}" for name, value in headers.items())
        window = extras.context_window or _assumed_window(profile, provider)
        if window:
            env["CLAUDE_CODE_MAX_CONTEXT_TOKENS"] = str(window)
        if extras.max_output_tokens:
            env["CLAUDE_CODE_MAX_OUTPUT_TOKENS"] = str(extras.max_output_tokens)
        # The user's own clouds are none of the owned entries, so these only count in the launch file itself.
        return {"apiKeyHelper": helper, "env": env | extras.switches | dict.fromkeys(CLOUDS, "")}

    def wanted(self, launch: Settings, own: OwnEntry, plaintext_key: str | None) -> Wanted:
        """Every entry of the launch file; the user's own extra headers stay, credentials of others do not."""
        # A launch file beats the settings of a project's folder, the live file does not: there the helper looks itself.
        command = KeyCommand.parse(launch["apiKeyHelper"])
        helper = command.for_settings().as_shell() if command else launch["apiKeyHelper"]
        wanted: dict[EntryPath, str | None] = {SMALL_FAST_MODEL: None, HELPER: _raw(helper)}
        wanted |= {("env", variable): _raw(value) for variable, value in launch["env"].items()}
        own_headers = own(CUSTOM_HEADERS)
        headers = merged_headers(own_headers, launch["env"].get(CUSTOM_HEADERS[1], ""))
        if headers != merged_headers(own_headers, "", keep_credentials=True):
            wanted[CUSTOM_HEADERS] = _raw(headers)
        if plaintext_key is not None:
            wanted[HELPER] = None
            wanted[AUTH_TOKEN] = _raw(plaintext_key)
        return [(path, wanted[path]) for path in self.owned if path in wanted]

    def is_secret(self, path: EntryPath, raw: str) -> bool:
        """Tokens always; a helper, header or URL when something in it looks like a token."""
        if raw in ('""', "null"):
            return False
        if path in (AUTH_TOKEN, API_KEY):
            return True
        if path == BASE_URL:
            return "@" in raw
        if path not in (CUSTOM_HEADERS, HELPER):
            return False
        if path == HELPER and raw.startswith('"') and KeyCommand.parse(json.loads(raw)):
            return False
        if path == CUSTOM_HEADERS:
            return any(header_is_secret(name, value) for name, value in parse_headers(str(json.loads(raw))))
        return _may_be_secret(raw)

    def wire_headers(self, launch: Settings, delivery: str) -> Callable[[str], list[tuple[str, str]]]:
        """With a helper Claude Code sends the key in both headers, with a token as Bearer only; custom headers win."""
        custom = parse_headers(launch["env"].get(CUSTOM_HEADERS[1], ""))

        def headers(key: str) -> list[tuple[str, str]]:
            sent = {"authorization": ("Authorization", f"Bearer {key}")}
            if delivery == "helper":
                sent["x-api-key"] = ("x-api-key", key)
            sent |= {name.lower(): (name, value) for name, value in custom}
            return list(sent.values())

        return headers

    def rivals(self, env: Mapping[str, object]) -> list[str]:
        """The switches to a cloud."""
        return clouds_on(env)

    def explain(self, inspection: Inspection, settings_file: str | None) -> Explanation:
        """By the layers of settings that Claude Code merges."""
        from ccswitch_py.targets.claude_code.explain.explanation import explain
        from ccswitch_py.targets.claude_code.inspection import ClaudeCodeInspection

        return explain(ClaudeCodeInspection(self, inspection, settings_file))

    def examinations(self, inspection: Inspection) -> Mapping[str, Examination]:
        """Its settings, what overrides them, its key command, and its program."""
        from ccswitch_py.targets.claude_code.findings import examinations
        from ccswitch_py.targets.claude_code.inspection import ClaudeCodeInspection

        return examinations(ClaudeCodeInspection(self, inspection))

    def public_names(self) -> frozenset[str]:
        """Those of its own files, and of other switchers'."""
        from ccswitch_py.targets.claude_code.findings import PUBLIC_NAMES

        return PUBLIC_NAMES

    def aftermath(self, *, in_use: bool) -> list[str]:
        """Running sessions reload env and helper, keep their model, and keep a variable that was removed."""
        if not in_use:
            return [_("Running sessions keep what they had until they are restarted.")]
        return [
            _("The address and the key change at once, also in running sessions."),
            _("The models change in new sessions, or with /model."),
        ]


def header_is_secret(name: str, value: str) -> bool:
    """Whether a custom header carries a key, by its name or by how its value looks."""
    return value != UNUSED and (is_secret_name(name) or _may_be_secret(value))


def _may_be_secret(text: str) -> bool:
    import re

    return may_contain_key(text) or re.search(_SHOWS_A_SECRET, text) is not None


def _assumed_window(profile: Profile, provider: Provider | None) -> int | None:
    """The smallest context window among the models that Claude Code does not know, in tokens.

    For an unknown id 2.1.330 assumes a million tokens, so that it would never compact in time.
    """
    unknown = [model_id for model_id in profile.models.values() if not model_id.startswith("claude-")]
    models = [provider.model(model_id.removesuffix("[1m]")) if provider else None for model_id in unknown]
    return min(((model and model.context_window) or UNKNOWN_WINDOW for model in models), default=None)


def parse_headers(text: str) -> list[tuple[str, str]]:
    """The headers in the form of ``ANTHROPIC_CUSTOM_HEADERS``: one ``Name: value`` a line."""
    pairs = (line.partition(":") for line in text.splitlines())
    return [(name.strip(), value.strip()) for name, colon, value in pairs if colon and name.strip()]


def merged_headers(before: str | None, ours: str, *, keep_credentials: bool = False) -> str:
    """The user's own headers (``before``, JSON text), then the profile's.

    The user's own credentials are left out: they were meant for another gateway.
    """
    wins = parse_headers(ours)
    taken = {name.lower() for name, _ in wins}
    if not keep_credentials:
        taken.update(CREDENTIAL_HEADERS)
    own = parse_headers(str(json.loads(before))) if before else []
    kept = [(name, value) for name, value in own if name.lower() not in taken]
    return "\n".join(f"{name}: {value}" for name, value in [*kept, *wins])


def _raw(value: str) -> str:
    return json.dumps(value, ensure_ascii=False)
