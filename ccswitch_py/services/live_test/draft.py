"""The live test of what the setup form holds, saved or not; cancellable."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import NamedTuple

from ccswitch_py.core.errors import CcswitchError
from ccswitch_py.core.paths import Paths
from ccswitch_py.model.base_url import BaseUrl
from ccswitch_py.probe.client import tls
from ccswitch_py.probe.plan import ProbePlan
from ccswitch_py.probe.report import CheckResult, ProfileReport
from ccswitch_py.probe.runner import run_probe
from ccswitch_py.services.launches import load_record
from ccswitch_py.services.live_test.interruptible import finish
from ccswitch_py.services.live_test.plans import plan_of_draft
from ccswitch_py.services.live_test.real_client import ask_real_client
from ccswitch_py.services.live_test.results import remember
from ccswitch_py.services.profiles.setup import Draft, draft_of
from ccswitch_py.store.last_tests import fingerprint_of
from ccswitch_py.store.profiles import load_profile


class DraftOutcome(NamedTuple):
    """A finished test and its plan, which has a fingerprint if the draft is the saved profile."""

    plan: ProbePlan
    report: ProfileReport


def plan_check(paths: Paths, draft: Draft, saved_as: str | None) -> ProbePlan:
    """The plan of a draft's test; raises as ``plan_of_draft`` does.

    ``saved_as`` is the fingerprint of the saved profile if it is known to equal the draft (None: find out).
    """
    plan = plan_of_draft(paths, draft)
    return replace(plan, fingerprint=_fingerprint(paths, draft) if saved_as is None else saved_as)


def run_check(
    paths: Paths, plan: ProbePlan, on_result: Callable[[CheckResult], None], on_start: Callable[[str, str | None], None]
) -> DraftOutcome:
    """Run the test and remember the result of a saved profile; raises ``Interrupted``."""
    return _remembered(paths, DraftOutcome(plan, finish(run_probe(plan, on_result, on_start))))


def check_with_claude(paths: Paths, found: DraftOutcome) -> DraftOutcome:
    """Let the user's own program ask with the saved profile that was tested; raises ``NotFound``, ``Interrupted``."""
    result = finish(ask_real_client(paths, found.plan))
    return _remembered(paths, DraftOutcome(found.plan, found.report.with_check(result)))


def find_https_equivalent(url: BaseUrl) -> BaseUrl | None:
    """The same address over https if its host answers there; raises ``Interrupted``."""
    return finish(tls.find_https_equivalent(url))


def _remembered(paths: Paths, found: DraftOutcome) -> DraftOutcome:
    if found.plan.fingerprint:
        remember(paths, found.report, found.plan.fingerprint)
    return found


def _fingerprint(paths: Paths, draft: Draft) -> str:
    """The fingerprint of the saved profile if it is exactly this draft, else nothing."""
    try:
        is_saved = draft_of(draft.name, load_profile(paths, draft.name)) == draft
        return fingerprint_of(load_record(paths, draft.name)) if is_saved else ""
    except CcswitchError:  # nothing usable is saved
        return ""
