"""Runs a live test: the stages from the URL to the models, then the further checks."""

from __future__ import annotations

import time
from asyncio import CancelledError
from collections.abc import Callable
from dataclasses import replace

from ccswitch_py.core.language import _, join_sentences
from ccswitch_py.model.diagnosis import Diagnosis, Status
from ccswitch_py.model.protocol import Role
from ccswitch_py.probe.checks.table import further_checks
from ccswitch_py.probe.client.request import MAX_INPUT
from ccswitch_py.probe.client.response import Response
from ccswitch_py.probe.describe import describe, not_asked
from ccswitch_py.probe.diagnosis_texts import ADVICE
from ccswitch_py.probe.judge.observation import Observation, Question
from ccswitch_py.probe.model_ids import suggest_model
from ccswitch_py.probe.plan import ProbePlan
from ccswitch_py.probe.probe_client import Exchange, ProbeClient
from ccswitch_py.probe.report import CheckResult, ProfileReport, verdict_of
from ccswitch_py.probe.stages import (
    KEY,
    MODEL,
    PASSED,
    PROTOCOL,
    REACH,
    STAGES,
    URL,
    check_key,
    check_url,
    failing_stage,
    passes_stage,
)

OnResult = Callable[[CheckResult], None]
OnStart = Callable[[str, str | None], None]

NOT_SERVED = (Diagnosis.MODEL_NOT_FOUND, Diagnosis.NO_CHANNEL)


class ProbeCancelled(CancelledError):
    """The test was cancelled; its argument is the report up to then."""


async def run_probe(plan: ProbePlan, on_result: OnResult, on_start: OnStart | None = None) -> ProfileReport:
    """Run a profile's test, one request at a time; raises only ``ProbeCancelled``, when cancelled.

    The first failed stage ends the test, but a model that is not served does not stop the others.
    """
    began = time.monotonic()
    run = _ProbeRun(plan, on_result, on_start or (lambda _check, _model: None))
    cancelled: CancelledError | None = None
    try:
        await run.run()
    except CancelledError as error:
        cancelled = error
    elapsed_ms = round((time.monotonic() - began) * 1000)
    report = ProfileReport(
        plan.profile,
        verdict_of(run.results),
        run.client.requests,
        elapsed_ms,
        tuple(run.results),
        plan.client.name,
        plan.target,
        plan.label,
    )
    if cancelled is not None:
        raise ProbeCancelled(report) from cancelled
    return report


class _ProbeRun:
    """One run: the rows so far, and the stages that no answer has decided yet.

    One answer may decide several stages or none: after an overload the key is as unknown as before.
    """

    def __init__(self, plan: ProbePlan, on_result: OnResult, on_start: OnStart) -> None:
        self._plan = plan
        self._on_result = on_result
        self._on_start = on_start
        self._open = [REACH, PROTOCOL, KEY]
        self._pending = dict(plan.roles_by_model)
        self._working: tuple[Question, Exchange] | None = None
        self.client = ProbeClient(plan)
        self.results: list[CheckResult] = []

    async def run(self) -> None:
        self._on_start(URL, None)
        url, finding = check_url(self._plan)
        self._add(describe(self._plan, URL, finding))
        if url is None or self._key_is_unusable():
            return self._skip_rest()
        for model in list(self._pending):
            if not await self._test_model(self._plan.question(model, MAX_INPUT)):
                return self._skip_rest()
        while self._open:
            self._skip(self._open.pop(0), _("No answer has shown it."))
        return await self._run_further_checks()

    def _key_is_unusable(self) -> bool:
        finding = check_key(self._plan)
        if finding is None:
            return False
        self._open.clear()
        self._skip(REACH, _("Nothing was sent."))
        self._skip(PROTOCOL, _("Nothing was sent."))
        self._add(describe(self._plan, KEY, finding))
        return True

    async def _test_model(self, question: Question) -> bool:
        """Ask for one model; False if the answer ends the test."""
        model = question.model
        self._on_start(*((self._open[0], None) if self._open else (MODEL, model)))
        exchange = await self.client.ask(question)
        if not self._decide_stages(exchange.finding, exchange.answer):
            return False
        self._on_start(MODEL, model)
        finding = await self._with_suggestion(self._with_stream(exchange), model)
        self._report(MODEL, finding, exchange.answer, PASSED[MODEL], model=model, roles=self._pending.pop(model))
        if self._working is None and exchange.is_answered:
            self._working = question, exchange
        return True

    def _with_stream(self, exchange: Exchange) -> Observation:
        """The finding about a model, with its stream's problem unless the check ``stream`` reports that."""
        finding, stream = exchange.finding, exchange.stream
        has_row = self._working is None and any(check.name == "stream" for check in further_checks(self._plan))
        if stream is None or stream.status is Status.PASS or finding.status is not Status.PASS or has_row:
            return finding
        return finding.rejudged(stream.diagnosis, stream.status, reason=stream.reason, quote=stream.quote)

    async def _with_suggestion(self, finding: Observation, model: str) -> Observation:
        """The finding, with ids near that of a model that is not served; these are never requested."""
        if finding.diagnosis not in NOT_SERVED:
            return finding
        working = self._working[0].model if self._working else None
        listed = await self.client.listed_models()
        suggestion = suggest_model(self._plan.client.wire_model(model), listed, self._plan.known_models(), working)
        advice = finding.advice or _(ADVICE[finding.diagnosis])
        return replace(finding, advice=join_sentences(advice, suggestion))

    def _decide_stages(self, finding: Observation, answer: Response) -> bool:
        """Report the open stages that this answer decides; False once one has failed."""
        failing = failing_stage(finding, answer)
        while self._open:
            stage = self._open[0]
            if stage == failing:
                self._open.pop(0)
                self._report(stage, finding, answer)
                return False
            if passes_stage(stage, finding, answer):
                self._report(stage, Observation(Diagnosis.OK, Status.PASS, reason=self._passed(stage, answer)), answer)
            elif STAGES.index(stage) < STAGES.index(failing) < STAGES.index(MODEL):
                self._skip(stage, _("The request was refused before this could be checked."))
            else:
                return True
            self._open.pop(0)
            if self._open:
                self._on_start(self._open[0], None)
        return True

    async def _run_further_checks(self) -> None:
        for check in further_checks(self._plan):
            if self._working is None:
                self._skip(check.name, _("No model answered."))
                continue
            question, exchange = self._working
            self._on_start(check.name, question.model)
            finding, answer = await check.run(self.client, question, exchange)
            roles = self._plan.roles_by_model[question.model]
            self._report(check.name, finding, answer, check.passed, model=question.model, roles=roles)

    def _passed(self, stage: str, answer: Response) -> str:
        """Return the sentence for a passed stage; it mentions the proxy, which users forget."""
        protocol = self._plan.protocol.name
        passed = (
            _("The connection succeeded.")
            if stage == REACH and not answer.status
            else _(PASSED[stage], protocol=protocol)
        )
        if stage != REACH or not self._plan.proxy_host:
            return passed
        return join_sentences(passed, _("The request went through the proxy {host}.", host=self._plan.proxy_host))

    def _skip_rest(self) -> None:
        for stage in self._open:
            self._add(not_asked(stage))
        for model, roles in self._pending.items():
            self._add(not_asked(MODEL, model=model, roles=roles))
        for check in further_checks(self._plan):
            self._add(not_asked(check.name))

    def _report(
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
            finding = replace(finding, reason=_(passed, tool=self._plan.client.name))
        self._add(describe(self._plan, check, finding, answer, model=model, roles=roles))

    def _skip(self, check: str, reason: str) -> None:
        self._add(CheckResult(check, Status.SKIP, None, reason))

    def _add(self, result: CheckResult) -> None:
        self.results.append(result)
        self._on_result(result)
