"""The precedence of settings: the rules by which Claude Code merges its layers, measured with 2.1.330.

The variables of all settings files and of the environment are one table, in which the strongest layer has each name;
a variable that is set to nothing there counts as not set, and hides those of weaker layers.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from ccswitch_py.core.errors import BadInput
from ccswitch_py.model.base_url import BaseUrl
from ccswitch_py.targets.claude_code import variables
from ccswitch_py.targets.claude_code.owned_entries import parse_headers
from ccswitch_py.targets.claude_code.variables import (
    API_KEY,
    AUTH_TOKEN,
    BASE_URL,
    CLOUDS,
    CUSTOM_HEADERS,
    HELPER,
    OAUTH_TOKEN,
)
from ccswitch_py.targets.explanation import Layer, Setting

AUTHORIZATION, X_API_KEY = "Authorization", "x-api-key"
_YES = ("1", "true", "yes", "on")
_ITS_HOSTS = ("anthropic.com", "claude.ai", "claude.com")
ALIASES = {
    "haiku": "haiku",
    "sonnet": "sonnet",
    "opus": "opus",
    "fable": "fable",
    "best": "opus",
    "opusplan": "sonnet",
}
"""Aliases of models, with the role whose model they stand for."""


@dataclass(frozen=True)
class Resolved:
    """``winner`` is None where nothing is set; ``others`` are the settings that it overrides.

    ``unread`` is a layer that may override all of them but cannot be read: then the winner is unknown.
    """

    winner: Setting | None
    others: Sequence[Setting] = ()
    unread: Layer | None = None


def settings_of(layers: Iterable[Layer], *names: str, in_force: bool = True) -> list[Setting]:
    """The settings of the first name, the strongest first, then those of the next name."""
    usable = [layer for layer in layers if layer.in_force is in_force]
    found = ((layer, layer.last(name)) for name in names for layer in usable)
    return [Setting(layer, entry) for layer, entry in found if entry is not None]


def possible_settings(layers: Iterable[Layer], *names: str) -> list[Setting]:
    """The settings of start files that may take effect, such as those of a function, in the order of the names."""
    found = ((layer, layer.possible(name)) for name in names for layer in layers)
    return [Setting(layer, entry) for layer, entry in found if entry is not None]


def resolve(layers: Sequence[Layer], *names: str) -> Resolved:
    """The first of these names that has a value in the strongest layer that sets it."""
    return _first(layers, [(name, None) for name in names], settings_of(layers, *names))


def effective(layers: Sequence[Layer], *names: str) -> Iterator[Setting]:
    """The strongest setting of each name, unless it is empty."""
    for name in names:
        if (found := settings_of(layers, name)) and found[0].text:
            yield found[0]


def active_cloud(layers: Sequence[Layer]) -> Setting | None:
    """The switch that makes Claude Code call a cloud; of several, the first in ``CLOUDS``."""
    return next((place for place in effective(layers, *CLOUDS) if place.text.lower() in _YES), None)


def resolve_address(layers: Sequence[Layer]) -> Resolved:
    """What sets the address; of a cloud, its own variable, else its switch."""
    cloud = active_cloud(layers)
    if cloud is None:
        return resolve(layers, BASE_URL)
    of_cloud = resolve(layers, CLOUDS[cloud.entry.name])
    return Resolved(of_cloud.winner or cloud, [*of_cloud.others, *settings_of(layers, BASE_URL)])


def resolve_header(layers: Sequence[Layer], header: str, *, has_login: bool = False) -> Resolved:
    """What sets one of the two headers that carry a credential; ``has_login``: the user is logged in to Claude.

    Seen: a custom ``x-api-key`` overrides all; a custom ``Authorization`` only ``ANTHROPIC_API_KEY`` and a login. With
    a key in ``x-api-key``, or a helper, no login is sent. ``primaryApiKey`` is sent beside ``ANTHROPIC_AUTH_TOKEN``,
    and otherwise only without a login.
    """
    own = (CUSTOM_HEADERS, header)
    token = next(effective(layers, AUTH_TOKEN), None)
    if header == X_API_KEY:
        names = (API_KEY, HELPER, variables.PRIMARY_KEY)
        logged_in = not token and (has_login or any(effective(layers, OAUTH_TOKEN)))
        ranked = [own, *((name, None) for name in (names[:-1] if logged_in else names))]
    else:
        names = (AUTH_TOKEN, HELPER, OAUTH_TOKEN)
        ranked = [(AUTH_TOKEN, None), (HELPER, None), own]
        if not any(effective(layers, API_KEY)):
            ranked.append((OAUTH_TOKEN, None))
    custom = [place for place in effective(layers, CUSTOM_HEADERS) if _has_header(place, header)]
    return _first(layers, ranked, [*custom, *settings_of(layers, *names)])


def _first(
    layers: Sequence[Layer], ranked: Iterable[tuple[str, str | None]], everywhere: Sequence[Setting]
) -> Resolved:
    """The first name with a value; of custom headers only if they contain the header beside the name."""
    for name, header in ranked:
        if unread := _unread_before(layers, name):
            return Resolved(None, everywhere, unread)
        winner = next(effective(layers, name), None)
        if winner and (header is None or _has_header(winner, header)):
            return Resolved(winner, [place for place in everywhere if place != winner])
    return Resolved(None, everywhere)


def _unread_before(layers: Sequence[Layer], name: str) -> Layer | None:
    """A layer that cannot be read, and is stronger than all that set the name."""
    for layer in layers:
        if layer.in_force and (layer.unread or layer.last(name)):
            return layer if layer.unread else None
    return None


def uses_login(layers: Sequence[Layer]) -> bool:
    """Whether a Claude login would be sent: no other credential overrides it."""
    custom = any(_has_header(place, AUTHORIZATION) for place in effective(layers, CUSTOM_HEADERS))
    return not custom and not any(effective(layers, AUTH_TOKEN, API_KEY, HELPER, OAUTH_TOKEN))


def resolve_model(layers: Sequence[Layer], role: str) -> Resolved:
    """What sets the model of a role; the main model's variable overrides the ``model`` of settings files."""
    weaker = [variables.MODEL, variables.DEFAULT_MODEL] if role == "main" else []
    return resolve(layers, variables.ROLE_VARIABLES[role], *weaker)


def alias_target(role: str, name: str) -> str | None:
    """The role that ``sonnet``, ``opus[1m]`` or no main model stands for; None for the id of a model."""
    if role != "main":
        return None
    return ALIASES.get(name.lower().removesuffix("[1m]")) if name else "opus"


def is_first_party(address: str) -> bool:
    r"""Whether requests to an address go to Anthropic itself; False for one that programs may read differently.

    Seen: of ``https://evil.example\@api.anthropic.com`` Claude Code calls the former.
    """
    try:
        host = BaseUrl(address).host
    except BadInput:
        return False
    return any(host == own or host.endswith("." + own) for own in _ITS_HOSTS)


def resolve_proxy(layers: Sequence[Layer], address: str) -> Resolved:
    """What sets the proxy: the first variable, unless ``no_proxy`` covers the address; then that wins."""
    proxy, without = resolve(layers, *variables.PROXIES), resolve(layers, *variables.NO_PROXY)
    if proxy.winner and without.winner and _covers(without.winner.text, address):
        return Resolved(without.winner, [proxy.winner, *proxy.others], without.unread)
    return proxy


def _covers(exceptions: str, address: str) -> bool:
    """Whether one of the exceptions is ``*``, the host or a suffix of it, with its port if it names one."""
    try:
        url = BaseUrl(address)
    except BadInput:
        return False
    for exception in re.split(r"[,\s]+", exceptions.lower()):
        host, _unused, port = exception.partition(":")
        host = host.removeprefix("*").removeprefix(".")
        fits = exception == "*" or (bool(host) and (url.host == host or url.host.endswith(f".{host}")))
        if fits and port in ("", str(url.port)):
            return True
    return False


def _has_header(place: Setting, header: str) -> bool:
    return any(name.lower() == header.lower() for name, _ in parse_headers(place.text))
