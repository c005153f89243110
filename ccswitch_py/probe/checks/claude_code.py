"""The check ``claude_code``: is a request accepted that has all the parts of Claude Code's? If not, which is it?"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from ccswitch_py.model.diagnosis import Diagnosis, Status
from ccswitch_py.probe.checks.refused_parts import Outcome, Unit, meant_parts, named_parts, search_refused, units_of
from ccswitch_py.probe.checks.shape import Part, betas, parts_for, shaped_body, without
from ccswitch_py.probe.finding import Finding
from ccswitch_py.probe.request import PROMPT

if TYPE_CHECKING:
    from ccswitch_py.probe.asker import Asker, Exchange
    from ccswitch_py.probe.classify import Question
    from ccswitch_py.probe.received import Answer

MAY_BE_A_PART = frozenset(
    {
        Diagnosis.REQUEST_REFUSED,
        Diagnosis.BETA_REFUSED,
        Diagnosis.UPSTREAM_ERROR,
        Diagnosis.HEADER_MISSING,
        Diagnosis.TOOLS_UNSUPPORTED,
    }
)
"""How a gateway may take a part that it does not know, given that it answers a plain question."""

RECOVERED = frozenset({Part.CONTEXT, Part.DEFER, Part.DISPLAY, *(part for part in Part if part.is_beta)})
"""What 2.1.330 leaves out by itself when a refusal with 400 names it (measured); 2.1.197 does not."""


async def check_claude_code(asker: Asker, question: Question, _: Exchange) -> tuple[Finding, Answer | None]:
    """Send the shape of Claude Code, and look for the refused part if there is one."""
    parts = parts_for(question.model, asker.plan.switches)
    exchange = await _ask(asker, question, parts)
    if exchange.is_good:
        return exchange.finding.turned(Diagnosis.OK, Status.PASS), exchange.answer
    if exchange.finding.diagnosis not in MAY_BE_A_PART:
        return exchange.finding, exchange.answer
    return await _look_into(asker, question, parts, exchange.finding), exchange.answer


async def _ask(asker: Asker, question: Question, parts: frozenset[Part]) -> Exchange:
    def body(stream: bool) -> dict[str, Any]:
        return shaped_body(question.model, parts, PROMPT, asker.plan.switches, stream=stream)

    return await asker.ask(question._replace(most_input=None), body, betas(parts))


async def _look_into(asker: Asker, question: Question, parts: frozenset[Part], refusal: Finding) -> Finding:
    """What has to be left out so that the gateway accepts the request, or why that was not found out."""
    search = search_refused(units_of(parts), Outcome(is_accepted=False, words=refusal.said))
    left_out = next(search)
    while asker.take_spare():
        drops = frozenset[Part]().union(*(unit.drops for unit in left_out))
        exchange = await _ask(asker, question, without(parts, drops))
        if not exchange.is_good and not _is_like(exchange.finding, refusal):
            return replace(refusal, reason=f"{NOT_FOUND_OUT}, because of {exchange.finding.diagnosis}.")
        try:
            left_out = search.send(Outcome(exchange.is_good, exchange.finding.said))
        except StopIteration as end:
            return judge_refused(refusal, end.value) if end.value else refusal
    return replace(refusal, reason=f"{NOT_FOUND_OUT} with the requests that the test may send.")


def _is_like(finding: Finding, refusal: Finding) -> bool:
    """Whether this is a refusal of the same kind, and not trouble that has nothing to do with the request."""
    return finding.diagnosis in MAY_BE_A_PART and (finding.http_status >= 500) == (refusal.http_status >= 500)


def judge_refused(refusal: Finding, refused: tuple[Unit, ...]) -> Finding:
    """The finding for a request that is accepted once these parts are left out."""
    parts = [part for unit in refused for part in Part if part in unit.drops]
    meant = [part for part in parts if part in meant_parts(refusal.said)] if len(refused) == 1 else []
    names = meant or parts
    named = named_parts(refusal.said)
    recovers = bool(meant) and bool(named) and named <= RECOVERED and refusal.http_status == 400
    fix = tuple((unit.switch.name, unit.switch.value) for unit in refused if unit.switch)
    return replace(
        refusal,
        diagnosis=Diagnosis.BETA_REFUSED if all(part.is_beta for part in names) else Diagnosis.FIELD_REFUSED,
        status=Status.WARN if recovers else Status.FAIL,
        reason=f"It is {' or '.join(dict.fromkeys(names))}.",
        advice=" ".join(filter(None, (_advice(fix, len(refused)), RECOVERS if recovers else ""))),
        fix=fix if len(fix) == len(refused) else (),
    )


NOT_FOUND_OUT = "Which part it is could not be found out"
NO_SWITCH = "No switch of Claude Code leaves that out: tell the provider, or choose another gateway."
RECOVERS = "Newer versions of Claude Code then ask again without it by themselves, older ones stop."


def _advice(fix: tuple[tuple[str, str], ...], needed: int) -> str:
    if len(fix) < needed:
        return NO_SWITCH
    settings = " and ".join(f"{name}={value}" for name, value in fix)
    return f"Set {settings} in the profile's switches: ccswitch test PROFILE --fix does it."
