"""What a live test found: one result for each check, and one verdict for the profile."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from ccswitch_py.model.diagnosis import Diagnosis, Status, Verdict

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ccswitch_py.model.role import Role

WORTH_KNOWING = frozenset(
    {
        Diagnosis.PLAINTEXT_HTTP,
        Diagnosis.MODEL_SUBSTITUTED,
        Diagnosis.IMAGE_UNSUPPORTED,
        Diagnosis.COUNT_TOKENS_MISSING,
    }
)
"""Warnings that do not lower the verdict: the tool works, and the user decides what to think of it."""


@dataclass(frozen=True)
class CheckResult:
    """One answered question.

    ``diagnosis`` is None for a check that was not made. ``detail`` and ``advice`` are sentences for the user, already
    fit to be shown; ``usage`` has the token counts that the gateway reported, ``timing`` the milliseconds of a stream,
    ``fix`` the compatibility switches that would make the check pass.
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

    def as_json(self) -> dict[str, Any]:
        """The check as ``ccswitch test --json`` prints it."""
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
        }


@dataclass(frozen=True)
class ProfileReport:
    """All checks of one profile, in the order in which they ended."""

    name: str
    verdict: Verdict
    requests: int
    elapsed_ms: int
    checks: tuple[CheckResult, ...]

    def as_json(self) -> dict[str, Any]:
        """The profile as ``ccswitch test --json`` prints it."""
        return {
            "name": self.name,
            "verdict": self.verdict.value,
            "requests": self.requests,
            "elapsed_ms": self.elapsed_ms,
            "checks": [check.as_json() for check in self.checks],
        }


def verdict_of(checks: Iterable[CheckResult]) -> Verdict:
    """The verdict: a failure outweighs what could not be tested, and that outweighs a warning.

    A check that the test's few tokens did not suffice for says nothing, neither good nor bad.
    """
    results = list(checks)
    found = {result.status for result in results}
    if Status.FAIL in found:
        return Verdict.BROKEN
    if Status.UNTESTABLE in found:
        return Verdict.UNTESTABLE
    weighty = any(result.status is Status.WARN and result.diagnosis not in WORTH_KNOWING for result in results)
    unknown = any(result.status is Status.SKIP and result.diagnosis is None for result in results)
    return Verdict.DEGRADED if weighty or unknown else Verdict.WORKS
