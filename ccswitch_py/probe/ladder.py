"""The live test from the first rung to the last: address, way, language, key, models, and what a session needs."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from ccswitch_py.errors import BadInput
from ccswitch_py.model.base_url import BaseUrl
from ccswitch_py.model.diagnosis import Diagnosis, Status
from ccswitch_py.probe.classify import Question, classify
from ccswitch_py.probe.describe import describe
from ccswitch_py.probe.finding import Finding
from ccswitch_py.probe.plan import requests_planned
from ccswitch_py.probe.report import CheckResult, ProfileReport, verdict_of
from ccswitch_py.probe.request import unsendable_header
from ccswitch_py.probe.rungs import KEY, MODEL, PROTOCOL, REACH, STOPS_AT, URL
from ccswitch_py.probe.stream_check import check_stream, wants_stream
from ccswitch_py.probe.wire import ask

if TYPE_CHECKING:
    from collections.abc import Callable

    from ccswitch_py.probe.plan import ProbePlan
    from ccswitch_py.probe.received import Answer

    OnCheck = Callable[[CheckResult], None]
    OnStart = Callable[[str, str | None], None]


async def run_ladder(plan: ProbePlan, on_check: OnCheck, on_start: OnStart | None = None) -> ProfileReport:
    """Run a profile's test, one request at a time, and tell of each check as it begins and ends.

    The first question that is answered with no ends the test, and what would have come after it is skipped. A model
    that is not served is only that: the others are still asked. Nothing is raised for what a gateway does.
    """
    began = time.monotonic()
    test = _Test(plan, on_check, on_start or _ignore)
    await test.run()
    return ProfileReport(
        plan.profile,
        verdict_of(test.results),
        test.requests,
        round((time.monotonic() - began) * 1000),
        tuple(test.results),
    )


def _ignore(check: str, model: str | None) -> None:
    pass


class _Test:
    """One run: what is known so far, and the rows that were told."""

    def __init__(self, plan: ProbePlan, on_check: OnCheck, on_start: OnStart) -> None:
        self._plan = plan
        self._on_check = on_check
        self._on_start = on_start
        self._open = [REACH, PROTOCOL, KEY]
        self._streams_only = False
        self._streamed: dict[str, tuple[Finding, Answer]] = {}
        self.results: list[CheckResult] = []
        self.requests = 0

    async def run(self) -> None:
        """Climb until a question is answered with no."""
        url = self._check_url()
        models = dict(self._plan.roles_by_model)
        if url is None or self._is_key_malformed():
            self._skip_from(models)
            return
        sent = frozenset(name.lower() for name, _ in self._plan.headers)
        good: Question | None = None
        while models:
            model = next(iter(models))
            question = Question(url, model, sent)
            self._on_start(*((self._open[0], None) if self._open else (MODEL, model)))
            finding, answer = await self._ask(question)
            if not self._settle(finding, answer):
                self._skip_from(models)
                return
            roles = models.pop(model)
            self._on_start(MODEL, model)
            self._tell(describe(self._plan, MODEL, finding, answer, model=model, roles=roles, elapsed_ms=answer.elapsed_ms))
            if good is None and finding.status in (Status.PASS, Status.WARN):
                good = question
        while self._open:
            self._tell(skipped(self._open.pop(0), "No answer has shown it."))
        await self._check_further(good)

    def _check_url(self) -> BaseUrl | None:
        self._on_start(URL, None)
        try:
            url = BaseUrl(self._plan.base_url)
        except BadInput as problem:
            finding = Finding(Diagnosis.URL_INVALID, reason=problem.message, advice=problem.hint)
            self._tell(describe(self._plan, URL, finding))
            return None
        if url.without_tail is not None:
            # Some gateways answer at such an address all the same; whether this one does, the request will show.
            finding = Finding(Diagnosis.URL_HAS_V1, Status.WARN, advice=f"Write {url.without_tail} as base URL.")
        elif url.is_plain_http:
            finding = Finding(Diagnosis.PLAINTEXT_HTTP, Status.WARN)
        else:
            finding = Finding(Diagnosis.OK, Status.PASS, reason=f"Claude Code will call {url.messages_url}.")
        self._tell(describe(self._plan, URL, finding))
        return url

    def _is_key_malformed(self) -> bool:
        """Whether the key cannot be sent; then nothing is."""
        name = None if self._plan.key.reveal() else "the key is empty"
        bad = unsendable_header(self._plan.headers)
        if name is None and bad is not None:
            name = f"the header {bad} cannot be sent"
        if name is None:
            return False
        for rung in (REACH, PROTOCOL):
            self._open.remove(rung)
            self._tell(skipped(rung, "Nothing was sent."))
        self._open.remove(KEY)
        self._on_start(KEY, None)
        self._tell(describe(self._plan, KEY, Finding(Diagnosis.KEY_MALFORMED, reason=f"Here {name}.")))
        return True

    async def _ask(self, question: Question) -> tuple[Finding, Answer]:
        """Ask for one model without streaming, or with it where the gateway takes nothing else."""
        if not self._streams_only:
            self.requests += 1
            answer = await ask(self._plan, question.model, stream=False)
            finding = classify(answer, question)
            if not wants_stream(finding) or self.requests >= requests_planned(self._plan):
                return finding, answer
            self._streams_only = True
        self.requests += 1
        self._streamed[question.model] = finding, answer = await check_stream(self._plan, question)
        return finding, answer

    def _settle(self, finding: Finding, answer: Answer) -> bool:
        """Answer the open questions that this answer decides; False once one is answered with no."""
        stop = stops_at(finding, answer)
        while self._open:
            rung = self._open[0]
            if rung == stop:
                self._open.pop(0)
                self._tell(describe(self._plan, rung, finding, answer, elapsed_ms=_time_of(rung, answer)))
                return False
            if proves(rung, finding, answer):
                said = Finding(Diagnosis.OK, Status.PASS, reason=_PASSED[rung])
                self._open.pop(0)
                self._tell(describe(self._plan, rung, said, answer, elapsed_ms=_time_of(rung, answer)))
            elif ORDER.index(rung) < ORDER.index(stop) < ORDER.index(MODEL):
                self._open.pop(0)
                self._tell(skipped(rung, "The refusal came before it could be seen."))
            else:
                return True
        return True
