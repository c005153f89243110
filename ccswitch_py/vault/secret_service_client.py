"""A client of the Secret Service over D-Bus, in a sixth of the time of the `keyring` library; it never prompts.

Each call has a time limit. The names and shapes are those of the Secret Service API 0.2
(https://specifications.freedesktop.org/secret-service-spec/), the attributes those that the `keyring` library writes.
"""

# jeepney has no type hints:
# pyright: reportMissingTypeStubs=false, reportUnknownVariableType=false
# pyright: reportUnknownMemberType=false, reportUnknownArgumentType=false

from __future__ import annotations

import os
import socket
import time

from jeepney import DBusAddress, MessageType, Parser, Properties, new_method_call
from jeepney.auth import BEGIN, Authenticator
from jeepney.bus import get_bus
from jeepney.low_level import HeaderFields

from ccswitch_py.core.cancellation import CancellableWait
from ccswitch_py.core.language import _
from ccswitch_py.vault.errors import (
    KeyNotFound,
    KeyringFailed,
    KeyringLocked,
    KeyringTimeout,
    NoDefaultCollection,
    NoKeyringService,
    NoSessionBus,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Self

SERVICE_NAME = "ccswitch"
BUS_NAME = "org.freedesktop.secrets"
_ROOT = "/org/freedesktop/secrets"
_NO_OBJECT = "/"
_LIMIT_BYTES = 1024 * 1024
_NO_SERVICE_ERRORS = (
    "org.freedesktop.DBus.Error.ServiceUnknown",
    "org.freedesktop.DBus.Error.NameHasNoOwner",
    "org.freedesktop.DBus.Error.Spawn.",
)
_LOCKED_ERROR = "org.freedesktop.Secret.Error.IsLocked"
_BUS = DBusAddress("/org/freedesktop/DBus", "org.freedesktop.DBus", "org.freedesktop.DBus")
_SERVICE = DBusAddress(_ROOT, BUS_NAME, "org.freedesktop.Secret.Service")


def read_item(item: str, timeout_s: float) -> str:
    """Return the secret that is stored under ``item``.

    Raises ``KeyNotFound``, ``KeyringLocked``, ``NoDefaultCollection``, ``NoKeyringService``, ``NoSessionBus``,
    ``KeyringTimeout``, and ``KeyringFailed`` for what the `keyring` library may still manage.
    """
    with _Bus(timeout_s) as bus:
        _output, session = bus.call(_SERVICE, "OpenSession", "sv", ("plain", ("s", "")))
        unlocked, locked = _found(bus, item)
        if not unlocked:
            if locked:
                raise KeyringLocked
            _require_open_collection(bus)
            raise KeyNotFound(item)
        (secrets,) = bus.call(_SERVICE, "GetSecrets", "aoo", (unlocked[:1], session))
        for _session, _parameters, value, _content_type in secrets.values():
            try:
                return value.decode()
            except UnicodeDecodeError:
                break
        raise KeyringFailed(_("the entry is not a string"))


def has_item(item: str, timeout_s: float) -> bool:
    """Return whether a secret is stored under ``item``, locked or not; raises as ``read_item`` does."""
    with _Bus(timeout_s) as bus:
        if any(_found(bus, item)):
            return True
        _require_open_collection(bus)
        return False


def require_open(timeout_s: float) -> None:
    """Raise as ``read_item`` does unless keys can be read and written without a prompt."""
    with _Bus(timeout_s) as bus:
        _require_open_collection(bus)


def owner_program(timeout_s: float) -> str:
    """Return the kernel's name of the program that offers the service, which is started if necessary."""
    with _Bus(timeout_s) as bus:
        bus.call(_SERVICE, "ReadAlias", "s", ("default",))
        (process_id,) = bus.call(_BUS, "GetConnectionUnixProcessID", "s", (BUS_NAME,))
    try:
        with open(f"/proc/{process_id}/comm", encoding="utf-8", errors="replace") as file:
            return file.read().strip()
    except OSError:
        return ""


def is_on_the_bus(name: str, timeout_s: float) -> bool:
    """Return whether a D-Bus name is owned or activatable; raises ``NoSessionBus`` and ``KeyringTimeout``."""
    with _Bus(timeout_s) as bus:
        return any(name in bus.call(_BUS, method)[0] for method in ("ListNames", "ListActivatableNames"))


def session_bus_address() -> str | None:
    """Return D-Bus's address: the session's variable, else systemd's socket for the user, as libdbus does."""
    address = os.environ.get("DBUS_SESSION_BUS_ADDRESS")
    if address:
        return address
    user_bus = os.path.join(os.environ.get("XDG_RUNTIME_DIR") or f"/run/user/{os.getuid()}", "bus")
    return f"unix:path={user_bus}" if os.path.exists(user_bus) else None


def _found(bus: _Bus, item: str) -> Any:
    """Return the entries that are unlocked, and those that are locked."""
    attributes = {"service": SERVICE_NAME, "username": item}
    return bus.call(_SERVICE, "SearchItems", "a{ss}", (attributes,))


def _require_open_collection(bus: _Bus) -> None:
    (collection,) = bus.call(_SERVICE, "ReadAlias", "s", ("default",))
    if collection == _NO_OBJECT:
        raise NoDefaultCollection
    address = DBusAddress(collection, BUS_NAME, "org.freedesktop.Secret.Collection")
    ((_signature, locked),) = bus.send(Properties(address).get("Locked"))
    if locked:
        raise KeyringLocked


class _Bus:
    """A connection for a few calls that share one time limit; it fails as ``read_item`` does."""

    def __init__(self, timeout_s: float) -> None:
        self._timeout_s = timeout_s
        self._deadline = time.monotonic() + timeout_s
        self._wait = CancellableWait()
        self._parser: Any = Parser()
        self._serial = self._received_bytes = 0
        self._socket = socket.socket(socket.AF_UNIX)

    def __enter__(self) -> Self:
        try:
            self._connect()
            self.call(_BUS, "Hello")
        except BaseException as error:
            self.__exit__(None, error, None)
            raise
        return self

    def __exit__(self, _kind: object, error: BaseException | None, _trace: object) -> None:
        self._socket.close()
        if isinstance(error, TimeoutError):
            raise KeyringTimeout(f"{self._timeout_s:g}") from None
        if isinstance(error, OSError | ValueError | RuntimeError):  # no socket, an unusable address, no authentication
            raise NoSessionBus from error

    def call(self, address: Any, method: str, signature: str | None = None, body: tuple[Any, ...] = ()) -> Any:
        return self.send(new_method_call(address, method, signature, body))

    def send(self, message: Any) -> Any:
        """Return the body of the answer to one call."""
        self._serial += 1
        self._send(message.serialise(serial=self._serial))
        answer: Any = None
        while answer is None or answer.header.fields.get(HeaderFields.reply_serial) != self._serial:
            if (answer := self._parser.get_next_message()) is None:
                self._parser.add_data(self._receive())
        if answer.header.message_type is MessageType.error:
            raise _error(answer.header.fields.get(HeaderFields.error_name, "unnamed error"))
        return answer.body

    def _connect(self) -> None:
        address = session_bus_address()
        if address is None:
            raise NoSessionBus
        self._socket.settimeout(self._left_s())
        self._socket.connect(get_bus(address))
        # Only BSD wants the credentials in a message.
        credentials = [(socket.SOL_SOCKET, socket.SCM_CREDS, bytes(512))] if hasattr(socket, "SCM_CREDS") else []  # pyright: ignore
        self._socket.sendmsg([b"\0"], credentials)
        authenticator = Authenticator(inc_null_byte=False)
        for line in authenticator:
            self._send(line)
            authenticator.feed(self._receive())
        self._send(BEGIN)

    def _send(self, data: bytes) -> None:
        self._socket.settimeout(self._left_s())
        self._socket.sendall(data)

    def _receive(self) -> bytes:
        while True:
            self._socket.settimeout(self._wait.next_s(self._left_s()))
            try:
                data = self._socket.recv(65536)
            except TimeoutError:
                continue
            if not data:
                raise ConnectionResetError
            self._received_bytes += len(data)
            if self._received_bytes > _LIMIT_BYTES:
                raise KeyringFailed(_("the answer is too long"))
            return data

    def _left_s(self) -> float:
        left_s = self._deadline - time.monotonic()
        if left_s <= 0:
            raise TimeoutError
        return left_s


def _error(error_name: str) -> Exception:
    if error_name.startswith(_NO_SERVICE_ERRORS):
        return NoKeyringService()
    if error_name == _LOCKED_ERROR:
        return KeyringLocked()
    return KeyringFailed(error_name)
