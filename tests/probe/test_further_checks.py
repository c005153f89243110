import json
from collections.abc import Callable
from typing import Any

import pytest

from ccswitch_py.model.diagnosis import Diagnosis, Status, Verdict
from ccswitch_py.probe.checks.table import planned_requests
from ccswitch_py.probe.plan import Depth
from tests.support.good_gateway import GOOD, GoodGateway, refusing
from tests.support.misbehaving import Misbehaving, Script, error, html, json_reply, message, reply
from tests.support.probing import plan_for, probe, row

PASS, WARN, FAIL, SKIP = Status.PASS, Status.WARN, Status.FAIL, Status.SKIP
OLD_CALL = '<tool_use>{"name": "record_number", "input": {"number": 7}}</tool_use>'


def says(text: str) -> Script:
    return message(content=[{"type": "text", "text": text}])


def calls(given: dict[str, Any], stop_reason: str = "tool_use", name: str = "record_number") -> Script:
    block = {"type": "tool_use", "id": "toolu_1", "name": name, "input": given}
    return message(content=[block], stop_reason=stop_reason)


def asks_for_tool(body: dict[str, Any], _: object) -> bool:
    return "`record_number`" in json.dumps(body["messages"])


TOOLS = {
    "a call": (calls({"number": 7}), Diagnosis.OK, PASS),
    "a call with another number": (calls({"number": 41}), Diagnosis.OK, PASS),
    "a call with the number as text": (calls({"number": "7"}), Diagnosis.OK, PASS),
    "a call that ends like an answer": (calls({"number": 7}, "end_turn"), Diagnosis.OK, PASS),
    "a call without its input": (calls({}), Diagnosis.TOOLS_UNSUPPORTED, FAIL),
    "another tool": (calls({"number": 7}, name="other"), Diagnosis.TOOLS_UNSUPPORTED, FAIL),
    "a call as XML": (says(OLD_CALL), Diagnosis.TOOLS_AS_TEXT, FAIL),
    "a call as JSON": (says('{"name": "record_number", "arguments": {"number": 7}}'), Diagnosis.TOOLS_AS_TEXT, FAIL),
    "a call as Python": (says("record_number(number=7)"), Diagnosis.TOOLS_AS_TEXT, FAIL),
    "words": (says("I have recorded the number seven."), Diagnosis.TOOLS_UNSUPPORTED, FAIL),
    "a refusal": (error(400, "invalid_request_error", "tools: not supported"), Diagnosis.TOOLS_UNSUPPORTED, FAIL),
    "a limit": (message(content=[], stop_reason="max_tokens"), Diagnosis.LENGTH_STOP, SKIP),
    "an overload": (error(529, "overloaded_error", "Overloaded"), Diagnosis.OVERLOADED, FAIL),
}


@pytest.mark.parametrize(("script", "diagnosis", "status"), TOOLS.values(), ids=TOOLS.keys())
def test_a_model_that_calls_no_tool_is_told_from_one_that_does(
    script: Script, diagnosis: Diagnosis, status: Status
) -> None:
    with Misbehaving(refusing(asks_for_tool, script)) as gateway:
        report = probe(plan_for(gateway.base_url))
    assert (row(report, "tools").diagnosis, row(report, "tools").status) == (diagnosis, status)
    assert row(report, "claude_code").status is PASS


def test_what_the_few_tokens_of_the_test_do_not_suffice_for_is_not_held_against_a_gateway() -> None:
    with Misbehaving(refusing(asks_for_tool, message(content=[], stop_reason="max_tokens"))) as gateway:
        report = probe(plan_for(gateway.base_url))
    assert row(report, "tools").status is SKIP
    assert report.verdict is Verdict.WORKS


def has_image(body: dict[str, Any], _: object) -> bool:
    return '"type": "image"' in json.dumps(body)


def is_long(body: dict[str, Any], _: object) -> bool:
    return len(json.dumps(body.get("system", ""))) > 8_000


def no_text(body: dict[str, Any], _: object) -> bool:
    return "max_tokens" not in body


Rows = dict[str, tuple[Script, Diagnosis, Status]]

PICTURES: Rows = {
    "refused": (error(400, "invalid_request_error", "no images"), Diagnosis.IMAGE_UNSUPPORTED, WARN),
    "refused without a word of them": (reply(400, "no"), Diagnosis.IMAGE_UNSUPPORTED, WARN),
    "dropped": (says("I see no picture."), Diagnosis.IMAGE_IGNORED, WARN),
    "made up": (says("1234"), Diagnosis.IMAGE_IGNORED, WARN),
    "cut": (message(content=[], stop_reason="max_tokens"), Diagnosis.LENGTH_STOP, SKIP),
    "seen": (says("It shows 7,352."), Diagnosis.OK, PASS),
}
ONLY_CLAUDE_CODE = error(403, "permission_error", "only Claude Code clients")
COUNTS: Rows = {
    "none": (reply(404, ""), Diagnosis.COUNT_TOKENS_MISSING, WARN),
    "a web page": (html(200), Diagnosis.COUNT_TOKENS_MISSING, WARN),
    "no number": (json_reply(200, {"input_tokens": "many"}), Diagnosis.COUNT_TOKENS_MISSING, WARN),
    "for Claude Code only": (ONLY_CLAUDE_CODE, Diagnosis.COUNT_TOKENS_MISSING, WARN),
    "zero": (json_reply(200, {"input_tokens": 0}), Diagnosis.COUNT_TOKENS_ZERO, WARN),
    "beyond belief": (json_reply(200, {"input_tokens": 9000}), Diagnosis.COUNT_TOKENS_ZERO, WARN),
}
CACHES: Rows = {
    "none": (message(), Diagnosis.CACHE_IGNORED, WARN),
    "refused": (error(413, "request_too_large", "Too large"), Diagnosis.REQUEST_REFUSED, WARN),
}
FULL = {"image": (has_image, PICTURES), "count_tokens": (no_text, COUNTS), "cache": (is_long, CACHES)}


@pytest.mark.parametrize(
    ("check", "condition", "expected"),
    [
        pytest.param(check, condition, row, id=f"{check}: {name}")
        for check, (condition, rows) in FULL.items()
        for name, row in rows.items()
    ],
)
def test_the_full_test_names_what_a_session_may_miss(
    check: str, condition: Callable[[dict[str, Any], object], bool], expected: tuple[Script, Diagnosis, Status]
) -> None:
    script, diagnosis, status = expected
    with Misbehaving(refusing(condition, script)) as gateway:
        report = probe(plan_for(gateway.base_url, depth=Depth.FULL))
    assert (row(report, check).diagnosis, row(report, check).status) == (diagnosis, status)
    assert report.verdict in (Verdict.WORKS, Verdict.DEGRADED)


def test_a_good_gateway_passes_every_check_with_the_number_of_requests_that_was_said() -> None:
    models = {"main": "a", "haiku": "b", "sonnet": "c", "opus": "a"}
    with Misbehaving(GoodGateway()) as gateway:
        plan = plan_for(gateway.base_url, models=models, depth=Depth.FULL)
        report = probe(plan)
        assert len(gateway.seen) == report.requests == planned_requests(plan) == 9
        assert sorted(seen.json.get("max_tokens", 64) for seen in gateway.seen) == [64] * 8 + [32_000]
        assert {seen.json["model"] for seen in gateway.seen} == {"a", "b", "c"}
    assert {one.status for one in report.checks} == {PASS}
    assert report.verdict is Verdict.WORKS


def test_evidence_stands_beside_the_verdict() -> None:
    with Misbehaving(GOOD) as gateway:
        report = probe(plan_for(gateway.base_url))
    answered, streamed = row(report, "model"), row(report, "stream")
    assert (answered.requested_model, answered.answered_model) == ("good-model", "good-model")
    assert answered.usage and answered.usage["input_tokens"] == 14
    assert streamed.timing and streamed.timing["pieces"] == 3
    assert "14 tokens in" in answered.detail
    assert "3 pieces" in streamed.detail


def test_a_short_question_that_is_counted_as_a_long_one_is_a_warning() -> None:
    with Misbehaving(message(usage={"input_tokens": 4186, "output_tokens": 6})) as gateway:
        report = probe(plan_for(gateway.base_url))
    assert (row(report, "model").diagnosis, row(report, "model").status) == (Diagnosis.USAGE_WRONG, WARN)
    assert "4186 tokens" in row(report, "model").detail
