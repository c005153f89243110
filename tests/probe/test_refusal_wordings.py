import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ccswitch_py.model.base_url import BaseUrl
from ccswitch_py.model.diagnosis import Diagnosis, Status
from ccswitch_py.probe.client.response import Response
from ccswitch_py.probe.diagnosis_texts import CAUSES
from ccswitch_py.probe.judge.answer import judge_answer, judge_stream
from ccswitch_py.probe.judge.observation import Observation, Question
from ccswitch_py.probe.judge.refusals import CODEX_ONLY, find_wording, missing_header
from ccswitch_py.probe.protocols.messages import MessagesStream as StreamReader
from ccswitch_py.probe.stages import STAGES, failing_stage

QUESTION = Question(
    BaseUrl("https://gateway.example"), "gpt-5.4-low", sent_headers=frozenset({"authorization", "x-api-key"})
)

WORDS = [
    (
        403,
        "This credential is only authorized for use with Claude Code and cannot be used elsewhere.",
        "client_restricted",
    ),
    (400, "Client not allowed", "client_restricted"),
    (403, "请使用 Claude Code 客户端访问", "client_restricted"),
    (403, "当前密钥仅限官方客户端使用", "client_restricted"),
    (404, "This API only supports /v1/chat/completions", "openai_shape"),
    (404, "Cannot POST /v1/messages", "path_not_found"),
    (404, "接口不存在", "path_not_found"),
    (429, "You exceeded your current quota, please check your plan", "quota_exhausted"),
    (403, "pre-consumed quota failed, user quota: 0.02, need quota: 0.05 (insufficient_user_quota)", "quota_exhausted"),
    (403, "您的账户余额不足，请先充值", "quota_exhausted"),
    (401, "该令牌额度已用尽", "quota_exhausted"),
    (429, "Daily cost limit reached ($5)", "quota_exhausted"),
    (429, "Too many concurrent requests. Limit: 1 concurrent requests", "concurrency_limited"),
    (429, "当前并发数超过限制", "concurrency_limited"),
    (503, "No available channel for model gpt-5.4-low under group default (distributor)", "no_channel"),
    (403, "You do not have access to this model", "no_channel"),
    (403, "该令牌无权使用模型：gpt-5.4-low", "no_channel"),
    (503, "无可用账号", "upstream_error"),
    (503, "系统繁忙，请稍后再试", "overloaded"),
    (400, "Unexpected value(s) `context-1m-2025-08-07` for the `anthropic-beta` header", "beta_refused"),
    (400, "The long context beta is not yet available for this subscription.", "beta_refused"),
    (400, "Model gpt-5.4-low is not supported", "model_not_found"),
    (404, "The model `gpt-5.4-low` does not exist or you do not have access to it.", "model_not_found"),
    (400, "Unknown model: gpt-5.4-low", "model_not_found"),
    (400, "模型 gpt-5.4-low 不存在", "model_not_found"),
    (400, "API key not valid. Please pass a valid API key.", "key_rejected"),
    (403, "令牌已过期", "key_rejected"),
]


@pytest.mark.parametrize(("status", "text", "expected"), WORDS)
def test_known_words_have_one_meaning(status: int, text: str, expected: str) -> None:
    known = find_wording(text, status)
    assert known and known.diagnosis == expected


@pytest.mark.parametrize(
    ("text", "advice"),
    [
        ("This key only allows Codex official clients", CODEX_ONLY),
        ("codex cli only", CODEX_ONLY),
        ("该令牌仅限 Codex CLI 使用", CODEX_ONLY),
        ("This group only allows Claude Code and Codex clients", None),
        ("仅允许 Codex 客户端和 Claude Code 使用", None),
        ("Official clients only", None),
    ],
)
def test_a_gateway_that_is_for_codex_alone_is_no_case_for_claude_code(text: str, advice: str | None) -> None:
    known = find_wording(text, 403)
    assert known and (known.diagnosis, known.advice) == (Diagnosis.CLIENT_RESTRICTED, advice)


@pytest.mark.parametrize(
    ("status", "text"),
    [
        (400, "max_tokens: invalid value"),
        (400, "thinking is not supported"),
        (400, "The model parameter is required"),
        (404, "Available endpoints: /v1/models"),
        (403, "该分组仅支持 claude 模型"),
        (403, "this group only supports gpt-5.1-codex"),
        (503, "this model is only available for official channels"),
        (429, "Too many requests"),
        (500, "upstream error"),
        (400, "messages.0.content: field required"),
        (403, "Forbidden"),
    ],
)
def test_words_that_only_resemble_a_meaning_decide_nothing(status: int, text: str) -> None:
    assert find_wording(text, status) is None


@pytest.mark.parametrize(
    ("text", "sent", "expected"),
    [
        ("x-api-key header is required", {"authorization"}, (Diagnosis.WRONG_HEADER, "x-api-key")),
        ("Missing Authorization header", {"x-api-key"}, (Diagnosis.WRONG_HEADER, "authorization")),
        ("Missing required header: x-tenant-id", {"authorization"}, (Diagnosis.HEADER_MISSING, "x-tenant-id")),
        ("缺少请求头 x-group-id", {"authorization"}, (Diagnosis.HEADER_MISSING, "x-group-id")),
        ("invalid x-api-key", {"authorization", "x-api-key"}, None),
        ("Invalid bearer token", {"authorization"}, None),
        ("authorization failed", {"x-api-key"}, None),
        ("Missing required header: x-tenant-id", {"authorization", "x-tenant-id"}, None),
        ("You must provide a well-formed key", {"authorization"}, None),
    ],
)
def test_only_a_header_that_is_named_and_was_not_sent_is_blamed(
    text: str, sent: set[str], expected: tuple[Diagnosis, str] | None
) -> None:
    assert missing_header(text, sent) == expected


STATUSES = st.integers(0, 999)
HEADERS = st.dictionaries(
    st.sampled_from(["content-type", "location", "retry-after", "cf-mitigated", "server"]), st.text(max_size=40)
)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["type", "error", "message", "content", "usage", "model", "code", "choices", "text", "x"]),
            inner,
            max_size=5,
        )
    ),
    max_leaves=12,
)
BODIES = st.binary(max_size=200) | JSON.map(lambda value: json.dumps(value).encode())


@given(STATUSES, HEADERS, BODIES)
def test_whatever_a_gateway_answers_gets_a_diagnosis_and_nothing_is_raised(
    status: int, headers: dict[str, str], body: bytes
) -> None:
    answer = Response("https://gateway.example/v1/messages", status, headers, bytearray(body))
    finding = judge_answer(answer, QUESTION)
    assert finding.diagnosis in CAUSES
    assert failing_stage(finding, answer) in STAGES
    reading = StreamReader()
    reading.feed(body)
    streamed = judge_stream(answer, reading, QUESTION, 3.0)
    assert streamed.model or streamed.stream
    assert {one.diagnosis for one in streamed if one} <= set(CAUSES)


@given(STATUSES.filter(lambda status: not 200 <= status < 300), HEADERS, BODIES)
def test_no_answer_but_a_success_can_pass(status: int, headers: dict[str, str], body: bytes) -> None:
    finding = judge_answer(Response("https://gateway.example/v1/messages", status, headers, bytearray(body)), QUESTION)
    assert finding.status not in (Status.PASS, Status.WARN)


def test_what_is_not_said_in_json_proves_no_key() -> None:
    assert not Observation(Diagnosis.RATE_LIMITED, in_json=False).proves_key
    assert Observation(Diagnosis.MODEL_NOT_FOUND, in_json=True).proves_key
    assert not Observation(Diagnosis.UPSTREAM_ERROR, in_json=True, speaks_protocol=True).proves_key
