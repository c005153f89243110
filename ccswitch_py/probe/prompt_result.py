"""Asks a model one thing for the user: hands the text on as it comes, and says what came of it in the end."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from ccswitch_py.core.language import _, ngettext
from ccswitch_py.model.base_url import BaseUrl
from ccswitch_py.model.diagnosis import Diagnosis, Status
from ccswitch_py.probe.checks.image import ABOUT_IMAGES
from ccswitch_py.probe.client.request import messages_url, post
from ccswitch_py.probe.client.response import Response
from ccswitch_py.probe.client.transport import send
from ccswitch_py.probe.describe import describe
from ccswitch_py.probe.finding import Observation
from ccswitch_py.probe.judge.classify import Question, classify
from ccswitch_py.probe.judge.error_body import read_error
from ccswitch_py.probe.judge.message import read_json, read_message
from ccswitch_py.probe.judge.message_verdict import judge_message
from ccswitch_py.probe.judge.stream import StreamReading
from ccswitch_py.probe.judge.usage import INPUT_COUNTS
from ccswitch_py.probe.preconditions import unsendable_key
from ccswitch_py.redact.gateway_text import sanitize
from ccswitch_py.redact.streamed_text import StreamSanitizer

if TYPE_CHECKING:
    from collections.abc import Callable

    from ccswitch_py.probe.judge.message import Message
    from ccswitch_py.probe.plan import ProbePlan
    from ccswitch_py.probe.prompt import Prompt
    from ccswitch_py.probe.report import CheckResult

MAX_ANSWER_BYTES = 16 * 1024 * 1024
"""What is read of an answer: far more than the longest has, streamed or not."""

SHORTEST_SPAN_MS = 100
"""A rate over less time than this says more about the network than about the model."""

_STOP_LIMIT = 60


@dataclass(frozen=True)
class PromptResult:
    """What came of one prompt. All of it is fit to be shown.

    ``text`` is also there when the answer was cut. ``first_event_ms`` and ``first_word_ms`` are None for an answer in
    one piece. ``tokens_in`` and ``tokens_out`` are None where the gateway reports none that can be true.
    """

    result: CheckResult
    profile: str
    requested_model: str
    text: str
    stop_reason: str | None
    streamed: bool
    first_event_ms: int | None
    first_word_ms: int | None
    tokens_in: int | None
    tokens_out: int | None

    @property
    def is_answered(self) -> bool:
        """Whether the model has answered, to its end or to that of its tokens."""
        return self.result.status in (Status.PASS, Status.WARN)

    @property
    def tokens_per_s(self) -> float | None:
        """How fast the model wrote, from the first event on; None where it is not known."""
        span_ms = self.result.elapsed_ms - (self.first_event_ms or 0)
        if not self.tokens_out or span_ms < SHORTEST_SPAN_MS:
            return None
        return round(self.tokens_out * 1000 / span_ms, 1)

    def as_json(self) -> dict[str, Any]:
        """The facts as ``ccswitch ask --json`` prints them."""
        result = self.result
        return {
            "name": self.profile,
            "requested_model": self.requested_model,
            "answered_model": result.answered_model,
            "text": self.text,
            "stop_reason": self.stop_reason,
            "usage": result.usage,
            "first_event_ms": self.first_event_ms,
            "first_word_ms": self.first_word_ms,
            "elapsed_ms": result.elapsed_ms,
            "tokens_per_s": self.tokens_per_s,
            "diagnosis": result.diagnosis.value if result.diagnosis else None,
            "detail": result.detail,
            "advice": result.advice,
        }


async def send_prompt(plan: ProbePlan, model: str, prompt: Prompt, on_text: Callable[[str], None]) -> PromptResult:
    """Send the prompt once; raises ``BadInput`` for an unusable base URL, and what ``on_text`` raises.

    ``on_text`` gets the text piece by piece, fit to be shown, however it comes; nothing of a refusal.
    """
    question = Question(BaseUrl(plan.base_url), model, plan.sent_headers)
    listening = _Listening(plan, on_text)
    unsendable = unsendable_key(plan)
    if unsendable is not None:
        return listening.asked(prompt, model, unsendable, Response(messages_url(question.base_url)))
    request = post(messages_url(question.base_url), model, plan.headers, prompt.body(model))
    try:
        answer = await send(plan, request, listening.hear, max_bytes=MAX_ANSWER_BYTES)
    except asyncio.CancelledError:
        listening.end()
        raise
    finding = judge(answer, listening.reading, question)
    if prompt.images and finding.diagnosis is Diagnosis.REQUEST_REFUSED and ABOUT_IMAGES.search(finding.said):
        finding = replace(finding, diagnosis=Diagnosis.IMAGE_UNSUPPORTED)
    listening.hear_at_once(answer)
    listening.end()
    if listening.failure is not None:
        raise listening.failure
    return listening.asked(prompt, model, finding, answer)


def judge(answer: Response, reading: StreamReading, question: Question) -> Observation:
    """What the answer says, be it a stream or in one piece; a stream that breaks before any word is a refusal."""
    if not 200 <= answer.status < 300 or not (reading.started or reading.nameless):
        return classify(answer, question)
    if reading.error is not None:
        if not reading.text:
            return classify(answer, question)
        error = read_error(reading.error_json)
        return Observation(Diagnosis.STREAM_ERROR, said=": ".join(filter(None, (error.kind, error.said))))
    if not reading.stopped and answer.trouble is not None:
        return _broken_off(answer.trouble, answer.reason)
    if reading.is_answer:
        return judge_message(reading.message, question.model)
    if not reading.started:
        return Observation(Diagnosis.NOT_SSE, reason=_("Its events have no names."))
    return Observation(Diagnosis.STREAM_TRUNCATED, reason=_("Nothing said that it is complete."))


def _broken_off(trouble: Diagnosis, reason: str) -> Observation:
    if trouble in (Diagnosis.CONNECTION_RESET, Diagnosis.BAD_JSON):
        return Observation(Diagnosis.STREAM_TRUNCATED, reason=reason)
    if trouble is Diagnosis.BODY_TOO_LARGE:
        return Observation(trouble, reason=_("It was read no further."), advice=_("Ask for less with --max-tokens."))
    return Observation(trouble, reason=reason)


def _message_in(answer: Response) -> Message | None:
    if not 200 <= answer.status < 300:
        return None
    try:
        return read_message(read_json(answer.text))
    except ValueError:
        return None


class _Listening:
    """One answer as it arrives."""

    def __init__(self, plan: ProbePlan, on_text: Callable[[str], None]) -> None:
        self._plan = plan
        self._on_text = on_text
        self._safe = StreamSanitizer(plan.key)
        self._heard = 0
        self._said: list[str] = []
        self._stop_reason: str | None = None
        self._first_event_ms: int | None = None
        self._first_word_ms: int | None = None
        self.reading = StreamReading()
        self.failure: OSError | None = None

    def hear(self, piece: bytes, at_s: float) -> bool:
        """Take a piece of a stream and hand its text on; True once nothing more is wanted."""
        is_over = self.reading.feed(piece, at_s)
        if self.reading.started and self._first_event_ms is None:
            self._first_event_ms = round(at_s * 1000)
        new, self._heard = self.reading.text_after(self._heard)
        if new and self._first_word_ms is None:
            self._first_word_ms = round(at_s * 1000)
        self._stop_reason = self.reading.stop_reason
        self._say(self._safe.feed(new))
        return is_over or self.failure is not None

    def hear_at_once(self, answer: Response) -> None:
        """Take a message that came in one piece, if it is one."""
        message = None if self.reading.started else _message_in(answer)
        if message is not None:
            self._stop_reason = message.stop_reason
            self._say(self._safe.feed(message.text))

    def end(self) -> None:
        """Nothing more comes: hand on what waited for more."""
        self._say(self._safe.close())

    def asked(self, prompt: Prompt, model: str, finding: Observation, answer: Response) -> PromptResult:
        """What came of it."""
        plan = self._plan
        result = describe(plan, "ask", finding, answer, model=model)
        if finding.diagnosis is Diagnosis.LENGTH_STOP:
            spent = ngettext(
                "The {count} token that it may have was used up before it wrote text.",
                "The {count} tokens that it may have were used up before it wrote text.",
                prompt.max_tokens,
            )
            result = replace(result, detail=spent, advice=_("Allow it more with --max-tokens."))
        usage = finding.usage.counts if finding.usage and finding.usage.diagnosis is Diagnosis.OK else {}
        return PromptResult(
            result=result,
            profile=plan.profile,
            requested_model=model,
            text="".join(self._said),
            stop_reason=sanitize(self._stop_reason, plan.key, _STOP_LIMIT) if self._stop_reason else None,
            streamed=self.reading.started,
            first_event_ms=self._first_event_ms,
            first_word_ms=self._first_word_ms,
            tokens_in=sum(usage.get(name, 0) for name in INPUT_COUNTS) if usage else None,
            tokens_out=usage.get("output_tokens"),
        )

    def _say(self, text: str) -> None:
        """Hand text on; that the reader is gone must not look like trouble of the gateway."""
        if not text or self.failure is not None:
            return
        self._said.append(text)
        try:
            self._on_text(text)
        except OSError as error:
            self.failure = error
