"""Turns an observation into a row for the user: cause, the gateway's own message, and advice."""

from __future__ import annotations

from ccswitch_py.core.language import _, join_sentences, ngettext
from ccswitch_py.model.diagnosis import Diagnosis, Status
from ccswitch_py.model.protocol import Role
from ccswitch_py.probe.client.response import Response
from ccswitch_py.probe.diagnosis_texts import ADVICE, CAUSES
from ccswitch_py.probe.evidence import evidence_of
from ccswitch_py.probe.judge.observation import Observation
from ccswitch_py.probe.plan import ProbePlan
from ccswitch_py.probe.report import NOT_ASKED, CheckResult
from ccswitch_py.probe.stages import KEY, MODEL, PROTOCOL, REACH
from ccswitch_py.redact.gateway_text import sanitize

MAX_TEXT = 900
MAX_ID = 200


def describe(
    plan: ProbePlan,
    check: str,
    finding: Observation,
    answer: Response | None = None,
    *,
    model: str | None = None,
    roles: tuple[Role, ...] = (),
) -> CheckResult:
    """The row for one check; the only place where the gateway's words are sanitized for it."""
    general = {**ADVICE, **plan.client.advice}.get(finding.diagnosis, "")
    gaps = {"tool": plan.client.name, "profile": plan.profile}
    gaps |= {"protocol": plan.protocol.name, "family": plan.protocol.family}
    advice = finding.advice or _(general, **gaps)
    usage = finding.usage
    return CheckResult(
        check=check,
        status=finding.status,
        diagnosis=finding.diagnosis,
        detail=sanitize(_detail(plan, check, finding), plan.key, MAX_TEXT),
        advice="" if finding.status is Status.PASS else sanitize(advice, plan.key, MAX_TEXT),
        model=model,
        roles=roles,
        elapsed_ms=_elapsed_ms(check, answer),
        requested_model=plan.client.wire_model(model) if model and answer else None,
        answered_model=sanitize(finding.answered_model, plan.key, MAX_ID) if finding.answered_model else None,
        usage=usage.counts if usage and usage.counts else None,
        timing=finding.timing._asdict() if finding.timing else None,
        fix=dict(finding.fix),
        url=answer.url if answer else None,
        evidence=evidence_of(answer, plan.key) if answer else None,
    )


def not_asked(check: str, *, model: str | None = None, roles: tuple[Role, ...] = ()) -> CheckResult:
    """The row for a check that was skipped because an earlier one failed."""
    return CheckResult(check, Status.SKIP, None, _(NOT_ASKED), model=model, roles=roles, not_asked=True)


def _elapsed_ms(check: str, answer: Response | None) -> int:
    """The time for this row: where one answer decides several, only the first and the last have one."""
    if answer is None or check in (PROTOCOL, KEY):
        return 0
    return answer.first_byte_ms or answer.elapsed_ms if check == REACH else answer.elapsed_ms


def _detail(plan: ProbePlan, check: str, finding: Observation) -> str:
    answered = sanitize(finding.answered_model, plan.key, MAX_ID) if finding.answered_model else ""
    if finding.diagnosis is Diagnosis.OK:
        itself = _("It calls itself {model}.", model=answered) if answered and check == MODEL else ""
        return join_sentences(finding.reason, itself, _token_counts(finding), _timing(finding))
    cause, *lesser = (
        _(CAUSES[diagnosis], tool=plan.client.name, protocol=plan.protocol.name)
        for diagnosis in (finding.diagnosis, *finding.secondary)
    )
    quote = sanitize(finding.quote, plan.key)
    if finding.diagnosis is Diagnosis.REDIRECTED:
        target = _("It points to {address}.", address=quote) if quote else _("It points nowhere.")
        parts = [cause, target, finding.reason]
    else:
        parts = [cause, finding.reason, *lesser, _timing(finding), _quoted(quote, finding.http_status)]
    if answered and Diagnosis.MODEL_SUBSTITUTED in (finding.diagnosis, *finding.secondary):
        parts.append(_("It names {model}.", model=answered))
    return join_sentences(*parts)


def _quoted(quote: str, status: int) -> str:
    if quote and status:
        return _("It said ({status}): “{words}”", status=status, words=quote)
    if quote:
        return _("It said: “{words}”", words=quote)
    return _("It answered only {status}.", status=status) if status else ""


def _token_counts(finding: Observation) -> str:
    counts = finding.usage.counts if finding.usage else {}
    if not {"input_tokens", "output_tokens"} <= counts.keys():
        return ""
    tokens_in, tokens_out = counts["input_tokens"], counts["output_tokens"]
    return ngettext("{count} token in, {out} out.", "{count} tokens in, {out} out.", tokens_in, out=tokens_out)


def _timing(finding: Observation) -> str:
    timing = finding.timing
    if timing is None:
        return ""
    arrived = ngettext(
        "First event after {first} ms, then {count} piece over {spread} ms.",
        "First event after {first} ms, then {count} pieces over {spread} ms.",
        timing.pieces,
        first=timing.first_event_ms,
        spread=timing.spread_ms,
    )
    rate = _("{rate} tokens a second.", rate=f"{timing.tokens_per_s:g}") if timing.tokens_per_s else ""
    return join_sentences(arrived, rate)
