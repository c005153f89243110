"""Makes the process of a test a part of a D-Bus session, without a screen."""

import pytest

from tests.support.keyring_session import KeyringSession

OF_A_SESSION = ("DISPLAY", "WAYLAND_DISPLAY", "CCSWITCH_KEYRING", "DBUS_SESSION_BUS_ADDRESS")


def enter(session: KeyringSession, monkeypatch: pytest.MonkeyPatch) -> None:
    """Only what a program needs to find the keyring; the home stays that of the test."""
    for name in OF_A_SESSION:
        monkeypatch.delenv(name, raising=False)
    for name in ("DBUS_SESSION_BUS_ADDRESS", "XDG_RUNTIME_DIR"):
        monkeypatch.setenv(name, session.environ[name])
