import json
from collections.abc import Callable
from typing import Any

import pytest

from ccswitch_py.model.diagnosis import Diagnosis, Status, Verdict
from ccswitch_py.probe.plan import Depth
from ccswitch_py.probe.report import CheckResult
from ccswitch_py.targets.claude_code.request_shape import ClaudeCodeShape
from tests.support.good_gateway import GOOD, GoodGateway, refusing
from tests.support.misbehaving import Misbehaving, Script, Talk, by_stream, error, json_reply, message, stream
from tests.support.probing import plan_for, probe, row

PASS, WARN, FAIL, SKIP = Status.PASS, Status.WARN, Status.FAIL, Status.SKIP
WORDS = by_stream(message(content=[{"type": "text", "text": "I have recorded it."}]), stream())
NO_MORE = "Could not finish the message because max_tokens or model output limit was reached. Please try again."
COOLING = "No deployments available for selected model, Try again in 5 seconds. Passed model=good-model."


def openai(status: int, text: str, kind: str = "None", code: object = None) -> Script:
    return json_reply(status, {"error": {"message": text, "type": kind, "param": "None", "code": code or str(status)}})


def asks_for_tool(body: dict[str, Any]) -> bool:
    return "`record_number`" in json.dumps(body["messages"])


def calls_tools(when: Callable[[int, dict[str, Any]], bool]) -> Script:
    """A model that calls a tool only when it likes to: ``when`` gets how often it was asked, and the request."""
    asked: list[bool] = []

    def script(talk: Talk) -> None:
        if talk.request.body and asks_for_tool(talk.request.json):
            asked.append(True)
            return (GOOD if when(len(asked), talk.request.json) else WORDS)(talk)
        return GOOD(talk)

    return script


def found(script: Script, check: str, **changes: Any) -> CheckResult:
    with Misbehaving(script) as gateway:
        return row(probe(plan_for(gateway.base_url, **changes)), check)


TOOL_CALLS: tuple[tuple[Callable[[int, dict[str, Any]], bool], int, Diagnosis, Status], ...] = (
    (lambda count, _: count == 2, 2, Diagnosis.TOOLS_UNRELIABLE, WARN),
    (lambda _, body: "tool_choice" in body, 3, Diagnosis.TOOLS_UNRELIABLE, WARN),
    (lambda *_: False, 3, Diagnosis.TOOLS_UNSUPPORTED, FAIL),
)


@pytest.mark.parametrize(("when", "requests", "diagnosis", "status"), TOOL_CALLS)
def test_a_model_that_calls_no_tool_at_once_is_asked_again_and_at_last_forced(
    when: Callable[[int, dict[str, Any]], bool], requests: int, diagnosis: Diagnosis, status: Status
) -> None:
    with Misbehaving(calls_tools(when)) as gateway:
        report = probe(plan_for(gateway.base_url))
        assert sum(asks_for_tool(seen.json) for seen in gateway.seen) == requests
    assert (row(report, "tools").diagnosis, row(report, "tools").status) == (diagnosis, status)
    assert report.verdict is (Verdict.DEGRADED if status is WARN else Verdict.BROKEN)


def needs(tokens: int, text: str = NO_MORE) -> Script:
    return refusing(lambda body, _: body.get("max_tokens", tokens) < tokens, error(400, "invalid_request_error", text))


@pytest.mark.parametrize(("tokens", "diagnosis"), [(500, Diagnosis.OK), (5_000, Diagnosis.LENGTH_STOP)])
def test_an_upstream_that_refuses_few_tokens_is_asked_with_more(tokens: int, diagnosis: Diagnosis) -> None:
    with Misbehaving(needs(tokens)) as gateway:
        report = probe(plan_for(gateway.base_url))
    assert (row(report, "model").diagnosis, row(report, "model").status) == (diagnosis, PASS)
    assert report.verdict is Verdict.WORKS


LIMIT = Diagnosis.OUTPUT_LIMIT
TOO_MANY = (
    ("max_tokens is too large: 32000. This model supports at most 16384 completion tokens.", 16_384, 400, LIMIT),
    ("OpenAIException - max_tokens: 32000 > 8,192, which is the maximum allowed number", 8_192, 500, LIMIT),
    ("max_tokens 参数超出范围，最大 8192", 8_192, 422, LIMIT),
    ("Bad request", 10_000, 400, LIMIT),
)


@pytest.mark.parametrize(("words", "limit", "status", "diagnosis"), TOO_MANY)
def test_a_limit_of_output_tokens_is_found_with_the_value_that_is_accepted(
    words: str, limit: int, status: int, diagnosis: Diagnosis
) -> None:
    limited = refusing(lambda body, _: body.get("max_tokens", 0) > limit, error(status, "api_error", words))
    result = found(limited, "claude_code")
    accepted = 8_192 if limit == 10_000 else limit
    assert (result.diagnosis, result.status) == (diagnosis, FAIL)
    assert result.fix == {"max_output_tokens": str(accepted)}
    assert found(limited, "claude_code", client=ClaudeCodeShape({}, accepted)).status is PASS


REFUSALS = {
    "the gateway's own key": (
        openai(401, "litellm.AuthenticationError: AuthenticationError: OpenAIException - Incorrect API key provided"),
        Diagnosis.UPSTREAM_ERROR,
        "not yours",
    ),
    "the key of a provider behind a router": (
        openai(401, "Error from provider(openai,gpt-5.4-low: 401): Incorrect API key provided", "api_error"),
        Diagnosis.UPSTREAM_ERROR,
        "not yours",
    ),
    "the key of a backend": (
        error(401, "authentication_error", "Backend error: Incorrect API key provided"),
        Diagnosis.UPSTREAM_ERROR,
        "not yours",
    ),
    "a cool-down alone": (openai(429, COOLING), Diagnosis.UPSTREAM_ERROR, "wait a minute"),
    "a wrong key without a database": (
        openai(400, "No connected db.", "no_db_connection"),
        Diagnosis.KEY_REJECTED,
        "made for this gateway",
    ),
    "a spent budget": (
        openai(400, "Budget has been exceeded! Current cost: 2.0, Max budget: 1.0", "budget_exceeded"),
        Diagnosis.QUOTA_EXHAUSTED,
        "Top up",
    ),
    "a spent budget with 429": (
        openai(429, "Budget has been exceeded! Current cost: 2.0, Max budget: 1.0", "budget_exceeded"),
        Diagnosis.QUOTA_EXHAUSTED,
        "Top up",
    ),
    "too many at once": (
        openai(429, "Max parallel request limit reached. Hit limit for api_key", "throttling_error"),
        Diagnosis.CONCURRENCY_LIMITED,
        "other sessions",
    ),
}


@pytest.mark.parametrize(("script", "diagnosis", "advice"), REFUSALS.values(), ids=REFUSALS.keys())
def test_the_words_of_real_gateways_have_their_meaning(script: Script, diagnosis: Diagnosis, advice: str) -> None:
    with Misbehaving(script) as gateway:
        report = probe(plan_for(gateway.base_url))
    failed = next(check for check in report.checks if check.status is FAIL)
    assert (failed.diagnosis, advice in failed.advice) == (diagnosis, True)


@pytest.mark.parametrize("status", [429, 503])
def test_the_first_refusal_names_the_cause_and_no_later_cool_down(status: int) -> None:
    unknown = openai(404, "litellm.NotFoundError: OpenAIException - The model `good-model` does not exist")
    result = found(by_stream(openai(status, COOLING), unknown), "model")
    assert (result.diagnosis, result.status) == (Diagnosis.MODEL_NOT_FOUND, FAIL)


@pytest.mark.parametrize("asked", ["openai,good-model", "openai/good-model", "router,openai/good-model"])
def test_an_id_with_the_provider_in_front_is_no_other_model(asked: str) -> None:
    result = found(message(model="good-model"), "model", models=dict.fromkeys(plan_for("").models, asked))
    assert (result.diagnosis, result.status) == (Diagnosis.OK, PASS)


def test_where_no_tokens_are_counted_the_cache_is_not_judged() -> None:
    uncounted = message(usage={"input_tokens": 0, "output_tokens": 0})
    result = found(uncounted, "cache", depth=Depth.FULL)
    assert (result.diagnosis, result.status) == (Diagnosis.USAGE_MISSING, SKIP)


def test_a_converter_that_refuses_the_role_system_gets_the_id_to_map_as_advice() -> None:
    result = found(GoodGateway(refuses_role_system), "claude_code")
    assert result.diagnosis is Diagnosis.FIELD_REFUSED
    assert "claude-sonnet-4-5" in result.advice


def refuses_role_system(talk: Talk) -> None:
    if talk.request.body and any(one["role"] == "system" for one in talk.request.json.get("messages", [])):
        error(400, "invalid_request_error", "messages.1.role: no")(talk)
