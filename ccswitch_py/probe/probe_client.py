"""Sends the questions of one live test: one at a time, streamed, retried once, within a budget."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import replace
from typing import Any, NamedTuple

from ccswitch_py.core.language import N_, _
from ccswitch_py.model.diagnosis import Diagnosis, Status
from ccswitch_py.probe.client.request import PROMPT, Request, post
from ccswitch_py.probe.client.response import Response, retry_after_s
from ccswitch_py.probe.client.transport import send
from ccswitch_py.probe.judge.answer import judge_answer, judge_stream
from ccswitch_py.probe.judge.observation import Observation, Question
from ccswitch_py.probe.model_ids import list_models
from ccswitch_py.probe.plan import ProbePlan, extra_requests
from ccswitch_py.probe.protocols.base import Tool
from ccswitch_py.probe.protocols.stream import AnswerStream

MakeBody = Callable[[bool], dict[str, Any]]

MAX_RETRY_AFTER_S = 10.0
LIST_TIMEOUT_S = 10.0

TRANSIENT_STATUSES = (408, 409, 429)
"""Claude Code retries these and all from 500 on, whatever the body says (measured)."""

TRANSIENT = frozenset(
    {Diagnosis.EMPTY_ANSWER, Diagnosis.STREAM_TRUNCATED, Diagnosis.STREAM_ERROR, Diagnosis.CONNECTION_RESET}
)
"""What it retries of answers with status 200."""

TRANSIENT_IN_STREAM = frozenset({Diagnosis.UPSTREAM_ERROR, Diagnosis.OVERLOADED, Diagnosis.RATE_LIMITED})
"""What other tools retry of the errors with which a stream begins."""

NO_ANSWER = (Diagnosis.CONNECTION_RESET, Diagnosis.NOT_MESSAGES, Diagnosis.WRONG_PROTOCOL)

MORE_TOKENS = 1024
"""For models that think before they write, where a service refuses fewer tokens than they need."""

BUDGET_EXHAUSTED = N_("Its answer without streaming is unknown: the test may send no more requests.")


class Exchange(NamedTuple):
    """The outcome of a question: ``finding`` is about the model, ``stream`` about streaming; ``answer`` decided."""

    finding: Observation
    answer: Response
    stream: Observation | None = None

    @property
    def is_answered(self) -> bool:
        """Whether the model has answered."""
        return self.finding.status in (Status.PASS, Status.WARN)

    @property
    def is_transient(self) -> bool:
        """Whether the failure may be gone a moment later; ``x-should-retry`` decides where the gateway sends it."""
        if self.finding.status is not Status.FAIL:
            return False
        wanted = self.answer.headers.get("x-should-retry", "").strip().lower()
        if wanted in ("true", "false"):
            return wanted == "true"
        if self.answer.status == 0:
            return self.finding.diagnosis in NO_ANSWER
        if self.finding.in_stream and self.finding.diagnosis in TRANSIENT_IN_STREAM:
            return True
        by_status = self.answer.status in TRANSIENT_STATUSES or self.answer.status >= 500
        return by_status or self.finding.diagnosis in TRANSIENT


Judged = tuple[Observation, Response]
"""What a check has found, and the response that decided."""


class ProbeClient:
    """Sends and counts one profile's requests; those beyond the planned ones come out of a budget."""

    def __init__(self, plan: ProbePlan) -> None:
        self.plan = plan
        self.requests = 0
        self._budget = extra_requests(plan)
        self._streams = True
        self._may_retry = True
        self._listed: list[str] | None = None
        self._min_tokens = 0

    def take_extra_request(self) -> bool:
        """Whether one more request than planned may be sent; if so, it is charged to the budget."""
        self._budget -= 1
        return self._budget >= 0

    async def send(self, request: Request, stream: AnswerStream | None = None) -> Response:
        """Send one request."""
        self.requests += 1
        return await send(self.plan, request, stream.feed if stream else None)

    async def listed_models(self) -> list[str]:
        """The ids that the gateway lists, requested once in a test if the budget allows; empty if unknown."""
        if self._listed is None:
            self._listed = []
            if self.take_extra_request():
                self.requests += 1
                self._listed = (await list_models(self.plan, LIST_TIMEOUT_S)).ids or []
        return self._listed

    async def ask(self, question: Question, make_body: MakeBody | None = None, betas: str | None = None) -> Exchange:
        """Send a question, by default the plain one, and retry a transient failure once after a pause.

        ``make_body`` makes the body, with streaming or without. ``betas`` defaults to what the model id asks for.
        """
        make_body = make_body or (lambda stream: question.protocol.body(question.wire_model, stream=stream))
        if betas is None:
            betas = question.client.model_betas(question.model)
        exchange = await self._ask_once(question, make_body, betas)
        is_starved = exchange.finding.diagnosis is Diagnosis.LENGTH_STOP and exchange.answer.status >= 400
        if is_starved and not self._min_tokens and self.take_extra_request():
            self._min_tokens = MORE_TOKENS
            exchange = await self._ask_once(question, make_body, betas)
        pause_s = self._retry_pause_s(exchange)
        if pause_s is None or not self.take_extra_request():
            return exchange
        await asyncio.sleep(pause_s)
        retried = await self._ask_once(question, make_body, betas)
        # A failure that outlasts one pause is not waited for again in this test.
        self._may_retry = not retried.is_transient
        return retried

    async def ask_with(
        self,
        question: Question,
        prompt: str = PROMPT,
        *,
        tool: Tool | None = None,
        forced: bool = False,
        png: str = "",
        **fields: Any,
    ) -> Exchange:
        """Send a question with a tool, a picture or further fields, whatever number of input tokens they make."""

        def body(stream: bool) -> dict[str, Any]:
            parts = question.protocol.body(
                question.wire_model, prompt, stream=stream, tool=tool, forced=forced, png=png
            )
            return parts | fields

        return await self.ask(question._replace(max_input=None), body)

    async def _ask_once(self, question: Question, make_body: MakeBody, betas: str) -> Exchange:
        def request(stream: bool) -> Request:
            body = make_body(stream)
            protocol = question.protocol
            protocol.raise_limit(body, self._min_tokens)
            url = self.plan.url(model=question.wire_model, stream=stream)
            return post(url, self.plan.headers, body, betas, protocol.headers)

        about_stream = answer = None
        if self._streams:
            reader = question.protocol.new_stream()
            answer = await self.send(request(True), reader)
            model, about_stream = judge_stream(answer, reader, question, self.plan.timeouts.buffered_s)
            if model is not None:
                return Exchange(model, answer, about_stream)
            if about_stream is not None and not self.take_extra_request():
                unknown = replace(about_stream, status=Status.UNTESTABLE, reason=_(BUDGET_EXHAUSTED))
                return Exchange(unknown, answer, about_stream)
        streamed, answer = answer, await self.send(request(False))
        exchange = Exchange(judge_answer(answer, question), answer, about_stream)
        if exchange.is_transient and streamed is not None and streamed.status == 404:
            # The gateway may have set the service aside because of the first refusal, which names the cause.
            refusal = judge_answer(streamed, question)
            return Exchange(refusal, streamed) if refusal.in_json and refusal.quote else exchange
        if exchange.is_answered and about_stream is not None:
            self._streams = False
        return exchange

    def _retry_pause_s(self, exchange: Exchange) -> float | None:
        """How long to wait before a retry; None for no retry."""
        if not self._may_retry or not exchange.is_transient:
            return None
        requested_s = retry_after_s(exchange.answer.headers)
        if requested_s is None:
            return self.plan.timeouts.retry_s
        return requested_s if requested_s <= MAX_RETRY_AFTER_S else None
