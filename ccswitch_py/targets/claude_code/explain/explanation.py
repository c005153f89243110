"""Which address, key, headers and models Claude Code will use in a folder, where each is set, and why that one wins."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ccswitch_py.core.errors import BadInput
from ccswitch_py.core.language import _
from ccswitch_py.core.paths import absolute, find_paths
from ccswitch_py.targets.claude_code.explain import texts as words
from ccswitch_py.targets.claude_code.explain.faults import find_faults
from ccswitch_py.targets.claude_code.explain.notes import find_notes
from ccswitch_py.targets.claude_code.inspection import Inspection
from ccswitch_py.targets.claude_code.owned_entries import ROLE_VARIABLES
from ccswitch_py.targets.claude_code.sources.layer import Layer
from ccswitch_py.targets.claude_code.sources.login import find_login_file
from ccswitch_py.targets.claude_code.sources.precedence import (
    AUTHORIZATION,
    X_API_KEY,
    Place,
    Resolved,
    places,
    resolve,
    resolve_address,
    resolve_header,
    resolve_model,
    uses_login,
)
from ccswitch_py.targets.claude_code.sources.proxy import resolve_proxy
from ccswitch_py.targets.claude_code.variables import (
    API_KEY,
    AUTH_TOKEN,
    BASE_URL,
    CUSTOM_HEADERS,
    HELPER,
    MODEL,
    OAUTH_TOKEN,
    PRIMARY_KEY,
)

ADDRESS, PROXY, HEADERS = "address", "proxy", "headers"
_CREDENTIALS = {AUTHORIZATION: (AUTH_TOKEN, HELPER, OAUTH_TOKEN), X_API_KEY: (API_KEY, HELPER, PRIMARY_KEY)}


@dataclass(frozen=True)
class ExplainedPart:
    """One thing that Claude Code will use: ``value`` as it may be shown, ``why`` in a sentence or two.

    ``part`` is ``address``, ``proxy`` (only where one is set), the name of a credential's header, ``headers``, or a
    role. ``winner`` is None where nothing decides, and where it is not known what does, for the layer ``unread`` may.
    ``others`` are beaten now; ``N_`` are the start files that set it in shells started after this.
    """

    part: str
    value: str
    winner: Place | None
    why: str
    others: Sequence[Place]
    later: Sequence[Place]
    unread: Layer | None = None

    def as_json(self) -> dict[str, Any]:
        """The facts for ``--json``."""
        return {
            "part": self.part,
            "value": self.value,
            "winner": _place_json(self.winner) if self.winner else None,
            "not_known": self.unread is not None,
            "why": self.why,
            "beaten": [_place_json(place) for place in self.others],
            "new_terminals": [_place_json(place) for place in self.later],
        }


@dataclass(frozen=True)
class Explanation:
    """All that decides in a folder; ``find_faults`` are what is wrong with it, ``find_notes`` what else to know."""

    folder: str
    parts: Sequence[ExplainedPart]
    faults: Sequence[str]
    notes: Sequence[str]
    layers: Sequence[Layer]

    def as_json(self) -> dict[str, Any]:
        """The facts for ``--json``; every value is masked."""
        return {
            "folder": self.folder,
            "parts": [part.as_json() for part in self.parts],
            "faults": list(self.faults),
            "notes": list(self.notes),
            "layers": [_layer_json(layer) for layer in self.layers],
        }


def explain(folder: str, environ: Mapping[str, str], settings_file: str | None = None) -> Explanation:
    """What ``claude`` would use if it were started in ``folder`` with this environment; nothing is run or changed.

    ``settings_file`` is the one that it would get with ``--settings``. Raises ``BadInput`` if that or the folder is
    missing.
    """
    folder = absolute(folder)
    if not os.path.isdir(folder):
        raise BadInput(_("{folder} is not a folder.", folder=folder), _("Name the one that Claude Code starts in."))
    if settings_file is not None:
        _require_file(folder, settings_file)
    scene = Inspection(find_paths(environ), folder, environ, settings_file)
    layers = scene.layers
    login = find_login_file(environ)
    is_known = resolve_header(layers, AUTHORIZATION).unread is None
    used = login if is_known and uses_login(layers) else None
    parts = list(_parts(layers, used, has_login=login is not None))
    winners = {part.part: part.winner for part in parts}
    wrong = find_faults(scene, winners, used, is_known=not any(layer.unread for layer in layers))
    return Explanation(folder, parts, wrong, find_notes(scene, winners), layers)


def _require_file(folder: str, settings_file: str) -> None:
    path = os.path.join(folder, settings_file)
    if not os.path.exists(path):
        raise BadInput(
            _("There is no file {file}.", file=settings_file), _("Claude Code would not start; check the path.")
        )
    if not os.path.isfile(path):
        raise BadInput(
            _("{file} is there, but it is no ordinary file.", file=settings_file),
            _("Save what it gives to a file, and name that one: ccswitch reads no pipes, devices or folders."),
        )


def _parts(layers: Sequence[Layer], login: str | None, *, has_login: bool) -> Iterator[ExplainedPart]:
    address = resolve_address(layers)
    yield _explained(ADDRESS, words.address(layers, address), address, layers, BASE_URL)
    proxy = resolve_proxy(layers, address.winner.text if address.winner else words.ITS_OWN)
    if proxy.winner:
        yield _explained(PROXY, words.proxy(proxy), proxy, layers, proxy.winner.entry.name)
    for header, names in _CREDENTIALS.items():
        credential = resolve_header(layers, header, has_login=has_login)
        value = words.credential(credential, header, login if header == AUTHORIZATION else None)
        yield _explained(header, value, credential, layers, *names)
    headers = resolve(layers, CUSTOM_HEADERS)
    yield _explained(HEADERS, words.headers(headers), headers, layers, CUSTOM_HEADERS)
    for role, variable in ROLE_VARIABLES.items():
        model = resolve_model(layers, role)
        names = (variable, MODEL) if role == "main" else (variable,)
        yield _explained(role, words.model(layers, role, model), model, layers, *names)


def _explained(part: str, value: str, found: Resolved, layers: Sequence[Layer], *names: str) -> ExplainedPart:
    later = places(layers, *names, in_force=False)
    return ExplainedPart(part, value, found.winner, words.why(found), found.others, later, found.unread)


def _place_json(place: Place) -> dict[str, Any]:
    entry = place.entry
    return {
        "layer": place.layer.kind.value,
        "path": place.layer.path,
        "line": entry.line,
        "name": entry.name,
        "value": entry.shown,
        "removes": entry.removes,
    }


def _layer_json(layer: Layer) -> dict[str, Any]:
    entries = [
        {"name": entry.name, "value": entry.shown, "line": entry.line, "removes": entry.removes}
        for entry in layer.entries
    ]
    return {
        "layer": layer.kind.value,
        "path": layer.path,
        "in_force": layer.in_force,
        "problem": layer.problem,
        "entries": entries,
    }
