"""KDE's KWallet where it does not offer the Secret Service, through dbus-python."""

from __future__ import annotations

import importlib.util

from ccswitch_py.core.language import _
from ccswitch_py.vault.backends.library import LibraryStore
from ccswitch_py.vault.errors import KeyringFailed, KeyringTimeout, NoSessionBus
from ccswitch_py.vault.secret_service_client import is_on_the_bus

BUS_NAME = "org.kde.kwalletd5"


class KWalletStore(LibraryStore):
    """Needs dbus-python, which pip cannot always install, so it is no dependency of ours."""

    def is_running(self) -> bool:
        """Return whether KWallet is on D-Bus, or would be started."""
        try:
            return is_on_the_bus(BUS_NAME, self.timeout_s)
        except (NoSessionBus, KeyringTimeout):
            return False

    def check_before(self) -> None:
        if importlib.util.find_spec("dbus") is None:
            raise KeyringFailed(_("KWallet is asked through dbus-python, which is not installed"))
