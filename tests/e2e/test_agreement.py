import gzip
import json
import socket
from pathlib import Path
from typing import Any

import pytest

from ccswitch_py.core.paths import Paths
from ccswitch_py.model.diagnosis import Verdict
from ccswitch_py.model.protocol import MAIN_ROLES
from tests.support.agreement import KEY, MODEL, both, claude_code_answers, our_verdict
from tests.support.good_gateway import GOOD, Events, GoodGateway, refusing
from tests.support.home import add_profile
from tests.support.misbehaving import (
    Misbehaving,
    Script,
    by_stream,
    encode,
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

DOCS = Path(__file__).parents[2] / "docs" / "live-test.md"
PAGE = "<!DOCTYPE html><html><title>Just a moment...</title><script src=/cdn-cgi/challenge-platform/x></script>"
OPENAI = {"object": "chat.completion", "choices": [{"message": {"role": "assistant", "content": "hi"}}]}
OPENAI_CHUNKS = b'data: {"object":"chat.completion.chunk","choices":[{"delta":{"content":"hi"}}]}\n\ndata: [DONE]\n\n'
ERROR_EVENT = b'event: error\ndata: {"type":"error","error":{"type":"api_error","message":"upstream"}}\n\n'


def new_api(status: int, text: str, code: str = "") -> Script:
    return json_reply(status, {"error": {"message": text, "type": "new_api_error", "code": code}})


def streams(script: Script) -> Script:
    """A gateway whose streams are of this kind, and which does all else well."""
    return by_stream(GOOD, script)


def refuses(field: str, text: str, status: int = 400) -> Script:
    kind = "invalid_request_error" if status == 400 else "api_error"
    return refusing(lambda body, _: field in json.dumps(body), error(status, kind, text))


def refuses_beta(name: str, text: str) -> Script:
    def condition(_: Any, headers: dict[str, str]) -> bool:
        return name in headers.get("anthropic-beta", "")

    return refusing(condition, error(400, "invalid_request_error", text))


def system_role(body: dict[str, Any], _: object) -> bool:
    return any(one["role"] == "system" for one in body["messages"])


def offers_tools(body: dict[str, Any], _: object) -> bool:
    return bool(body.get("tools"))


def talks_about_tools(talk: Any) -> None:
    """A model that never calls a tool, and answers all else."""
    asked = json.dumps(talk.request.json.get("messages"))
    (stream() if "`record_number`" in asked else GOOD)(talk)


def another_model(whole: Events) -> Events:
    start, *rest = whole
    return [{**start, "message": {**start["message"], "model": "cheap-model"}}, *rest]


EMPTY = encode(events(["message_start", "message_delta", "message_stop"]))
CUT = reply(200, encode(events()[:4]), "Content-Type: text/event-stream", length=9999)

FAILING: dict[str, Script] = {
    "a web page": html(200),
    "a web page with 404": html(404),
    "an empty 404": reply(404, ""),
    "a wrong method": reply(405, ""),
    "OpenAI's shape": by_stream(json_reply(200, OPENAI), stream(OPENAI_CHUNKS)),
    "an empty 200": reply(200, ""),
    "some JSON": json_reply(200, {"ok": True}),
    "cut JSON": reply(200, '{"type":"message","con'),
    "not HTTP": raw(b"SSH-2.0-OpenSSH\r\n\r\n"),
    "what is not gzip": reply(200, "no gzip", "Content-Encoding: gzip", "Content-Type: application/json"),
    "gzip that never ends": reply(200, gzip.compress(b"x" * 99)[:20], "Content-Encoding: gzip"),
    "a hang-up": raw(b""),
    "a reset": reset,
    "silence": silence,
    "silence after the headers": then(raw(b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\n"), silence),
    "silence in the middle": then(stream(encode(events()[:4])), silence),
    "a Cloudflare challenge": html(403, PAGE),
    "an origin that is down": html(522),
    "a refused key": error(401, "authentication_error", "invalid x-api-key"),
    "a refused key that is repeated": error(401, "authentication_error", f"Invalid key {KEY}"),
    "a refused key in 200": json_reply(
        200, {"type": "error", "error": {"type": "authentication_error", "message": "no"}}
    ),
    "a forbidden address": error(403, "permission_error", "Your IP is not on the list"),
    "a missing header": json_reply(400, {"error": "Missing required header: x-tenant-id"}),
    "no balance": new_api(402, "余额不足"),
    "no quota": new_api(403, "用户额度不足, 剩余额度: ＄0.01", "insufficient_user_quota"),
    "no channel": new_api(503, f"No available channel for model {MODEL} under group default", "model_not_found"),
    "an unknown model": error(404, "not_found_error", f"model: {MODEL}"),
    "a rate limit": error(429, "rate_limit_error", "Slow down"),
    "a rate limit for an hour": error(429, "rate_limit_error", "Slow down", "Retry-After: 2892"),
    "a concurrency limit": json_reply(
        429, {"error": "Concurrency limit exceeded", "message": "Limit: 1 concurrent requests"}
    ),
    "an overload": error(529, "overloaded_error", "Overloaded"),
    "an upstream error": error(500, "api_error", "upstream error"),
    "a bad gateway": reply(502, ""),
    "a refused request": error(400, "invalid_request_error", "messages: wrong"),
    "an empty answer": by_stream(message(content=[]), stream(EMPTY)),
    "a stream without end": streams(stream(encode(events()[:-2]))),
    "a stream with an error after the text": streams(stream(encode(events()[:6]) + ERROR_EVENT)),
    "a stream refused": streams(error(400, "invalid_request_error", "stream is not supported")),
    "thinking refused": refuses('"thinking": {', "thinking: Extra inputs are not permitted"),
    "thinking refused without a word": refuses('"thinking": {', "Bad request"),
    "thinking refused as an error of its own": refuses('"thinking": {', "upstream error", 500),
    "effort refused": refuses('"output_config"', "output_config: Extra inputs are not permitted"),
    "metadata refused": refuses('"metadata"', "metadata: Extra inputs are not permitted"),
    "cache_control refused": refuses('"cache_control"', "cache_control: Extra inputs are not permitted"),
    "the role system refused": refusing(system_role, error(400, "invalid_request_error", "messages.1.role: no")),
    "tools refused": refusing(offers_tools, error(400, "invalid_request_error", "tools: not supported")),
    "all betas refused": refuses_beta("", "Unexpected value(s) for the `anthropic-beta` header"),
    "context_management refused without a word": refuses('"context_management"', "Bad request"),
    "a limit on output tokens": refusing(
        lambda body, _: body["max_tokens"] > 8192, error(400, "invalid_request_error", "max_tokens: 32000 > 8192")
    ),
}
"""Ways of failing of which the live test and Claude Code are to say the same: it does not work."""

WORKING: dict[str, Script] = {
    "all well": GOOD,
    "another model's answer": GoodGateway(changed=another_model),
    "no message_stop": GoodGateway(changed=lambda whole: whole[:-1]),
    "a whole message for a stream": streams(message()),
    "a web page for a stream": streams(html(200)),
    "OpenAI's chunks for a stream": streams(stream(OPENAI_CHUNKS)),
    "a 404 for a stream": streams(reply(404, "")),
    "events without names": streams(stream(encode(events(), named=False))),
    "a cut stream": streams(CUT),
    "a stream that is reset": streams(then(stream(encode(events()[:4])), reset)),
    "an error event at once": streams(stream(ERROR_EVENT)),
    "an error event after some words": streams(stream(encode(events()[:4]) + ERROR_EVENT)),
    "a web page for what does not stream": by_stream(html(200), GOOD),
    "context_management refused by name": refuses(
        '"context_management"', "context_management: Extra inputs are not permitted"
    ),
    "defer_loading refused by name": refuses('"defer_loading"', "tools.1.defer_loading: Extra inputs"),
    "a beta refused by name": refuses_beta(
        "effort-", "Unexpected value(s) `effort-2025-11-24` for the `anthropic-beta` header"
    ),
}
"""What looks bad to a simpler test, and Claude Code gets its answer all the same."""

PASSING: dict[str, Script] = {
    "one overload": error(529, "overloaded_error", "Overloaded"),
    "one upstream error": error(500, "api_error", "upstream error"),
    "one reset": reset,
    "one rate limit": error(429, "rate_limit_error", "Slow down", "Retry-After: 1"),
}
"""What is over at the second request."""

EXCEPTIONS: dict[str, Script] = {
    "tool calls written as text": talks_about_tools,
    "a key accepted on the second try": error(401, "authentication_error", "not yet"),
    "a limit on request size": refusing(
        lambda body, _: len(json.dumps(body)) > 30_000, error(413, "request_too_large", "Too large")
    ),
    "a one-time 400": error(400, "invalid_request_error", "Bad request"),
    "a stream cut off after its text": streams(
        reply(200, encode(events()[:6]), "Content-Type: text/event-stream", length=9999)
    ),
}
"""Where the two differ, and docs/live-test.md says why."""

BUDGETED = "claude-haiku-4-5"
"""A model whose thinking Claude Code asks for with a budget."""


@pytest.mark.parametrize("name", FAILING)
def test_what_the_live_test_calls_broken_claude_code_cannot_use(home: Paths, tmp_path: Path, name: str) -> None:
    assert both(home, tmp_path, FAILING[name], hangs="silence" in name) == (False, False)


@pytest.mark.parametrize("name", WORKING)
def test_what_the_live_test_calls_working_claude_code_can_use(home: Paths, tmp_path: Path, name: str) -> None:
    assert both(home, tmp_path, WORKING[name]) == (True, True)


@pytest.mark.parametrize("name", PASSING)
def test_trouble_that_is_over_a_moment_later_stops_neither(home: Paths, tmp_path: Path, name: str) -> None:
    assert both(home, tmp_path, PASSING[name], GoodGateway()) == (True, True)


@pytest.mark.parametrize("name", EXCEPTIONS)
def test_where_the_two_differ_the_page_says_so(home: Paths, tmp_path: Path, name: str) -> None:
    once = name in ("a key accepted on the second try", "a one-time 400")
    scripts = (EXCEPTIONS[name], GOOD) if once else (EXCEPTIONS[name],)
    ours, real = both(home, tmp_path, *scripts)
    assert ours != real
    assert_documented(name)


def test_thinking_with_a_budget_is_more_than_the_test_asks_for(home: Paths, tmp_path: Path) -> None:
    refusing_it = refuses('"budget_tokens"', "thinking: Extra inputs are not permitted")
    assert both(home, tmp_path, refusing_it, model=BUDGETED) == (True, False)
    assert_documented("thinking budgets rejected")


def test_a_redirect_is_not_followed_with_the_key_although_claude_code_does(home: Paths, tmp_path: Path) -> None:
    with Misbehaving(GOOD) as elsewhere:
        moved = reply(307, "", f"Location: {elsewhere.base_url}/v1/messages?beta=true")
        assert both(home, tmp_path, moved) == (False, True)
        agents = {seen.headers["user-agent"].partition("/")[0] for seen in elsewhere.seen}
        assert agents == {"claude-cli"}
    assert_documented("a redirect to another URL")


def test_another_model_that_is_not_served_makes_only_that_role_fail(home: Paths, tmp_path: Path) -> None:
    missing = error(404, "not_found_error", "model: no-such-model")
    lacking = refusing(lambda body, _: body["model"] == "no-such-model", missing)
    with Misbehaving(lacking) as gateway:
        models = {**dict.fromkeys(MAIN_ROLES, MODEL), "haiku": "no-such-model"}
        add_profile(home, "work", gateway.base_url, models=models)
        assert our_verdict(home) is Verdict.BROKEN
        assert claude_code_answers(home, tmp_path)
    assert_documented("another model not served")


def assert_documented(name: str) -> None:
    assert f"| {name} |" in DOCS.read_text()


def test_a_port_without_a_listener_fails_both(home: Paths, tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
    add_profile(home, "work", f"http://127.0.0.1:{port}", models=dict.fromkeys(MAIN_ROLES, MODEL))
    assert our_verdict(home) is Verdict.BROKEN
    assert not claude_code_answers(home, tmp_path)


def test_at_least_forty_ways_of_failing_are_compared() -> None:
    assert len(FAILING) >= 40
