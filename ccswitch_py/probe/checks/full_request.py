"""The check ``claude_code``: is a request with everything that the tool sends accepted, and if not, what is refused?"""

from __future__ import annotations

import re
from collections.abc import Collection, Generator
from dataclasses import replace
from typing import Any, NamedTuple

from ccswitch_py.core.language import N_, _, join_list, join_sentences, join_with_and
from ccswitch_py.model.diagnosis import Diagnosis, Status
from ccswitch_py.probe.client.request import MAX_TOKENS, PROMPT
from ccswitch_py.probe.client_shape import ClientShape, Parts, Switch
from ccswitch_py.probe.judge.observation import Observation, Question
from ccswitch_py.probe.judge.refusals import MAX_CHARS
from ccswitch_py.probe.probe_client import Exchange, Judged, ProbeClient

_BETA_HEADER = re.compile(r"anthropic[-_]beta|beta header|\bbetas?\b", re.IGNORECASE)

_NUMBER = re.compile(r"\b\d{1,3}(?:,\d{3})+\b|\b\d{2,7}\b")
OUTPUT_LIMIT = "max_output_tokens"
"""The name of a fix that is an option of the profile and no switch."""

USUAL_LIMITS = (16_384, 8_192, 4_096)
"""Output tokens that many models can write at once, to be tried where a refusal names no number that is accepted."""

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
"""How a gateway that answers a plain question may refuse a part that it does not know."""

REFUSED_WITHOUT_ANY = N_("The rejected part could not be identified: the request is refused even without any of them.")
BUDGET_USED_UP = N_("The rejected part could not be identified with the requests that the test may send.")
NO_SWITCH = N_("No switch of {tool} leaves that out: tell the provider, or choose another gateway.")


async def check_full_request(client: ProbeClient, question: Question, _first: Exchange) -> Judged:
    """Send everything that the tool sends, and search for the refused part if there is one."""
    parts = question.client.parts(question.model)
    exchange = await _ask(client, question, parts)
    finding = exchange.finding
    if exchange.is_answered:
        finding = finding.rejudged(Diagnosis.OK, Status.PASS)
    elif await _is_about_output(client, question, parts, finding):
        finding = await _find_limit(client, question, parts, finding)
    elif _may_be_a_part(finding, question.client):
        finding = await _search(client, question, parts, finding)
    return finding, exchange.answer


async def _is_about_output(client: ProbeClient, question: Question, parts: Parts, refusal: Observation) -> bool:
    """Whether it is the number of output tokens that is refused; where no part is named, a small one shows it."""
    if refusal.diagnosis is Diagnosis.OUTPUT_LIMIT:
        return True
    may_be = refusal.diagnosis is Diagnosis.REQUEST_REFUSED and not meant_parts(question.client, refusal.quote)
    return may_be and client.take_extra_request() and (await _ask(client, question, parts, MAX_TOKENS)).is_answered


async def _find_limit(client: ProbeClient, question: Question, parts: Parts, refusal: Observation) -> Observation:
    """The finding with the largest limit that is accepted as its fix: one that the refusal names, else a usual one."""
    asked = question.client.output_limit(question.model)
    named = {int(digits.replace(",", "")) for digits in _NUMBER.findall(refusal.quote)}
    for limit in (*sorted({one for one in named if MAX_TOKENS < one < asked}, reverse=True)[:2], *USUAL_LIMITS):
        if limit < asked and client.take_extra_request() and (await _ask(client, question, parts, limit)).is_answered:
            advice = _(
                "Set max_output_tokens to {limit}: ccswitch test {profile} --fix does it.",
                limit=limit,
                profile=client.plan.profile,
            )
            return replace(refusal, diagnosis=Diagnosis.OUTPUT_LIMIT, advice=advice, fix=((OUTPUT_LIMIT, str(limit)),))
    return replace(refusal, diagnosis=Diagnosis.OUTPUT_LIMIT)


async def _ask(client: ProbeClient, question: Question, parts: Parts, max_tokens: int | None = None) -> Exchange:
    def body(stream: bool) -> dict[str, Any]:
        whole = question.client.body(question.model, parts, PROMPT, stream=stream)
        return whole if max_tokens is None else {**whole, "max_tokens": max_tokens}

    return await client.ask(question._replace(max_input=None), body, question.client.betas(parts))


async def _search(client: ProbeClient, question: Question, parts: Parts, refusal: Observation) -> Observation:
    """What has to be left out for the request to be accepted, or why that is not known."""
    shape = question.client
    refusals = [(refusal.http_status, refusal.quote)]
    search = search_refused(shape, possible_omissions(shape, parts), SearchOutcome(False, refusal.quote))
    left_out = next(search)
    while client.take_extra_request():
        exchange = await _ask(client, question, shape.without(parts, dropped_parts(left_out)))
        finding = exchange.finding
        if not exchange.is_answered:
            if not _is_same_refusal(finding, refusal, shape):
                diagnosis = finding.diagnosis
                other = _("The rejected part could not be identified, because of {diagnosis}.", diagnosis=diagnosis)
                return _unexplained(refusal, other)
            refusals.append((finding.http_status, finding.quote))
        try:
            left_out = search.send(SearchOutcome(exchange.is_answered, finding.quote))
        except StopIteration as end:
            if not end.value:
                return _unexplained(refusal, _(REFUSED_WITHOUT_ANY))
            recovers = await _recovers(client, question, parts, end.value, refusals)
            return _judge_refused(client, parts, refusal, end.value, recovers=recovers)
    return _unexplained(refusal, _(BUDGET_USED_UP))


def _unexplained(refusal: Observation, reason: str) -> Observation:
    """The refusal as it came, without the advice to set a switch: which one is not known."""
    is_beta = refusal.diagnosis is Diagnosis.BETA_REFUSED
    return replace(refusal, diagnosis=Diagnosis.REQUEST_REFUSED if is_beta else refusal.diagnosis, reason=reason)


async def _recovers(
    client: ProbeClient, question: Question, parts: Parts, refused: Omissions, refusals: list[tuple[int, str]]
) -> bool:
    """Whether the tool gets its answer all the same, because it leaves the refused parts out by itself."""
    shape = question.client
    by_text = frozenset[str]().union(*(shape.recovers_from(status, text) for status, text in refusals))
    retries = refusals[0][0] in shape.retry_statuses
    rest = [one for one in refused if not one.drops & by_text and not (retries and one.drops <= shape.retry_drops)]
    if not rest or not retries or not all(omission.drops & shape.retry_drops for omission in rest):
        return not rest
    left_out = dropped_parts(tuple(one for one in refused if one not in rest)) | shape.retry_drops
    return client.take_extra_request() and (await _ask(client, question, shape.without(parts, left_out))).is_answered


def _may_be_a_part(finding: Observation, shape: ClientShape) -> bool:
    """Whether a gateway that answers a plain question may mean a part of the request with this."""
    if finding.diagnosis is Diagnosis.FORBIDDEN:
        return bool(shape.named_parts(finding.quote))
    return finding.diagnosis in MAY_BE_A_PART


def _is_same_refusal(finding: Observation, refusal: Observation, shape: ClientShape) -> bool:
    """Whether this is a refusal of the same kind, and not an unrelated failure."""
    return _may_be_a_part(finding, shape) and (finding.http_status >= 500) == (refusal.http_status >= 500)


def _judge_refused(
    client: ProbeClient, parts: Parts, refusal: Observation, refused: Omissions, *, recovers: bool
) -> Observation:
    """The finding for a request that is accepted once these parts are left out."""
    shape = client.plan.client
    dropped, named = dropped_parts(refused), meant_parts(shape, refusal.quote)
    is_header = means_header(shape, refusal.quote) and filter_betas(shape, shape.unswitchable) & parts <= dropped
    is_beta = is_header or all(shape.is_beta(part) for part in dropped & named or dropped)
    fix = tuple((one.switch.name, one.switch.value) for one in refused if one.switch)
    notes = (_(shape.omission_notes.get(part, "")) for one in refused if not one.switch for part in one.drops)
    advice = "" if recovers else join_sentences(_(NO_SWITCH, tool=shape.name), *notes)
    if len(fix) == len(refused):
        advice = _(
            "Set {switches} in the profile's switches: ccswitch test {profile} --fix does it.",
            switches=join_with_and(f"{name}={value}" for name, value in fix),
            profile=client.plan.profile,
        )
    sentences = (_describe_omission(shape, one, named, is_further=index > 0) for index, one in enumerate(refused))
    return replace(
        refusal,
        diagnosis=Diagnosis.BETA_REFUSED if is_beta else Diagnosis.FIELD_REFUSED,
        status=Status.WARN if recovers else Status.FAIL,
        reason=_("It is the anthropic-beta header as a whole.") if is_header else join_sentences(*sentences),
        advice=join_sentences(_(shape.retry_note) if recovers else "", advice),
        fix=fix if len(fix) == len(refused) else (),
    )


def _describe_omission(shape: ClientShape, omission: Omission, named: Parts, *, is_further: bool) -> str:
    """What of it is refused: the parts that the refusal names, else at least one of all."""
    meant = omission.drops & named or omission.drops
    parts = [part for part in shape.part_names if part in meant]
    if len(parts) > 1 and is_further:
        return _("It is one or more of {parts} as well.", parts=join_list(parts))
    if len(parts) > 1:
        return _("It is one or more of {parts}.", parts=join_list(parts))
    if parts[0] in shape.part_sentences:
        return _(shape.part_sentences[parts[0]][is_further])
    return _("It is {part} as well.", part=parts[0]) if is_further else _("It is {part}.", part=parts[0])


class Omission(NamedTuple):
    """What can be left out at once: all that a switch drops, or one part that no switch drops."""

    switch: Switch | None
    drops: Parts


Omissions = tuple[Omission, ...]


class SearchOutcome(NamedTuple):
    """The outcome of one request; ``text`` is that of the refusal, empty if the request was accepted."""

    is_accepted: bool
    text: str = ""


def dropped_parts(omissions: Omissions) -> Parts:
    """All that these leave out."""
    return frozenset[str]().union(*(omission.drops for omission in omissions))


def possible_omissions(client: ClientShape, parts: Parts) -> Omissions:
    """What can be left out of these parts, ordered by what it costs the user, the cheapest first."""
    by_switch = [Omission(switch, switch.drops & parts) for switch in client.switches]
    single = [Omission(None, frozenset({part})) for part in client.unswitchable if part in parts]
    return (*(omission for omission in by_switch if omission.drops), *single)


def means_header(client: ClientShape, refusal: str) -> bool:
    """Whether a refusal speaks of the beta header as a whole, and names none of its values."""
    return not client.named_parts(refusal) and _BETA_HEADER.search(refusal[:MAX_CHARS]) is not None


def meant_parts(client: ClientShape, refusal: str) -> Parts:
    """The parts that a refusal names, or may mean where it speaks of the beta header as a whole."""
    if not means_header(client, refusal):
        return client.named_parts(refusal)
    return max((filter_betas(client, switch.drops) for switch in client.switches), key=len, default=frozenset[str]())


def filter_betas(client: ClientShape, parts: Collection[str]) -> Parts:
    """Those of these parts that are values of the beta header."""
    return frozenset(filter(client.is_beta, parts))


def search_refused(
    client: ClientShape, omissions: Omissions, first: SearchOutcome
) -> Generator[Omissions, SearchOutcome, Omissions]:
    """Yield what to leave out next and receive the outcome; return what was accepted, nothing if nothing helps.

    What a refusal names is tried first; else bisection finds the next refused one of n in about log2(n) requests,
    assuming that leaving out more never causes a refusal.
    """
    found: Omissions = ()
    candidates, suffices = omissions, False
    misleading: set[Omission] = set()
    outcome, is_header_tried = first, False
    while True:
        eligible = [omission for omission in candidates if omission not in misleading]
        named = _best_match(eligible, meant_parts(client, outcome.text))
        if named is not None:
            trial = yield (*found, named)
            if not trial.is_accepted and meant_parts(client, trial.text) & named.drops:
                misleading.add(named)
                continue
            outcome = trial
            found = (*found, named)
            candidates = tuple(omission for omission in candidates if omission != named)
        elif means_header(client, outcome.text) and not is_header_tried:
            is_header_tried = True
            with_betas = tuple(omission for omission in candidates if filter_betas(client, omission.drops))
            outcome = yield (*found, *with_betas)
            if outcome.is_accepted:
                # Is it the header as such, or one of its values? Leaving a single value in it will show.
                candidates, suffices = with_betas[:-1], True
                outcome = yield (*found, *candidates)
                if not outcome.is_accepted:
                    return (*found, *with_betas)
                outcome = SearchOutcome(is_accepted=False)
        else:
            index = yield from _bisect(found, candidates, suffices)
            if index is None:
                return ()
            found = (*found, candidates[index])
            candidates, suffices = candidates[:index], True
            outcome = yield found
        if outcome.is_accepted:
            return found


def _best_match(omissions: list[Omission], meant: Parts) -> Omission | None:
    """The first that drops most of what is meant."""
    matching = (omission for omission in omissions if omission.drops & meant)
    return max(matching, key=lambda omission: len(omission.drops & meant), default=None)


def _bisect(found: Omissions, candidates: Omissions, suffices: bool) -> Generator[Omissions, SearchOutcome, int | None]:
    """The index of the last candidate to leave out; None if nothing helps. ``suffices``: all of them are enough."""
    low, high = 0, len(candidates)
    while high - low > 1:
        middle = (low + high) // 2
        if (yield (*found, *candidates[:middle])).is_accepted:
            high = middle
        else:
            low = middle
    if high == len(candidates) and not suffices and not (yield (*found, *candidates)).is_accepted:
        return None
    return high - 1 if candidates else None
