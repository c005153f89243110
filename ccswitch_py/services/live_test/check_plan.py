"""What a live test will ask of each profile, and how many requests that takes; no key is looked up for it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ccswitch_py.core.errors import CcswitchError
from ccswitch_py.model.role import Role
from ccswitch_py.probe.checks.table import further_checks, requests_planned
from ccswitch_py.probe.depth import Depth
from ccswitch_py.probe.plan import ProbePlan, spare_requests
from ccswitch_py.probe.stages import MODEL, ORDER
from ccswitch_py.redact.secret import Secret
from ccswitch_py.services.launches import load_record

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ccswitch_py.core.paths import Paths


@dataclass(frozen=True)
class CheckPlan:
    """One profile's test: each check with its model, where it has one; ``spare`` requests may be sent besides.

    Without any check for a profile that has no test: why that is so is told when its turn comes.
    """

    name: str
    base_url: str = ""
    checks: tuple[tuple[str, str | None], ...] = ()
    planned: int = 0
    spare: int = 0


def plan_checks(paths: Paths, name: str, depth: Depth) -> CheckPlan:
    """What the test of this profile will be."""
    try:
        record = load_record(paths, name)
    except CcswitchError:
        return CheckPlan(name)
    models = {Role(role): model for role, model in record.roles.items()}
    plan = ProbePlan(name, record.base_url, (), Secret(""), models, depth=depth)
    checks = (
        *((rung, None) for rung in ORDER if rung != MODEL),
        *((MODEL, model) for model in plan.roles_by_model),
        *((check.name, None) for check in further_checks(depth)),
    )
    return CheckPlan(name, record.base_url, checks, requests_planned(plan), spare_requests(plan))


def plan_all_checks(paths: Paths, names: Iterable[str], depth: Depth) -> list[CheckPlan]:
    """The same for several, each once."""
    return [plan_checks(paths, name, depth) for name in dict.fromkeys(names)]


def count_requests(paths: Paths, names: Iterable[str], depth: Depth) -> tuple[int, int]:
    """How many requests the tests will send, and how many more at most."""
    outlines = plan_all_checks(paths, names, depth)
    return sum(one.planned for one in outlines), sum(one.spare for one in outlines)
