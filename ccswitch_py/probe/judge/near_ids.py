"""Names the ids that are near one that a gateway does not serve: a hint, never a question to the gateway."""

from __future__ import annotations

import re
from itertools import islice
from typing import TYPE_CHECKING

from ccswitch_py.core.language import _, join_sentences, join_with_or, ngettext
from ccswitch_py.probe.client.request import wire_model

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


def hint_about(model: str, listing: Iterable[str], catalogue: Iterable[str], answering: str | None) -> str:
    """What may help with a model that is not served.

    ``listing`` are the ids that the gateway lists itself, ``catalogue`` those that its provider is known to serve, and
    ``answering`` is another model of the profile, which has answered.
    """
    other = _("Or choose {model}, which answers.", model=answering) if answering else ""
    return join_sentences(_spelling(wire_model(model), list(listing), list(catalogue)), other)


def _spelling(model: str, listing: list[str], catalogue: list[str]) -> str:
    if model in listing:
        return _(
            "The gateway lists {model} all the same: what it lists and what it serves to this key differ.", model=model
        )
    near = near_ids(model, listing)
    if near:
        hint = ngettext(
            "The gateway lists it, which is a hint, not a promise.",
            "The gateway lists them, which is a hint, not a promise.",
            len(near),
        )
        return join_sentences(_did_you_mean(near), hint)
    if model in catalogue:
        return _(
            "The provider's catalogue has {model} in this spelling: it may be withdrawn, or not meant for this key.",
            model=model,
        )
    near = near_ids(model, catalogue)
    has = ngettext("The provider's catalogue has it.", "The provider's catalogue has them.", len(near))
    return join_sentences(_did_you_mean(near), has) if near else ""


def _did_you_mean(names: list[str]) -> str:
    return _("Did you mean {names}?", names=join_with_or(names))
