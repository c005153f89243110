"""Why a key cannot be fetched or stored: one class for each cause, with what to do next.

The classes below ``KeyringError`` differ in nothing but their texts; ``detail`` is the value in the gap of a sentence.
"""

from __future__ import annotations

import os
import sys

from ccswitch_py.core.errors import KeyUnavailable
from ccswitch_py.core.language import N_, _, quoted

WITHOUT_A_KEYRING = N_('a variable can hold the key too (`--key-env NAME`, or key = { env = "NAME" } in the profile)')

UNLOCK_COMMAND = (
    'bash -c \'read -rsp "Password: " P; '
    'printf %s "$P" | gnome-keyring-daemon --replace --unlock --components=secrets\''
)
"""Asks for the password without echo. A daemon that runs already takes none, so it is replaced."""

UNLOCKING = {
    "darwin": N_("Unlock it with `security unlock-keychain`, then do this again."),
    "win32": N_(
        "Windows opens it only in a session that began with the password, not over SSH with a key or in a service; "
        "{without_a_keyring}."
    ),
    "linux": N_(
        "Log in to the desktop once, or run `{unlock}`, which asks for the keyring's password, then do this again; "
        "{without_a_keyring}."
    ),
}
"""How to unlock a keyring, by ``sys.platform``."""


def has_screen() -> bool:
    """Return whether a keyring of Linux could show its prompt here."""
    if sys.platform in ("darwin", "win32"):
        return False
    return bool(os.environ.get("WAYLAND_DISPLAY") or os.environ.get("DISPLAY"))


class KeyringError(KeyUnavailable):
    """Base of all: ``detail`` fills the gap in ``sentence``, and never comes from a key.

    ``on_a_screen`` replaces sentence and advice where the keyring can prompt.
    """

    sentence = advice = ""
    on_a_screen: tuple[str, str] | None = None

    def __init__(self, detail: str = "") -> None:
        sentence, advice = (has_screen() and self.on_a_screen) or (self.sentence, self.advice)
        super().__init__(
            _(sentence, detail=quoted(detail)), _(advice, without_a_keyring=_(WITHOUT_A_KEYRING), unlock=UNLOCK_COMMAND)
        )
        self.detail = detail


class KeyNotFound(KeyringError):
    sentence = N_("The keyring holds no key '{detail}'.")
    advice = N_("Store it with `ccswitch keys set`; `ccswitch keys list` shows the names.")


class KeyringLocked(KeyringError):
    sentence = N_("The keyring is locked, and there is no graphical display here to ask for its password.")
    advice = UNLOCKING.get(sys.platform, UNLOCKING["linux"])
    on_a_screen = (
        N_("The keyring is locked."),
        N_("Unlock it in the desktop's program for passwords, or answer when it asks, as it does when a key is used."),
    )


class KeyringDenied(KeyringError):
    sentence = N_("The keyring refused access, and nothing was changed.")
    advice = N_("Do this again and allow it when the keyring asks.")


class KeyringTimeout(KeyringError):
    sentence = N_("The keyring did not answer within {detail} seconds.")
    advice = N_("Look for its dialog behind other windows, or restart the keyring; {without_a_keyring}.")


class NoSessionBus(KeyringError):
    sentence = N_("No keyring can be reached: this session has no D-Bus.")
    advice = N_(
        "Start ccswitch and your tool in a desktop session, or both in the shell of `dbus-run-session -- bash`; "
        "{without_a_keyring}."
    )


class NoKeyringService(KeyringError):
    sentence = N_("No keyring is running in this session.")
    advice = N_("Install and start gnome-keyring, KWallet or KeePassXC (its Secret Service); {without_a_keyring}.")


class NoDefaultCollection(KeyringError):
    sentence = N_("The keyring is empty and has no password yet, and there is no graphical display here to choose one.")
    advice = N_(
        "Log in to the desktop once, or run `{unlock}`, which asks for the keyring's new password; {without_a_keyring}."
    )
    on_a_screen = (
        N_("The keyring is empty and has no password yet."),
        N_("Store a key, and choose the password when the keyring asks for one."),
    )


class KeyTooLong(KeyringError):
    sentence = N_("The key is too long for the Windows Credential Manager, which takes {detail} characters.")
    advice = N_("Ask the gateway for a shorter key; {without_a_keyring}.")


class KeyNotStored(KeyringError):
    sentence = N_("{detail} reported success, but did not store the key.")
    advice = N_("Look at the entry `ccswitch` in the keyring's own program, and do this again; {without_a_keyring}.")


class ProgramNotFound(KeyringError):
    sentence = N_("The program `{detail}` was not found.")
    advice = N_("Install it where PATH finds it, or let the profile or ccswitch.toml name another one.")


class OutputTooLong(KeyringError):
    sentence = N_("The program `{detail}` printed more than 64 KiB, which is no key, so it was killed.")
    advice = N_("Run it with the same arguments in a terminal to see what it prints.")


class KeyringFailed(KeyringError):
    sentence = N_("The keyring failed ({detail}).")
    advice = N_("Restart the keyring, or log in again, then do this again; {without_a_keyring}.")


ERRORS: dict[str, type[KeyringError]] = {error.__name__: error for error in KeyringError.__subclasses__()}
