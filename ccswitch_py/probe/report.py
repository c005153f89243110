"""What a live test found: one result for each check, and one verdict for the profile."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from ccswitch_py.core.language import N_, _
from ccswitch_py.model.diagnosis import Diagnosis, Status, Verdict

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ccswitch_py.model.role import Role
    from ccswitch_py.probe.evidence import Evidence

WORTH_KNOWING = frozenset(
    {
        Diagnosis.PLAINTEXT_HTTP,
        Diagnosis.MODEL_SUBSTITUTED,
        Diagnosis.IMAGE_UNSUPPORTED,
        Diagnosis.COUNT_TOKENS_MISSING,
    }
)
"""Warnings that do not lower the verdict: the tool works, and the user decides what to think of it."""


WITH_CLAUDE = "with_claude"
"""The check that the user's own Claude Code makes, if that is wanted."""


NOT_ASKED = N_("Not asked, because an earlier check failed.")
CLAUDE_ANSWERED = N_("Claude Code itself is admitted: it got its answer.")


@dataclass(frozen=True)
class CheckResult:
    """One answered question.

    ``diagnosis`` is None for a check that was not made. ``detail`` and ``advice`` are sentences for the user, already
    fit to be shown; ``usage`` has the token counts that the gateway reported, ``timing`` the milliseconds of a stream,
    ``fix`` the compatibility switches that would make the check pass; ``not_asked`` says that an earlier one failed.
    ``evidence`` is the request whose answer has decided, and that answer.
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
        """The check as ``ccswitch test --json`` prints it, with ``--verbose`` also what was sent and what came."""
        more = {"evidence": self.evidence.as_json() if self.evidence else None} if with_evidence else {}
        return {
            "check": self.check,
            "model": self.model,
            "roles": [role.value for role in self.roles],
            "status": self.status.value,
            "diagnosis": self.diagnosis.value if self.diagnosis else None,
            "detail": self.detail,
            "advice": self.advice,
            "elapsed_ms": self.elapsed_ms,
            "requested_model": self.requested_model,
            "answered_model": self.answered_model,
            "usage": self.usage,
            "timing": self.timing,
            "fix": self.fix,
            **more,
        }


@dataclass(frozen=True)
class ProfileReport:
    """All checks of one profile, in the order in which they ended."""

    name: str
    verdict: Verdict
    requests: int
    elapsed_ms: int
    checks: tuple[CheckResult, ...]

    def with_check(self, result: CheckResult) -> ProfileReport:
        """The report with one check more, and the verdict that follows from all."""
        checks = (*self.checks, result)
        if (result.check, result.status) == (WITH_CLAUDE, Status.PASS):
            checks = tuple(
                replace(check, advice=_(CLAUDE_ANSWERED)) if check.status is Status.UNTESTABLE else check
                for check in checks
            )
        elapsed_ms = self.elapsed_ms + result.elapsed_ms
        return replace(self, checks=checks, verdict=verdict_of(checks), elapsed_ms=elapsed_ms)

    def as_json(self, *, with_evidence: bool = False) -> dict[str, Any]:
        """The profile as ``ccswitch test --json`` prints it."""
        return {
            "name": self.name,
            "verdict": self.verdict.value,
            "requests": self.requests,
            "elapsed_ms": self.elapsed_ms,
            "checks": [check.as_json(with_evidence=with_evidence) for check in self.checks],
        }


def verdict_of(checks: Iterable[CheckResult]) -> Verdict:
    """The verdict: a failure outweighs what could not be tested, and that outweighs a warning.

    A check that the test's few tokens did not suffice for says nothing, neither good nor bad. Where Claude Code itself
    has answered, it does not matter that a gateway admits nobody else.
    """
    results = list(checks)
    found = {result.status for result in results}
    claude_answered = any(result.check == WITH_CLAUDE and result.status is Status.PASS for result in results)
    if Status.FAIL in found:
        return Verdict.BROKEN
    if Status.UNTESTABLE in found and not claude_answered:
        return Verdict.UNTESTABLE
    weighty = any(result.status is Status.WARN and result.diagnosis not in WORTH_KNOWING for result in results)
    unknown = any(result.status is Status.SKIP and result.diagnosis is None for result in results)
    return Verdict.DEGRADED if weighty or unknown else Verdict.WORKS


def weightiest(checks: Iterable[CheckResult]) -> CheckResult | None:
    """The first of the findings that decided the verdict; one that is only worth knowing where there is no other."""
    results = list(checks)
    ranks = (
        [check for check in results if check.status is Status.FAIL],
        [check for check in results if check.status is Status.UNTESTABLE],
        [check for check in results if check.status is Status.WARN and check.diagnosis not in WORTH_KNOWING],
        [check for check in results if check.status is Status.SKIP and check.diagnosis is None],
        [check for check in results if check.status is Status.WARN],
    )
    return next((rank[0] for rank in ranks if rank), None)
