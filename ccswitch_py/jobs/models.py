"""Which models one can choose from: what a gateway lists to its key, beside the catalogue of its provider."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

from ccswitch_py.errors import BadInput
from ccswitch_py.jobs.check import plan_of_draft, plan_of_profile
from ccswitch_py.jobs.interruptible import finish, until_stopped
from ccswitch_py.language import tr
from ccswitch_py.model.names import check_model_id
from ccswitch_py.model.provider import VERSION_LABELS, Provider
from ccswitch_py.model.role import MAIN_ROLES
from ccswitch_py.probe.listing import list_models

if TYPE_CHECKING:
    from ccswitch_py.jobs.setup import Draft
    from ccswitch_py.paths import Paths
    from ccswitch_py.probe.plan import ProbePlan

_ANY = "any"
"""The list depends neither on a profile's name nor on its models."""


class Offered(NamedTuple):
    """A model to choose: ``in_catalogue`` and ``is_listed`` say who knows it; the latter is None if nobody asked."""

    id: str
    family: str
    version_label: str
    images: bool
    in_catalogue: bool
    is_listed: bool | None


def models_of_profile(paths: Paths, name: str) -> list[str]:
    """The ids that the gateway of a profile lists to its key; a hint, for lists and what is served often differ.

    Raises ``BadInput`` with the reason why there are none, ``NotFound``, ``KeyUnavailable`` and ``Interrupted``.
    """
    return _listed(plan_of_profile(paths, name))


def models_for_draft(paths: Paths, draft: Draft) -> list[str]:
    """The same for an address and a key that are not saved; name and models may be missing yet."""
    models = {**dict.fromkeys(MAIN_ROLES, _ANY), **{role: model for role, model in draft.models.items() if model}}
    return _listed(plan_of_draft(paths, replace(draft, name=_ANY, models=models)))


def offered(provider: Provider | None, listed: Iterable[str] | None) -> list[Offered]:
    """The catalogue in its order, then what only the gateway lists; ids that cannot be chosen are left out."""
    ids = None if listed is None else dict.fromkeys(filter(_can_be_chosen, listed))
    known = {
        one.id: Offered(
            one.id,
            one.family,
            VERSION_LABELS[one.version],
            one.images,
            in_catalogue=True,
            is_listed=None if ids is None else one.id in ids,
        )
        for one in (provider.models if provider else [])
    }
    own = (
        Offered(one, "", "", images=True, in_catalogue=False, is_listed=True) for one in ids or () if one not in known
    )
    return [*known.values(), *own]


def _listed(plan: ProbePlan) -> list[str]:
    listing = finish(until_stopped(list_models(plan)))
    if listing.ids is None:
        raise BadInput(listing.problem, listing.advice)
    if not listing.ids:
        raise BadInput(tr("The gateway's list of models is empty."), tr("Type the ids from its page."))
    return listing.ids


def _can_be_chosen(model_id: str) -> bool:
    try:
        check_model_id(model_id)
    except BadInput:
        return False
    return True
