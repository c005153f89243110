"""The check ``claude_code``: is a request accepted that has all the parts of Claude Code's? If not, which is it?"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from ccswitch_py.core.language import N_, _, join_list, join_sentences, join_with_and
from ccswitch_py.model.diagnosis import Diagnosis, Status
from ccswitch_py.probe.checks.refused_parts import (
    SearchOutcome,
    Unit,
    meant_parts,
    named_parts,
    search_refused,
    speaks_of_header,
    units_of,
)
from ccswitch_py.probe.client.request import PROMPT
from ccswitch_py.probe.finding import Observation
from ccswitch_py.targets.claude_code.recovery import SILENTLY, STATUSES, Refusal, recovered
from ccswitch_py.targets.claude_code.request_shape import RequestPart, betas, parts_for, shaped_body, without

if TYPE_CHECKING:
    from ccswitch_py.probe.client.probe_client import Exchange, ProbeClient
    from ccswitch_py.probe.client.response import Response
    from ccswitch_py.probe.judge.classify import Question

MAY_BE_A_PART = frozenset(
    {
        Diagnosis.REQUEST_REFUSED,
        Diagnosis.BETA_REFUSED,
        Diagnosis.UPSTREAM_ERROR,
        Diagnosis.HEADER_MISSING,
        Diagnosis.TOOLS_UNSUPPORTED,
        Diagnosis.MODEL_NOT_FOUND,
        Diagnosis.NO_CHANNEL,
        Diagnosis.PATH_NOT_FOUND,
    }
)
"""How a gateway may take a part that it does not know, given that it answers a plain question."""


async def check_claude_code(asker: ProbeClient, question: Question, _: Exchange) -> tuple[Observation, Response | None]:
    """Send the shape of Claude Code, and look for the refused part if there is one."""
    parts = parts_for(question.model, asker.plan.switches)
    exchange = await _ask(asker, question, parts)
    if exchange.is_good:
        return exchange.finding.turned(Diagnosis.OK, Status.PASS), exchange.answer
    if not may_be_a_part(exchange.finding):
        return exchange.finding, exchange.answer
    return await _look_into(asker, question, parts, exchange.finding), exchange.answer


async def _ask(asker: ProbeClient, question: Question, parts: frozenset[RequestPart]) -> Exchange:
    def body(stream: bool) -> dict[str, Any]:
        return shaped_body(question.model, parts, PROMPT, asker.plan.switches, stream=stream)

    return await asker.ask(question._replace(most_input=None), body, betas(parts))


async def _look_into(
    asker: ProbeClient, question: Question, parts: frozenset[RequestPart], refusal: Observation
) -> Observation:
    """What has to be left out so that the gateway accepts the request, or why that was not found out."""
    search = search_refused(units_of(parts), SearchOutcome(is_accepted=False, words=refusal.said))
    heard = [Refusal(refusal.http_status, refusal.said)]
    left_out = next(search)
    while asker.take_spare():
        exchange = await _ask(asker, question, without(parts, _drops(left_out)))
        if not exchange.is_good and not _is_like(exchange.finding, refusal):
            otherwise = _(
                "Which part it is could not be found out, because of {diagnosis}.", diagnosis=exchange.finding.diagnosis
            )
            return _unknown(refusal, otherwise)
        if not exchange.is_good:
            heard.append(Refusal(exchange.finding.http_status, exchange.finding.said))
        try:
            left_out = search.send(SearchOutcome(exchange.is_good, exchange.finding.said))
        except StopIteration as end:
            if not end.value:
                return _unknown(refusal, _(WITHOUT_ANY))
            return judge_refused(refusal, end.value, recovers=await _recovers(asker, question, parts, end.value, heard))
    return _unknown(refusal, _(USED_UP))


def _unknown(refusal: Observation, reason: str) -> Observation:
    """The refusal as it came; its usual advice may be a switch, and which one is not known."""
    by_beta = refusal.diagnosis is Diagnosis.BETA_REFUSED
    diagnosis = Diagnosis.REQUEST_REFUSED if by_beta else refusal.diagnosis
    return replace(refusal, diagnosis=diagnosis, reason=reason)


async def _recovers(
    asker: ProbeClient,
    question: Question,
    parts: frozenset[RequestPart],
    refused: tuple[Unit, ...],
    heard: list[Refusal],
) -> bool:
    """Whether Claude Code gets its answer all the same, because it leaves the refused parts out by itself."""
    by_words = frozenset[RequestPart]().union(*map(recovered, heard))
    may_vary = heard[0].status in STATUSES
    rest = [unit for unit in refused if not unit.drops & by_words and not (may_vary and unit.drops <= SILENTLY)]
    if not rest or not may_vary or not all(unit.drops & SILENTLY for unit in rest):
        return not rest
    settled = _drops(tuple(unit for unit in refused if unit not in rest))
    return asker.take_spare() and (await _ask(asker, question, without(parts, settled | SILENTLY))).is_good


def _drops(units: tuple[Unit, ...]) -> frozenset[RequestPart]:
    return frozenset[RequestPart]().union(*(unit.drops for unit in units))


def may_be_a_part(finding: Observation) -> bool:
    """Whether a gateway that answers a plain question may mean a part of the request with this."""
    if finding.diagnosis is Diagnosis.FORBIDDEN:
        return bool(named_parts(finding.said))
    return finding.diagnosis in MAY_BE_A_PART


def _is_like(finding: Observation, refusal: Observation) -> bool:
    """Whether this is a refusal of the same kind, and not trouble that has nothing to do with the request."""
    return may_be_a_part(finding) and (finding.http_status >= 500) == (refusal.http_status >= 500)


def judge_refused(refusal: Observation, refused: tuple[Unit, ...], *, recovers: bool) -> Observation:
    """The finding for a request that is accepted once these parts are left out."""
    parts = [part for unit in refused for part in RequestPart if part in unit.drops]
    named = meant_parts(refusal.said)
    is_header = speaks_of_header(refusal.said) and {unit.drops for unit in refused} >= BETA_UNITS
    fix = tuple((unit.switch.name, unit.switch.value) for unit in refused if unit.switch)
    is_beta = is_header or all(part.is_beta for part in parts if part in named or not named & frozenset(parts))
    mends = len(fix) == len(refused)
    advice = _advice(fix) if mends else "" if recovers else _(NO_SWITCH)
    return replace(
        refusal,
        diagnosis=Diagnosis.BETA_REFUSED if is_beta else Diagnosis.FIELD_REFUSED,
        status=Status.WARN if recovers else Status.FAIL,
        reason=_(HEADER)
        if is_header
        else join_sentences(*(_named(unit, named, told) for told, unit in enumerate(refused))),
        advice=join_sentences(_(RECOVERS) if recovers else "", advice),
        fix=fix if mends else (),
    )


def _named(unit: Unit, named: frozenset[RequestPart], told: int) -> str:
    """What of a unit is refused: the parts that the refusal names, else at least one of all; so many are told of."""
    parts = [part for part in RequestPart if part in (unit.drops & named or unit.drops)]
    if len(parts) > 1 and told:
        return _("It is one or more of {parts} as well.", parts=join_list(parts))
    if len(parts) > 1:
        return _("It is one or more of {parts}.", parts=join_list(parts))
    if parts[0] in IN_WORDS:
        return _(IN_WORDS[parts[0]][1 if told else 0])
    return _("It is {part} as well.", part=parts[0]) if told else _("It is {part}.", part=parts[0])


WITHOUT_ANY = N_("Which part it is could not be found out, for it is refused without any of them as well.")
USED_UP = N_("Which part it is could not be found out, with the requests that the test may send.")
HEADER = N_("It is the anthropic-beta header as a whole.")
IN_WORDS = {
    RequestPart.SYSTEM_BLOCKS: (N_("It is system as a list."), N_("It is system as a list as well.")),
    RequestPart.SYSTEM_MESSAGE: (
        N_("It is a message of the role system."),
        N_("It is a message of the role system as well."),
    ),
}
"""The parts that have no name of their own: what is said of one that is told first, and of a further one."""

BETA_UNITS = {frozenset({RequestPart.BETA_EFFORT}), frozenset({RequestPart.BETA_CLAUDE_CODE})}
"""What has to be left out as well when no beta feature at all is accepted."""

NO_SWITCH = N_("No switch of Claude Code leaves that out: tell the provider, or choose another gateway.")
RECOVERS = N_(
    "Claude Code 2.1.330 asks again without it by itself, which costs a request each time; older versions stop."
)


def _advice(fix: tuple[tuple[str, str], ...]) -> str:
    return _(
        "Set {switches} in the profile's switches: ccswitch test PROFILE --fix does it.",
        switches=join_with_and(f"{name}={value}" for name, value in fix),
    )
