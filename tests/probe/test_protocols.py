import json
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ccswitch_py.model.diagnosis import Diagnosis, Status, Verdict
from ccswitch_py.model.protocol import Protocol
from ccswitch_py.probe.client.response import Response
from ccswitch_py.probe.client_shape import ClientShape
from ccswitch_py.probe.diagnosis_texts import CAUSES
from ccswitch_py.probe.judge.answer import judge_answer, judge_stream
from ccswitch_py.probe.model_ids import list_models
from ccswitch_py.probe.plan import Depth, ProbePlan
from ccswitch_py.probe.report import ProfileReport
from tests.support.four_protocols import (
    FourProtocols,
    error_of,
    is_streaming,
    keys_of,
    model_of,
    protocol_of,
    refusal,
    stream,
    stream_reply,
    whole,
)
from tests.support.misbehaving import Misbehaving, Script, Talk, html, json_reply, reply, reset, silence, then
from tests.support.probing import IMPATIENT, KEY, first_trouble, plan_for, probe, row

NEW: tuple[Protocol, ...] = ("responses", "chat", "gemini")
PATHS = {"responses": "/v1/responses", "chat": "/v1/chat/completions", "gemini": "/v1beta/models"}
BASES = {"responses": "/v1", "chat": "/v1", "gemini": ""}
HEADERS = {"gemini": ("x-goog-api-key", KEY)}
NAMES = {"responses": "OpenAI Responses", "chat": "OpenAI Chat Completions", "gemini": "Gemini"}
OTHER = {"responses": "chat", "chat": "messages", "gemini": "chat"}
MODEL = "good-model"
SSE = "Content-Type: text/event-stream"
WORKS, DEGRADED, BROKEN, UNTESTABLE = Verdict.WORKS, Verdict.DEGRADED, Verdict.BROKEN, Verdict.UNTESTABLE
GOOD = FourProtocols("")

Make = Callable[[str], Script]
Situation = tuple[Make, Verdict, Diagnosis, str]
"""A gateway for a protocol; the verdict on it, the diagnosis of the first trouble, and the check that reports it."""


def plan_of(protocol: Protocol, address: str, **changes: Any) -> ProbePlan:
    base, path = BASES[protocol], PATHS[protocol]
    header = HEADERS.get(protocol, ("Authorization", f"Bearer {KEY}"))
    changes = {"client": ClientShape("Tool"), "path": path.removeprefix(base), "headers": (header,), **changes}
    return plan_for(f"{address}{base}", protocol_id=protocol, **changes)


def changed(edit: Callable[[list[str]], list[str]]) -> Script:
    return FourProtocols("", changed=edit)


def asks_for_tool(talk: Talk) -> bool:
    return "`record_number`" in json.dumps(talk.request.json)


def where(condition: Callable[[Talk], bool], script: Script) -> Script:
    """A good gateway that answers with ``script`` where the condition holds."""

    def refuse(talk: Talk) -> None:
        if condition(talk):
            script(talk)

    return FourProtocols("", refuses=refuse)


def in_one_piece(protocol: str) -> Script:
    def script(talk: Talk) -> None:
        call = ("record_number", {"number": 7}) if asks_for_tool(talk) else None
        json_reply(200, whole(protocol, model_of(talk.request), call))(talk)

    return script


def says(protocol: str, text: str) -> Script:
    return lambda talk: stream_reply(stream(protocol, model_of(talk.request), None, text))(talk)


def edited(protocol: str, field: str, value: object) -> Script:
    """A good gateway whose events have another value in this field; None takes it out."""

    def edit(events: list[str]) -> list[str]:
        return [_edited(event, field, value) for event in events]

    return changed(edit)


def _edited(event: str, field: str, value: object) -> str:
    head, mark, data = event.partition("data: ")
    if not data.startswith("{"):
        return event

    def walk(found: Any) -> Any:
        if isinstance(found, list):
            return [walk(one) for one in found]
        if not isinstance(found, dict):
            return found
        kept = {name: walk(one) for name, one in found.items() if name != field}
        return kept if value is None or field not in found else {**kept, field: value}

    return f"{head}{mark}{json.dumps(walk(json.loads(data)))}\n\n"


ENDS = {"responses": 1, "chat": 3, "gemini": 1}
"""How many of the last events announce the end."""

USAGE = {"responses": "usage", "chat": "usage", "gemini": "usageMetadata"}
TEXTS = {"responses": "text", "chat": "content", "gemini": "text"}


def before_end(protocol: str) -> list[str]:
    """A stream with all its text, and without its end."""
    if protocol == "gemini":
        return [_edited(event, "finishReason", None) for event in stream(protocol, MODEL)]
    return stream(protocol, MODEL)[: -ENDS[protocol]]


def incomplete(reason: str) -> Script:
    """A gateway of Responses that cuts each answer for this reason."""
    end = {"id": "resp_1", "status": "incomplete", "incomplete_details": {"reason": reason}}
    event = f"data: {json.dumps({'type': 'response.incomplete', 'response': end})}\n\n"
    return changed(lambda events: [*events[:-1], event])


def error_event(protocol: str, status: int, text: str, kind: str) -> str:
    if protocol == "responses":
        failed = {"id": "resp_1", "status": "failed", "error": {"code": kind, "message": text}}
        return f"data: {json.dumps({'type': 'response.failed', 'response': failed})}\n\n"
    return f"data: {json.dumps(error_of(protocol, status, text, kind))}\n\n"


def failing(protocol: str, status: int, text: str, kind: str) -> Script:
    """A stream that begins with an error."""
    return stream_reply([error_event(protocol, status, text, kind)])


def bad_key(protocol: str) -> Script:
    if protocol == "gemini":
        return refusal(protocol, 400, "API key not valid. Please pass a valid API key.")
    return refusal(protocol, 401, "Incorrect API key provided.")


def absent(protocol: str) -> Script:
    if protocol == "gemini":
        return refusal(protocol, 404, f"models/{MODEL} is not found for API version v1beta.")
    return refusal(protocol, 404, f"The model `{MODEL}` does not exist or you do not have access to it.")


def empty(protocol: str) -> Script:
    if protocol == "responses":
        end = {"id": "resp_1", "status": "completed", "model": MODEL, "output": [], "usage": None}
        return stream_reply([f"data: {json.dumps({'type': 'response.completed', 'response': end})}\n\n"])
    return says(protocol, "")


SITUATIONS: dict[str, Situation] = {
    "all well": (lambda _: GOOD, WORKS, Diagnosis.OK, ""),
    "an answer in one piece": (in_one_piece, BROKEN, Diagnosis.NOT_SSE, "stream"),
    "a wrong key": (bad_key, BROKEN, Diagnosis.KEY_REJECTED, "key"),
    "an unknown model": (absent, BROKEN, Diagnosis.MODEL_NOT_FOUND, "model"),
    "no channel": (
        lambda protocol: refusal(protocol, 503, f"No available channel for model {MODEL} under group default"),
        BROKEN,
        Diagnosis.NO_CHANNEL,
        "model",
    ),
    "a web page": (lambda _: html(200), BROKEN, Diagnosis.HTML_PAGE, "protocol"),
    "a path that is not there": (
        lambda _: reply(404, "404 page not found"),
        BROKEN,
        Diagnosis.PATH_NOT_FOUND,
        "protocol",
    ),
    "an unknown path": (
        lambda _: json_reply(404, {"error": {"message": "Invalid URL (POST /x)", "type": "invalid_request_error"}}),
        BROKEN,
        Diagnosis.PATH_NOT_FOUND,
        "protocol",
    ),
    "an empty body": (lambda _: reply(200, ""), BROKEN, Diagnosis.WRONG_PROTOCOL, "protocol"),
    "some JSON": (lambda _: json_reply(200, {"ok": True}), BROKEN, Diagnosis.WRONG_PROTOCOL, "protocol"),
    "cut JSON": (lambda _: reply(200, '{"id": "x", "cho'), BROKEN, Diagnosis.BAD_JSON, "protocol"),
    "not HTTP": (
        lambda _: lambda talk: talk.send(b"SSH-2.0-OpenSSH\r\n\r\n"),
        BROKEN,
        Diagnosis.WRONG_PROTOCOL,
        "protocol",
    ),
    "an empty answer": (empty, BROKEN, Diagnosis.EMPTY_ANSWER, "model"),
    "a truncated stream": (
        lambda protocol: stream_reply(before_end(protocol)),
        BROKEN,
        Diagnosis.STREAM_TRUNCATED,
        "model",
    ),
    "a stream that is cut": (
        lambda protocol: reply(200, "".join(before_end(protocol)), SSE, length=99_999),
        BROKEN,
        Diagnosis.STREAM_TRUNCATED,
        "model",
    ),
    "an error inside the stream": (
        lambda protocol: stream_reply(
            [*before_end(protocol), error_event(protocol, 500, "upstream died", "server_error")]
        ),
        BROKEN,
        Diagnosis.STREAM_ERROR,
        "model",
    ),
    "a stream that begins with an error": (
        lambda protocol: failing(protocol, 500, "upstream died", "server_error"),
        BROKEN,
        Diagnosis.UPSTREAM_ERROR,
        "model",
    ),
    "a stream that begins with an overload": (
        lambda protocol: failing(protocol, 503, "The model is overloaded.", "server_is_overloaded"),
        BROKEN,
        Diagnosis.OVERLOADED,
        "model",
    ),
    "an error in 200": (
        lambda protocol: json_reply(200, error_of(protocol, 429, "Slow down", "rate_limit_exceeded")),
        BROKEN,
        Diagnosis.RATE_LIMITED,
        "model",
    ),
    "a reset": (lambda _: reset, BROKEN, Diagnosis.CONNECTION_RESET, "reach"),
    "silence": (lambda _: silence, UNTESTABLE, Diagnosis.TIMEOUT, "model"),
    "silence within the stream": (
        lambda protocol: then(reply(200, "".join(before_end(protocol)), SSE, length=99_999), silence),
        BROKEN,
        Diagnosis.TIMEOUT,
        "model",
    ),
    "no support for tools": (
        lambda protocol: where(asks_for_tool, refusal(protocol, 400, "This model does not support tools.")),
        BROKEN,
        Diagnosis.TOOLS_UNSUPPORTED,
        "tools",
    ),
    "words in place of a tool call": (
        lambda protocol: where(asks_for_tool, says(protocol, "I have recorded it.")),
        BROKEN,
        Diagnosis.TOOLS_UNSUPPORTED,
        "tools",
    ),
    "a tool call as text": (
        lambda protocol: where(asks_for_tool, says(protocol, '<tool_call>{"name": "record_number"}</tool_call>')),
        BROKEN,
        Diagnosis.TOOLS_AS_TEXT,
        "tools",
    ),
    "no usage": (lambda protocol: edited(protocol, USAGE[protocol], None), DEGRADED, Diagnosis.USAGE_MISSING, "model"),
    "another model's answer": (
        lambda protocol: edited(protocol, "modelVersion" if protocol == "gemini" else "model", "cheap-model"),
        WORKS,
        Diagnosis.MODEL_SUBSTITUTED,
        "model",
    ),
    "an overload": (lambda protocol: refusal(protocol, 529, "Overloaded"), BROKEN, Diagnosis.OVERLOADED, "model"),
    "a busy service": (
        lambda protocol: refusal(protocol, 503, "The model is overloaded. Please try again later."),
        BROKEN,
        Diagnosis.OVERLOADED,
        "model",
    ),
    "no quota": (
        lambda protocol: refusal(
            protocol, 429, "You exceeded your current quota, please check your plan.", "insufficient_quota"
        ),
        BROKEN,
        Diagnosis.QUOTA_EXHAUSTED,
        "model",
    ),
    "a rate limit": (lambda protocol: refusal(protocol, 429, "Slow down"), BROKEN, Diagnosis.RATE_LIMITED, "model"),
    "a bad gateway": (lambda _: reply(502, ""), BROKEN, Diagnosis.ORIGIN_DOWN, "protocol"),
    "a forbidden address": (
        lambda protocol: refusal(protocol, 403, "Your IP is not on the list"),
        BROKEN,
        Diagnosis.FORBIDDEN,
        "key",
    ),
    "another protocol in one piece": (
        lambda protocol: json_reply(200, whole(OTHER[protocol], MODEL)),
        BROKEN,
        Diagnosis.WRONG_PROTOCOL,
        "protocol",
    ),
    "another protocol's stream": (
        lambda protocol: stream_reply(stream(OTHER[protocol], MODEL)),
        BROKEN,
        Diagnosis.WRONG_PROTOCOL,
        "protocol",
    ),
    "messages": (lambda _: json_reply(200, whole("messages", MODEL)), BROKEN, Diagnosis.WRONG_PROTOCOL, "protocol"),
}
WAITS = ("silence", "silence within the stream")

OF_ONE: dict[str, tuple[Protocol, Script, Verdict, Diagnosis, str]] = {
    "no [DONE]": ("chat", changed(lambda whole: whole[:-1]), DEGRADED, Diagnosis.STREAM_TRUNCATED, "stream"),
    "no finish_reason": ("chat", edited("chat", "finish_reason", None), BROKEN, Diagnosis.STREAM_TRUNCATED, "model"),
    "an event that is no JSON": (
        "chat",
        changed(lambda whole: ["data: {\n\n", *whole]),
        BROKEN,
        Diagnosis.NOT_SSE,
        "model",
    ),
    "a content filter": (
        "chat",
        edited("chat", "finish_reason", "content_filter"),
        BROKEN,
        Diagnosis.EMPTY_ANSWER,
        "model",
    ),
    "out of tokens": ("chat", edited("chat", "finish_reason", "length"), WORKS, Diagnosis.OK, ""),
    "text without its item": (
        "responses",
        changed(lambda whole: [event for event in whole if "output_item.done" not in event]),
        BROKEN,
        Diagnosis.EMPTY_ANSWER,
        "model",
    ),
    "no id": ("responses", edited("responses", "id", None), BROKEN, Diagnosis.WRONG_PROTOCOL, "protocol"),
    "no names of events": (
        "responses",
        changed(lambda whole: [event.partition("\n")[2] for event in whole]),
        WORKS,
        Diagnosis.OK,
        "",
    ),
    "an incomplete response": ("responses", incomplete("max_output_tokens"), BROKEN, Diagnosis.STREAM_ERROR, "model"),
    "a response without text": (
        "responses",
        stream_reply([f"data: {json.dumps({'type': 'response.incomplete', 'response': {}})}\n\n"]),
        BROKEN,
        Diagnosis.UPSTREAM_ERROR,
        "model",
    ),
    "a blocked prompt": (
        "gemini",
        json_reply(200, {"promptFeedback": {"blockReason": "SAFETY"}}),
        BROKEN,
        Diagnosis.EMPTY_ANSWER,
        "model",
    ),
    "recitation": ("gemini", edited("gemini", "finishReason", "RECITATION"), BROKEN, Diagnosis.EMPTY_ANSWER, "model"),
    "a list in place of events": (
        "gemini",
        json_reply(200, [whole("gemini", MODEL)]),
        BROKEN,
        Diagnosis.WRONG_PROTOCOL,
        "protocol",
    ),
}


def preceded_by(event: str) -> Script:
    """A good gateway of Chat Completions whose streams begin with this event."""
    return changed(lambda events: [f"data: {event}\n\n", *events])


STRICT: dict[str, tuple[Script, str]] = {
    "an id that is a number": (edited("chat", "id", 5), "id"),
    "a time that is a text": (edited("chat", "created", "1"), "created"),
    "a model that is a number": (edited("chat", "model", 5), "model"),
    "no choices at first": (preceded_by('{"choices": null}'), "choices"),
    "an event of another kind": (preceded_by('{"type": "ping"}'), "choices"),
    "an error that is null": (
        changed(lambda events: [event.replace('"object"', '"error": null, "object"') for event in events]),
        "error",
    ),
    "content in parts": (edited("chat", "content", [{"type": "text", "text": "one two"}]), "content"),
    "an unknown reason to stop": (
        changed(lambda events: [event.replace('"stop"', '"eos"') for event in events]),
        "finish_reason",
    ),
    "a usage without choices": (
        changed(lambda events: [event.replace('"choices": [], "usage"', '"usage"') for event in events]),
        "choices",
    ),
    "a usage in texts": (edited("chat", "prompt_tokens", "14"), "prompt_tokens"),
}
"""Streams of Chat Completions that a tool with a strict schema refuses, and the field at fault (measured: opencode)."""


def judged(protocol: Protocol, script: Script, **changes: Any) -> ProfileReport:
    with Misbehaving(script) as gateway:
        return probe(plan_of(protocol, gateway.base_url, **changes))


@pytest.mark.parametrize("name", SITUATIONS)
@pytest.mark.parametrize("protocol", NEW)
def test_a_gateway_of_each_protocol_is_judged(protocol: Protocol, name: str) -> None:
    make, verdict, diagnosis, check = SITUATIONS[name]
    report = judged(protocol, make(protocol), **({"timeouts": IMPATIENT} if name in WAITS else {}))
    assert (report.verdict, *first_trouble(report)[:2]) == (verdict, check, diagnosis)


@pytest.mark.parametrize("name", OF_ONE)
def test_what_only_one_protocol_has_is_judged(name: str) -> None:
    protocol, script, verdict, diagnosis, check = OF_ONE[name]
    report = judged(protocol, script)
    assert (report.verdict, *first_trouble(report)[:2]) == (verdict, check, diagnosis)


@pytest.mark.parametrize("name", STRICT)
def test_a_field_of_the_wrong_type_breaks_only_a_tool_that_validates(name: str) -> None:
    script, field = STRICT[name]
    report = judged("chat", script, client=ClientShape("Strict", validates=True))
    assert (report.verdict, *first_trouble(report)[:2]) == (BROKEN, "protocol", Diagnosis.WRONG_PROTOCOL)
    assert f"no usable {field}, which Strict requires" in row(report, "protocol").detail
    assert judged("chat", script).verdict in (WORKS, DEGRADED)


@pytest.mark.parametrize("protocol", NEW)
def test_the_requests_are_those_of_the_protocol_and_carry_the_key_once(protocol: Protocol) -> None:
    with Misbehaving(FourProtocols(KEY)) as gateway:
        report = probe(plan_of(protocol, gateway.base_url, depth=Depth.FULL))
        assert {protocol_of(seen) for seen in gateway.seen} == {protocol}
        assert {model_of(seen) for seen in gateway.seen} == {MODEL}
        assert all(is_streaming(seen) and keys_of(seen) == {KEY} for seen in gateway.seen)
        assert "anthropic-version" not in gateway.seen[0].headers
    assert [one.check for one in report.checks] == [
        *("url", "reach", "protocol", "key", "model"),
        *("stream", "tools", "image"),
    ]
    assert {one.status for one in report.checks} == {Status.PASS}
    assert NAMES[protocol] in row(report, "protocol").detail
    assert row(report, "model").usage == {"input_tokens": 14, "output_tokens": 6}


@pytest.mark.parametrize("protocol", NEW)
def test_another_protocol_is_named(protocol: Protocol) -> None:
    found = row(judged(protocol, json_reply(200, whole("messages", MODEL))), "protocol")
    assert NAMES[protocol] in found.detail
    assert "Claude Messages" in found.detail


@pytest.mark.parametrize("protocol", NEW)
def test_a_stream_that_breaks_once_is_asked_for_again(protocol: Protocol) -> None:
    for once in (stream_reply(before_end(protocol)), failing(protocol, 503, "The model is overloaded.", "x"), reset):
        with Misbehaving(once, GOOD) as gateway:
            assert probe(plan_of(protocol, gateway.base_url)).verdict is WORKS


@pytest.mark.parametrize("protocol", NEW)
def test_a_tool_that_asks_without_streaming_gets_its_answer_in_one_piece(protocol: Protocol) -> None:
    class Patient(ClientShape):
        asks_unstreamed = True

    script = where(lambda talk: is_streaming(talk.request), html(200))
    report = judged(protocol, script, client=Patient("Tool"))
    assert (report.verdict, *first_trouble(report)[:2]) == (DEGRADED, "stream", Diagnosis.NOT_SSE)


@pytest.mark.parametrize("protocol", NEW)
async def test_the_models_are_listed_as_the_protocol_lists_them(protocol: Protocol) -> None:
    with Misbehaving(FourProtocols(KEY)) as gateway:
        listing = await list_models(plan_of(protocol, gateway.base_url))
    assert listing.ids == ["gpt-5.4-low", "claude-haiku-4-5"]


def test_each_protocol_has_at_least_fifteen_situations() -> None:
    assert len(SITUATIONS) >= 15


NAMES_ON_THE_WIRE = (
    *("type", "response", "output", "status", "item", "content", "text", "usage", "error", "model", "id", "delta"),
    *("choices", "message", "tool_calls", "function", "arguments", "finish_reason", "index", "incomplete_details"),
    *("candidates", "parts", "functionCall", "args", "finishReason", "promptFeedback", "usageMetadata", "name"),
)
WORDS_ON_THE_WIRE = (
    *("response.completed", "response.incomplete", "response.failed", "response.output_item.done", "message"),
    *("response.output_text.delta", "function_call", "output_text", "stop", "STOP", "length", "completed", "failed"),
)
LEAVES = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.sampled_from(WORDS_ON_THE_WIRE)
VALUES = st.recursive(
    LEAVES,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(NAMES_ON_THE_WIRE), inner, max_size=5),
    max_leaves=25,
)


@pytest.mark.parametrize("protocol", NEW)
@given(values=st.lists(VALUES, max_size=4), end=st.sampled_from(["", "data: [DONE]\n\n", "event: error\ndata: x\n\n"]))
def test_whatever_json_comes_is_judged(protocol: Protocol, values: list[object], end: str) -> None:
    question = plan_of(protocol, "http://127.0.0.1:9").question(MODEL)
    body = "".join(f"data: {json.dumps(value)}\n\n" for value in values) + end
    for text in (body, json.dumps(values[:1])[1:-1]):
        answer = Response("http://127.0.0.1:9/v1", 200, {"content-type": "text/event-stream"}, bytearray(text.encode()))
        reader = question.protocol.new_stream()
        reader.feed(text.encode())
        found = judge_stream(answer, reader, question, 3.0).model
        assert found is not None and judge_answer(answer, question).diagnosis in CAUSES
        assert found.status is not Status.PASS or found.message is not None or found.diagnosis is Diagnosis.LENGTH_STOP
