"""The live test of what stands in the setup form, saved or not; whoever waits for it can stop it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

from ccswitch_py.core.errors import CcswitchError
from ccswitch_py.probe.client import https_equivalent
from ccswitch_py.probe.runner import run_probe
from ccswitch_py.services.launches import load_record
from ccswitch_py.services.live_test.interruptible import finish
from ccswitch_py.services.live_test.plans import plan_of_draft
from ccswitch_py.services.live_test.results import remember
from ccswitch_py.services.profiles.setup import draft_of
from ccswitch_py.store.last_tests import fingerprint_of
from ccswitch_py.store.profiles import load_profile

if TYPE_CHECKING:
    from collections.abc import Callable

    from ccswitch_py.core.paths import Paths
    from ccswitch_py.model.base_url import BaseUrl
    from ccswitch_py.probe.plan import ProbePlan
    from ccswitch_py.probe.report import CheckResult, ProfileReport
    from ccswitch_py.services.profiles.setup import Draft


class DraftOutcome(NamedTuple):
    """What a whole test has found, and of what; the plan has a fingerprint if that was the saved profile."""

    plan: ProbePlan
    report: ProfileReport


def plan_check(paths: Paths, draft: Draft, saved_as: str | None) -> ProbePlan:
    """The test of a draft; fetches the key. Raises as ``plan_of_draft`` does.

    ``saved_as`` is the fingerprint of the saved profile if that is known to be this draft (None: look).
    """
    plan = plan_of_draft(paths, draft)
    return replace(plan, fingerprint=_fingerprint(paths, draft) if saved_as is None else saved_as)


def run_check(
    paths: Paths,
    plan: ProbePlan,
    on_check: Callable[[CheckResult], None],
    on_start: Callable[[str, str | None], None],
) -> DraftOutcome:
    """Test, and tell of each check as it begins and ends; what is found of a saved profile is remembered.

    Raises ``Interrupted``.
    """
    return _remembered(paths, DraftOutcome(plan, finish(run_probe(plan, on_check, on_start))))


def check_with_claude(paths: Paths, found: DraftOutcome) -> DraftOutcome:
    """Let the user's own Claude Code ask with the saved profile that was tested; raises as that job does."""
    from ccswitch_py.targets.claude_code.real_client import ask_claude_code

    result = finish(ask_claude_code(paths, found.plan))
    return _remembered(paths, DraftOutcome(found.plan, found.report.with_check(result)))


def find_https_equivalent(url: BaseUrl) -> BaseUrl | None:
    """The same address over https if its host answers there; raises ``Interrupted``."""
    return finish(https_equivalent.find_https_equivalent(url))


def _remembered(paths: Paths, found: DraftOutcome) -> DraftOutcome:
    if found.plan.fingerprint:
        remember(paths, found.report, found.plan.fingerprint)
    return found


def _fingerprint(paths: Paths, draft: Draft) -> str:
    """The fingerprint of the saved profile if it is exactly this draft, else nothing."""
    try:
        is_saved = draft_of(draft.name, load_profile(paths, draft.name)) == draft
        return fingerprint_of(load_record(paths, draft.name)) if is_saved else ""
    except CcswitchError:  # it is no error of the test that nothing usable is saved
        return ""
