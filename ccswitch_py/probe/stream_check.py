"""The check ``stream``: does the answer arrive as a stream, piece by piece and whole?"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from ccswitch_py.model.diagnosis import Diagnosis, Status
from ccswitch_py.probe.classify import classify
from ccswitch_py.probe.error_body import read_error
from ccswitch_py.probe.finding import Finding
from ccswitch_py.probe.message import judge_message
from ccswitch_py.probe.request import messages_url, post
from ccswitch_py.probe.request import question as plain_question
from ccswitch_py.probe.stream import StreamReading
from ccswitch_py.probe.wire import send

if TYPE_CHECKING:
    from ccswitch_py.probe.classify import Question
    from ccswitch_py.probe.plan import ProbePlan
    from ccswitch_py.probe.received import Answer

TWICE = "Claude Code then asks again without streaming: twice the requests, and no word before the answer is complete."
"""Measured with 2.1.197 and 2.1.330, for every form of a stream that they cannot read."""


_STREAMS_ONLY = re.compile(
    r"stream\W{0,8}(?:must|is required|has to|should be|only)|(?:must|only|requires?)[^.]{0,24}\bstream"
    r"|non-?stream(?:ing)?[^.]{0,24}not|(?:不支持非|仅支持|只支持|必须使用)流式",
    re.IGNORECASE,
)
_NO_STREAM = frozenset(
    {Diagnosis.NOT_MESSAGES, Diagnosis.BAD_JSON, Diagnosis.HTML_PAGE, Diagnosis.URL_HAS_V1, Diagnosis.OPENAI_SHAPE}
)
"""What an answer in one piece may be that is neither a message nor an error."""


async def check_stream(plan: ProbePlan, question: Question) -> tuple[Finding, Answer]:
    """Ask a model that has answered already, this time with streaming."""
    reading = StreamReading()
    body = plain_question(question.model, stream=True)
    request = post(messages_url(question.base_url), question.model, plan.headers, body)
    answer = await send(plan, request, reading.feed)
    return judge_stream(answer, reading, question), answer


def wants_stream(finding: Finding) -> bool:
    """Whether a gateway refuses what does not stream, which Claude Code would never notice."""
    return finding.diagnosis is Diagnosis.REQUEST_REFUSED and _STREAMS_ONLY.search(finding.said) is not None


def judge_stream(answer: Answer, reading: StreamReading, question: Question) -> Finding:
    """What the answer to a streaming request says, given that the model answers without streaming."""
    if not 200 <= answer.status < 300:
        return classify(answer, question)
    if reading.error is not None:
        error = read_error(reading.error_json)
        return Finding(Diagnosis.STREAM_ERROR, said=": ".join(filter(None, (error.kind, error.said))))
    if not reading.started:
        return _unreadable(answer, reading, question)
    if not reading.stopped and answer.trouble is not None:
        cut = answer.trouble in (Diagnosis.CONNECTION_RESET, Diagnosis.BAD_JSON)
        return Finding(Diagnosis.STREAM_TRUNCATED if cut else answer.trouble, reason=answer.reason)
    if not reading.is_answer:
        return Finding(Diagnosis.STREAM_TRUNCATED, reason="Nothing said that it is complete.")
    message = reading.message
    # Which model answers has been judged without streaming, and is not worth a second warning.
    finding = judge_message(message, message.model or question.model)
    if finding.status is not Status.PASS:
        return finding
    if not reading.stopped:
        reason = "message_stop is missing, which Claude Code tolerates."
        return replace(finding, diagnosis=Diagnosis.STREAM_TRUNCATED, status=Status.WARN, reason=reason)
    if reading.is_buffered:
        return replace(finding, diagnosis=Diagnosis.STREAM_BUFFERED, status=Status.WARN)
    return finding


def _unreadable(answer: Answer, reading: StreamReading, question: Question) -> Finding:
    if reading.openai_chunks:
        return Finding(Diagnosis.OPENAI_SHAPE, Status.WARN, reason=TWICE)
    if answer.trouble is Diagnosis.CONNECTION_RESET:
        return Finding(Diagnosis.STREAM_TRUNCATED, reason=answer.reason)
    if answer.trouble is not None:
        return Finding(answer.trouble, reason=answer.reason)
    if reading.nameless:
        return Finding(Diagnosis.NOT_SSE, Status.WARN, reason=f"Its events have no names. {TWICE}")
    finding = classify(answer, question)
    if finding.speaks_messages and finding.proves_key:
        return Finding(Diagnosis.NOT_SSE, Status.WARN, reason=f"It came in one piece. {TWICE}")
    if finding.diagnosis in _NO_STREAM:
        return replace(finding, diagnosis=Diagnosis.NOT_SSE, status=Status.WARN, reason=TWICE, advice=None)
    return finding
