"""What a live test found: one result for each check, and one verdict for the profile."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import Any

from ccswitch_py.core.language import N_, _
from ccswitch_py.model.diagnosis import Diagnosis, Status, Verdict
from ccswitch_py.model.protocol import Role
from ccswitch_py.probe.evidence import Evidence

HARMLESS = frozenset(
    {Diagnosis.PLAINTEXT_HTTP, Diagnosis.MODEL_SUBSTITUTED, Diagnosis.IMAGE_UNSUPPORTED, Diagnosis.COUNT_TOKENS_MISSING}
)
"""Warnings that do not lower the verdict: the tool works all the same."""

WITH_CLAUDE = "with_claude"
"""The check that the user's own program makes, on request."""

IN_JSON = (
    *("check", "model", "roles", "status", "diagnosis", "detail", "advice", "elapsed_ms"),
    *("requested_model", "answered_model", "usage", "timing", "fix"),
)
"""The fields of a check that ``--json`` prints."""

NOT_ASKED = N_("Skipped, because an earlier check failed.")


@dataclass(frozen=True)
class CheckResult:
    """The row of one check; ``diagnosis`` is None for one that did not run, ``not_asked`` if an earlier one failed.

    ``detail`` and ``advice`` are sanitized; ``usage`` is what the gateway reported, ``timing`` in milliseconds, ``fix``
    the settings with which the check would pass, ``evidence`` the deciding request with its answer.
    """

    check: str
    status: Status
    diagnosis: Diagnosis | None
    detail: str = ""
    advice: str = ""
    model: str | None = None
    roles: tuple[Role, ...] = ()
    elapsed_ms: int = 0
    requested_model: str | None = None
    answered_model: str | None = None
    usage: dict[str, int] | None = None
    timing: dict[str, Any] | None = None
    fix: dict[str, str] = field(default_factory=dict[str, str])
    url: str | None = None
    not_asked: bool = False
    evidence: Evidence | None = field(default=None, repr=False, compare=False)

    def as_json(self, *, with_evidence: bool = False) -> dict[str, Any]:
        """The check as ``ccswitch test --json`` prints it; ``--verbose`` adds the evidence."""
        facts = {name: getattr(self, name) for name in IN_JSON} | {"roles": [*self.roles]}
        return facts | {"evidence": self.evidence and self.evidence.as_json()} if with_evidence else facts


@dataclass(frozen=True)
class ProfileReport:
    """All checks of one profile in the order in which they ended; ``tool`` is the name of the tool they stand for.

    ``target`` is its id; ``label`` what the report is called where it is not the profile's only one.
    """

    name: str
    verdict: Verdict
    requests: int
    elapsed_ms: int
    checks: tuple[CheckResult, ...]
    tool: str = ""
    target: str = ""
    label: str = ""

    @property
    def title(self) -> str:
        """What a user calls this report."""
        return self.label or self.name

    def with_check(self, result: CheckResult) -> ProfileReport:
        """The report with one more check, and the verdict that follows."""
        checks = (*self.checks, result)
        if (result.check, result.status) == (WITH_CLAUDE, Status.PASS):
            admitted = _("{tool} itself is admitted: it got its answer.", tool=self.tool)
            checks = tuple(
                replace(check, advice=admitted) if check.status is Status.UNTESTABLE else check for check in checks
            )
        elapsed_ms = self.elapsed_ms + result.elapsed_ms
        return replace(self, checks=checks, verdict=verdict_of(checks), elapsed_ms=elapsed_ms)

    def as_json(self, *, with_evidence: bool = False) -> dict[str, Any]:
        """The profile as ``ccswitch test --json`` prints it."""
        return {
            "name": self.name,
            **({"target": self.target} if self.target else {}),
            "verdict": self.verdict.value,
            "requests": self.requests,
            "elapsed_ms": self.elapsed_ms,
            "checks": [check.as_json(with_evidence=with_evidence) for check in self.checks],
        }


def verdict_of(checks: Iterable[CheckResult]) -> Verdict:
    """The verdict: a failure outweighs what could not be tested, and that outweighs a warning.

    Checks that ran out of tokens count as neither; an answer to the user's own program settles what is untestable.
    """
    results = list(checks)
    found = {result.status for result in results}
    is_admitted = any(result.check == WITH_CLAUDE and result.status is Status.PASS for result in results)
    if Status.FAIL in found:
        return Verdict.BROKEN
    if Status.UNTESTABLE in found and not is_admitted:
        return Verdict.UNTESTABLE
    warned = any(result.status is Status.WARN and result.diagnosis not in HARMLESS for result in results)
    undecided = any(result.status is Status.SKIP and result.diagnosis is None for result in results)
    return Verdict.DEGRADED if warned or undecided else Verdict.WORKS


def deciding_check(checks: Iterable[CheckResult]) -> CheckResult | None:
    """The first of the checks that decided the verdict; a harmless warning only where there is nothing else."""
    order = (Status.FAIL, Status.UNTESTABLE, Status.WARN, Status.SKIP)

    def rank(check: CheckResult) -> tuple[bool, int]:
        return check.status is Status.WARN and check.diagnosis in HARMLESS, order.index(check.status)

    found = [
        check
        for check in checks
        if check.status in order[:3] or (check.status is Status.SKIP and check.diagnosis is None)
    ]
    return min(found, key=rank, default=None)
