"""Where an address leads, as far as it can be told: also of those that ccswitch itself would not take."""

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
    """Where requests to a URL go, whatever else stands in it; None where that cannot be told."""
    try:
        parts = urlsplit(url)
        host, port = (parts.hostname or "").rstrip("."), parts.port
    except ValueError:
        return None
    if not host or not host.isprintable() or " " in host:
        return None
    return Address(_usual(host), DEFAULT_PORTS.get(parts.scheme, 80) if port is None else port)


def can_be_called(url: str) -> bool:
    r"""Whether Claude Code could make a request of it: it takes ``https:host`` and ``https:\\host`` too.

    Seen with 2.1.330: of ``5``, ``htp:/bad host`` and ``http://bad host`` it says "Invalid URL", or finds nobody.
    """
    found = _CALLED.match(re.sub(r"[\t\r\n]", "", url.strip()))
    return found is not None and not _NO_HOST.search(found[1].rpartition("@")[2])


def is_of_this_machine(host: str) -> bool:
    """Whether what is sent there stays on this machine; ``0.0.0.0`` does, where programs take it."""
    if host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return False
    return address.is_loopback or address.is_unspecified


def _usual(host: str) -> str:
    """``127.1`` is ``127.0.0.1``: what the system would call, if it is a number in any form."""
    try:
        return str(ipaddress.ip_address(host))
    except ValueError:
        pass
    try:
        return socket.inet_ntoa(socket.inet_aton(host))
    except (OSError, UnicodeEncodeError):
        return host
