"""The hosts that keys are bound to, as people write them. On the way of the key command."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

_OF_HTTPS = ":443"


def display_host(host: str) -> str:
    """A ``host:port`` without the port of https, which everybody means who names no port.

    That of http stays: ``ccswitch keys set --host`` takes a bare name for https too.
    """
    return host.removesuffix(_OF_HTTPS)


def display_hosts(hosts: Iterable[str]) -> list[str]:
    """The same of each."""
    return [display_host(host) for host in hosts]
