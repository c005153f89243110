"""The live test of a profile or of a draft: what the target would send, sent now."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ccswitch_py.core.language import N_, _, ngettext
from ccswitch_py.model.diagnosis import Verdict
from ccswitch_py.model.role import Role
from ccswitch_py.probe.client.proxy import proxy_for
from ccswitch_py.probe.depth import Depth
from ccswitch_py.probe.plan import ProbePlan
from ccswitch_py.redact.secret import Secret
from ccswitch_py.services.launches import launch_for, load_record
from ccswitch_py.store.catalogue import catalogue_ids
from ccswitch_py.store.last_tests import fingerprint_of
from ccswitch_py.targets.registry import DEFAULT_TARGET, find_target
from ccswitch_py.vault.reference import resolve_key

if TYPE_CHECKING:
    from ccswitch_py.core.paths import Paths
    from ccswitch_py.model.profile import Profile
    from ccswitch_py.model.provider import Provider
    from ccswitch_py.probe.report import ProfileReport
    from ccswitch_py.services.profiles.setup import Draft


def plan_of_profile(paths: Paths, name: str, depth: Depth = Depth.NORMAL) -> ProbePlan:
    """The test of a saved profile, built from its launch file; fetches the key.

    Raises ``NotFound``, ``BadInput`` and ``KeyUnavailable``.
    """
    record = load_record(paths, name)
    key = resolve_key(record.key, paths)
    shape = find_target(DEFAULT_TARGET).request(launch_for(record, DEFAULT_TARGET))
    models = {Role(role): model for role, model in record.roles.items()}
    return ProbePlan(
        name,
        record.base_url,
        tuple(shape.headers(key.reveal())),
        key,
        models,
        shape.settings,
        proxy_for(record.base_url),
        depth,
        known_models=lambda: catalogue_ids(paths, record.provider),
        fingerprint=fingerprint_of(record),
    )


def plan_of_draft(paths: Paths, draft: Draft) -> ProbePlan:
    """The test of what the user has chosen but not saved; raises as ``plan_of_profile`` does."""
    from ccswitch_py.services.launch_builder import record_of
    from ccswitch_py.services.profiles.setup import checked_profile
    from ccswitch_py.store.providers import load_provider

    profile = checked_profile(paths, draft)
    provider = load_provider(paths, profile.provider) if profile.provider else None
    key = draft.key if isinstance(draft.key, Secret) else _stored_key(paths, profile, provider)
    record = record_of(paths, draft.name, profile, provider, check_key=False)
    launch = launch_for(record, DEFAULT_TARGET)
    shape = find_target(DEFAULT_TARGET).request(launch)
    return ProbePlan(
        draft.name,
        launch.base_url,
        tuple(shape.headers(key.reveal())),
        key,
        dict(profile.models),
        shape.settings,
        proxy_for(launch.base_url),
        known_models=lambda: catalogue_ids(paths, profile.provider),
    )


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


def budget(planned: int, spare: int) -> str:
    """What a test will send: ``7 requests, at most 17``."""
    return ngettext(
        "{count} request, at most {most} if some have to be repeated or looked into",
        "{count} requests, at most {most} if some have to be repeated or looked into",
        planned,
        most=planned + spare,
    )


def _stored_key(paths: Paths, profile: Profile, provider: Provider | None) -> Secret:
    from ccswitch_py.model.provider import endpoints_of
    from ccswitch_py.services.launch_builder import resolved_key

    first = next(iter(endpoints_of(profile.base_url, provider).values()))
    return resolve_key(resolved_key(paths, profile.key, first.url)[0], paths)
