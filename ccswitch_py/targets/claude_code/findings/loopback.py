"""Check that something listens at each address and proxy on this machine; a connection is opened, nothing is sent."""

from __future__ import annotations

import ipaddress
import socket
from collections.abc import Iterator

from ccswitch_py.core.language import N_, _
from ccswitch_py.model.address import Address, address_of, is_of_this_machine
from ccswitch_py.model.doctor_finding import Finding, broken, file, free_text, host, named, ok, public, warning
from ccswitch_py.targets.claude_code.inspection import ClaudeCodeInspection, finding_at
from ccswitch_py.targets.claude_code.sources.layer import LayerKind
from ccswitch_py.targets.claude_code.sources.precedence import settings_of
from ccswitch_py.targets.claude_code.variables import API_KEY, AUTH_TOKEN, BASE_URL, PROXIES
from ccswitch_py.targets.explanation import Setting

PATIENCE_S = 2.0
PLACEHOLDERS = ("PROXY_MANAGED",)
"""What CC Switch writes in the place of a key while its proxy is on the way."""

ALIVE = ok("loopback_ready", N_("Something listens at {host}, to which Claude Code sends its requests."))
DEAD = broken(
    "loopback_dead",
    N_("Claude Code sends its requests to {host} on this machine, where nothing listens."),
    N_("Start the proxy that belongs there, or put another profile in use with `ccswitch use NAME`."),
    N_("Start the proxy that belongs there, or make a profile with `ccswitch add` and put it in use."),
)
_REMOVE_IT = N_("Start the proxy that belongs there, or remove {entry} from {place}.")
DEAD_OF_PROFILE = warning(
    "loopback_dead_in_profile",
    N_("The profile '{profile}' calls {host} on this machine, where nothing listens now."),
    N_("Start what belongs there before you use the profile."),
)
DEAD_PROXY = broken(
    "proxy_dead",
    N_("{variable} sends requests through {host} on this machine, where nothing listens."),
    N_("Start that proxy, or remove {variable} where it is set."),
)
PLACEHOLDER = broken(
    "key_left_by_proxy",
    N_("{file} has the word that another switcher's proxy writes in the place of a key."),
    N_("Put a profile in use with `ccswitch use NAME`, or let that switcher give the settings back."),
    N_("Make a profile with `ccswitch add` and put it in use, or let that switcher give the settings back."),
)


def examine(inspection: ClaudeCodeInspection) -> Iterator[Finding]:
    """What Claude Code would call, the proxies on its way, and the profiles that are not in use."""
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
            told = {"profile": named(name), "host": host(called)}
            yield Finding(DEAD_OF_PROFILE, told, inspection.paths.profile(name))


def of_address(place: Setting) -> Iterator[Finding]:
    """Whether something listens at an address on this machine."""
    here, name = _loopback(place.text), place.entry.name
    if here:
        dead = DEAD if place.layer.kind is LayerKind.USER else DEAD._replace(fix=_REMOVE_IT, first_fix="")
        where = file(place.layer.path) if place.layer.path else free_text(_("this shell"), "this shell")
        told = {"host": host(place.text), "entry": public(name), "place": where}
        yield finding_at(ALIVE if _listens(here) else dead, place, told)


def of_key(place: Setting) -> Iterator[Finding]:
    """Whether it is no key but the word in its place."""
    if place.text in PLACEHOLDERS:
        yield finding_at(PLACEHOLDER, place, {} if place.layer.path else {"file": public(place.entry.name)})


def of_proxy(place: Setting) -> Iterator[Finding]:
    """Whether a proxy on this machine has gone."""
    url = place.text if "://" in place.text else f"http://{place.text}"
    here = _loopback(url)
    if here and not _listens(here):
        yield finding_at(DEAD_PROXY, place, {"variable": public(place.entry.name), "host": host(url)})


def _loopback(url: str) -> Address | None:
    """The address, if it is on this machine."""
    address = address_of(url)
    return address if address and is_of_this_machine(address.host) else None


def _listens(address: Address) -> bool:
    """Whether a connection comes about; names are not looked up, so that nobody else can be asked."""
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
