import gzip
import json
import zlib
from dataclasses import replace

import pytest

from ccswitch_py.model.diagnosis import Diagnosis, Status, Verdict
from ccswitch_py.model.role import Role
from tests.support.good_gateway import GOOD
from tests.support.misbehaving import (
    MESSAGE,
    STREAM_HEAD,
    Misbehaving,
    Script,
    by_model,
    by_stream,
    encode,
    endless,
    error,
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
from tests.support.probing import IMPATIENT, KEY, first_trouble, plan_for, probe, row

FAIL, WARN, UNTESTABLE = Status.FAIL, Status.WARN, Status.UNTESTABLE
CHALLENGE = "<!DOCTYPE html><html><title>Just a moment...</title><script src=/cdn-cgi/challenge-platform/x></script>"
HTTPS_PORT = "<html><body>The plain HTTP request was sent to HTTPS port</body></html>"
NO_CHANNEL = "No available channel for model good-model under group default (distributor)"
OPENAI_CHUNKS = b'data: {"object":"chat.completion.chunk","choices":[{"delta":{"content":"hi"}}]}\n\ndata: [DONE]\n\n'


def new_api(status: int, text: str, code: str = "") -> Script:
    return json_reply(status, {"error": {"message": text, "type": "new_api_error", "code": code}})


def gzipped(content: bytes) -> Script:
    return reply(200, content, "Content-Type: application/json", "Content-Encoding: gzip")


FIRST_REQUEST: dict[tuple[str, Status], dict[str, tuple[Script, Diagnosis]]] = {
    ("protocol", FAIL): {
        "a web page with 200": (html(200), Diagnosis.HTML_PAGE),
        "a web page with 404": (html(404), Diagnosis.PATH_NOT_FOUND),
        "an empty 404": (reply(404, ""), Diagnosis.PATH_NOT_FOUND),
        "a plain 404": (reply(404, "404 page not found"), Diagnosis.PATH_NOT_FOUND),
        "a framework's 404": (json_reply(404, {"detail": "Not Found"}), Diagnosis.PATH_NOT_FOUND),
        "a relay's 404": (new_api(404, "Invalid URL (POST /v1/messages)"), Diagnosis.PATH_NOT_FOUND),
        "a list of other paths": (json_reply(404, {"error": "Try /v1/models"}), Diagnosis.PATH_NOT_FOUND),
        "a method not allowed": (reply(405, ""), Diagnosis.PATH_NOT_FOUND),
        "OpenAI's shape": (
            json_reply(200, {"object": "chat.completion", "choices": [{"message": {"content": "hi"}}]}),
            Diagnosis.OPENAI_SHAPE,
        ),
        "a redirect to another host": (
            reply(308, "", "Location: https://elsewhere.invalid/v1/messages"),
            Diagnosis.REDIRECTED,
        ),
        "a redirect to nowhere": (reply(302, ""), Diagnosis.REDIRECTED),
        "another JSON": (json_reply(200, {"ok": True}), Diagnosis.NOT_MESSAGES),
        "a JSON list": (json_reply(200, [1]), Diagnosis.NOT_MESSAGES),
        "an empty 200": (reply(200, ""), Diagnosis.NOT_MESSAGES),
        "plain text": (reply(200, "It works!"), Diagnosis.NOT_MESSAGES),
        "no HTTP at all": (raw(b"SSH-2.0-OpenSSH_9.2\r\n\r\n\r\n"), Diagnosis.NOT_MESSAGES),
        "JSON that breaks off": (reply(200, json.dumps(MESSAGE)[:60]), Diagnosis.BAD_JSON),
        "a body shorter than announced": (reply(200, json.dumps(MESSAGE), length=9999), Diagnosis.BAD_JSON),
        "NaN in JSON": (reply(200, '{"type": "message", "content": [], "x": NaN}'), Diagnosis.BAD_JSON),
        "JSON nested without end": (reply(200, "[" * 500_000), Diagnosis.BAD_JSON),
        "gzip that is none": (gzipped(json.dumps(MESSAGE).encode()), Diagnosis.BAD_JSON),
        "gzip that is cut": (gzipped(gzip.compress(json.dumps(MESSAGE).encode())[:40]), Diagnosis.BAD_JSON),
        "an unknown packing": (reply(200, "x", "Content-Encoding: br"), Diagnosis.BAD_JSON),
        "a gzip bomb": (gzipped(gzip.compress(bytes(200 * 1024 * 1024), 9)), Diagnosis.BODY_TOO_LARGE),
        "a Cloudflare challenge": (html(403, CHALLENGE), Diagnosis.BLOCKED_BY_WAF),
        "a challenge by header": (reply(403, "", "cf-mitigated: challenge"), Diagnosis.BLOCKED_BY_WAF),
        "a firewall's code": (reply(403, "error code: 1020"), Diagnosis.BLOCKED_BY_WAF),
        "an origin that is down": (html(502), Diagnosis.ORIGIN_DOWN),
        "an origin that is too slow": (reply(524, "error code: 524"), Diagnosis.ORIGIN_DOWN),
    },
    ("reach", FAIL): {
        "http at an https port": (html(400, HTTPS_PORT), Diagnosis.TLS_FAILED),
    },
    ("key", FAIL): {
        "a refused key": (error(401, "authentication_error", "invalid x-api-key"), Diagnosis.KEY_REJECTED),
        "a key refused in Chinese": (new_api(401, "无效的令牌 (request id: 2026)"), Diagnosis.KEY_REJECTED),
        "a refused key, wrapped": (error(500, "authentication_error", "invalid key"), Diagnosis.KEY_REJECTED),
        "a refused key with 200": (error(200, "authentication_error", "invalid key"), Diagnosis.KEY_REJECTED),
        "a forbidden address": (error(403, "permission_error", "Your IP is not on the list"), Diagnosis.FORBIDDEN),
        "a further header": (
            json_reply(400, {"error": "Missing required header: x-tenant-id"}),
            Diagnosis.HEADER_MISSING,
        ),
    },
    ("key", UNTESTABLE): {
        "only Claude Code, by token": (
            error(403, "permission_error", "This credential is only authorized for use with Claude Code"),
            Diagnosis.CLIENT_RESTRICTED,
        ),
        "only Claude Code, by group": (
            error(503, "api_error", "This group only allows Claude Code clients"),
            Diagnosis.CLIENT_RESTRICTED,
        ),
        "only Claude Code, in Chinese": (
            new_api(403, "该分组仅允许 Claude Code 客户端使用"),
            Diagnosis.CLIENT_RESTRICTED,
        ),
        "only Codex": (new_api(403, "this key only allows Codex official clients"), Diagnosis.CLIENT_RESTRICTED),
    },
    ("model", FAIL): {
        "an unknown model": (error(404, "not_found_error", "model: good-model"), Diagnosis.MODEL_NOT_FOUND),
        "an unknown model, 400": (new_api(400, "The model `x` does not exist"), Diagnosis.MODEL_NOT_FOUND),
        "no channel": (new_api(503, NO_CHANNEL, "model_not_found"), Diagnosis.NO_CHANNEL),
        "no channel, in Chinese": (
            new_api(503, "当前分组 default 下对于模型 good-model 无可用渠道"),
            Diagnosis.NO_CHANNEL,
        ),
        "a model that the key may not use": (new_api(403, "该令牌无权访问模型 good-model"), Diagnosis.NO_CHANNEL),
        "no balance, in Chinese": (new_api(403, "用户额度不足, 剩余额度: ＄0.01"), Diagnosis.QUOTA_EXHAUSTED),
        "no balance to reserve": (
            new_api(403, "预扣费额度失败, 用户剩余额度: ＄0.02", "insufficient_user_quota"),
            Diagnosis.QUOTA_EXHAUSTED,
        ),
        "no balance": (new_api(402, "余额不足"), Diagnosis.QUOTA_EXHAUSTED),
        "no credit": (
            error(400, "invalid_request_error", "Your credit balance is too low to access the API"),
            Diagnosis.QUOTA_EXHAUSTED,
        ),
        "a rate limit": (error(429, "rate_limit_error", "Slow down"), Diagnosis.RATE_LIMITED),
        "a concurrency limit": (
            json_reply(429, {"error": "Concurrency limit exceeded", "message": "Limit: 1 concurrent requests"}),
            Diagnosis.CONCURRENCY_LIMITED,
        ),
        "an overload": (error(529, "overloaded_error", "Overloaded"), Diagnosis.OVERLOADED),
        "an overload, in Chinese": (new_api(429, "当前分组上游负载已饱和，请稍后再试"), Diagnosis.OVERLOADED),
        "no account in the pool": (
            error(500, "api_error", "No available Claude accounts support the requested model"),
            Diagnosis.UPSTREAM_ERROR,
        ),
        "a failing service": (error(500, "api_error", "upstream error"), Diagnosis.UPSTREAM_ERROR),
        "a refused request": (error(400, "invalid_request_error", "messages: wrong"), Diagnosis.REQUEST_REFUSED),
        "an empty answer": (message(content=[]), Diagnosis.EMPTY_ANSWER),
    },
    ("model", WARN): {
        "another model's answer": (message(model="cheap-model"), Diagnosis.MODEL_SUBSTITUTED),
        "a negative usage": (message(usage={"input_tokens": -3, "output_tokens": 2}), Diagnosis.USAGE_WRONG),
        "a usage of zero": (message(usage={"input_tokens": 0, "output_tokens": 0}), Diagnosis.USAGE_WRONG),
        "no usage": (message(usage=None), Diagnosis.USAGE_MISSING),
    },
}


@pytest.mark.parametrize(
    ("script", "expected"),
    [
        pytest.param(script, (check, diagnosis, status), id=name)
        for (check, status), rows in FIRST_REQUEST.items()
        for name, (script, diagnosis) in rows.items()
    ],
)
def test_each_failure_of_a_request_has_its_own_name(script: Script, expected: tuple[str, Diagnosis, Status]) -> None:
    with Misbehaving(script) as gateway:
        report = probe(plan_for(gateway.base_url))
    assert first_trouble(report) == expected


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
        report = probe(plan_for(gateway.base_url, patience=IMPATIENT))
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
        report = probe(plan_for(gateway.base_url, patience=IMPATIENT))
        assert all(seen.json["stream"] for seen in gateway.seen)
    answered = row(report, "model")
    assert (answered.diagnosis, answered.status) == (diagnosis, FAIL)
    assert row(report, "stream").status is Status.SKIP
    assert report.verdict is Verdict.BROKEN


def test_a_stream_that_is_held_back_and_comes_at_once_is_a_warning() -> None:
    words: list[dict[str, object]] = [
        {"type": "content_block_delta", "index": 0, "delta": {"type": "text_delta", "text": f"{number} "}}
        for number in range(12)
    ]
    parts = [*events()[:2], *words, *events()[5:]]
    with Misbehaving(by_stream(GOOD, stream(encode(parts)))) as gateway:
        report = probe(plan_for(gateway.base_url, patience=replace(IMPATIENT, slow_s=0.0)))
    assert (row(report, "stream").diagnosis, row(report, "stream").status) == (Diagnosis.STREAM_BUFFERED, WARN)
    assert row(report, "stream").timing["pieces"] == 12


def test_a_gateway_that_does_not_stream_is_asked_in_vain_only_once() -> None:
    models = {Role.MAIN: "a", Role.HAIKU: "b", Role.SONNET: "c", Role.OPUS: "d"}
    with Misbehaving(by_stream(GOOD, message())) as gateway:
        report = probe(plan_for(gateway.base_url, models=models))
        assert [seen.json["stream"] for seen in gateway.seen].count(True) == 1
    assert report.verdict is Verdict.DEGRADED


WAYS = {
    "a reset": (reset, "reach", Diagnosis.CONNECTION_RESET),
    "a hang-up": (raw(b""), "reach", Diagnosis.CONNECTION_RESET),
    "silence": (silence, "reach", Diagnosis.TIMEOUT),
    "silence after the headers": (then(raw(STREAM_HEAD), silence), "protocol", Diagnosis.TIMEOUT),
    "silence in the middle": (then(reply(200, '{"type":', length=99), silence), "protocol", Diagnosis.TIMEOUT),
    "headers without end": (endless(b"HTTP/1.1 200 OK\r\n", b"a: b\r\n" * 1000), "protocol", Diagnosis.NOT_MESSAGES),
    "provisional answers without end": (
        endless(b"", b"HTTP/1.1 103 Early\r\n\r\n", pause_s=0.02),
        "reach",
        Diagnosis.TIMEOUT,
    ),
    "60 MiB": (endless(b"HTTP/1.1 200 OK\r\n\r\n", b"x" * 65536), "protocol", Diagnosis.BODY_TOO_LARGE),
}


@pytest.mark.parametrize(("script", "check", "diagnosis"), WAYS.values(), ids=WAYS.keys())
def test_a_gateway_that_does_not_answer_properly_cannot_hold_the_test_up(
    script: Script, check: str, diagnosis: Diagnosis
) -> None:
    patience = type(IMPATIENT)(connect_s=0.3, first_byte_s=0.4, between_s=0.4, whole_s=5.0)
    with Misbehaving(script) as gateway:
        report = probe(plan_for(gateway.base_url, patience=patience))
    assert first_trouble(report) == (check, diagnosis, FAIL)
    assert report.verdict is Verdict.BROKEN
    assert report.requests == len(gateway.seen) <= 2
    assert all(talk.sent < 32 * 1024 * 1024 for talk in gateway.talks)


def test_an_answer_that_trickles_ends_with_the_patience_for_the_whole() -> None:
    patience = type(IMPATIENT)(connect_s=5.0, first_byte_s=5.0, between_s=5.0, whole_s=0.5)
    with Misbehaving(endless(b"HTTP/1.1 200 OK\r\n\r\n", b" ", pause_s=0.02)) as gateway:
        report = probe(plan_for(gateway.base_url, patience=patience))
    assert first_trouble(report) == ("protocol", Diagnosis.TIMEOUT, FAIL)
    assert "0.5 seconds" in row(report, "protocol").detail


def test_a_gateway_that_only_streams_passes_because_claude_code_always_streams() -> None:
    refusal = json_reply(400, {"detail": "Stream must be set to true"})
    models = {Role.MAIN: "good-model", Role.HAIKU: "small-model"}
    with Misbehaving(by_stream(refusal, GOOD)) as gateway:
        report = probe(plan_for(gateway.base_url, models=models))
        assert report.requests == len(gateway.seen) == 4
    assert report.verdict is Verdict.WORKS


def test_what_a_gateway_answers_without_streaming_does_not_matter_where_it_streams() -> None:
    with Misbehaving(by_stream(html(200), GOOD)) as gateway:
        assert probe(plan_for(gateway.base_url)).verdict is Verdict.WORKS


def test_a_stream_that_nobody_asked_for_is_as_good_as_a_message() -> None:
    with Misbehaving(by_stream(stream(), html(200))) as gateway:
        report = probe(plan_for(gateway.base_url))
    assert row(report, "model").status is Status.PASS


def test_an_answer_cut_by_the_token_limit_before_its_first_word_proves_key_and_model() -> None:
    thinking = [{"type": "thinking", "thinking": "hm", "signature": "x"}]
    with Misbehaving(message(content=thinking, stop_reason="max_tokens")) as gateway:
        report = probe(plan_for(gateway.base_url))
    assert (row(report, "tools").status, row(report, "tools").diagnosis) == (Status.SKIP, Diagnosis.LENGTH_STOP)
    assert row(report, "claude_code").status is Status.PASS
    assert row(report, "key").status is Status.PASS
    assert (row(report, "model").status, row(report, "model").diagnosis) == (Status.PASS, Diagnosis.LENGTH_STOP)
    assert row(report, "stream").diagnosis is Diagnosis.NOT_SSE


def test_a_model_that_is_not_served_makes_only_its_own_row_red() -> None:
    unknown = error(404, "not_found_error", "model: old-model")
    models = {Role.MAIN: "good-model", Role.HAIKU: "old-model", Role.SONNET: "good-model", Role.OPUS: "other-model"}
    with Misbehaving(by_model({"old-model": unknown}, GOOD)) as gateway:
        report = probe(plan_for(gateway.base_url, models=models))
    assert row(report, "key").status is Status.PASS
    assert row(report, "model", "old-model").diagnosis is Diagnosis.MODEL_NOT_FOUND
    assert row(report, "model", "old-model").roles == (Role.HAIKU,)
    assert row(report, "model", "good-model").roles == (Role.MAIN, Role.SONNET)
    assert row(report, "model", "other-model").status is Status.PASS
    assert row(report, "stream").status is Status.PASS
    assert report.verdict is Verdict.BROKEN


def test_the_key_is_settled_by_a_later_model_when_the_first_one_fails_before_it_is_looked_at() -> None:
    models = {Role.MAIN: "busy-model", Role.HAIKU: "good-model"}
    with Misbehaving(by_model({"busy-model": reply(500, "")}, GOOD)) as gateway:
        report = probe(plan_for(gateway.base_url, models=models))
    order = [(one.check, one.model, one.status) for one in report.checks if one.check in ("key", "model")]
    assert order == [
        ("model", "busy-model", FAIL),
        ("key", None, Status.PASS),
        ("model", "good-model", Status.PASS),
    ]


def test_a_key_that_no_answer_has_proved_is_not_called_accepted() -> None:
    with Misbehaving(reply(500, "")) as gateway:
        report = probe(plan_for(gateway.base_url))
    assert row(report, "key").status is Status.SKIP
    assert row(report, "protocol").status is Status.SKIP
    assert report.verdict is Verdict.BROKEN


def test_what_a_redirect_offers_is_only_the_same_host_over_https() -> None:
    with Misbehaving(reply(301, "", "Location: https://127.0.0.1/prefix/v1/messages?beta=true")) as gateway:
        report = probe(plan_for(gateway.base_url))
        assert len(gateway.seen) == 1
    assert "https://127.0.0.1/prefix as base URL" in row(report, "protocol").advice
    with Misbehaving(reply(301, "", "Location: https://elsewhere.invalid/v1/messages")) as gateway:
        report = probe(plan_for(gateway.base_url))
    assert "elsewhere" not in row(report, "protocol").advice
    assert "elsewhere.invalid" in row(report, "protocol").detail


def test_a_base_url_with_v1_is_named_as_such_when_nothing_answers_there() -> None:
    with Misbehaving(html(404)) as gateway:
        report = probe(plan_for(f"{gateway.base_url}/v1"))
        assert gateway.seen[0].target.startswith("/v1/v1/messages")
    assert row(report, "url").diagnosis is Diagnosis.URL_HAS_V1
    assert row(report, "protocol").diagnosis is Diagnosis.URL_HAS_V1
    assert f"Write {gateway.base_url} as base URL." in row(report, "protocol").advice


def test_a_base_url_with_v1_that_is_answered_all_the_same_is_only_a_warning() -> None:
    with Misbehaving(GOOD) as gateway:
        report = probe(plan_for(f"{gateway.base_url}/v1"))
    assert report.verdict is Verdict.DEGRADED


def test_the_wait_that_a_gateway_asks_for_is_shown() -> None:
    with Misbehaving(error(429, "rate_limit_error", "Slow down", "Retry-After: 2892")) as gateway:
        report = probe(plan_for(gateway.base_url))
    assert "2892 seconds" in row(report, "model").detail


def test_a_gateway_that_repeats_the_key_does_not_get_it_into_the_report() -> None:
    echo = error(401, "authentication_error", f"Invalid key {KEY} ({KEY[:15]}****) [bold]\x1b[31m red \u202eevil")
    with Misbehaving(echo) as gateway:
        report = probe(plan_for(gateway.base_url))
    detail = row(report, "key").detail
    assert KEY[:15] not in detail
    assert "\x1b" not in detail
    assert "\u202e" not in detail
    assert "[bold]" in detail


def test_a_gateway_that_names_the_key_as_model_or_target_does_not_get_it_into_the_report() -> None:
    with Misbehaving(message(model=KEY)) as gateway:
        assert row(probe(plan_for(gateway.base_url)), "model").diagnosis is Diagnosis.MODEL_SUBSTITUTED
    with Misbehaving(reply(307, "", f"Location: https://127.0.0.1/{KEY}/v1/messages")) as gateway:
        assert row(probe(plan_for(gateway.base_url)), "protocol").diagnosis is Diagnosis.REDIRECTED


def test_half_a_character_in_an_answer_can_still_be_printed() -> None:
    with Misbehaving(
        reply(401, '{"error": {"type": "authentication_error", "message": "bad \\ud83d key"}}')
    ) as gateway:
        report = probe(plan_for(gateway.base_url))
    assert row(report, "key").detail.encode("utf-8")
