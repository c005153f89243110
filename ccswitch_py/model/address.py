"""Where requests to an address go, also for addresses that ccswitch itself does not accept."""

from __future__ import annotations

import ipaddress
import re
import socket
from typing import NamedTuple
from urllib.parse import urlsplit

from ccswitch_py.model.base_url import DEFAULT_PORTS

_CALLED = re.compile(r"https?:[/\\]*([^/\\?#]+)", re.IGNORECASE)
_NO_HOST = re.compile(r"[\s<>^|%]|:[^\]]*[^\d:\]][^\]]*$|^$")


class Address(NamedTuple):
    """A host in its usual spelling, and the port."""

    host: str
    port: int

    def __str__(self) -> str:
        return f"[{self.host}]:{self.port}" if ":" in self.host else f"{self.host}:{self.port}"


def address_of(url: str) -> Address | None:
    """Return where requests to a URL go, as WHATWG URL parsers read it; None if it is invalid."""
    try:
        parts = urlsplit(url.replace("\\", "/"))
        host, port = (parts.hostname or "").rstrip("."), parts.port
    except ValueError:
        return None
    if not host or not host.isprintable() or " " in host:
        return None
    return Address(_usual(host), DEFAULT_PORTS.get(parts.scheme, 80) if port is None else port)


def can_be_called(url: str) -> bool:
    r"""Whether Claude Code could send a request there: it accepts ``https:host`` and ``https:\\host`` too.

    Seen with 2.1.330: ``5``, ``htp:/bad host`` and ``http://bad host`` fail.
    """
    found = _CALLED.match(re.sub(r"[\t\r\n]", "", url.strip()))
    return found is not None and not _NO_HOST.search(found[1].rpartition("@")[2])


def is_of_this_machine(host: str) -> bool:
    """Whether a host is this machine, which ``0.0.0.0`` is too."""
    if host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return False
    return address.is_loopback or address.is_unspecified


def _usual(host: str) -> str:
    """Normalise an IP address in any form that the system accepts: ``127.1`` is ``127.0.0.1``."""
    try:
        return str(ipaddress.ip_address(host))
    except ValueError:
        pass
    try:
        return socket.inet_ntoa(socket.inet_aton(host))
    except (OSError, UnicodeEncodeError):
        return host
