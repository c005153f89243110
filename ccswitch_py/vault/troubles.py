"""What can be wrong with a keyring: what is told, and what to do next.

KeyUnavailable
└── StoreTrouble
    ├── KeyAbsent            the store works, and has no such key
    ├── StoreLocked          it must be unlocked first, and nobody can be asked here
    ├── StoreDenied          somebody was asked, and said no
    ├── StoreHangs           it did not answer in time
    ├── NoSessionBus         Linux: no D-Bus, so no way to any keyring
    ├── NoKeyringService     Linux: D-Bus is there, and no keyring on it
    ├── NoDefaultCollection  Linux: the keyring has never been set up
    ├── KeyTooLong           Windows: more than one credential can hold
    ├── KeyNotKept           it said yes, and gives something else back
    ├── ProgramMissing       the store is a program that is not installed
    └── StoreFailed          anything else
"""

from __future__ import annotations

import sys

from ccswitch_py.errors import KeyUnavailable

WITHOUT_A_KEYRING = 'a variable can hold the key too (`--key-env NAME`, or key = { env = "NAME" } in the profile)'


class StoreTrouble(KeyUnavailable):
    """Base of all: ``detail`` completes the sentence where it has a gap, and never comes from a key."""

    sentence = ""
    advice = ""

    def __init__(self, detail: str = "") -> None:
        super().__init__(self.sentence.format(detail=detail), self.advice)
        self.detail = detail


class KeyAbsent(StoreTrouble):
    """The store works, and has no such key; ``detail`` is the key's name."""

    sentence = "The keyring holds no key {detail!r}."
    advice = "Store it with `ccswitch keys set`; `ccswitch keys list` shows the names."


class StoreLocked(StoreTrouble):
    """The keyring must be unlocked first."""

    sentence = "The keyring is locked, and there is no screen here to ask for its password."
    advice = (
        "Unlock it with `security unlock-keychain`, then do this again."
        if sys.platform == "darwin"
        else "Log in to the desktop once, or run `gnome-keyring-daemon --unlock` in this session, then do this again;"
        f" {WITHOUT_A_KEYRING}."
    )


class StoreDenied(StoreTrouble):
    """The user, or the system for them, said no."""

    sentence = "The keyring refused access, and nothing was changed."
    advice = "Do this again and allow it when the keyring asks."


class StoreHangs(StoreTrouble):
    """It did not answer; ``detail`` is the time that it had."""

    sentence = "The keyring did not answer within {detail}, so it was given up."
    advice = f"See whether its dialog waits behind a window, or restart the keyring; {WITHOUT_A_KEYRING}."


class NoSessionBus(StoreTrouble):
    """No D-Bus: usual over SSH, in containers and in services."""

    sentence = "No keyring can be reached: this session has no D-Bus."
    advice = f"Do this in a desktop session, or start one with `dbus-run-session -- bash`; {WITHOUT_A_KEYRING}."


class NoKeyringService(StoreTrouble):
    """Nothing offers the Secret Service."""

    sentence = "No keyring is running in this session."
    advice = f"Install and start gnome-keyring, KWallet or KeePassXC (its Secret Service); {WITHOUT_A_KEYRING}."


class NoDefaultCollection(StoreTrouble):
    """The keyring has never been set up, and setting it up asks for a password."""

    sentence = "The keyring is empty and has no password yet, and there is no screen here to choose one."
    advice = f"Log in to the desktop once, or run `gnome-keyring-daemon --unlock` in this session; {WITHOUT_A_KEYRING}."


class KeyTooLong(StoreTrouble):
    """More than one credential holds; ``detail`` is the limit."""

    sentence = "The key is too long for the Windows Credential Manager, which takes {detail} characters."
    advice = f"Ask the gateway for a shorter key; {WITHOUT_A_KEYRING}."


class KeyNotKept(StoreTrouble):
    """Reading back gave something else; ``detail`` is the store's name."""

    sentence = "{detail} said that it stored the key, and gave something else back."
    advice = f"Look at the entry `ccswitch` in its own program, and do this again; {WITHOUT_A_KEYRING}."


class ProgramMissing(StoreTrouble):
    """A store that is a program; ``detail`` is its name."""

    sentence = "The program `{detail}` was not found."
    advice = "Install it where PATH finds it, or let the profile or ccswitch.toml name another one."


class StoreFailed(StoreTrouble):
    """Anything else; ``detail`` names the kind of failure, not its text."""

    sentence = "The keyring failed ({detail})."
    advice = f"`ccswitch keys status` looks at it; {WITHOUT_A_KEYRING}."


TROUBLES: dict[str, type[StoreTrouble]] = {trouble.__name__: trouble for trouble in StoreTrouble.__subclasses__()}
