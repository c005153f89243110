"""Check that something listens at each address and proxy on this machine: connect, but send nothing."""

from __future__ import annotations

import ipaddress
import socket
from collections.abc import Iterator

from ccswitch_py.core.language import N_
from ccswitch_py.model.base_url import Address, address_of, is_of_this_machine
from ccswitch_py.model.doctor_finding import Finding, broken, host, named, ok, warning
from ccswitch_py.targets.claude_code.inspection import ClaudeCodeInspection, finding_at
from ccswitch_py.targets.claude_code.sources.layer import LayerKind
from ccswitch_py.targets.claude_code.sources.precedence import settings_of
from ccswitch_py.targets.claude_code.variables import API_KEY, AUTH_TOKEN, BASE_URL, PROXIES
from ccswitch_py.targets.explanation import Setting

PATIENCE_S = 2.0
PLACEHOLDERS = ("PROXY_MANAGED",)
"""What CC Switch writes in place of a key while its proxy is in use."""

ALIVE = ok("loopback_ready", N_("Something listens at {host}, where Claude Code sends its requests."))
DEAD = broken(
    "loopback_dead",
    N_("Claude Code sends its requests to {host} on this machine, where nothing listens."),
    N_("Start the proxy that belongs there, or run `ccswitch use NAME`."),
)
_REMOVE_IT = N_("Start the proxy that belongs there, or remove {entry} from {file}.")
DEAD_OF_PROFILE = warning(
    "loopback_dead_in_profile",
    N_("The profile '{profile}' calls {host} on this machine, where nothing listens now."),
    N_("Start the server that belongs there before you use the profile."),
)
DEAD_PROXY = broken(
    "proxy_dead",
    N_("{entry} sends requests through {host} on this machine, where nothing listens."),
    N_("Start that proxy, or remove {entry} where it is set."),
)
PLACEHOLDER = broken(
    "key_left_by_proxy",
    N_("{entry} in {file} is not a key but a placeholder of another switcher's proxy."),
    N_("Run `ccswitch use NAME`, or have that switcher restore the settings."),
)


def examine(inspection: ClaudeCodeInspection) -> Iterator[Finding]:
    """The address in effect, its proxies, and the profiles that are not in use."""
    address = inspection.winner(BASE_URL)
    used = _loopback(address.text) if address else None
    if address:
        yield from of_address(address)
    for name in (AUTH_TOKEN, API_KEY):
        if key := inspection.winner(name):
            yield from of_key(key)
    for name in PROXIES:
        if proxy := inspection.winner(name):
            yield from of_proxy(proxy)
            continue
        for later_on in settings_of(inspection.layers, name, in_force=False):
            if not later_on.entry.removes:
                yield from of_proxy(later_on)
    for name, profile in inspection.general.profiles.items():
        called = profile.base_url or ""
        url = _loopback(called)
        if url and url != used and not _listens(url):
            values = {"profile": named(name), "host": host(called)}
            yield Finding(DEAD_OF_PROFILE, values, inspection.paths.profile(name))


def of_address(place: Setting) -> Iterator[Finding]:
    """Whether something listens at an address on this machine."""
    if here := _loopback(place.text):
        dead = DEAD if place.layer.kind is LayerKind.USER else DEAD._replace(fix=_REMOVE_IT)
        yield finding_at(ALIVE if _listens(here) else dead, place, {"host": host(place.text)})


def of_key(place: Setting) -> Iterator[Finding]:
    """Whether a key is only the placeholder of a proxy."""
    if place.text in PLACEHOLDERS:
        yield finding_at(PLACEHOLDER, place)


def of_proxy(place: Setting) -> Iterator[Finding]:
    """Whether a proxy on this machine is down."""
    url = place.text if "://" in place.text else f"http://{place.text}"
    here = _loopback(url)
    if here and not _listens(here):
        yield finding_at(DEAD_PROXY, place, {"host": host(url)})


def _loopback(url: str) -> Address | None:
    """The address, if it is on this machine."""
    address = address_of(url)
    return address if address and is_of_this_machine(address.host) else None


def _listens(address: Address) -> bool:
    """Whether a connection is accepted; names are not resolved, so that nobody else is asked."""
    try:
        numbers = [str(ipaddress.ip_address(address.host))]
    except ValueError:
        numbers = ["127.0.0.1", "::1"]
    return any(_answers(number, address.port) for number in numbers)


def _answers(address: str, port: int) -> bool:
    try:
        socket.create_connection((address, port), PATIENCE_S).close()
    except OSError:
        return False
    return True
