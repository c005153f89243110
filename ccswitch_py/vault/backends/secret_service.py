"""The Secret Service of Linux desktops: GNOME Keyring, KeePassXC, KWallet's own; found and checked over D-Bus."""

from __future__ import annotations

from ccswitch_py.vault import secret_service_client as client
from ccswitch_py.vault.backends.library import LibraryStore
from ccswitch_py.vault.errors import KeyringLocked, KeyringTimeout, NoDefaultCollection, NoSessionBus, has_screen

_PROGRAM_NAMES = {
    "gnome-keyring-d": "GNOME Keyring",
    "keepassxc": "KeePassXC",
    "kwalletd5": "KWallet",
    "kwalletd6": "KWallet",
    "ksecretd": "KWallet",
    "kdewallet": "KWallet",
}
"""Programs that offer the Secret Service, by the name that the Linux kernel shows (at most 15 characters)."""


class SecretServiceStore(LibraryStore):
    """Reads and writes through the `keyring` library, which can prompt; everything else over D-Bus directly."""

    def is_running(self) -> bool:
        """Return True also where D-Bus does not answer: that is told when a key is needed."""
        try:
            return client.is_on_the_bus(client.BUS_NAME, self.timeout_s)
        except (NoSessionBus, KeyringTimeout):
            return True

    def display_name(self) -> str:
        """Name the program too, where it is known."""
        name = super().display_name()
        program = _PROGRAM_NAMES.get(client.owner_program(self.timeout_s))
        return f"{program} ({name})" if program else name

    def probe(self) -> None:
        """Raise ``KeyUnavailable`` if a key cannot be read or written without a prompt."""
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
