"""Which of the layers decides what: the rules by which Claude Code merges them, as they were measured with 2.1.330.

The variables of all settings files and of the environment are one table, in which the strongest layer has each name;
a variable that is set to nothing there counts as not set, and hides what weaker layers say.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from ccswitch_py.clouds import CLOUDS
from ccswitch_py.layers.layer import Entry, Layer
from ccswitch_py.layers.variables import (
    API_KEY,
    AUTH_TOKEN,
    BASE_URL,
    CUSTOM_HEADERS,
    HELPER,
    MAIN_MODEL,
    MODEL,
    OAUTH_TOKEN,
)
from ccswitch_py.targets.claude_code import ROLE_VARIABLES, parse_headers

AUTHORIZATION, X_API_KEY = "Authorization", "x-api-key"
_YES = ("1", "true", "yes", "on")
_ALIASES = {
    "haiku": "haiku",
    "sonnet": "sonnet",
    "opus": "opus",
    "fable": "fable",
    "best": "opus",
    "opusplan": "sonnet",
}
"""What a model may be called without being one, and the role whose model it is."""


@dataclass(frozen=True)
class Place:
    """An entry, and the layer that it stands in."""

    layer: Layer
    entry: Entry

    @property
    def text(self) -> str:
        """The value itself, for decisions; never to be shown. Claude Code takes blanks around it away."""
        return self.entry.value.reveal().strip() if self.entry.value else ""


@dataclass(frozen=True)
class Decided:
    """``winner`` is None where nothing decides; ``others`` are the places that would have, had they been stronger."""

    winner: Place | None
    others: Sequence[Place] = ()


def places(layers: Iterable[Layer], *names: str, in_force: bool = True) -> list[Place]:
    """Where names are set: the first name in all layers, the strongest first, then the next name."""
    usable = [layer for layer in layers if layer.in_force is in_force]
    found = ((layer, layer.last(name)) for name in names for layer in usable)
    return [Place(layer, entry) for layer, entry in found if entry is not None]


def decided(layers: Sequence[Layer], *names: str) -> Decided:
    """The first of these names that is set to something, in the strongest layer that has it."""
    everywhere = places(layers, *names)
    winner = next(effective(layers, *names), None)
    return Decided(winner, [place for place in everywhere if place != winner])


def effective(layers: Sequence[Layer], *names: str) -> Iterator[Place]:
    """For each name the place that counts, unless that sets it to nothing."""
    for name in names:
        if (found := places(layers, name)) and found[0].text:
            yield found[0]


def chosen_cloud(layers: Sequence[Layer]) -> Place | None:
    """The switch that makes Claude Code call a cloud; of several that are on the first of ``CLOUDS``."""
    return next((place for place in effective(layers, *CLOUDS) if place.text.lower() in _YES), None)


def decided_address(layers: Sequence[Layer]) -> Decided:
    """What names the address: with a cloud chosen its own variable, or where that is not set the switch."""
    cloud = chosen_cloud(layers)
    if cloud is None:
        return decided(layers, BASE_URL)
    of_cloud = decided(layers, CLOUDS[cloud.entry.name])
    return Decided(of_cloud.winner or cloud, [*of_cloud.others, *places(layers, BASE_URL)])


def decided_header(layers: Sequence[Layer], header: str) -> Decided:
    """What fills one of the two headers that carry a credential.

    Seen: a custom ``x-api-key`` goes before all; a custom ``Authorization`` only before ``ANTHROPIC_API_KEY`` and a
    login. With a key in ``x-api-key``, or a helper, no login is sent.
    """
    custom = [place for place in effective(layers, CUSTOM_HEADERS) if _has_header(place, header)]
    if header == X_API_KEY:
        ranked = [*custom, *effective(layers, API_KEY, HELPER)]
    else:
        ranked = [*effective(layers, AUTH_TOKEN, HELPER), *custom]
        if not any(effective(layers, API_KEY)):
            ranked += effective(layers, OAUTH_TOKEN)
    names = (API_KEY, HELPER) if header == X_API_KEY else (AUTH_TOKEN, HELPER, OAUTH_TOKEN)
    winner = ranked[0] if ranked else None
    return Decided(winner, [place for place in [*custom, *places(layers, *names)] if place != winner])


def uses_login(layers: Sequence[Layer]) -> bool:
    """Whether a login of Claude would be sent: there is no other credential that makes it be left out."""
    custom = any(_has_header(place, AUTHORIZATION) for place in effective(layers, CUSTOM_HEADERS))
    return not custom and not any(effective(layers, AUTH_TOKEN, API_KEY, HELPER, OAUTH_TOKEN))


def decided_model(layers: Sequence[Layer], role: str) -> Decided:
    """What names the model of a role; the main model's variable goes before the ``model`` of settings files."""
    names = (MAIN_MODEL, MODEL) if role == "main" else (ROLE_VARIABLES[role],)
    return decided(layers, *names)


def role_of_alias(model: str) -> str | None:
    """The role whose model is meant by ``sonnet``, ``opus[1m]`` and the like; None for the id of a model."""
    return _ALIASES.get(model.lower().removesuffix("[1m]"))


def _has_header(place: Place, header: str) -> bool:
    return any(name.lower() == header.lower() for name, _ in parse_headers(place.text))
