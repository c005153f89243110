"""What a live test will ask of each profile, and how many requests that takes; no key is fetched for it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ccswitch_py.core.errors import CcswitchError
from ccswitch_py.model.role import Role
from ccswitch_py.probe.checks.table import further_checks, planned_requests
from ccswitch_py.probe.plan import Depth, ProbePlan, extra_requests
from ccswitch_py.probe.stages import MODEL, STAGES
from ccswitch_py.services.launches import load_record
from ccswitch_py.vault.secret import Secret

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ccswitch_py.core.paths import Paths


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
