import itertools
import json
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ccswitch_py.model.diagnosis import Diagnosis, Status, Verdict
from ccswitch_py.probe.checks.full_request import (
    Omissions,
    SearchOutcome,
    dropped_parts,
    possible_omissions,
    search_refused,
)
from ccswitch_py.probe.plan import SEARCH_BUDGET
from ccswitch_py.targets.claude_code.owned_entries import COMPATIBILITY_SWITCHES
from ccswitch_py.targets.claude_code.request_shape import SWITCHES, UNSWITCHABLE, ClaudeCodeShape, RequestPart
from tests.support.good_gateway import GOOD, refusing
from tests.support.misbehaving import Misbehaving, Script, by_stream, error, reply
from tests.support.probing import plan_for, probe, row

BODY = dict[str, Any]
HEADERS = dict[str, str]
SHAPE = ClaudeCodeShape({})
EVERYTHING = SHAPE.parts("gpt-5.4-low")
OMISSIONS = possible_omissions(SHAPE, EVERYTHING)
EARLY = {
    RequestPart.CACHE,
    RequestPart.TOOLS,
    RequestPart.METADATA,
    RequestPart.SYSTEM_BLOCKS,
    RequestPart.BETA_CLAUDE_CODE,
}
BETAS = "CLAUDE_CODE_DISABLE_EXPERIMENTAL_BETAS"


def has(field: str) -> Callable[[BODY, HEADERS], bool]:
    return lambda body, _: field in json.dumps(body)


def has_beta(name: str) -> Callable[[BODY, HEADERS], bool]:
    return lambda _, headers: name in headers.get("anthropic-beta", "")


def has_system_message(body: BODY, _: HEADERS) -> bool:
    return any(message["role"] == "system" for message in body["messages"])


def bad(text: str) -> Script:
    return error(400, "invalid_request_error", text)


def extra(field: str) -> Script:
    return bad(f"{field}: Extra inputs are not permitted")


REFUSED: dict[str, tuple[Callable[[BODY, HEADERS], bool], Script, dict[str, str], Diagnosis, Status]] = {
    "thinking": (
        has('"thinking"'),
        extra("thinking"),
        {"CLAUDE_CODE_DISABLE_THINKING": "1"},
        Diagnosis.FIELD_REFUSED,
        Status.FAIL,
    ),
    "effort": (
        has("output_config"),
        extra("output_config"),
        {"CLAUDE_CODE_EFFORT_LEVEL": "unset"},
        Diagnosis.FIELD_REFUSED,
        Status.FAIL,
    ),
    "cache_control": (
        has("cache_control"),
        extra("system.0.cache_control"),
        {"DISABLE_PROMPT_CACHING": "1"},
        Diagnosis.FIELD_REFUSED,
        Status.FAIL,
    ),
    "every beta of that kind": (
        has_beta("context-management"),
        bad("Unexpected value(s) in the anthropic-beta header"),
        {BETAS: "1"},
        Diagnosis.BETA_REFUSED,
        Status.FAIL,
    ),
    "context_management, by name": (
        has("context_management"),
        extra("context_management"),
        {BETAS: "1"},
        Diagnosis.FIELD_REFUSED,
        Status.WARN,
    ),
    "defer_loading, by name": (
        has("defer_loading"),
        extra("tools.1.defer_loading"),
        {"ENABLE_TOOL_SEARCH": "false"},
        Diagnosis.FIELD_REFUSED,
        Status.WARN,
    ),
    "one beta, by name": (
        has_beta("interleaved-thinking"),
        bad("Unexpected value(s) `interleaved-thinking-2025-05-14` for the `anthropic-beta` header"),
        {"DISABLE_INTERLEAVED_THINKING": "1"},
        Diagnosis.BETA_REFUSED,
        Status.WARN,
    ),
    "thinking, without a word of it": (
        has('"thinking"'),
        bad("Bad request"),
        {"CLAUDE_CODE_DISABLE_THINKING": "1"},
        Diagnosis.FIELD_REFUSED,
        Status.FAIL,
    ),
    "effort, as an error of its own": (
        has("output_config"),
        error(500, "api_error", "upstream error"),
        {"CLAUDE_CODE_EFFORT_LEVEL": "unset"},
        Diagnosis.FIELD_REFUSED,
        Status.FAIL,
    ),
    "a message of the role system": (
        has_system_message,
        bad("messages.1.role: Input should be 'user' or 'assistant'"),
        {},
        Diagnosis.FIELD_REFUSED,
        Status.WARN,
    ),
    "metadata, without a word of it": (has("metadata"), reply(400, "no"), {}, Diagnosis.FIELD_REFUSED, Status.FAIL),
}


@pytest.mark.parametrize(("condition", "script", "fix", "diagnosis", "status"), REFUSED.values(), ids=REFUSED.keys())
def test_the_refused_part_is_found_and_the_switch_that_leaves_it_out(
    condition: Callable[[BODY, HEADERS], bool],
    script: Script,
    fix: dict[str, str],
    diagnosis: Diagnosis,
    status: Status,
) -> None:
    with Misbehaving(refusing(condition, script)) as gateway:
        report = probe(plan_for(gateway.base_url))
        sent = len(gateway.seen)
        found = row(report, "claude_code")
        assert (found.diagnosis, found.status, found.fix) == (diagnosis, status, fix)
        assert all(f"{name}={value}" in found.advice for name, value in fix.items())
        if fix:
            mended = probe(plan_for(gateway.base_url, switches=fix))
            assert mended.verdict is Verdict.WORKS
    assert report.requests == sent <= 3 + SEARCH_BUDGET


def test_two_refused_parts_are_peeled_off_one_after_the_other() -> None:
    def condition(body: BODY, _: HEADERS) -> bool:
        return "thinking" in body or "output_config" in body

    def script(talk: Any) -> None:
        extra("thinking" if "thinking" in talk.request.json else "output_config")(talk)

    with Misbehaving(refusing(condition, script)) as gateway:
        report = probe(plan_for(gateway.base_url))
        assert len(gateway.seen) == 5
    assert row(report, "claude_code").fix == {
        "CLAUDE_CODE_DISABLE_THINKING": "1",
        "CLAUDE_CODE_EFFORT_LEVEL": "unset",
    }


def test_a_gateway_that_refuses_whatever_is_left_out_is_said_to_refuse_the_request() -> None:
    shaped = has('"system"')
    with Misbehaving(refusing(shaped, bad("Bad request"))) as gateway:
        report = probe(plan_for(gateway.base_url))
        assert len(gateway.seen) <= 3 + SEARCH_BUDGET
    assert row(report, "claude_code").diagnosis is Diagnosis.REQUEST_REFUSED
    assert row(report, "claude_code").fix == {}


def test_a_restriction_to_claude_code_is_not_tried_to_be_passed() -> None:
    refusal = error(403, "permission_error", "This group only allows Claude Code clients")
    with Misbehaving(refusing(has("metadata"), refusal)) as gateway:
        report = probe(plan_for(gateway.base_url))
        assert len(gateway.seen) == report.requests == 3
        for seen in gateway.seen:
            assert seen.headers["user-agent"].startswith("ccswitch/")
            assert "x-app" not in seen.headers
            assert "billing" not in json.dumps(seen.json)
    assert row(report, "claude_code").status is Status.UNTESTABLE
    assert "--with-claude" in row(report, "claude_code").advice
    assert report.verdict is Verdict.UNTESTABLE


def test_without_streaming_the_shape_is_asked_for_in_one_piece() -> None:
    with Misbehaving(by_stream(GOOD, reply(200, "", "Content-Type: text/event-stream"))) as gateway:
        report = probe(plan_for(gateway.base_url))
        assert not gateway.seen[-1].json["stream"]
    assert row(report, "claude_code").status is Status.PASS


def test_all_that_claude_code_sends_to_an_unknown_model_is_in_the_request() -> None:
    body = SHAPE.body("gpt-5.4-low", EVERYTHING, "How?", stream=True)
    assert body["thinking"] == {"type": "adaptive", "display": "omitted"}
    assert body["output_config"] == {"effort": "high"}
    assert body["context_management"] == {"edits": [{"type": "clear_thinking_20251015", "keep": "all"}]}
    assert [message["role"] for message in body["messages"]] == ["user", "system"]
    assert sum(tool.get("defer_loading", False) for tool in body["tools"]) == 1
    assert body["max_tokens"] == 32_000
    assert SHAPE.betas(EVERYTHING).split(",") == [
        "claude-code-20250219",
        "interleaved-thinking-2025-05-14",
        "context-management-2025-06-27",
        "mid-conversation-tool-changes-2026-07-01",
        "thinking-token-count-2026-05-13",
        "advanced-tool-use-2025-11-20",
        "effort-2025-11-24",
    ]


@pytest.mark.parametrize(
    ("model", "absent"),
    [
        ("gpt-5.4-low", {RequestPart.BETA_LONG_CONTEXT}),
        ("gpt-5.4-low[1m]", set[RequestPart]()),
        (
            "claude-opus-4-7-official",
            {RequestPart.BETA_LONG_CONTEXT, RequestPart.SYSTEM_MESSAGE, RequestPart.BETA_TOOL_CHANGES},
        ),
        (
            "claude-3-5-sonnet",
            set(RequestPart)
            - {
                RequestPart.CACHE,
                RequestPart.TOOLS,
                RequestPart.METADATA,
                RequestPart.SYSTEM_BLOCKS,
                RequestPart.BETA_CLAUDE_CODE,
            },
        ),
    ],
)
def test_the_shape_follows_the_model_as_claude_code_does(model: str, absent: set[RequestPart]) -> None:
    assert set(RequestPart) - SHAPE.parts(model) == absent


@pytest.mark.parametrize("model", ["claude-haiku-4-5", "claude-haiku-4-5-fd", "claude-sonnet-4-5-20250929"])
def test_models_whose_thinking_needs_a_budget_are_asked_without_it(model: str) -> None:
    assert not {RequestPart.THINKING, RequestPart.CONTEXT, RequestPart.SYSTEM_MESSAGE} & SHAPE.parts(model)


@pytest.mark.parametrize("switch", SWITCHES, ids=lambda switch: switch.name)
def test_a_switch_of_the_profile_leaves_out_what_it_leaves_out_in_claude_code(switch: Any) -> None:
    assert switch.name in COMPATIBILITY_SWITCHES
    assert EVERYTHING - ClaudeCodeShape({switch.name: switch.value}).parts("gpt-5.4-low") >= switch.drops
    assert ClaudeCodeShape({switch.name: "0" if switch.value == "1" else "high"}).parts("gpt-5.4-low") == EVERYTHING


def test_every_part_can_be_left_out_by_a_switch_or_is_known_not_to_be() -> None:
    switchable = frozenset[str]().union(*(switch.drops for switch in SWITCHES))
    assert switchable | set(UNSWITCHABLE) == set(RequestPart)
    assert not switchable & set(UNSWITCHABLE)


def run_search(refused: frozenset[str], words: Callable[[frozenset[str]], str]) -> tuple[Omissions, int]:
    """What the search finds with a gateway that refuses these parts, and how often it asks."""
    search = search_refused(SHAPE, OMISSIONS, SearchOutcome(is_accepted=False, text=words(refused)))
    asked = 0
    try:
        left_out = next(search)
        while True:
            asked += 1
            still = refused & SHAPE.without(EVERYTHING, dropped_parts(left_out))
            left_out = search.send(SearchOutcome(not still, words(still)))
    except StopIteration as end:
        return end.value, asked


PARTS = st.frozensets(st.sampled_from(sorted(EVERYTHING)), min_size=1, max_size=4)


@given(PARTS)
def test_whatever_is_refused_in_silence_is_found_and_nothing_else_is_given_up(refused: frozenset[str]) -> None:
    found, _ = run_search(refused, lambda _: "Bad request")
    assert_needed(refused, found)


def assert_needed(refused: frozenset[str], found: Omissions) -> None:
    """All that is refused is left out, and each unit of it has to be."""
    assert not refused & SHAPE.without(EVERYTHING, dropped_parts(found))
    for unit in found:
        rest = tuple(one for one in found if one != unit)
        assert refused & SHAPE.without(EVERYTHING, dropped_parts(rest))


@given(st.sampled_from(sorted(EVERYTHING)))
def test_one_part_that_is_refused_in_silence_costs_no_more_than_was_said(part: RequestPart) -> None:
    _, asked = run_search(frozenset({part}), lambda _: "Bad request")
    assert asked <= 6


@given(st.sampled_from(sorted(EVERYTHING)))
def test_one_part_that_is_named_costs_one_request(part: RequestPart) -> None:
    name = {
        RequestPart.SYSTEM_BLOCKS: "system: must be a string",
        RequestPart.SYSTEM_MESSAGE: "messages.1.role: no",
    }.get(part, part)
    found, asked = run_search(frozenset({part}), lambda still: str(name) if still else "")
    assert asked == 1
    assert part in dropped_parts(found)


@given(PARTS, st.sampled_from(sorted(EVERYTHING)))
def test_a_refusal_that_names_the_wrong_part_does_not_lead_astray(refused: frozenset[str], blamed: RequestPart) -> None:
    ids = itertools.count(7001)
    found, _ = run_search(refused, lambda still: f"{blamed} is wrong (request id: {next(ids)})" if still else "")
    assert_needed(refused, found)


@pytest.mark.parametrize("trouble", [error(429, "rate_limit_error", "Slow down"), error(500, "api_error", "down")])
@pytest.mark.parametrize("at", range(4, 9))
def test_trouble_in_the_middle_of_the_search_is_not_taken_for_a_refusal(at: int, trouble: Script) -> None:
    strict = refusing(has("context_management"), bad("Bad request"))
    lasting = [trouble if number in (at, at + 1) else strict for number in range(1, 20)]
    with Misbehaving(*lasting) as gateway:
        report = probe(plan_for(gateway.base_url))
    found = row(report, "claude_code")
    assert found.status is Status.FAIL
    assert found.fix in ({}, {BETAS: "1"})
    assert "gateway" not in found.advice


def test_a_gateway_that_takes_no_beta_header_at_all_is_said_to_refuse_it() -> None:
    refusal = bad("anthropic-beta header is not supported")
    with Misbehaving(refusing(has_beta("-"), refusal)) as gateway:
        report = probe(plan_for(gateway.base_url))
        assert len(gateway.seen) <= 7
    found = row(report, "claude_code")
    assert (found.diagnosis, found.status, found.fix) == (Diagnosis.BETA_REFUSED, Status.FAIL, {})
    assert "the anthropic-beta header as a whole" in found.detail


def test_the_effort_that_the_profile_sets_is_the_one_that_is_sent() -> None:
    def only_low(body: BODY, _: HEADERS) -> bool:
        return body.get("output_config", {}).get("effort") not in (None, "low")

    refusal = bad("output_config.effort: must be low")
    with Misbehaving(refusing(only_low, refusal)) as gateway:
        low = probe(plan_for(gateway.base_url, switches={"CLAUDE_CODE_EFFORT_LEVEL": "low"}))
        high = probe(plan_for(gateway.base_url, switches={"CLAUDE_CODE_EFFORT_LEVEL": "max"}))
    assert (low.verdict, high.verdict) == (Verdict.WORKS, Verdict.BROKEN)
