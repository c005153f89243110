"""Puts a finding into words for the user: what it means, what the gateway said, and what to do next."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ccswitch_py.core.language import _, join_sentences, ngettext
from ccswitch_py.model.diagnosis import Diagnosis, Status
from ccswitch_py.probe.client.request import wire_model
from ccswitch_py.probe.diagnosis_texts import DIAGNOSIS_TEXTS
from ccswitch_py.probe.evidence import evidence_of
from ccswitch_py.probe.report import NOT_ASKED, CheckResult
from ccswitch_py.probe.stages import KEY, MODEL, PROTOCOL, REACH
from ccswitch_py.redact.gateway_text import sanitize

if TYPE_CHECKING:
    from ccswitch_py.model.role import Role
    from ccswitch_py.probe.client.response import Response
    from ccswitch_py.probe.finding import Observation
    from ccswitch_py.probe.plan import ProbePlan
    from ccswitch_py.redact.secret import Secret

SENTENCES_LIMIT = 900
ID_LIMIT = 200


def describe(
    plan: ProbePlan,
    check: str,
    finding: Observation,
    answer: Response | None = None,
    *,
    model: str | None = None,
    roles: tuple[Role, ...] = (),
) -> CheckResult:
    """The row for one check. Every word that may be the gateway's is made fit to be shown here, and nowhere else."""
    well = finding.status is Status.PASS
    advice = "" if well else finding.advice or _(DIAGNOSIS_TEXTS[finding.diagnosis].advice)
    usage = finding.usage
    return CheckResult(
        check=check,
        status=finding.status,
        diagnosis=finding.diagnosis,
        detail=sanitize(_detail(check, finding, plan.key), plan.key, SENTENCES_LIMIT),
        advice=sanitize(advice.replace("PROFILE", plan.profile), plan.key, SENTENCES_LIMIT),
        model=model,
        roles=roles,
        elapsed_ms=_elapsed_ms(check, answer),
        requested_model=wire_model(model) if model and answer else None,
        answered_model=sanitize(finding.answered_model, plan.key, ID_LIMIT) if finding.answered_model else None,
        usage=usage.counts if usage and usage.counts else None,
        timing=finding.timing._asdict() if finding.timing else None,
        fix=dict(finding.fix),
        url=answer.url if answer else None,
        evidence=evidence_of(answer, plan.key) if answer and answer.request else None,
    )


def skipped(check: str, detail: str, *, model: str | None = None, roles: tuple[Role, ...] = ()) -> CheckResult:
    """The row for a check that was not made, or that no answer has decided."""
    return CheckResult(check, Status.SKIP, None, detail, model=model, roles=roles)


def not_asked(check: str, *, model: str | None = None, roles: tuple[Role, ...] = ()) -> CheckResult:
    """The row for a check that was not made because of an earlier one."""
    return CheckResult(check, Status.SKIP, None, _(NOT_ASKED), model=model, roles=roles, not_asked=True)


def _elapsed_ms(check: str, answer: Response | None) -> int:
    """How long the user waited for this row: one answer decides several, so only its first and its last have a time."""
    if answer is None or check in (PROTOCOL, KEY):
        return 0
    return answer.first_byte_ms or answer.elapsed_ms if check == REACH else answer.elapsed_ms


def _detail(check: str, finding: Observation, key: Secret) -> str:
    if finding.diagnosis is Diagnosis.OK:
        named = finding.answered_model if check == MODEL else None
        itself = _("It calls itself {model}.", model=sanitize(named, key, ID_LIMIT)) if named else ""
        return join_sentences(finding.reason, itself, _spent(finding), _arrived(finding))
    said = sanitize(finding.said, key)
    if finding.diagnosis is Diagnosis.REDIRECTED:
        there = _("It points to {address}.", address=said) if said else _("It points to nowhere.")
        parts = [_(DIAGNOSIS_TEXTS[finding.diagnosis].cause), there, finding.reason]
    else:
        parts = [
            _(DIAGNOSIS_TEXTS[finding.diagnosis].cause),
            finding.reason,
            *(_(DIAGNOSIS_TEXTS[lesser].cause) for lesser in finding.also),
            _arrived(finding),
        ]
        parts.append(_quoted(said, finding.http_status))
    if finding.answered_model and Diagnosis.MODEL_SUBSTITUTED in (finding.diagnosis, *finding.also):
        parts.append(_("It names {model}.", model=sanitize(finding.answered_model, key, ID_LIMIT)))
    return join_sentences(*parts)


def _quoted(said: str, status: int) -> str:
    if said and status:
        return _("It said ({status}): “{words}”", status=status, words=said)
    if said:
        return _("It said: “{words}”", words=said)
    return _("It said nothing but {status}.", status=status) if status else ""


def _spent(finding: Observation) -> str:
    counts = finding.usage.counts if finding.usage else {}
    if not {"input_tokens", "output_tokens"} <= counts.keys():
        return ""
    tokens_in, tokens_out = counts["input_tokens"], counts["output_tokens"]
    return ngettext("{count} token in, {out} out.", "{count} tokens in, {out} out.", tokens_in, out=tokens_out)


def _arrived(finding: Observation) -> str:
    timing = finding.timing
    if timing is None:
        return ""
    if not timing.tokens_per_s:
        return ngettext(
            "First event after {first} ms, then {count} piece over {spread} ms.",
            "First event after {first} ms, then {count} pieces over {spread} ms.",
            timing.pieces,
            first=timing.first_event_ms,
            spread=timing.spread_ms,
        )
    return ngettext(
        "First event after {first} ms, then {count} piece over {spread} ms, {rate} tokens a second.",
        "First event after {first} ms, then {count} pieces over {spread} ms, {rate} tokens a second.",
        timing.pieces,
        first=timing.first_event_ms,
        spread=timing.spread_ms,
        rate=f"{timing.tokens_per_s:g}",
    )
