import zlib
from dataclasses import replace

import pytest

from ccswitch_py.model.diagnosis import Diagnosis, Status, Verdict
from tests.support.good_gateway import GOOD
from tests.support.misbehaving import (
    STREAM_HEAD,
    Misbehaving,
    Script,
    by_stream,
    encode,
    events,
    html,
    json_reply,
    message,
    raw,
    reply,
    reset,
    silence,
    stream,
    then,
)
from tests.support.probing import IMPATIENT, plan_for, probe, row

FAIL, WARN = Status.FAIL, Status.WARN
OPENAI_CHUNKS = b'data: {"object":"chat.completion.chunk","choices":[{"delta":{"content":"hi"}}]}\n\ndata: [DONE]\n\n'
ERROR_EVENT = b'event: error\ndata: {"type":"error","error":{"type":"overloaded_error","message":"Overloaded"}}\n\n'
CUT = reply(200, encode(events()[:4]), "Content-Type: text/event-stream", length=9999)
STREAMS = {
    "a good stream": (stream(), Diagnosis.OK, Status.PASS),
    "carriage returns": (stream(encode(events(), end="\r")), Diagnosis.OK, Status.PASS),
    "a stream that is called text": (
        raw(STREAM_HEAD.replace(b"event-stream", b"plain") + encode(events())),
        Diagnosis.OK,
        Status.PASS,
    ),
    "a stream with a needless [DONE]": (stream(encode(events()) + b"data: [DONE]\n\n"), Diagnosis.OK, Status.PASS),
    "a packed stream": (
        reply(200, zlib.compress(encode(events())), "Content-Encoding: deflate"),
        Diagnosis.OK,
        Status.PASS,
    ),
    "an end that keeps the line open": (then(stream(), silence), Diagnosis.OK, Status.PASS),
    "no message_stop": (stream(encode(events()[:-1])), Diagnosis.STREAM_TRUNCATED, WARN),
    "a whole message": (message(), Diagnosis.NOT_SSE, WARN),
    "a web page": (html(200), Diagnosis.NOT_SSE, WARN),
    "a path that only answers without": (reply(404, ""), Diagnosis.NOT_SSE, WARN),
    "events without names": (stream(encode(events(), named=False)), Diagnosis.NOT_SSE, WARN),
    "events without a beginning": (stream(encode(events()[1:])), Diagnosis.NOT_SSE, WARN),
    "nothing but [DONE]": (stream(b"data: [DONE]\n\n"), Diagnosis.NOT_SSE, WARN),
    "OpenAI's chunks": (stream(OPENAI_CHUNKS), Diagnosis.OPENAI_SHAPE, WARN),
    "what is not gzip": (reply(200, "no gzip", "Content-Encoding: gzip"), Diagnosis.STREAM_TRUNCATED, WARN),
    "a cut": (CUT, Diagnosis.STREAM_TRUNCATED, WARN),
    "a cut before the first event": (reply(200, "", length=9999), Diagnosis.STREAM_TRUNCATED, WARN),
    "a reset": (then(stream(encode(events()[:4])), reset), Diagnosis.STREAM_TRUNCATED, WARN),
    "an error event": (stream(ERROR_EVENT), Diagnosis.STREAM_ERROR, WARN),
    "an error in the middle": (stream(encode(events()[:4]) + ERROR_EVENT), Diagnosis.STREAM_ERROR, WARN),
}
"""What Claude Code puts up with, some of it by asking again without streaming; all measured with 2.1.330."""


@pytest.mark.parametrize(("script", "diagnosis", "status"), STREAMS.values(), ids=STREAMS.keys())
def test_each_peculiarity_of_a_stream_has_its_own_name(script: Script, diagnosis: Diagnosis, status: Status) -> None:
    with Misbehaving(by_stream(GOOD, script)) as gateway:
        report = probe(plan_for(gateway.base_url, timeouts=IMPATIENT))
    streamed = row(report, "stream")
    assert (streamed.diagnosis, streamed.status) == (diagnosis, status)
    assert row(report, "model").status is Status.PASS


LOST_STREAMS = {
    "no end": (stream(encode(events()[:-2])), Diagnosis.STREAM_TRUNCATED),
    "a reset after the text": (then(stream(encode(events()[:6])), reset), Diagnosis.STREAM_TRUNCATED),
    "an error after the text": (stream(encode(events()[:6]) + ERROR_EVENT), Diagnosis.STREAM_ERROR),
    "a hang": (then(stream(encode(events()[:4])), silence), Diagnosis.TIMEOUT),
    "no text": (stream(encode(events(["message_start", "message_delta", "message_stop"]))), Diagnosis.EMPTY_ANSWER),
}


@pytest.mark.parametrize(("script", "diagnosis"), LOST_STREAMS.values(), ids=LOST_STREAMS.keys())
def test_a_stream_that_claude_code_gives_up_fails_the_model(script: Script, diagnosis: Diagnosis) -> None:
    with Misbehaving(by_stream(GOOD, script)) as gateway:
        report = probe(plan_for(gateway.base_url, timeouts=IMPATIENT))
        assert all(seen.json["stream"] for seen in gateway.seen)
    answered = row(report, "model")
    assert (answered.diagnosis, answered.status) == (diagnosis, FAIL)
    assert row(report, "stream").status is Status.SKIP
    assert report.verdict is Verdict.BROKEN


WORDS: list[dict[str, object]] = [
    {"type": "content_block_delta", "index": 0, "delta": {"type": "text_delta", "text": f"{number} "}}
    for number in range(12)
]
HELD_BACK = {
    "at once": (stream(encode([*events()[:2], *WORDS, *events()[5:]])), Diagnosis.STREAM_BUFFERED, WARN),
    "few pieces at once, which may be all there is": (stream(), Diagnosis.OK, Status.PASS),
}


@pytest.mark.parametrize(("script", "diagnosis", "status"), HELD_BACK.values(), ids=HELD_BACK.keys())
def test_a_stream_that_is_held_back_and_comes_at_once_is_a_warning(
    script: Script, diagnosis: Diagnosis, status: Status
) -> None:
    with Misbehaving(by_stream(GOOD, script)) as gateway:
        report = probe(plan_for(gateway.base_url, timeouts=replace(IMPATIENT, buffered_s=0.0)))
    assert (row(report, "stream").diagnosis, row(report, "stream").status) == (diagnosis, status)
    assert "pieces" in row(report, "stream").timing


def test_a_gateway_that_does_not_stream_is_asked_in_vain_only_once() -> None:
    models = {"main": "a", "haiku": "b", "sonnet": "c", "opus": "d"}
    with Misbehaving(by_stream(GOOD, message())) as gateway:
        report = probe(plan_for(gateway.base_url, models=models))
        assert [seen.json["stream"] for seen in gateway.seen].count(True) == 1
    assert report.verdict is Verdict.DEGRADED


def test_a_gateway_that_only_streams_passes_because_claude_code_always_streams() -> None:
    refusal = json_reply(400, {"detail": "Stream must be set to true"})
    models = {"main": "good-model", "haiku": "small-model"}
    with Misbehaving(by_stream(refusal, GOOD)) as gateway:
        report = probe(plan_for(gateway.base_url, models=models))
        assert report.requests == len(gateway.seen) == 4
    assert report.verdict is Verdict.WORKS


def test_what_a_gateway_answers_without_streaming_does_not_matter_where_it_streams() -> None:
    with Misbehaving(by_stream(html(200), GOOD)) as gateway:
        assert probe(plan_for(gateway.base_url)).verdict is Verdict.WORKS


def test_a_stream_that_nobody_asked_for_is_no_message() -> None:
    with Misbehaving(by_stream(stream(), html(200))) as gateway:
        report = probe(plan_for(gateway.base_url))
    assert row(report, "protocol").diagnosis is Diagnosis.NOT_MESSAGES
    assert "did not ask for a stream" in row(report, "protocol").detail
