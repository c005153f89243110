"""A D-Bus session of a test's own, with a real GNOME Keyring, a misbehaving one, or none on it."""

from __future__ import annotations

import contextlib
import os
import select
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from jeepney import DBusAddress, MatchRule, MessageType, Properties, new_method_call
from jeepney.bus_messages import message_bus
from jeepney.io.blocking import DBusConnection, open_dbus_connection

from tests.support.requirements import require

REPOSITORY = Path(__file__).parents[2]
SECRETS = "org.freedesktop.secrets"
COLLECTION = "/org/freedesktop/secrets/collection/login"
PATIENCE_S = 20
MOST_LOOKS = 10_000

# Without a folder of services, the bus starts no keyring or prompt of the machine by itself.
BUS_CONFIG = """<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN" "busconfig.dtd">
<busconfig>
  <type>session</type>
  <listen>unix:path={socket}</listen>
  <auth>EXTERNAL</auth>
  <policy context="default">
    <allow send_destination="*" eavesdrop="true"/>
    <allow eavesdrop="true"/>
    <allow own="*"/>
  </policy>
</busconfig>
"""


@dataclass
class KeyringSession:
    """``environ`` is all that a program needs to find this session, and nothing of the machine's own one."""

    environ: dict[str, str]
    home: Path
    service: subprocess.Popen[str] | None = None
    _keyrings: list[int] = field(default_factory=list[int])
    """A pidfd of every process that was seen to own the Secret Service."""

    def lock(self) -> None:
        """Lock the keyring, as the screen lock or a logout does."""
        with self._connect() as bus:
            service = DBusAddress("/org/freedesktop/secrets", SECRETS, "org.freedesktop.Secret.Service")
            bus.send_and_get_reply(new_method_call(service, "Lock", "ao", ([COLLECTION],)), timeout=PATIENCE_S)
            collection = DBusAddress(COLLECTION, SECRETS, "org.freedesktop.Secret.Collection")
            reply = bus.send_and_get_reply(Properties(collection).get("Locked"), timeout=PATIENCE_S)
            assert reply.body == (("b", True),)

    def wait_for_owner(self) -> None:
        """Return once somebody owns the name of the Secret Service."""
        changed = MatchRule(type="signal", sender="org.freedesktop.DBus", member="NameOwnerChanged")
        changed.add_arg_condition(0, SECRETS)
        with self._connect() as bus, bus.filter(changed) as changes:
            bus.send_and_get_reply(message_bus.AddMatch(changed), timeout=PATIENCE_S)
            if not bus.send_and_get_reply(message_bus.NameHasOwner(SECRETS), timeout=PATIENCE_S).body[0]:
                bus.recv_until_filtered(changes, timeout=PATIENCE_S)
            self._note_owner(bus)

    def wait_for_answer(self) -> None:
        """Return once the Secret Service answers: it owns its name before it can be asked."""
        service = DBusAddress("/org/freedesktop/secrets", SECRETS, "org.freedesktop.Secret.Service")
        with self._connect() as bus:
            for _ in range(MOST_LOOKS):
                reply = bus.send_and_get_reply(Properties(service).get("Collections"), timeout=PATIENCE_S)
                if reply.header.message_type is MessageType.method_return:
                    return
        raise AssertionError("the keyring does not answer")

    def end_keyrings(self) -> None:
        """Kill each keyring, also those that made daemons of themselves, and wait until it is gone with its files."""
        with self._connect() as bus:
            self._note_owner(bus)
        for keyring in self._keyrings:
            with contextlib.suppress(ProcessLookupError):
                signal.pidfd_send_signal(keyring, signal.SIGKILL)
            exit_of = select.poll()
            exit_of.register(keyring, select.POLLIN)
            assert exit_of.poll(PATIENCE_S * 1000), "a keyring does not end"
            os.close(keyring)

    def _note_owner(self, bus: DBusConnection) -> None:
        reply = bus.send_and_get_reply(message_bus.GetConnectionUnixProcessID(SECRETS), timeout=PATIENCE_S)
        if reply.header.message_type is MessageType.method_return:
            with contextlib.suppress(ProcessLookupError):
                self._keyrings.append(os.pidfd_open(reply.body[0]))

    def _connect(self) -> DBusConnection:
        return open_dbus_connection(self.environ["DBUS_SESSION_BUS_ADDRESS"])


@contextlib.contextmanager
def bus_session() -> Iterator[KeyringSession]:
    """A session with D-Bus and without any keyring."""
    require("dbus-daemon")
    # A socket's path may have 107 bytes, which pytest's own folders can exceed.
    home = Path(tempfile.mkdtemp(prefix="ccswitch-"))
    (home / "bus.conf").write_text(BUS_CONFIG.format(socket=home / "socket"))
    environ = {
        "PATH": os.environ["PATH"],
        "HOME": str(home),
        "XDG_RUNTIME_DIR": str(home),
        "XDG_DATA_HOME": str(home / "data"),
        "XDG_CONFIG_HOME": str(home / "config"),
        "XDG_STATE_HOME": str(home / "state"),
        "LANG": "C.UTF-8",
    }
    daemon = subprocess.Popen(
        ["dbus-daemon", f"--config-file={home / 'bus.conf'}", "--nofork", "--print-address"],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env=environ,
        text=True,
    )
    try:
        assert daemon.stdout is not None
        environ["DBUS_SESSION_BUS_ADDRESS"] = daemon.stdout.readline().strip()
        session = KeyringSession(environ, home)
        try:
            yield session
        finally:
            session.end_keyrings()
    finally:
        _end(daemon)
        shutil.rmtree(home)


@contextlib.contextmanager
def gnome_keyring_session() -> Iterator[KeyringSession]:
    """A session with a real, empty, unlocked GNOME Keyring."""
    require("gnome-keyring-daemon")
    with bus_session() as session:
        command = ["gnome-keyring-daemon", "--foreground", "--unlock", "--components=secrets"]
        with _service(session, command, given="made-up password"):
            session.wait_for_answer()
            yield session


@contextlib.contextmanager
def fake_keyring_session(mode: str) -> Iterator[KeyringSession]:
    """A session with a keyring that misbehaves; the modes are those of ``fake_secret_service``."""
    with bus_session() as session:
        session.environ["PYTHONPATH"] = str(REPOSITORY)
        with _service(session, [sys.executable, "-m", "tests.support.fake_secret_service", mode]):
            del session.environ["PYTHONPATH"]
            yield session


@contextlib.contextmanager
def _service(session: KeyringSession, command: list[str], given: str = "") -> Iterator[None]:
    session.service = subprocess.Popen(
        command,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env=session.environ,
        text=True,
    )
    try:
        assert session.service.stdin is not None
        with session.service.stdin as stdin:
            stdin.write(given)
        session.wait_for_owner()
        yield
    finally:
        _end(session.service)


def _end(process: subprocess.Popen[str]) -> None:
    process.kill()
    process.wait()
    if process.stdout is not None:
        process.stdout.close()
