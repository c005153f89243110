"""Runs the live test against a gateway of the tests, and holds that no report has the key in it."""

from __future__ import annotations

import asyncio
import json
from typing import Any

from ccswitch_py.model.diagnosis import Diagnosis, Status
from ccswitch_py.model.protocol import MAIN_ROLES, Role
from ccswitch_py.probe.plan import ProbePlan, Timeouts
from ccswitch_py.probe.report import CheckResult, ProfileReport
from ccswitch_py.probe.runner import run_probe
from ccswitch_py.redact.secret import Secret
from ccswitch_py.targets.claude_code.request_shape import ClaudeCodeShape

KEY = "sk-test-3f9c1b7e5d2a4860f1e2"
IMPATIENT = Timeouts(connect_s=5.0, read_s=0.4, whole_s=5.0, retry_s=0.0)
WITHOUT_PAUSE = Timeouts(retry_s=0.0)
ONE_MODEL: dict[Role, str] = dict.fromkeys(MAIN_ROLES, "good-model")


def plan_for(base_url: str, *, models: dict[Role, str] | None = None, key: str = KEY, **changes: Any) -> ProbePlan:
    """The plan of a profile whose key is delivered by ``apiKeyHelper``: in both headers."""
    headers = changes.pop("headers", (("Authorization", f"Bearer {key}"), ("x-api-key", key)))
    changes.setdefault("timeouts", WITHOUT_PAUSE)
    changes.setdefault("client", ClaudeCodeShape(changes.pop("switches", {})))
    changes.setdefault("path", "/v1/messages?beta=true")
    return ProbePlan("work", base_url, headers, Secret(key), models or dict(ONE_MODEL), **changes)


def probe(plan: ProbePlan) -> ProfileReport:
    """Run the test; whatever the gateway did, the key is nowhere in what we say of it."""
    told: list[CheckResult] = []
    report = asyncio.run(run_probe(plan, told.append))
    assert tuple(told) == report.checks
    key = plan.key.reveal()
    if key.strip():
        assert key not in repr(report)
        assert key not in json.dumps(report.as_json(), ensure_ascii=False)
    return report


def row(report: ProfileReport, check: str, model: str | None = None) -> CheckResult:
    """The one row of a check, of a model if there are several."""
    (found,) = [one for one in report.checks if one.check == check and model in (None, one.model)]
    return found


def first_trouble(report: ProfileReport) -> tuple[str, Diagnosis | None, Status]:
    """The first row that is neither a pass nor the remark about plain http."""
    calm = (Status.PASS, Status.SKIP)
    return next(
        ((one.check, one.diagnosis, one.status) for one in report.checks if one.status not in calm),
        ("", Diagnosis.OK, Status.PASS),
    )
