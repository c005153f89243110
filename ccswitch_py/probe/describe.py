"""Puts a finding into words for the user: what it means, what the gateway said, and what to do next."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ccswitch_py.model.diagnosis import Diagnosis, Status
from ccswitch_py.probe.report import CheckResult
from ccswitch_py.probe.request import wire_model
from ccswitch_py.probe.shown import shown

if TYPE_CHECKING:
    from ccswitch_py.model.role import Role
    from ccswitch_py.probe.finding import Finding
    from ccswitch_py.probe.plan import ProbePlan
    from ccswitch_py.probe.received import Answer
    from ccswitch_py.vault.secret import Secret

SENTENCES_LIMIT = 900
ID_LIMIT = 200


def describe(
    plan: ProbePlan,
    check: str,
    finding: Finding,
    answer: Answer | None = None,
    *,
    model: str | None = None,
    roles: tuple[Role, ...] = (),
) -> CheckResult:
    """The row for one check. Every word that may be the gateway's is made fit to be shown here, and nowhere else."""
    well = finding.status is Status.PASS
    advice = "" if well else finding.advice or finding.diagnosis.advice
    usage = finding.usage
    return CheckResult(
        check=check,
        status=finding.status,
        diagnosis=finding.diagnosis,
        detail=shown(_detail(finding, plan.key), plan.key, SENTENCES_LIMIT),
        advice=shown(advice.replace("PROFILE", plan.profile), plan.key, SENTENCES_LIMIT),
        model=model,
        roles=roles,
        elapsed_ms=_elapsed_ms(check, answer),
        requested_model=wire_model(model) if model and answer else None,
        answered_model=shown(finding.answered_model, plan.key, ID_LIMIT) if finding.answered_model else None,
        usage=usage.counts if usage and usage.counts else None,
        url=answer.url if answer else None,
    )


def skipped(check: str, detail: str, *, model: str | None = None, roles: tuple[Role, ...] = ()) -> CheckResult:
    """The row for a check that was not made, or that no answer has decided."""
    return CheckResult(check, Status.SKIP, None, detail, model=model, roles=roles)


def _elapsed_ms(check: str, answer: Answer | None) -> int:
    """How long the user waited for this row: one answer decides several, so only its first and its last have a time."""
    match check:
        case _ if answer is None:
            return 0
        case "reach":
            return answer.first_byte_ms or answer.elapsed_ms
        case "protocol" | "key":
            return 0
        case _:
            return answer.elapsed_ms


def _detail(finding: Finding, key: Secret) -> str:
    if finding.diagnosis is Diagnosis.OK:
        return " ".join(filter(None, (finding.reason, _spent(finding))))
    said = shown(finding.said, key)
    if finding.diagnosis is Diagnosis.REDIRECTED:
        parts = [finding.diagnosis.cause, f"It points to {said or 'nowhere'}.", finding.reason]
    else:
        parts = [finding.diagnosis.cause, finding.reason, *(lesser.cause for lesser in finding.also)]
        parts.append(_quoted(said, finding.http_status))
    if finding.answered_model and Diagnosis.MODEL_SUBSTITUTED in (finding.diagnosis, *finding.also):
        parts.append(f"It names {shown(finding.answered_model, key, ID_LIMIT)}.")
    return " ".join(filter(None, parts))


def _quoted(said: str, status: int) -> str:
    if said:
        return f"It said ({status}): “{said}”" if status else f"It said: “{said}”"
    return f"It said nothing but {status}." if status else ""


def _spent(finding: Finding) -> str:
    if finding.usage is None:
        return ""
    counts = finding.usage.counts
    return f"{counts['input_tokens']} tokens in, {counts['output_tokens']} out."
