"""OpenClaw: a provider of its openclaw.json, whose key a program prints. Measured with 2026.9.6."""

from __future__ import annotations

import os
import stat

from ccswitch_py.core.errors import BadInput
from ccswitch_py.core.language import _
from ccswitch_py.core.paths import from_home, home_folder
from ccswitch_py.targets.base import Conflict
from ccswitch_py.targets.config_file import (
    ANY_HEADER,
    BEARER,
    GOOGLE_KEY,
    NO_KEY,
    PROVIDER_ID,
    ConfigFileTarget,
    key_command,
    label_of,
    used_models,
    values_in,
)
from ccswitch_py.targets.pi import APIS, model_fields
from ccswitch_py.vault.key_command_line import KeyCommand

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from ccswitch_py.formats.base import EntryPath, Value
    from ccswitch_py.model.launch import Launch
    from ccswitch_py.targets.base import Contents, Environment
    from ccswitch_py.targets.config_file import Credential

_PROVIDER: EntryPath = ("models", "providers", PROVIDER_ID)
_MODELS: EntryPath = (*_PROVIDER, "models")
_SECRETS: EntryPath = ("secrets", "providers", PROVIDER_ID)
_MODEL: EntryPath = ("agents", "defaults", "model")
_UTILITY_MODEL: EntryPath = ("agents", "defaults", "utilityModel")
_FIELDS = ("baseUrl", "apiKey", "api", "authHeader", "headers")
_OTHER_FIELDS = ("auth", "request", "params", "region", "agentRuntime", "localService", "maxTokens")
"""What a user may have in a provider with this id, and would change the request."""
_TIMEOUT_MS = 60_000
_PASSED = (
    *("HOME", "PATH", "USER", "LANG", "TMPDIR"),
    *("CCSWITCH_HOME", "CCSWITCH_KEYRING", "CCSWITCH_KEYRING_TIMEOUT", "CCSWITCH_LANG"),
    *("DBUS_SESSION_BUS_ADDRESS", "XDG_RUNTIME_DIR", "XDG_CONFIG_HOME", "XDG_STATE_HOME", "XDG_DATA_HOME"),
    *("DISPLAY", "WAYLAND_DISPLAY", "XAUTHORITY"),
    *("GNUPGHOME", "GPG_TTY", "PASSWORD_STORE_DIR", "BW_SESSION", "OP_SERVICE_ACCOUNT_TOKEN"),
    *("VAULT_ADDR", "VAULT_TOKEN", "VAULT_NAMESPACE"),
    *("SYSTEMROOT", "USERPROFILE", "APPDATA", "LOCALAPPDATA", "TEMP"),
)
"""The variables that our program and a keyring may need: OpenClaw passes no others."""


class OpenClaw(ConfigFileTarget):
    """Speaks all four protocols, under the names that pi has for them. Refuses its whole file for one unknown key."""

    id = "openclaw"
    name = "OpenClaw"
    program = "openclaw"
    protocols = {"messages": ANY_HEADER, "responses": BEARER, "chat": BEARER, "gemini": GOOGLE_KEY}  # noqa: RUF012
    deliveries = ("command", "environment", "plaintext")
    whole = (_PROVIDER, _SECRETS)
    settings_name = "openclaw.json"
    format_id = "json5"
    model = (*_MODEL, "primary")
    address = (*_PROVIDER, "baseUrl")
    credentials = (_SECRETS, (*_PROVIDER, "apiKey"))
    owned = (
        *((*_PROVIDER, name) for name in (*_FIELDS, *_OTHER_FIELDS)),
        _MODELS,
        _SECRETS,
        _MODEL,
        _UTILITY_MODEL,
    )

    def path(self, env: Environment) -> str:
        if named := env.get("OPENCLAW_CONFIG_PATH"):
            return os.path.abspath(os.path.expanduser(named))
        profile = env.get("OPENCLAW_PROFILE", "default")
        home = env.get("OPENCLAW_HOME") or home_folder(env)
        folder = os.path.join(home, ".openclaw" if profile == "default" else f".openclaw-{profile}")
        folder = env.get("OPENCLAW_STATE_DIR") or folder
        return os.path.join(os.path.abspath(os.path.expanduser(folder)), self.settings_name)

    def entries(self, launch: Launch, credential: Credential) -> Mapping[EntryPath, Value]:
        api, suffix = APIS[launch.protocol]
        models = [model_fields(launch, model) for model in used_models(launch)]
        models[0]["name"] = label_of(launch)
        entries: dict[EntryPath, Value] = dict.fromkeys(self.owned)
        entries |= {self.address: launch.base_url + suffix, (*_PROVIDER, "api"): api, _MODELS: models}
        if launch.protocol == "messages":
            entries[*_PROVIDER, "authHeader"] = True
            if launch.bearer_only:
                entries[*_PROVIDER, "headers"] = {"x-api-key": NO_KEY}
        entries[*_PROVIDER, "apiKey"], entries[_SECRETS] = _key(launch, credential)
        entries[_MODEL] = {"primary": f"{PROVIDER_ID}/{launch.models['main']}"}
        if small := launch.models.get("haiku"):
            entries[_UTILITY_MODEL] = f"{PROVIDER_ID}/{small}"
        return entries

    def key_headers(self, launch: Launch) -> tuple[str, ...]:
        """Over Messages it sends both."""
        is_both = launch.protocol == "messages" and not launch.bearer_only
        return ("Authorization", "x-api-key") if is_both else super().key_headers(launch)

    def find_label(self, value: Callable[[EntryPath], Value]) -> Value:
        """The name of our first model."""
        match value(_MODELS):
            case [{"name": str() as label}, *_rest]:
                return label
            case _:
                return None

    def conflicts(self, env: Environment, contents: Contents) -> list[Conflict]:
        """A program for the key that OpenClaw refuses to run."""
        text = contents.get(self.live_files(env)[0])
        command = KeyCommand.find(values_in(text or "", self.format_id, (_SECRETS,)).get(_SECRETS))
        if command is None or _is_trusted(command.python):
            return []
        text = _(
            "OpenClaw does not run {program}: it must be a regular file that you own and only you can write to.",
            program=from_home(command.python),
        )
        hint = _("Install ccswitch as the user who runs OpenClaw: `pipx install ccswitch`.")
        return [Conflict(text, hint, blocking=True)]


def _key(launch: Launch, credential: Credential) -> tuple[Value, Value]:
    """The reference to the key, and the provider of secrets that it names."""
    if credential.key:
        return credential.key, None
    if credential.variable:
        reference = {"source": "env", "provider": PROVIDER_ID, "id": credential.variable}
        return reference, {"source": "env", "allowlist": [credential.variable]}
    variable = launch.key_variable
    if variable != variable.upper():
        raise BadInput(
            _("OpenClaw cannot pass on the variable {variable}: its name has lower-case letters.", variable=variable),
            _("Use an upper-case name, or store the key with `ccswitch keys set`."),
        )
    program, *arguments = key_command(launch).as_program()
    passed = [*_PASSED, *[variable] * (variable not in ("", *_PASSED))]
    secrets: Value = {"source": "exec", "command": program, "args": arguments, "passEnv": passed}
    secrets |= {"jsonOnly": False, "timeoutMs": _TIMEOUT_MS}
    return {"source": "exec", "provider": PROVIDER_ID, "id": "key"}, secrets


def _is_trusted(program: str) -> bool:
    try:
        found = os.lstat(program)
    except OSError:
        return False
    is_plain = stat.S_ISREG(found.st_mode)
    return is_plain and (os.name == "nt" or (found.st_uid == os.getuid() and not found.st_mode & 0o022))
