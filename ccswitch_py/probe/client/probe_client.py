"""Asks the questions of one profile's test as Claude Code asks: one at a time, with streaming, within a budget."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import TYPE_CHECKING, Any, NamedTuple

from ccswitch_py.core.language import N_, _
from ccswitch_py.model.diagnosis import Diagnosis, Status
from ccswitch_py.probe.client.model_list import list_models
from ccswitch_py.probe.client.request import messages_url, plain_question, post
from ccswitch_py.probe.client.transport import send
from ccswitch_py.probe.judge.classify import classify
from ccswitch_py.probe.judge.retry_after import retry_after_s
from ccswitch_py.probe.judge.stream import StreamReading
from ccswitch_py.probe.judge.stream_verdict import judge_stream
from ccswitch_py.probe.plan import spare_requests

if TYPE_CHECKING:
    from collections.abc import Callable

    from ccswitch_py.probe.client.request import Request
    from ccswitch_py.probe.client.response import Response
    from ccswitch_py.probe.finding import Observation
    from ccswitch_py.probe.judge.classify import Question
    from ccswitch_py.probe.judge.message import Message
    from ccswitch_py.probe.plan import ProbePlan

    BodyFor = Callable[[bool], dict[str, Any]]

LONGEST_PAUSE_S = 10.0
LIST_PATIENCE_S = 10.0

TEMPORARY_STATUSES = (408, 409, 429)
"""These and all from 500 on Claude Code tries again, whatever words come with them (measured)."""

TEMPORARY = frozenset({Diagnosis.EMPTY_ANSWER, Diagnosis.STREAM_TRUNCATED, Diagnosis.STREAM_ERROR})
"""What it tries again of what came with 200."""

USED_UP = N_("What it answers without streaming is not known: the test may send no more requests.")


class Exchange(NamedTuple):
    """A question and what came of it: ``finding`` is about the model, ``stream`` about streaming, where that is known.

    ``message`` is the answer, if there is one; ``answer`` is what decided.
    """

    finding: Observation
    answer: Response
    stream: Observation | None = None
    message: Message | None = None

    @property
    def is_good(self) -> bool:
        """Whether the model has answered."""
        return self.finding.status in (Status.PASS, Status.WARN)


def may_pass(exchange: Exchange) -> bool:
    """Whether trouble may be over a moment later; the gateway can say so itself, with ``x-should-retry``."""
    answer, diagnosis = exchange.answer, exchange.finding.diagnosis
    if exchange.finding.status is not Status.FAIL:
        return False
    match answer.headers.get("x-should-retry", "").strip().lower():
        case "true":
            return True
        case "false":
            return False
        case _ if answer.status == 0:
            return diagnosis in (Diagnosis.CONNECTION_RESET, Diagnosis.NOT_MESSAGES)
        case _:
            return answer.status in TEMPORARY_STATUSES or answer.status >= 500 or diagnosis in TEMPORARY


class ProbeClient:
    """One profile's requests, counted; those beyond the planned ones come out of a budget."""

    def __init__(self, plan: ProbePlan) -> None:
        self.plan = plan
        self.requests = 0
        self._spare = spare_requests(plan)
        self._streams = True
        self._patient = True
        self._has_looked = False
        self._listed: list[str] = []

    def take_spare(self) -> bool:
        """Whether one request more than planned may be sent, which is then counted as such."""
        self._spare -= 1
        return self._spare >= 0

    async def send(self, request: Request, reading: StreamReading | None = None) -> Response:
        """Send one request."""
        self.requests += 1
        return await send(self.plan, request, reading.feed if reading else None)

    async def listed_models(self) -> list[str]:
        """The ids that the gateway itself lists: looked at once in a test, if there is a request left for it."""
        if not self._has_looked and self.take_spare():
            self.requests += 1
            self._listed = (await list_models(self.plan, LIST_PATIENCE_S)).ids or []
        self._has_looked = True
        return self._listed

    async def ask(self, question: Question, body_for: BodyFor | None = None, betas: str | None = None) -> Exchange:
        """Ask, by default the plain question, and once more after a pause where the trouble may be over by then.

        ``body_for`` makes the body, with streaming or without.
        """
        if body_for is None:

            def plain(stream: bool) -> dict[str, Any]:
                return plain_question(question.model, stream=stream)

            body_for = plain
        exchange = await self._ask_once(question, body_for, betas)
        pause_s = self._pause_s(exchange)
        if pause_s is None or not self.take_spare():
            return exchange
        await asyncio.sleep(pause_s)
        again = await self._ask_once(question, body_for, betas)
        # What was not over after one pause will not be waited for again.
        self._patient = not may_pass(again)
        return again

    async def _ask_once(self, question: Question, body_for: BodyFor, betas: str | None) -> Exchange:
        stream = None
        if self._streams:
            reading = StreamReading()
            answer = await self.send(self._request(question, body_for(True), betas), reading)
            model, stream = judge_stream(answer, reading, question, self.plan.patience.slow_s)
            if model is not None:
                return Exchange(model, answer, stream, reading.message if reading.is_answer else None)
            if stream is not None and not self.take_spare():
                return Exchange(replace(stream, status=Status.UNTESTABLE, reason=_(USED_UP)), answer, stream)
        answer = await self.send(self._request(question, body_for(False), betas))
        finding = classify(answer, question)
        exchange = Exchange(finding, answer, stream, finding.message)
        if exchange.is_good and stream is not None:
            self._streams = False
        return exchange

    def _request(self, question: Question, body: dict[str, Any], betas: str | None) -> Request:
        return post(messages_url(question.base_url), question.model, self.plan.headers, body, betas)

    def _pause_s(self, exchange: Exchange) -> float | None:
        """How long to wait before asking once more; None for not at all."""
        if not self._patient or not may_pass(exchange):
            return None
        asked_for_s = retry_after_s(exchange.answer.headers)
        if asked_for_s is None:
            return self.plan.patience.pause_s
        return asked_for_s if asked_for_s <= LONGEST_PAUSE_S else None
