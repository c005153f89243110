"""The live test from the first rung to the last: address, way, language, key, models, and what a session needs."""

from __future__ import annotations

import time
from asyncio import CancelledError
from dataclasses import replace
from typing import TYPE_CHECKING

from ccswitch_py.core.language import _, join_sentences
from ccswitch_py.model.diagnosis import Diagnosis, Status
from ccswitch_py.probe.checks.table import further_checks
from ccswitch_py.probe.client.probe_client import ProbeClient
from ccswitch_py.probe.client.request import MOST_INPUT
from ccswitch_py.probe.describe import describe, not_asked, skipped
from ccswitch_py.probe.diagnosis_texts import DIAGNOSIS_TEXTS
from ccswitch_py.probe.finding import Observation
from ccswitch_py.probe.judge.classify import Question
from ccswitch_py.probe.judge.near_ids import hint_about
from ccswitch_py.probe.preconditions import check_address, unsendable_key
from ccswitch_py.probe.report import CheckResult, ProfileReport, verdict_of
from ccswitch_py.probe.stages import KEY, MODEL, ORDER, PASSED, PROTOCOL, REACH, URL, proves, stops_at

if TYPE_CHECKING:
    from collections.abc import Callable

    from ccswitch_py.model.role import Role
    from ccswitch_py.probe.client.probe_client import Exchange
    from ccswitch_py.probe.client.response import Response
    from ccswitch_py.probe.plan import ProbePlan

    OnCheck = Callable[[CheckResult], None]
    OnStart = Callable[[str, str | None], None]

NOT_SERVED = (Diagnosis.MODEL_NOT_FOUND, Diagnosis.NO_CHANNEL)


async def run_probe(plan: ProbePlan, on_check: OnCheck, on_start: OnStart | None = None) -> ProfileReport:
    """Run a profile's test, one request at a time, and tell of each check as it begins and ends.

    The first question that is answered with no ends the test, and what would have come after it is skipped. A model
    that is not served is only that: the others are still asked. Nothing is raised for what a gateway does.
    Cancelled, it raises ``Cut``.
    """
    began = time.monotonic()
    climb = ProbeRun(plan, on_check, on_start)
    cut: CancelledError | None = None
    try:
        await climb.run()
    except CancelledError as cancelled:
        cut = cancelled
    elapsed_ms = round((time.monotonic() - began) * 1000)
    report = ProfileReport(plan.profile, verdict_of(climb.results), climb.requests, elapsed_ms, tuple(climb.results))
    if cut is not None:
        raise Cut(report) from cut
    return report


class Cut(CancelledError):
    """The test was cancelled; its argument is the report of what was known by then."""


class ProbeRun:
    """One run: what is still open, and the rows so far.

    One answer may decide several questions, and not every answer decides the one that it was asked for: after an
    overload the key is as unknown as before. Such a question stays open until a later answer decides it.
    """

    def __init__(self, plan: ProbePlan, on_check: OnCheck, on_start: OnStart | None) -> None:
        self._plan = plan
        self._asker = ProbeClient(plan)
        self._on_check = on_check
        self._on_start = on_start
        self._open = [REACH, PROTOCOL, KEY]
        self._models = dict(plan.roles_by_model)
        self._good: tuple[Question, Exchange] | None = None
        self.results: list[CheckResult] = []

    @property
    def requests(self) -> int:
        """How many requests were sent."""
        return self._asker.requests

    async def run(self) -> None:
        """Climb until a question is answered with no."""
        self._start(URL)
        url, finding = check_address(self._plan.base_url)
        self._tell(describe(self._plan, URL, finding))
        if url is None or self._refuse_key():
            return self._skip_rest()
        for model in list(self._models):
            if not await self._climb_with(Question(url, model, self._plan.sent_headers, MOST_INPUT)):
                return self._skip_rest()
        while self._open:
            self._tell(skipped(self._open.pop(0), _("No answer has shown it.")))
        return await self._ask_further()

    def _refuse_key(self) -> bool:
        finding = unsendable_key(self._plan)
        if finding is None:
            return False
        self._open.clear()
        self._tell(skipped(REACH, _("Nothing was sent.")))
        self._tell(skipped(PROTOCOL, _("Nothing was sent.")))
        self._tell(describe(self._plan, KEY, finding))
        return True

    async def _climb_with(self, question: Question) -> bool:
        """Ask for one model; False if the answer ends the test."""
        if self._open:
            self._start(self._open[0])
        else:
            self._start(MODEL, question.model)
        exchange = await self._asker.ask(question)
        if not self._settle(exchange.finding, exchange.answer):
            return False
        roles = self._models.pop(question.model)
        self._start(MODEL, question.model)
        finding = await self._with_hint(self._with_stream(exchange), question.model)
        self._tell_of(MODEL, finding, exchange.answer, _(PASSED[MODEL]), model=question.model, roles=roles)
        if self._good is None and exchange.is_good:
            self._good = question, exchange
        return True

    def _with_stream(self, exchange: Exchange) -> Observation:
        """The finding about a model, with what is wrong with its stream where no row of its own tells of that."""
        finding, stream = exchange.finding, exchange.stream
        told_of = self._good is None and any(check.name == "stream" for check in further_checks(self._plan.depth))
        if stream is None or stream.status is Status.PASS or finding.status is not Status.PASS or told_of:
            return finding
        return finding.turned(stream.diagnosis, stream.status, reason=stream.reason, said=stream.said)

    async def _with_hint(self, finding: Observation, model: str) -> Observation:
        """The finding, with what is near the id of a model that is not served; such ids are never asked for."""
        if finding.diagnosis not in NOT_SERVED:
            return finding
        answering = self._good[0].model if self._good else None
        hint = hint_about(model, await self._asker.listed_models(), self._plan.known_models(), answering)
        return replace(
            finding, advice=join_sentences(finding.advice or _(DIAGNOSIS_TEXTS[finding.diagnosis].advice), hint)
        )

    def _settle(self, finding: Observation, answer: Response) -> bool:
        """Tell of the open questions that this answer decides; False once one is answered with no."""
        stop = stops_at(finding, answer)
        while self._open:
            rung = self._open[0]
            if rung == stop:
                self._open.pop(0)
                self._tell_of(rung, finding, answer)
                return False
            if proves(rung, finding, answer):
                self._tell_of(rung, Observation(Diagnosis.OK, Status.PASS), answer, self._passed(rung))
            elif ORDER.index(rung) < ORDER.index(stop) < ORDER.index(MODEL):
                self._tell(skipped(rung, _("The refusal came before this could be seen.")))
            else:
                return True
            self._open.pop(0)
            if self._open:
                self._start(self._open[0])
        return True

    async def _ask_further(self) -> None:
        for check in further_checks(self._plan.depth):
            if self._good is None:
                self._tell(skipped(check.name, _("No model has answered.")))
                continue
            question, exchange = self._good
            self._start(check.name, question.model)
            finding, answer = await check.run(self._asker, question, exchange)
            roles = self._plan.roles_by_model[question.model]
            self._tell_of(check.name, finding, answer, _(check.passed), model=question.model, roles=roles)

    def _passed(self, rung: str) -> str:
        """What is said of a rung that is well; the way goes through a proxy more often than its user remembers."""
        if rung != REACH or not self._plan.proxy_host:
            return _(PASSED[rung])
        return join_sentences(_(PASSED[rung]), _("It was asked through the proxy {host}.", host=self._plan.proxy_host))

    def _skip_rest(self) -> None:
        for rung in self._open:
            self._tell(not_asked(rung))
        for model, roles in self._models.items():
            self._tell(not_asked(MODEL, model=model, roles=roles))
        for check in further_checks(self._plan.depth):
            self._tell(not_asked(check.name))

    def _start(self, check: str, model: str | None = None) -> None:
        if self._on_start is not None:
            self._on_start(check, model)

    def _tell_of(
        self,
        check: str,
        finding: Observation,
        answer: Response | None,
        passed: str = "",
        *,
        model: str | None = None,
        roles: tuple[Role, ...] = (),
    ) -> None:
        if finding.diagnosis is Diagnosis.OK and not finding.reason:
            finding = replace(finding, reason=passed)
        self._tell(describe(self._plan, check, finding, answer, model=model, roles=roles))

    def _tell(self, result: CheckResult) -> None:
        self.results.append(result)
        self._on_check(result)
