"""The models that a gateway lists to the key of a profile or of a draft."""

from __future__ import annotations

from dataclasses import replace

from ccswitch_py.core.errors import BadInput
from ccswitch_py.core.language import _
from ccswitch_py.core.paths import Paths
from ccswitch_py.model.protocol import MAIN_ROLES
from ccswitch_py.probe.model_ids import list_models
from ccswitch_py.probe.plan import ProbePlan
from ccswitch_py.services.live_test.interruptible import finish
from ccswitch_py.services.live_test.plans import plan_of_draft, plan_of_profile
from ccswitch_py.services.profiles.setup import Draft

_ANY = "any"
"""The list depends on neither the name nor the models of a draft."""


def models_of_profile(paths: Paths, name: str) -> list[str]:
    """The ids that the gateway of a profile lists; a hint, for a listed model may not be served.

    Raises ``BadInput`` if there are none, ``NotFound``, ``KeyUnavailable`` and ``Interrupted``.
    """
    return _listed(plan_of_profile(paths, name))


def models_for_draft(paths: Paths, draft: Draft) -> list[str]:
    """The same for a draft, whose name and models may be missing."""
    models = {**dict.fromkeys(MAIN_ROLES, _ANY), **{role: model for role, model in draft.models.items() if model}}
    return _listed(plan_of_draft(paths, replace(draft, name=_ANY, models=models)))


def _listed(plan: ProbePlan) -> list[str]:
    listing = finish(list_models(plan))
    if listing.ids is None:
        raise BadInput(listing.problem, listing.advice)
    if not listing.ids:
        raise BadInput(_("The gateway's list of models is empty."), _("Type the ids from the gateway's web page."))
    return listing.ids
