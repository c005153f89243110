"""The plan of a live test of a saved profile or a draft: its checks, its requests, and their descriptions."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import NamedTuple

from ccswitch_py.core.errors import CcswitchError
from ccswitch_py.core.language import N_, _, ngettext
from ccswitch_py.core.paths import Paths
from ccswitch_py.model.diagnosis import Verdict
from ccswitch_py.model.launch import LaunchRecord
from ccswitch_py.model.protocol import MAIN_ROLES, ROLES, Protocol, Role
from ccswitch_py.model.provider import endpoints_of
from ccswitch_py.probe.checks.table import further_checks, planned_requests
from ccswitch_py.probe.client.proxy import proxy_for
from ccswitch_py.probe.plan import Depth, ProbePlan, extra_requests
from ccswitch_py.probe.report import ProfileReport
from ccswitch_py.probe.stages import MODEL, STAGES
from ccswitch_py.redact.secret import Secret
from ccswitch_py.services.endpoints import default_target, launch_for
from ccswitch_py.services.launch_builder import record_of, resolved_key
from ccswitch_py.services.launches import load_record
from ccswitch_py.services.profiles.setup import Draft, checked_profile
from ccswitch_py.services.status import status
from ccswitch_py.store.last_tests import fingerprint_of
from ccswitch_py.store.profile_files import catalogue_ids
from ccswitch_py.store.providers import load_provider
from ccswitch_py.targets.base import Target
from ccswitch_py.targets.registry import TARGETS, find_target
from ccswitch_py.vault.reference import resolve_key


class Subject(NamedTuple):
    """A profile that is tested for one target; ``name`` is what users call the test.

    ``is_whole``: nothing else has to be tested to know whether the profile works where it is used.
    """

    profile: str
    target: str
    name: str
    is_whole: bool = True


def subjects_of(paths: Paths, names: Iterable[str], target_id: str | None = None) -> list[Subject]:
    """Each profile once for each target that uses it, or for one that might; with ``target_id`` for this one only.

    Raises ``NotFound`` for an unknown target.
    """
    if target_id is not None:
        find_target(target_id)
    known = status(paths)
    subjects: list[Subject] = []
    for name in dict.fromkeys(names):
        used = {one.target: one.name for one in known if one.profile == name}
        wanted = [target_id] if target_id else [*used] or [_likely_target(paths, name)]
        for target in wanted:
            label = f"{name} ({used[target]})" if len(wanted) > 1 else name
            subjects.append(Subject(name, target, label, is_whole=target_id is None or {target} >= used.keys()))
    return subjects


def _likely_target(paths: Paths, name: str) -> str:
    try:
        return default_target(load_record(paths, name))
    except CcswitchError:  # reported when its turn comes
        return next(iter(TARGETS))


def plan_of_subject(paths: Paths, subject: Subject, depth: Depth = Depth.NORMAL) -> ProbePlan:
    """The test of a saved profile for a target; raises as ``plan_of_profile`` does."""
    plan = plan_of_profile(paths, subject.profile, depth, subject.target)
    fingerprint = plan.fingerprint if subject.is_whole else ""
    return replace(plan, label=subject.name, fingerprint=fingerprint)


def plan_of_profile(paths: Paths, name: str, depth: Depth = Depth.NORMAL, target_id: str | None = None) -> ProbePlan:
    """The test of a saved profile for a target (default: the first that it can serve); fetches the key.

    Raises ``NotFound``, ``BadInput`` and ``KeyUnavailable``.
    """
    record = load_record(paths, name)
    return _make_plan(paths, record, resolve_key(record.key, paths), depth, fingerprint_of(record), target_id)


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
    paths: Paths,
    record: LaunchRecord,
    key: Secret,
    depth: Depth = Depth.NORMAL,
    fingerprint: str = "",
    target_id: str | None = None,
) -> ProbePlan:
    target = find_target(target_id or default_target(record))
    launch = launch_for(record, target.id)
    request = target.request(launch)
    return ProbePlan(
        launch.profile,
        launch.base_url,
        tuple(request.headers(key.reveal())),
        key,
        _models(target, launch.models),
        target.client_shape(launch),
        request.path,
        proxy_for(launch.base_url),
        depth,
        lambda: catalogue_ids(paths, record.provider),
        fingerprint,
        protocol_id=request.protocol,
        target=target.id,
    )


def _models(target: Target, models: Mapping[str, str]) -> dict[Role, str]:
    """The models of the roles that a target asks for; the optional ones belong to a tool with all of the four."""
    roles = ROLES if set(MAIN_ROLES) <= set(target.roles) else ("main", *target.roles)
    return {role: models[role] for role in roles if role in models}


@dataclass(frozen=True)
class CheckPlan:
    """One profile's test: each check with its model, if it has one; ``extra`` is the budget beyond ``planned``.

    A profile that cannot be tested has no checks; the reason is reported when its turn comes. ``name`` is that of
    the subject with this ``profile`` and ``target``.
    """

    name: str
    base_url: str = ""
    checks: tuple[tuple[str, str | None], ...] = ()
    planned: int = 0
    extra: int = 0
    profile: str = ""
    target: str = ""

    @property
    def subject(self) -> Subject:
        """What is tested."""
        return Subject(self.profile or self.name, self.target or next(iter(TARGETS)), self.name)


def plan_all_checks(paths: Paths, subjects: Iterable[Subject], depth: Depth) -> list[CheckPlan]:
    """The tests of these subjects, each once."""
    return [_plan_checks(paths, subject, depth) for subject in dict.fromkeys(subjects)]


def _plan_checks(paths: Paths, subject: Subject, depth: Depth) -> CheckPlan:
    try:
        record = load_record(paths, subject.profile)
    except CcswitchError:
        return CheckPlan(subject.name, profile=subject.profile, target=subject.target)
    target = find_target(subject.target)
    served: list[Protocol] = [name for name in target.protocols if record.endpoints.get(name)]
    if not served:
        return CheckPlan(subject.name, profile=subject.profile, target=subject.target)
    base_url = record.endpoints[served[0]]["base_url"]
    models = _models(target, record.roles)
    plan = ProbePlan(subject.profile, base_url, (), Secret(""), models, depth=depth, protocol_id=served[0])
    checks = (
        *((stage, None) for stage in STAGES if stage != MODEL),
        *((MODEL, model) for model in plan.roles_by_model),
        *((check.name, None) for check in further_checks(plan)),
    )
    cost = planned_requests(plan), extra_requests(plan)
    return CheckPlan(subject.name, base_url, checks, *cost, subject.profile, subject.target)


def count_requests(paths: Paths, subjects: Iterable[Subject], depth: Depth) -> tuple[int, int]:
    """How many requests the tests will send, and how many more at most."""
    plans = plan_all_checks(paths, subjects, depth)
    return sum(plan.planned for plan in plans), sum(plan.extra for plan in plans)


VERDICTS = {
    Verdict.WORKS: N_("Works ({cost})."),
    Verdict.DEGRADED: N_("Works, with warnings ({cost})."),
    Verdict.BROKEN: N_("Failed ({cost})."),
    Verdict.UNTESTABLE: N_("Untestable ({cost})."),
}


def verdict_sentence(report: ProfileReport) -> str:
    """Return a sentence with the verdict and the cost."""
    return _(VERDICTS[report.verdict], cost=cost_of(report))


def cost_of(report: ProfileReport) -> str:
    """``7 requests, 2.1 s``."""
    seconds = f"{report.elapsed_ms / 1000:.1f}"
    return ngettext("{count} request, {seconds} s", "{count} requests, {seconds} s", report.requests, seconds=seconds)


def request_budget(planned: int, extra: int) -> str:
    """What a test will send: ``7 requests, at most 17``."""
    return ngettext(
        "{count} request, at most {most} including retries and diagnosis",
        "{count} requests, at most {most} including retries and diagnosis",
        planned,
        most=planned + extra,
    )
