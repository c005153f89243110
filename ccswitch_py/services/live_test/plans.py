"""The plan of a live test, of a saved profile or a draft: what it will ask, what it costs, and that in words."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from ccswitch_py.core.errors import CcswitchError
from ccswitch_py.core.language import N_, _, ngettext
from ccswitch_py.core.paths import Paths
from ccswitch_py.model.diagnosis import Verdict
from ccswitch_py.model.launch import LaunchRecord
from ccswitch_py.model.provider import endpoints_of
from ccswitch_py.model.role import Role
from ccswitch_py.probe.checks.table import further_checks, planned_requests
from ccswitch_py.probe.client.proxy import proxy_for
from ccswitch_py.probe.plan import Depth, ProbePlan, extra_requests
from ccswitch_py.probe.report import ProfileReport
from ccswitch_py.probe.stages import MODEL, STAGES
from ccswitch_py.redact.secret import Secret
from ccswitch_py.services.endpoints import launch_for
from ccswitch_py.services.launch_builder import record_of, resolved_key
from ccswitch_py.services.launches import load_record
from ccswitch_py.services.profiles.setup import Draft, checked_profile
from ccswitch_py.store.last_tests import fingerprint_of
from ccswitch_py.store.profile_files import catalogue_ids
from ccswitch_py.store.providers import load_provider
from ccswitch_py.targets.registry import DEFAULT_TARGET, find_target
from ccswitch_py.vault.reference import resolve_key


def plan_of_profile(paths: Paths, name: str, depth: Depth = Depth.NORMAL) -> ProbePlan:
    """The test of a saved profile; fetches the key. Raises ``NotFound``, ``BadInput`` and ``KeyUnavailable``."""
    record = load_record(paths, name)
    return _make_plan(paths, record, resolve_key(record.key, paths), depth, fingerprint_of(record))


def plan_of_draft(paths: Paths, draft: Draft) -> ProbePlan:
    """The test of a draft that need not be saved; raises as ``plan_of_profile`` does."""
    profile = checked_profile(paths, draft)
    provider = load_provider(paths, profile.provider) if profile.provider else None
    key = draft.key
    if not isinstance(key, Secret):
        first = next(iter(endpoints_of(profile.base_url, provider).values()))
        key = resolve_key(resolved_key(paths, profile.key, first.url)[0], paths)
    return _make_plan(paths, record_of(paths, draft.name, profile, provider, check_key=False), key)


def _make_plan(
    paths: Paths, record: LaunchRecord, key: Secret, depth: Depth = Depth.NORMAL, fingerprint: str = ""
) -> ProbePlan:
    launch, target = launch_for(record, DEFAULT_TARGET), find_target(DEFAULT_TARGET)
    request = target.request(launch)
    return ProbePlan(
        launch.profile,
        launch.base_url,
        tuple(request.headers(key.reveal())),
        key,
        {Role(role): model for role, model in launch.models.items()},
        target.client_shape(launch),
        request.path,
        proxy_for(launch.base_url),
        depth,
        lambda: catalogue_ids(paths, record.provider),
        fingerprint,
    )


@dataclass(frozen=True)
class CheckPlan:
    """One profile's test: each check with its model, if it has one; ``extra`` is the budget beyond ``planned``.

    A profile that cannot be tested has no checks; the reason is reported when its turn comes.
    """

    name: str
    base_url: str = ""
    checks: tuple[tuple[str, str | None], ...] = ()
    planned: int = 0
    extra: int = 0


def plan_all_checks(paths: Paths, names: Iterable[str], depth: Depth) -> list[CheckPlan]:
    """The tests of these profiles, each once."""
    return [_plan_checks(paths, name, depth) for name in dict.fromkeys(names)]


def _plan_checks(paths: Paths, name: str, depth: Depth) -> CheckPlan:
    try:
        record = load_record(paths, name)
    except CcswitchError:
        return CheckPlan(name)
    models = {Role(role): model for role, model in record.roles.items()}
    plan = ProbePlan(name, record.base_url, (), Secret(""), models, depth=depth)
    checks = (
        *((stage, None) for stage in STAGES if stage != MODEL),
        *((MODEL, model) for model in plan.roles_by_model),
        *((check.name, None) for check in further_checks(depth)),
    )
    return CheckPlan(name, record.base_url, checks, planned_requests(plan), extra_requests(plan))


def count_requests(paths: Paths, names: Iterable[str], depth: Depth) -> tuple[int, int]:
    """How many requests the tests will send, and how many more at most."""
    plans = plan_all_checks(paths, names, depth)
    return sum(plan.planned for plan in plans), sum(plan.extra for plan in plans)


VERDICTS = {
    Verdict.WORKS: N_("It works ({cost})."),
    Verdict.DEGRADED: N_("It works, with something to look at ({cost})."),
    Verdict.BROKEN: N_("It does not work yet ({cost})."),
    Verdict.UNTESTABLE: N_("It cannot be tested from here ({cost})."),
}


def verdict_sentence(report: ProfileReport) -> str:
    """The verdict in words, with what the test has cost."""
    return _(VERDICTS[report.verdict], cost=cost_of(report))


def cost_of(report: ProfileReport) -> str:
    """``7 requests, 2.1 s``."""
    seconds = f"{report.elapsed_ms / 1000:.1f}"
    return ngettext("{count} request, {seconds} s", "{count} requests, {seconds} s", report.requests, seconds=seconds)


def request_budget(planned: int, extra: int) -> str:
    """What a test will send: ``7 requests, at most 17``."""
    return ngettext(
        "{count} request, at most {most} if some have to be repeated or looked into",
        "{count} requests, at most {most} if some have to be repeated or looked into",
        planned,
        most=planned + extra,
    )
