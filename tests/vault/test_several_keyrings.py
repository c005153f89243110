"""Several keyrings at once, one of them in clear text: the key goes into the system's own, or nowhere."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from jeepney.bus_messages import message_bus
from jeepney.io.blocking import open_dbus_connection

from ccswitch_py.core.paths import Paths
from ccswitch_py.redact.secret import Secret
from ccswitch_py.vault import secret_service_client as secret_service
from ccswitch_py.vault.backends.linux import KWALLET_BUS_NAME
from ccswitch_py.vault.errors import KeyringFailed
from ccswitch_py.vault.store import open_store
from tests.support.keyring_session import KeyringSession, bus_session
from tests.support.programs import BIN, run_program

pytestmark = pytest.mark.real

Enter = Callable[[KeyringSession], None]
ADD = ["add", "work", "--base-url", "http://127.0.0.1:9", "--main", "m", "--same-as-main", "--key-stdin"]
CLEAR_TEXT = """
from pathlib import Path
from keyring.backend import KeyringBackend
kept = Path(__file__).with_name("kept")
class PlaintextKeyring(KeyringBackend):
    priority = 99
    def get_password(self, service, username):
        return kept.read_text() if kept.exists() else None
    def set_password(self, service, username, password):
        kept.write_text(password)
    def delete_password(self, service, username):
        kept.unlink()
"""


def install_clear_text(session: KeyringSession, folder: Path) -> Path:
    """Put a backend in clear text wherever the `keyring` library would find it; returns where it would keep keys."""
    package = folder / "keyrings" / "alt"
    package.mkdir(parents=True)
    (package / "__init__.py").touch()
    (package / "file.py").write_text(CLEAR_TEXT)
    installed = folder / "keyrings.alt-5.0.2.dist-info"
    installed.mkdir()
    (installed / "METADATA").write_text("Metadata-Version: 2.1\nName: keyrings.alt\nVersion: 5.0.2\n")
    (installed / "entry_points.txt").write_text("[keyring.backends]\nfile = keyrings.alt.file\n")
    settings = session.home / "config" / "python_keyring" / "keyringrc.cfg"
    settings.parent.mkdir(parents=True)
    settings.write_text("[backend]\ndefault-keyring=keyrings.alt.file.PlaintextKeyring\n")
    session.environ["PYTHONPATH"] = str(folder)
    session.environ["PYTHON_KEYRING_BACKEND"] = "keyrings.alt.file.PlaintextKeyring"
    return package / "kept"


def ccswitch(session: KeyringSession, *argv: str, given: str = "", code: int) -> str:
    done = run_program(session.environ, str(BIN / argv[0]), *argv[1:], given=given, code=code)
    return done.stdout + done.stderr


@contextmanager
def kwallet_on(session: KeyringSession) -> Iterator[None]:
    with open_dbus_connection(session.environ["DBUS_SESSION_BUS_ADDRESS"]) as bus:
        bus.send_and_get_reply(message_bus.RequestName(KWALLET_BUS_NAME))
        yield


def test_the_keyring_library_itself_would_take_the_one_in_clear_text(tmp_path: Path) -> None:
    with bus_session() as session:
        kept = install_clear_text(session, tmp_path)
        run_program(session.environ, str(BIN / "python"), "-m", "keyring", "set", "a", "b", given="made-up-key\n")
        assert kept.read_text() == "made-up-key"


def test_the_key_goes_into_the_systems_keyring(gnome_keyring: KeyringSession, tmp_path: Path, canary: str) -> None:
    kept = install_clear_text(gnome_keyring, tmp_path)
    ccswitch(gnome_keyring, "ccswitch", *ADD, given=canary, code=0)
    assert ccswitch(gnome_keyring, "ccswitch-key", "work", code=0) == f"{canary}\n"
    assert "GNOME Keyring" in ccswitch(gnome_keyring, "ccswitch", "keys", "status", code=0)
    assert not kept.exists()


def test_without_the_systems_keyring_it_goes_nowhere(tmp_path: Path, canary: str) -> None:
    with bus_session() as session:
        kept = install_clear_text(session, tmp_path)
        assert "No keyring is running" in ccswitch(session, "ccswitch", *ADD, given=canary, code=4)
        session.environ["CCSWITCH_KEYRING"] = "keyrings.alt.file.PlaintextKeyring"
        assert "not one that ccswitch trusts" in ccswitch(session, "ccswitch", *ADD, given=canary, code=4)
        assert not kept.exists()
        assert "no profile yet" in ccswitch(session, "ccswitch", "list", code=0)


def test_beside_kwallet_the_secret_service_is_taken(gnome_keyring: KeyringSession, paths: Paths, canary: str) -> None:
    with kwallet_on(gnome_keyring):
        open_store(paths).set("relay/1", Secret(canary))
        assert open_store(paths).status().name == "GNOME Keyring (Secret Service)"
    assert secret_service.read_item("relay/1", 10) == canary


def test_kwallet_alone_is_taken_and_says_what_it_lacks(paths: Paths, enter: Enter, canary: str) -> None:
    with bus_session() as session, kwallet_on(session):
        enter(session)
        status = open_store(paths).status()
        assert (status.name, status.ready) == ("KWallet", False)
        with pytest.raises(KeyringFailed, match="dbus-python, which is not installed"):
            open_store(paths).set("relay/1", Secret(canary))
    assert not os.path.exists(paths.state)
