"""Names the ids that are near one that a gateway does not serve: a hint, never a question to the gateway."""

from __future__ import annotations

import re
from itertools import islice
from typing import TYPE_CHECKING

from ccswitch_py.probe.request import wire_model

if TYPE_CHECKING:
    from collections.abc import Iterable

MOST = 3
LOOKED_AT = 400
"""Comparing takes time, and a hostile list could make a test wait for it."""

_USABLE = re.compile(r"[!-~]{1,80}")


def near_ids(model: str, ids: Iterable[str]) -> list[str]:
    """At most three ids that resemble ``model``, the nearest first, whatever the case of their letters."""
    from difflib import get_close_matches

    wanted = wire_model(model)
    usable = islice((known for known in ids if known != wanted and _USABLE.fullmatch(known)), LOOKED_AT)
    by_lower = {known.lower(): known for known in usable}
    return [by_lower[lower] for lower in get_close_matches(wanted.lower(), by_lower, MOST)]


def hint_about(model: str, listed: Iterable[str], catalogue: Iterable[str], answering: str | None) -> str:
    """What may help with a model that is not served.

    ``listed`` are the ids that the gateway lists itself, ``catalogue`` those that its provider is known to serve, and
    ``answering`` is another model of the profile, which has answered.
    """
    other = f"Or choose {answering}, which answers." if answering else ""
    return " ".join(filter(None, (_spelling(wire_model(model), list(listed), list(catalogue)), other)))


def _spelling(model: str, listed: list[str], catalogue: list[str]) -> str:
    if model in listed:
        return f"The gateway lists {model} all the same: what it lists and what it serves to this key differ."
    near = near_ids(model, listed)
    if near:
        return f"{_did_you_mean(near)} The gateway lists {_them(near)}, which is a hint, not a promise."
    if model in catalogue:
        return f"The provider's catalogue has {model} in this spelling: it may be withdrawn, or not meant for this key."
    near = near_ids(model, catalogue)
    return f"{_did_you_mean(near)} The provider's catalogue has {_them(near)}." if near else ""


def _did_you_mean(names: list[str]) -> str:
    *first, last = names
    return f"Did you mean {', '.join(first)} or {last}?" if first else f"Did you mean {last}?"


def _them(names: list[str]) -> str:
    return "it" if len(names) == 1 else "them"
