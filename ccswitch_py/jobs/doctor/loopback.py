"""Looks whether something listens where an address or a proxy on this machine is named; nothing is sent there."""

from __future__ import annotations

import errno
import ipaddress
import socket
from collections.abc import Iterator

from ccswitch_py.errors import BadInput
from ccswitch_py.jobs.doctor.finding import Finding, Kind, Level, Told, file, host, named, open_to_all
from ccswitch_py.jobs.doctor.scene import Scene
from ccswitch_py.language import later
from ccswitch_py.layers.variables import API_KEY, AUTH_TOKEN, BASE_URL, PROXIES
from ccswitch_py.layers.winners import Place
from ccswitch_py.model.base_url import BaseUrl

PATIENCE_S = 2.0
PLACEHOLDERS = ("PROXY_MANAGED",)
"""What CC Switch writes in the place of a key while its proxy is on the way."""

ALIVE = Kind("loopback_ready", Level.OK, later("Something listens at {host}, to which Claude Code sends its requests."))
DEAD = Kind(
    "loopback_dead",
    Level.BROKEN,
    later("Claude Code sends its requests to {host} on this machine, where nothing listens."),
    later("Start the proxy that belongs there, or put another profile in use with `ccswitch use NAME`."),
)
DEAD_OF_PROFILE = Kind(
    "loopback_dead_in_profile",
    Level.LOOK,
    later("The profile '{profile}' calls {host} on this machine, where nothing listens now."),
    later("Start what belongs there before you use the profile."),
)
DEAD_PROXY = Kind(
    "proxy_dead",
    Level.BROKEN,
    later("{variable} sends requests through {host} on this machine, where nothing listens."),
    later("Start that proxy, or remove {variable} where it is set."),
)
PLACEHOLDER = Kind(
    "key_left_by_proxy",
    Level.BROKEN,
    later("{file} has the word that another switcher's proxy writes in the place of a key."),
    later("Put a profile in use with `ccswitch use NAME`, or let that switcher give the settings back."),
)


def examine(scene: Scene) -> Iterator[Finding]:
    """What Claude Code would call, the proxies on its way, and the profiles that are not in use."""
    address = scene.winner(BASE_URL)
    used = _loopback(address.text) if address else None
    if address and used:
        yield _at(ALIVE if _listens(used) else DEAD, address, {"host": host(str(used))})
    for name in (AUTH_TOKEN, API_KEY):
        key = scene.winner(name)
        if key and key.text in PLACEHOLDERS:
            yield _at(PLACEHOLDER, key, {"file": file(key.layer.path) if key.layer.path else open_to_all(name)})
    yield from _proxies(scene)
    for name, profile in scene.profiles.items():
        url = _loopback(profile.base_url)
        if url and url != used and not _listens(url):
            told = {"profile": named(name), "host": host(str(url))}
            yield Finding(DEAD_OF_PROFILE, told, scene.paths.profile(name))


def _proxies(scene: Scene) -> Iterator[Finding]:
    for name in PROXIES:
        place = scene.winner(name)
        text = place.text if place else ""
        url = _loopback(text if "://" in text else f"http://{text}")
        if place and url and not _listens(url):
            yield _at(DEAD_PROXY, place, {"variable": open_to_all(name), "host": host(str(url))})


def _loopback(address: str) -> BaseUrl | None:
    """The address, if it is on this machine."""
    scheme, separator, rest = address.partition("://")
    try:
        url = BaseUrl(f"{'https' if scheme == 'https' else 'http'}{separator}{rest.rpartition('@')[2]}")
    except BadInput:
        return None
    return url if url.is_loopback else None


def _listens(url: BaseUrl) -> bool:
    """Whether a connection comes about; names are not looked up, so that nobody else can be asked."""
    return any(_answers(address, url.port) for address in _addresses(url.host))


def _addresses(name: str) -> list[str]:
    try:
        return [str(ipaddress.ip_address(name))]
    except ValueError:
        return ["127.0.0.1", "::1"]


def _answers(address: str, port: int) -> bool:
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    try:
        with socket.socket(family, socket.SOCK_STREAM) as connection:
            connection.settimeout(PATIENCE_S)
            return connection.connect_ex((address, port)) in (0, errno.EISCONN)
    except OSError:
        return False


def _at(kind: Kind, place: Place, told: dict[str, Told]) -> Finding:
    return Finding(kind, told, place.layer.path or "", place.entry.line)
