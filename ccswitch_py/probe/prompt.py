"""Sends one prompt of the user's, streams the text, and returns the result."""

from __future__ import annotations

import asyncio
import base64
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any, Self

from ccswitch_py.core.errors import BadInput
from ccswitch_py.core.language import N_, _, ngettext
from ccswitch_py.model.diagnosis import Diagnosis, Status
from ccswitch_py.probe.checks.image import ABOUT_IMAGES
from ccswitch_py.probe.client.request import post
from ccswitch_py.probe.client.response import Response
from ccswitch_py.probe.client.transport import send
from ccswitch_py.probe.describe import describe
from ccswitch_py.probe.judge.answer import judge_either
from ccswitch_py.probe.judge.message import INPUT_COUNTS
from ccswitch_py.probe.judge.observation import Observation
from ccswitch_py.probe.plan import ProbePlan
from ccswitch_py.probe.protocols.messages import MessagesStream
from ccswitch_py.probe.report import CheckResult
from ccswitch_py.probe.stages import check_key
from ccswitch_py.redact.gateway_text import sanitize
from ccswitch_py.redact.streamed_text import StreamSanitizer

MAX_TOKENS = 1024
"""The default: about a page and a half."""

CHECK_TERMINAL = N_("Check the terminal's settings.")


@dataclass(frozen=True)
class Image:
    """An image that goes with a prompt."""

    media_type: str
    content: bytes

    @classmethod
    def recognised(cls, content: bytes) -> Self | None:
        """The image in a file's bytes, by its magic number; None if the Messages API takes no such type."""
        if content[:4] == b"RIFF" and content[8:12] == b"WEBP":
            return cls("image/webp", content)
        kind = next((kind for start, kind in _MAGIC_NUMBERS.items() if content.startswith(start)), None)
        return cls(kind, content) if kind else None

    @property
    def block(self) -> dict[str, Any]:
        """The content block of the request."""
        data = base64.b64encode(self.content).decode("ascii")
        return {"type": "image", "source": {"type": "base64", "media_type": self.media_type, "data": data}}


_MAGIC_NUMBERS = {
    b"\x89PNG\r\n\x1a\n": "image/png",
    b"\xff\xd8\xff": "image/jpeg",
    b"GIF87a": "image/gif",
    b"GIF89a": "image/gif",
}


@dataclass(frozen=True)
class Prompt:
    """The prompt and its parameters, None for the gateway's default; raises ``BadInput`` for invalid values."""

    text: str
    system: str | None = None
    temperature: float | None = None
    max_tokens: int = MAX_TOKENS
    images: tuple[Image, ...] = ()
    stream: bool = True

    def __post_init__(self) -> None:
        if not self.text.strip():
            raise BadInput(_("The prompt is empty."), _("Pass it after the profile's name, or pipe it in."))
        if not _is_unicode(self.text):
            raise BadInput(_("The prompt is not valid UTF-8."), _(CHECK_TERMINAL))
        if not _is_unicode(self.system or ""):
            raise BadInput(_("The system prompt is not valid UTF-8."), _(CHECK_TERMINAL))
        if self.max_tokens < 1:
            raise BadInput(_("An answer needs at least 1 token."), _("Pass --max-tokens 1 or more."))
        if self.temperature is not None and not 0 <= self.temperature <= 1:
            raise BadInput(_("The temperature is out of range."), _("The Messages API takes a number from 0 to 1."))

    def body(self, wire_model: str) -> dict[str, Any]:
        """The body of the request; images stand before the text, as models read them best."""
        blocks = [*(image.block for image in self.images), {"type": "text", "text": self.text}]
        optional = {"system": self.system or None, "temperature": self.temperature}
        return {
            "model": wire_model,
            "max_tokens": self.max_tokens,
            "messages": [{"role": "user", "content": blocks if self.images else self.text}],
            "stream": self.stream,
            **{name: value for name, value in optional.items() if value is not None},
        }


def _is_unicode(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


MAX_ANSWER_BYTES = 16 * 1024 * 1024
"""The limit for an answer, far above the longest."""

MIN_RATE_SPAN_MS = 100
"""Over a shorter span a rate says more about the network than about the model."""

MAX_STOP_REASON = 60


@dataclass(frozen=True)
class PromptResult:
    """The result of one prompt, sanitized; ``text`` is what arrived, even of a truncated answer.

    The times of first event and word are None for an answer in one piece, the counts where they are not credible.
    """

    row: CheckResult
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
        """Whether the model has answered, if only up to the token limit."""
        return self.row.status in (Status.PASS, Status.WARN)

    @property
    def tokens_per_s(self) -> float | None:
        """The rate from the first event on; None if unknown."""
        span_ms = self.row.elapsed_ms - (self.first_event_ms or 0)
        if not self.tokens_out or span_ms < MIN_RATE_SPAN_MS:
            return None
        return round(self.tokens_out * 1000 / span_ms, 1)

    def as_json(self) -> dict[str, Any]:
        """The facts as ``ccswitch ask --json`` prints them."""
        own = ("requested_model", "text", "stop_reason", "first_event_ms", "first_word_ms", "tokens_per_s")
        of_row = ("answered_model", "usage", "elapsed_ms", "diagnosis", "detail", "advice")
        facts = {name: getattr(self, name) for name in own} | {name: getattr(self.row, name) for name in of_row}
        return {"name": self.profile, **facts}


async def send_prompt(plan: ProbePlan, model: str, prompt: Prompt, on_text: Callable[[str], None]) -> PromptResult:
    """Send the prompt once and pass the sanitized text to ``on_text`` as it arrives; raises ``BadInput``."""
    question = plan.question(model)
    receiver = _Receiver(plan, on_text)
    unusable = check_key(plan)
    if unusable is not None:
        return receiver.result(prompt, model, unusable, Response(plan.url()))
    body = prompt.body(plan.client.wire_model(model))
    request = post(plan.url(), plan.headers, body, plan.client.model_betas(model))
    try:
        answer = await send(plan, request, receiver.feed, max_bytes=MAX_ANSWER_BYTES)
    except asyncio.CancelledError:
        receiver.close()
        raise
    finding = judge_either(answer, receiver.stream, question)
    if prompt.images and finding.diagnosis is Diagnosis.REQUEST_REFUSED and ABOUT_IMAGES.search(finding.quote):
        finding = replace(finding, diagnosis=Diagnosis.IMAGE_UNSUPPORTED)
    if receiver.stream.started and finding.diagnosis is Diagnosis.BODY_TOO_LARGE:
        advice = _("Lower --max-tokens.")
        finding = replace(finding, reason=_("The rest was not read."), advice=advice)
    if finding.diagnosis is Diagnosis.TIMEOUT:
        finding = replace(finding, advice=None)  # --timeout is an option of the test
    receiver.feed_message(finding)
    receiver.close()
    if receiver.output_error is not None:
        raise receiver.output_error
    return receiver.result(prompt, model, finding, answer)


class _Receiver:
    """One answer as it arrives."""

    def __init__(self, plan: ProbePlan, on_text: Callable[[str], None]) -> None:
        self._plan = plan
        self._on_text = on_text
        self._sanitizer = StreamSanitizer(plan.key)
        self._pieces = 0
        self._text: list[str] = []
        self._stop_reason: str | None = None
        self._first_event_ms: int | None = None
        self._first_word_ms: int | None = None
        self.stream = MessagesStream()
        self.output_error: OSError | None = None

    def feed(self, chunk: bytes, at_s: float) -> bool:
        """Read a chunk of a stream and pass its text on; True once no more is wanted."""
        is_over = self.stream.feed(chunk, at_s)
        if self.stream.started and self._first_event_ms is None:
            self._first_event_ms = round(at_s * 1000)
        text, self._pieces = self.stream.text_after(self._pieces)
        if text and self._first_word_ms is None:
            self._first_word_ms = round(at_s * 1000)
        self._stop_reason = self.stream.stop_reason
        self._emit(self._sanitizer.feed(text))
        return is_over or self.output_error is not None

    def feed_message(self, finding: Observation) -> None:
        """Pass on the text of an answer in one piece, if it is one."""
        if finding.message is not None and not self.stream.started:
            self._stop_reason = finding.message.stop_reason
            self._emit(self._sanitizer.feed(finding.message.text))

    def close(self) -> None:
        """Pass on what the sanitizer has held back."""
        self._emit(self._sanitizer.close())

    def result(self, prompt: Prompt, model: str, finding: Observation, answer: Response) -> PromptResult:
        """Return the result."""
        plan = self._plan
        row = describe(plan, "ask", finding, answer, model=model)
        if finding.diagnosis is Diagnosis.LENGTH_STOP:
            spent = ngettext(
                "The {count} token that it may have was used up before it wrote text.",
                "The {count} tokens that it may have were used up before it wrote text.",
                prompt.max_tokens,
            )
            row = replace(row, detail=spent, advice=_("Raise the limit with --max-tokens."))
        usage = finding.usage.counts if finding.usage and finding.usage.diagnosis is Diagnosis.OK else {}
        return PromptResult(
            row=row,
            profile=plan.profile,
            requested_model=model,
            text="".join(self._text),
            stop_reason=sanitize(self._stop_reason, plan.key, MAX_STOP_REASON) if self._stop_reason else None,
            streamed=self.stream.started,
            first_event_ms=self._first_event_ms,
            first_word_ms=self._first_word_ms,
            tokens_in=sum(usage.get(name, 0) for name in INPUT_COUNTS) if usage else None,
            tokens_out=usage.get("output_tokens"),
        )

    def _emit(self, text: str) -> None:
        """Pass text on; keep a reader's failure apart from the gateway's."""
        if not text or self.output_error is not None:
            return
        self._text.append(text)
        try:
            self._on_text(text)
        except OSError as error:
            self.output_error = error
