import gzip
import json

import pytest

from ccswitch_py.model.diagnosis import Diagnosis, Status
from tests.support.misbehaving import (
    MESSAGE,
    Misbehaving,
    Script,
    error,
    html,
    json_reply,
    message,
    raw,
    reply,
)
from tests.support.probing import first_trouble, plan_for, probe

FAIL, WARN, UNTESTABLE = Status.FAIL, Status.WARN, Status.UNTESTABLE
CHALLENGE = "<!DOCTYPE html><html><title>Just a moment...</title><script src=/cdn-cgi/challenge-platform/x></script>"
PAGE = "<html><head><title>Access denied</title></head></html>"
HTTPS_PORT = "<html><body>The plain HTTP request was sent to HTTPS port</body></html>"
NO_CHANNEL = "No available channel for model good-model under group default (distributor)"


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
        "a redirect to nowhere": (reply(302, ""), Diagnosis.NOT_MESSAGES),
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
        "a packing that nobody asked for": (reply(200, "x", "Content-Encoding: br"), Diagnosis.BAD_JSON),
        "another packing that nobody asked for": (reply(200, "x", "Content-Encoding: zstd"), Diagnosis.BAD_JSON),
        "an unknown packing": (reply(200, "x", "Content-Encoding: gzip, x-own"), Diagnosis.BAD_JSON),
        "deflate that is none": (
            reply(200, json.dumps(MESSAGE), "Content-Encoding: deflate"),
            Diagnosis.BAD_JSON,
        ),
        "a Cloudflare challenge": (html(403, CHALLENGE), Diagnosis.BLOCKED_BY_WAF),
        "a page of Cloudflare's": (html(403, PAGE, "Server: cloudflare"), Diagnosis.BLOCKED_BY_WAF),
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
        "a refused key in a list": (
            json_reply(400, [{"error": {"code": 400, "message": "API key not valid. Please pass a valid API key."}}]),
            Diagnosis.KEY_REJECTED,
        ),
        "a refused key with 200": (error(200, "authentication_error", "invalid key"), Diagnosis.KEY_REJECTED),
        "a forbidden address": (error(403, "permission_error", "Your IP is not on the list"), Diagnosis.FORBIDDEN),
        "a forbidden address, in Chinese": (new_api(403, "您的 IP 不在令牌允许访问的列表中"), Diagnosis.FORBIDDEN),
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
        "a client that is not allowed": (new_api(400, "Client not allowed"), Diagnosis.CLIENT_RESTRICTED),
        "only Claude Code of a version": (
            new_api(403, "Please update Claude Code to 2.1.0 or later"),
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
        "no balance, by a code": (
            json_reply(403, {"code": 30011, "message": "Please use another account", "data": None}),
            Diagnosis.QUOTA_EXHAUSTED,
        ),
        "no balance, as a list of escapes": (
            reply(403, json.dumps({"detail": ["用户额度不足"]}), "Content-Type: application/json"),
            Diagnosis.QUOTA_EXHAUSTED,
        ),
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
