import json

import pytest

from ccswitch_py.model.diagnosis import Diagnosis
from ccswitch_py.probe.diagnosis_texts import ADVICE
from ccswitch_py.probe.report import CheckResult
from tests.support.good_gateway import GOOD, refusing
from tests.support.misbehaving import Misbehaving, Script, by_stream, error, html, json_reply, message, reply, stream
from tests.support.probing import KEY, plan_for, probe, row

BEARER_ONLY = (("Authorization", f"Bearer {KEY}"), ("x-api-key", "unused"))
X_API_KEY_ONLY = (("Authorization", "Bearer unused"), ("x-api-key", KEY))
NO_CHANNEL = "No available channel for model good-model under group cheap (distributor)"
CHALLENGE = "<!DOCTYPE html><html><title>Just a moment...</title><script src=/cdn-cgi/challenge-platform/x></script>"


def new_api(status: int, text: str, code: str = "") -> Script:
    return json_reply(status, {"error": {"message": text, "type": "new_api_error", "code": code}})


def when(field: str, script: Script) -> Script:
    return refusing(lambda body, _: field in json.dumps(body), script)


ADVISED: dict[str, tuple[str, Script, Diagnosis, str, str]] = {
    "a path that is not there": ("protocol", reply(404, "no"), Diagnosis.PATH_NOT_FOUND, "404", "many need a prefix"),
    "a web page": ("protocol", html(200), Diagnosis.HTML_PAGE, "“Welcome”", "Anthropic-compatible base URL"),
    "OpenAI's shape": ("protocol", json_reply(200, {"choices": []}), Diagnosis.OPENAI_SHAPE, "", "a converter"),
    "a redirect to another host": (
        "protocol",
        reply(308, "", "Location: https://elsewhere.invalid/v1/messages"),
        Diagnosis.REDIRECTED,
        "It points to https://elsewhere.invalid/v1/messages. It is another host, which must not get your key.",
        "without a redirect",
    ),
    "a challenge": (
        "protocol",
        html(403, CHALLENGE),
        Diagnosis.BLOCKED_BY_WAF,
        "not checked",
        "exempt the API's path",
    ),
    "an origin that is too slow": ("protocol", html(524), Diagnosis.ORIGIN_DOWN, "524", "Try again later"),
    "a packing that nobody asked for": (
        "protocol",
        reply(200, "x", "Content-Encoding: br"),
        Diagnosis.BAD_JSON,
        "encoded as br, which was not requested",
        "arrive damaged",
    ),
    "a refused key": (
        "key",
        error(401, "authentication_error", "no"),
        Diagnosis.KEY_REJECTED,
        "401",
        "for this gateway.",
    ),
    "only Claude Code": (
        "key",
        error(403, "permission_error", "This group only allows Claude Code clients"),
        Diagnosis.CLIENT_RESTRICTED,
        "is unknown",
        "ccswitch test work --with-claude",
    ),
    "only Codex": (
        "key",
        new_api(403, "this group only allows Codex official clients"),
        Diagnosis.CLIENT_RESTRICTED,
        "Codex official clients",
        "use a key of a group for Claude Code",
    ),
    "only Codex, in Chinese": (
        "key",
        new_api(403, "该分组仅允许 Codex 客户端使用"),
        Diagnosis.CLIENT_RESTRICTED,
        "仅允许 Codex",
        "use a key of a group for Claude Code",
    ),
    "an address that is not admitted": (
        "key",
        new_api(403, "您的 IP 不在令牌允许访问的列表中"),
        Diagnosis.FORBIDDEN,
        "您的 IP 不在令牌允许访问的列表中",
        "address, country, group or program",
    ),
    "a further header": (
        "key",
        json_reply(400, {"error": "Missing required header: x-tenant-id"}),
        Diagnosis.HEADER_MISSING,
        "It names x-tenant-id.",
        "under headers",
    ),
    "no balance": (
        "model",
        new_api(402, "余额不足"),
        Diagnosis.QUOTA_EXHAUSTED,
        "the key itself is known",
        "Top up the account",
    ),
    "a price that is reserved": (
        "model",
        new_api(403, "预扣费额度失败, 用户剩余额度: ＄0.02", "insufficient_user_quota"),
        Diagnosis.QUOTA_EXHAUSTED,
        "＄0.02",
        "set max_output_tokens",
    ),
    "no channel in a group": (
        "model",
        new_api(503, NO_CHANNEL, "model_not_found"),
        Diagnosis.NO_CHANNEL,
        "the key itself is known. It said (503): “No available channel for model good-model under group cheap",
        "the group or plan of the key",
    ),
    "an unknown model": (
        "model",
        error(404, "not_found_error", "model: good-model"),
        Diagnosis.MODEL_NOT_FOUND,
        "address and key are right",
        "letter by letter",
    ),
    "a rate limit": (
        "model",
        error(429, "rate_limit_error", "Slow down", "Retry-After: 2892"),
        Diagnosis.RATE_LIMITED,
        "says nothing against the key. It asks to wait 2892 seconds.",
        "Wait",
    ),
    "a limit of one request at a time": (
        "model",
        error(429, "rate_limit_error", "Concurrency limit exceeded. Limit: 1 concurrent requests"),
        Diagnosis.CONCURRENCY_LIMITED,
        "Limit: 1",
        "Close other sessions",
    ),
    "a pool of accounts": (
        "model",
        error(500, "api_error", "No available Claude accounts support the requested model"),
        Diagnosis.UPSTREAM_ERROR,
        "No available Claude accounts",
        "only limited for a while: try again later; if it stays so, it does not serve this model",
    ),
    "an overload": ("model", error(529, "overloaded_error", "no"), Diagnosis.OVERLOADED, "529", "choose another model"),
    "another model": ("model", message(model="cheap"), Diagnosis.MODEL_SUBSTITUTED, "It names cheap.", "another name"),
    "a negative usage": (
        "model",
        message(usage={"input_tokens": -3, "output_tokens": 2}),
        Diagnosis.USAGE_WRONG,
        "input_tokens is -3",
        "/compact",
    ),
    "a short question that is billed as a long one": (
        "model",
        message(usage={"input_tokens": 4186, "output_tokens": 6}),
        Diagnosis.USAGE_WRONG,
        "4186 tokens in for a question of about ten",
        "what it counts",
    ),
    "[DONE] in place of a stream": (
        "stream",
        by_stream(GOOD, stream(b"data: [DONE]\n\n")),
        Diagnosis.NOT_SSE,
        "twice the requests",
        "supports streaming",
    ),
    "a tool as text": (
        "tools",
        when("`record_number`", message(content=[{"type": "text", "text": "record_number(7)"}])),
        Diagnosis.TOOLS_AS_TEXT,
        "record_number(7)",
        "not converted",
    ),
}


def result_of(script: Script, check: str, **changes: object) -> CheckResult:
    with Misbehaving(script) as gateway:
        return row(probe(plan_for(gateway.base_url, **changes)), check)


@pytest.mark.parametrize(("check", "script", "diagnosis", "detail", "advice"), ADVISED.values(), ids=ADVISED.keys())
def test_a_finding_says_what_happened_and_what_to_do(
    check: str, script: Script, diagnosis: Diagnosis, detail: str, advice: str
) -> None:
    result = result_of(script, check)
    assert result.diagnosis is diagnosis
    assert detail in result.detail
    assert advice in result.advice


HEADERS: dict[str, tuple[tuple[tuple[str, str], ...], Script, Diagnosis, str]] = {
    "a key that is read from x-api-key alone": (
        BEARER_ONLY,
        error(401, "authentication_error", "x-api-key header is required"),
        Diagnosis.WRONG_HEADER,
        "bearer_only off",
    ),
    "a key that is read from authorization alone": (
        X_API_KEY_ONLY,
        new_api(401, "Missing Authorization header"),
        Diagnosis.WRONG_HEADER,
        "in both headers",
    ),
    "a refused key that was sent in one header": (
        BEARER_ONLY[:1],
        new_api(401, "无效的令牌"),
        Diagnosis.KEY_REJECTED,
        "Some gateways read only x-api-key",
    ),
    "a refused key that was sent in the other header": (
        X_API_KEY_ONLY,
        new_api(401, "无效的令牌"),
        Diagnosis.KEY_REJECTED,
        ADVICE[Diagnosis.KEY_REJECTED],
    ),
}


@pytest.mark.parametrize(("headers", "script", "diagnosis", "advice"), HEADERS.values(), ids=HEADERS.keys())
def test_the_header_that_the_key_was_not_in_is_named_and_never_tried(
    headers: tuple[tuple[str, str], ...], script: Script, diagnosis: Diagnosis, advice: str
) -> None:
    with Misbehaving(script) as gateway:
        result = row(probe(plan_for(gateway.base_url, headers=headers)), "key")
        assert len(gateway.seen) == 1
    assert result.diagnosis is diagnosis
    assert advice in result.advice
