"""Which keyring may keep keys: the system's own, or one that the user names; never a plain file silently."""

from __future__ import annotations

import os
import sys

from ccswitch_py.core.errors import BadInput, KeyUnavailable
from ccswitch_py.core.files import read_own_file
from ccswitch_py.core.language import _, join_list, quoted

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

    from ccswitch_py.core.paths import Paths

AUTOMATIC = "auto"
SECRET_SERVICE = "secret-service"  # noqa: S105 (a name, no password)
KWALLET = "kwallet"
MACOS_KEYCHAIN = "macos-keychain"
WINDOWS_CREDENTIALS = "windows-credential-manager"
PASS = "pass"  # noqa: S105 (a program)
DEMO = "demo"

DEFAULT_TIMEOUT_S = 30.0
_LONGEST_S = 3600
DEMO_MARK = ".ccswitch-demo"

KEYRINGS: dict[str, tuple[str, str]] = {
    SECRET_SERVICE: ("Secret Service", "keyring.backends.SecretService.Keyring"),
    KWALLET: ("KWallet", "keyring.backends.kwallet.DBusKeyring"),
    MACOS_KEYCHAIN: ("macOS Keychain", "keyring.backends.macOS.Keyring"),
    WINDOWS_CREDENTIALS: ("Windows Credential Manager", "keyring.backends.Windows.WinVaultKeyring"),
}
"""The allow-list of OS keyrings: what people call them, and their class in the `keyring` library."""

READ_BY_COMMAND = {
    "onepassword": '["op", "read", "op://Private/my-gateway/credential"]',
    "bitwarden": '["bw", "get", "password", "my-gateway"]',
    "vault": '["vault", "kv", "get", "-field=key", "secret/my-gateway"]',
}
"""Password managers that a profile reads through their own program; ccswitch never writes to them."""


def chosen_keyring(paths: Paths, environ: Mapping[str, str] = os.environ) -> str:
    """Return the backend's id: `CCSWITCH_KEYRING`, else ``keyring`` in ccswitch.toml, else ``AUTOMATIC``.

    A class of the `keyring` library is accepted by its dotted name if it is one of ``KEYRINGS``.
    Raises ``KeyUnavailable`` for a store that may not keep keys, ``BadInput`` for an unreadable ccswitch.toml.
    """
    named = environ.get("CCSWITCH_KEYRING") or _named_in_settings(paths)
    choice = {backend: known for known, (_unused, backend) in KEYRINGS.items()}.get(named, named)
    if choice in READ_BY_COMMAND:
        raise KeyUnavailable(
            _(
                "'{name}' is read-only: keys there are read through the vendor's program.",
                name=quoted(choice),
            ),
            _(
                "Set key = {{ command = {command} }} in the profile, with your own entry's name.",
                command=READ_BY_COMMAND[choice],
            ),
        )
    if choice == DEMO and not os.path.exists(os.path.join(paths.config, DEMO_MARK)):
        raise KeyUnavailable(
            _("The demo's keyring is a plain file, and this is not the folder of a demo."),
            _('Remove keyring = "demo" from ccswitch.toml and from CCSWITCH_KEYRING.'),
        )
    if choice not in (AUTOMATIC, PASS, DEMO, *KEYRINGS):
        from ccswitch_py.redact.key_patterns import DOTS, redact_keys

        # What is not even spelled like the name of a keyring may be a key in some form.
        shown = redact_keys(named) if named.replace(".", "_").replace("-", "_").isidentifier() else DOTS
        raise KeyUnavailable(
            _("The keyring '{name}' is not supported.", name=shown),
            _(
                "Use one of {names} in ccswitch.toml or CCSWITCH_KEYRING.",
                names=join_list((AUTOMATIC, *KEYRINGS, PASS)),
            ),
        )
    return choice


def keyring_timeout_s(usual_s: float = DEFAULT_TIMEOUT_S, environ: Mapping[str, str] = os.environ) -> float:
    """Return how long a keyring or a command may take: `CCSWITCH_KEYRING_TIMEOUT` seconds, else ``usual_s``.

    Raises ``BadInput``.
    """
    named = environ.get("CCSWITCH_KEYRING_TIMEOUT")
    if not named:
        return usual_s
    try:
        seconds = float(named)
    except ValueError:
        seconds = 0.0
    if not 0 < seconds <= _LONGEST_S:
        raise BadInput(
            _("CCSWITCH_KEYRING_TIMEOUT must be a number of seconds, at most {most}.", most=_LONGEST_S),
            _("Set CCSWITCH_KEYRING_TIMEOUT=60, or unset it."),
        )
    return seconds


def uses_secret_service(paths: Paths) -> bool:
    """Return whether keys are read from the Secret Service first; raises as ``chosen_keyring`` does."""
    return sys.platform.startswith("linux") and chosen_keyring(paths) in (AUTOMATIC, SECRET_SERVICE)


def _named_in_settings(paths: Paths) -> str:
    data = read_own_file(paths.settings)
    if data is None or b"keyring" not in data:
        return AUTOMATIC
    import tomllib

    try:
        named: object = tomllib.loads(data.decode("utf-8-sig")).get("keyring", AUTOMATIC)
    except ValueError as error:
        raise BadInput(
            _("{file} is not valid TOML.", file=paths.settings),
            _("Correct {file}, or remove it to get the defaults.", file=paths.settings),
        ) from error
    if not isinstance(named, str):
        raise BadInput(
            _("keyring in {file} is not a string.", file=paths.settings), _('Set keyring = "{name}".', name=AUTOMATIC)
        )
    return named or AUTOMATIC
