import json
from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ccswitch_py.demo.answer import DemoAnswer, answer_request, fill_required, stream_events
from ccswitch_py.demo.catalogue import DemoCatalogue, Served
from ccswitch_py.demo.problem import Problem
from ccswitch_py.demo.request import read_request
from ccswitch_py.demo.server import Gateway

CATALOGUE = DemoCatalogue((Served("gpt-5.4-low", images=False),))
RECORD: dict[str, Any] = {
    "name": "record_number",
    "description": "Records a number.",
    "input_schema": {"type": "object", "properties": {"number": {"type": "integer"}}, "required": ["number"]},
}
READ: dict[str, Any] = {"name": "Read", "input_schema": {"type": "object", "properties": {"path": {"type": "string"}}}}
SERVER_TOOL = {"type": "web_search_20250305", "name": "web_search", "max_uses": 8}
ASKED = "Use the tool `record_number` to record the number 7."
EMPTY = {"integer": 0, "number": 0, "string": "", "boolean": False, "array": [], "object": {}}

values = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.text(max_size=6)),
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(st.text(max_size=6), inner, max_size=3)),
    max_leaves=8,
)
tool_fields = st.sampled_from(["name", "input_schema", "type", "properties", "required", "cache_control", "text"])


def body(said: str | list[dict[str, Any]] = ASKED, **more: Any) -> dict[str, Any]:
    messages = [{"role": "user", "content": said}]
    return {"model": "gpt-5.4-low", "max_tokens": 64, "messages": messages, "tools": [READ, RECORD], **more}


def answer_to(said: str | list[dict[str, Any]] = ASKED, **more: Any) -> DemoAnswer:
    return answer_request(read_request(body(said, **more), CATALOGUE))


def called(answer: DemoAnswer) -> str | None:
    return answer.call["name"] if answer.call else None


def object_with(kinds: dict[str, str]) -> dict[str, Any]:
    return {
        "type": "object",
        "properties": {name: {"type": kind} for name, kind in kinds.items()},
        "required": [*kinds],
    }


@pytest.fixture(scope="module")
def client() -> Iterator[httpx.Client]:
    headers = {"authorization": "Bearer demo-made-up-key"}
    with Gateway() as gateway, httpx.Client(base_url=gateway.base_url, headers=headers, trust_env=False) as client:
        yield client


def test_the_tool_that_is_named_is_called_with_the_number_that_was_said(client: httpx.Client) -> None:
    reply = client.post("/v1/messages", json=body()).json()
    [block] = reply["content"]
    assert block.pop("id").startswith("toolu_")
    assert block == {"type": "tool_use", "name": "record_number", "input": {"number": 7}}
    assert (reply["stop_reason"], reply["stop_sequence"]) == ("tool_use", None)
    assert reply["usage"]["output_tokens"] > 0


def test_a_call_is_streamed_as_claude_messages_streams_it(client: httpx.Client) -> None:
    wire = client.post("/v1/messages", json=body(stream=True)).text
    events = [json.loads(line.removeprefix("data: ")) for line in wire.split("\n") if line.startswith("data: ")]
    start, stop, ending = (
        next(event for event in events if event["type"] == name)
        for name in ("content_block_start", "content_block_stop", "message_delta")
    )
    deltas = [event["delta"] for event in events if event["type"] == "content_block_delta"]
    assert start["content_block"].pop("id").startswith("toolu_")
    assert start["content_block"] == {"type": "tool_use", "name": "record_number", "input": {}}
    assert [delta["type"] for delta in deltas] == ["input_json_delta"] * 2
    assert json.loads("".join(delta["partial_json"] for delta in deltas)) == {"number": 7}
    assert start["index"] == stop["index"] == 0
    assert ending["delta"] == {"stop_reason": "tool_use", "stop_sequence": None}


def test_a_long_input_comes_in_several_parts() -> None:
    tool = {"name": "Long", "input_schema": object_with({f"field_{number}": "string" for number in range(20)})}
    names = [event["type"] for event in stream_events(answer_to("`Long`", tools=[tool], max_tokens=1000))]
    assert names.count("content_block_delta") > 3


def test_the_first_tool_that_is_named_is_the_one_that_is_called() -> None:
    assert called(answer_to("First `record_number`, then `Read`.")) == "record_number"
    assert called(answer_to("First `Read`, then `record_number`.")) == "Read"


def test_a_tool_of_the_gateway_itself_can_be_offered_and_needs_no_schema() -> None:
    answer = answer_to("Look it up with `web_search`.", tools=[SERVER_TOOL])
    assert answer.block["input"] == {}


@pytest.mark.parametrize(
    "said",
    ["hello", "Use the tool record_number.", "Use `record_numbers`.", "Use ` record_number `.", "Use `Write`."],
)
def test_what_names_no_tool_on_offer_is_answered_with_text(said: str) -> None:
    answer = answer_to(said)
    assert answer.block["type"] == "text"
    assert answer.stop_reason == "end_turn"


def test_a_tool_that_only_a_reminder_names_is_not_called() -> None:
    reminder = {"type": "text", "text": "<system-reminder>Never use `Read`.</system-reminder>"}
    answer = answer_to([reminder, {"type": "text", "text": "hello"}], system="`record_number` is there.")
    assert called(answer) is None


def test_without_tools_nothing_is_called() -> None:
    assert called(answer_to(tools=[])) is None


def test_what_a_tool_found_is_answered_with_text_even_if_a_reminder_names_a_tool() -> None:
    found = {"type": "tool_result", "tool_use_id": "toolu_1", "content": "recorded"}
    turns = [
        {"role": "user", "content": ASKED},
        {"role": "assistant", "content": [answer_to().block]},
        {
            "role": "user",
            "content": [found, {"type": "text", "text": "<system-reminder>Mind `Read`.</system-reminder>"}],
        },
    ]
    assert called(answer_to(messages=turns)) is None


@pytest.mark.parametrize("max_tokens", [1, 2, 3])
def test_a_call_that_max_tokens_cuts_says_so_and_has_no_input(max_tokens: int) -> None:
    answer = answer_to(max_tokens=max_tokens)
    deltas = [event["delta"] for event in stream_events(answer) if event["type"] == "content_block_delta"]
    assert answer.stop_reason == "max_tokens"
    assert len(answer.pieces) == max_tokens
    assert answer.block["input"] == {}
    assert '{"number": 7}'.startswith("".join(delta["partial_json"] for delta in deltas))


def test_two_calls_have_two_ids() -> None:
    assert answer_to().block["id"] != answer_to().block["id"]


@pytest.mark.parametrize(
    ("said", "number"),
    [
        ("record 7.", 7),
        ("记录数字7。", 7),
        ("record -3, not 4", -3),
        ("`record_number2` with 5", 5),
        ("gpt-5.4 says 12", 12),
        ("7.9 of them", 7),
        ("none", 0),
        ("9" * 5000, 0),
    ],
)
def test_a_whole_number_is_the_first_that_stands_alone_in_what_was_said(said: str, number: int) -> None:
    assert fill_required(object_with({"number": "integer"}), said) == {"number": number}


def test_a_number_keeps_its_decimals() -> None:
    assert fill_required(object_with({"number": "number"}), "pay 2.5 now") == {"number": 2.5}


@given(st.dictionaries(st.text(max_size=8), st.sampled_from(sorted(EMPTY)), max_size=6))
def test_an_input_has_each_required_field_with_the_empty_value_of_its_kind(kinds: dict[str, str]) -> None:
    assert fill_required(object_with(kinds), "no number") == {name: EMPTY[kind] for name, kind in kinds.items()}


@given(st.text(max_size=60))
def test_any_text_gives_a_whole_number(said: str) -> None:
    assert type(fill_required(object_with({"number": "integer"}), said)["number"]) is int


@pytest.mark.parametrize("described", [{}, True, {"type": "date"}, {"type": ["integer", "null"]}, None])
def test_a_required_field_of_another_description_is_an_empty_text(described: object) -> None:
    assert fill_required({"properties": {"when": described}, "required": ["when"]}, "on day 7") == {"when": ""}


def test_a_required_field_that_is_not_described_is_an_empty_text() -> None:
    assert fill_required({"required": ["when"]}, "on day 7") == {"when": ""}


@pytest.mark.parametrize(
    ("tools", "place"),
    [
        (None, "tools"),
        ({}, "tools"),
        ("Read", "tools"),
        (["Read"], "tools.0"),
        ([READ, {}], "tools.1.name"),
        ([{"name": 5}], "tools.0.name"),
        ([{"name": ""}], "tools.0.name"),
        ([{"name": "a", "input_schema": []}], "tools.0.input_schema"),
        ([{"name": "a", "input_schema": {"properties": []}}], "tools.0.input_schema.properties"),
        ([{"name": "a", "input_schema": {"required": "a"}}], "tools.0.input_schema.required"),
        ([{"name": "a", "input_schema": {"required": ["a", []]}}], "tools.0.input_schema.required.1"),
    ],
)
def test_bad_tools_are_refused_naming_the_field(tools: object, place: str) -> None:
    with pytest.raises(Problem) as caught:
        read_request(body(tools=tools), CATALOGUE)
    assert caught.value.status == 400
    assert caught.value.message.startswith(f"{place}: ")


@given(st.dictionaries(tool_fields, values, max_size=5), values)
def test_any_tool_is_either_called_or_refused_as_the_clients_fault(extra: dict[str, Any], schema: object) -> None:
    for tool in (extra, {"name": "t", "input_schema": schema}, {"name": "t", "input_schema": extra}):
        try:
            answer = answer_to("`t`", tools=[tool])
        except Problem as problem:
            assert problem.status == 400
        else:
            assert json.loads(json.dumps(answer.as_json())) == answer.as_json()
