"""The keyrings of Linux desktops, found over D-Bus: the Secret Service, and KWallet where it does not offer that."""

from __future__ import annotations

import importlib.util

from ccswitch_py.core.language import _
from ccswitch_py.vault import secret_service_client as client
from ccswitch_py.vault.backend_policy import KEYRINGS
from ccswitch_py.vault.backends.library import LibraryStore
from ccswitch_py.vault.errors import (
    KeyringFailed,
    KeyringLocked,
    KeyringTimeout,
    NoDefaultCollection,
    NoSessionBus,
    has_screen,
)

_PROGRAM_NAMES = {
    "gnome-keyring-d": "GNOME Keyring",
    "keepassxc": "KeePassXC",
    "kwalletd5": "KWallet",
    "kwalletd6": "KWallet",
    "ksecretd": "KWallet",
    "kdewallet": "KWallet",
}
"""Programs that offer the Secret Service, by the name that the Linux kernel shows (at most 15 characters)."""


KWALLET_BUS_NAME = "org.kde.kwalletd5"


class SecretServiceStore(LibraryStore):
    """GNOME Keyring, KeePassXC, KWallet: keys through the `keyring` library, which can prompt, all else over D-Bus."""

    def is_running(self) -> bool:
        """Return True also where D-Bus does not answer: that is reported when a key is needed."""
        try:
            return client.is_on_the_bus(client.BUS_NAME, self.timeout_s)
        except (NoSessionBus, KeyringTimeout):
            return True

    def probe(self) -> None:
        """Name the program too, where it is known; fail if a key cannot be read or written without a prompt."""
        if program := _PROGRAM_NAMES.get(client.owner_program(self.timeout_s)):
            self.name = f"{program} ({KEYRINGS[self.id][0]})"
        client.require_open(self.timeout_s)

    def check_before(self) -> None:
        """Refuse where the keyring would have to prompt and nobody can see that."""
        try:
            client.require_open(self.timeout_s)
        except (KeyringLocked, NoDefaultCollection):
            if not has_screen():
                raise

    def holds(self, item: str) -> bool:
        return client.has_item(item, self.timeout_s)


class KWalletStore(LibraryStore):
    """Needs dbus-python, which pip cannot always install, so it is no dependency of ours."""

    def is_running(self) -> bool:
        """Return whether KWallet is on D-Bus, or would be started."""
        try:
            return client.is_on_the_bus(KWALLET_BUS_NAME, self.timeout_s)
        except (NoSessionBus, KeyringTimeout):
            return False

    def check_before(self) -> None:
        if importlib.util.find_spec("dbus") is None:
            raise KeyringFailed(_("KWallet needs dbus-python, which is not installed"))
