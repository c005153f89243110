"""Judges the answer to a streaming request as Claude Code would: taken, asked for again without streaming, or given up.

Measured with 2.1.330: what it cannot read as a stream it asks for again in one piece, unless a part of the answer is
complete already; then it tries again and gives up.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

from ccswitch_py.core.language import N_, _, join_sentences
from ccswitch_py.model.diagnosis import Diagnosis, Status
from ccswitch_py.probe.finding import Observation
from ccswitch_py.probe.judge.classify import classify
from ccswitch_py.probe.judge.error_body import read_error
from ccswitch_py.probe.judge.message_verdict import judge_message

if TYPE_CHECKING:
    from ccswitch_py.probe.client.response import Response
    from ccswitch_py.probe.judge.classify import Question
    from ccswitch_py.probe.judge.stream import StreamReading

TWICE = N_(
    "Claude Code then asks again without streaming: twice the requests, and no word before the answer is complete."
)

_ENDS_THE_WAIT = (Diagnosis.TIMEOUT, Diagnosis.BODY_TOO_LARGE)


class Streamed(NamedTuple):
    """What the answer to a streaming request says of the model (None: ask again in one piece), and of streaming."""

    model: Observation | None
    stream: Observation | None = None


def judge_stream(answer: Response, reading: StreamReading, question: Question, slow_s: float) -> Streamed:
    """What an answer says; a wait of ``slow_s`` seconds before all of it at once means that somebody holds it back."""
    if not 200 <= answer.status < 300:
        finding = classify(answer, question)
        if answer.status == 404:
            return Streamed(None, Observation(Diagnosis.NOT_SSE, Status.WARN, http_status=404, reason=_(TWICE)))
        return Streamed(finding)
    if reading.is_answer and (reading.stopped or answer.trouble is None):
        finding = judge_message(reading.message, question.model, question.most_input)
        return Streamed(finding, _well_streamed(reading, slow_s))
    if answer.trouble is not None and answer.trouble in _ENDS_THE_WAIT:
        return Streamed(_given_up(answer.trouble, answer.reason, reading))
    if reading.malformed:
        return Streamed(_given_up(Diagnosis.STREAM_ERROR, _("A message_delta event has no delta."), reading))
    if reading.has_whole_block and not reading.unreadable and reading.stop_reason is None:
        if reading.error is not None:
            return Streamed(_given_up(Diagnosis.STREAM_ERROR, "", reading))
        reason = answer.reason or _("Nothing said that it is complete.")
        return Streamed(_given_up(Diagnosis.STREAM_TRUNCATED, reason, reading))
    return Streamed(None, _unreadable(answer, reading))


def _well_streamed(reading: StreamReading, slow_s: float) -> Observation:
    streamed = Observation(Diagnosis.OK, Status.PASS, timing=reading.timing)
    if not reading.stopped:
        reason = _("message_stop is missing, which Claude Code tolerates.")
        return replace(streamed, diagnosis=Diagnosis.STREAM_TRUNCATED, status=Status.WARN, reason=reason)
    if reading.is_buffered(slow_s):
        return replace(streamed, diagnosis=Diagnosis.STREAM_BUFFERED, status=Status.WARN)
    return streamed


def _given_up(diagnosis: Diagnosis, reason: str, reading: StreamReading) -> Observation:
    return Observation(
        diagnosis,
        said=_error_words(reading),
        reason=reason,
        speaks_messages=reading.started,
        in_json=reading.started,
        answered_model=reading.message.model,
    )


def _unreadable(answer: Response, reading: StreamReading) -> Observation:
    """Why a stream could not be read; the answer in one piece will show what the gateway is."""
    if reading.error is not None:
        return Observation(Diagnosis.STREAM_ERROR, Status.WARN, said=_error_words(reading), reason=_(TWICE))
    if reading.openai_chunks:
        return Observation(Diagnosis.OPENAI_SHAPE, Status.WARN, reason=_(TWICE))
    if not reading.unreadable and (reading.started or answer.trouble is not None):
        reason = join_sentences(answer.reason or _("Nothing said that it is complete."), _(TWICE))
        return Observation(Diagnosis.STREAM_TRUNCATED, Status.WARN, reason=reason)
    why = ""
    if reading.nameless:
        why = _("Its events have no names.")
    elif reading.unreadable:
        why = _("An event cannot be read.")
    return Observation(Diagnosis.NOT_SSE, Status.WARN, reason=join_sentences(why, _(TWICE)))


def _error_words(reading: StreamReading) -> str:
    if reading.error is None:
        return ""
    error = read_error(reading.error_json)
    return ": ".join(filter(None, (error.kind, error.said)))
