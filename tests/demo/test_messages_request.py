import copy
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ccswitch_py.demo.answer import encode_json
from ccswitch_py.demo.catalogue import DemoCatalogue, Served, read_catalogue
from ccswitch_py.demo.problem import Problem
from ccswitch_py.demo.request import read_request, receive
from ccswitch_py.demo.routes import Routes

CATALOGUE = DemoCatalogue((Served("gpt-5.4-low", images=False), Served("claude-opus-4-7")))
IMAGE = {"type": "image", "source": {"type": "base64", "media_type": "image/png", "data": "iVBORw0KGgo="}}
PLAIN: dict[str, Any] = {"model": "claude-opus-4-7", "max_tokens": 64, "messages": [{"role": "user", "content": "hi"}]}
FROM_CLAUDE_CODE: dict[str, Any] = {
    "model": "gpt-5.4-low",
    "max_tokens": 32000,
    "stream": True,
    "thinking": {"type": "adaptive", "display": "omitted"},
    "output_config": {"effort": "high"},
    "context_management": {"edits": [{"type": "clear_thinking_20251015", "keep": "all"}]},
    "metadata": {"user_id": "made-up"},
    "tools": [{"name": "Read", "description": "Reads", "input_schema": {"type": "object"}, "defer_loading": True}],
    "system": [{"type": "text", "text": "You help.", "cache_control": {"type": "ephemeral"}}],
    "messages": [
        {
            "role": "user",
            "content": [
                {"type": "text", "text": "<system-reminder/>"},
                {"type": "text", "text": "hi"},
            ],
        },
        {"role": "system", "content": "A note in the middle."},
    ],
}

json_values = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(allow_nan=False), st.text(max_size=8)),
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(st.text(max_size=8), inner, max_size=3)),
    max_leaves=10,
)
page_fields = st.sampled_from(["model", "max_tokens", "messages", "system", "stream", "temperature", "role", "content"])


def refusal(body: object) -> Problem:
    with pytest.raises(Problem) as caught:
        read_request(body, CATALOGUE)
    return caught.value


def with_field(path: str, value: Any) -> dict[str, Any]:
    body = copy.deepcopy(PLAIN)
    place: Any = body
    *way, last = [int(step) if step.isdigit() else step for step in path.split(".")]
    for step in way:
        place = place[step]
    place[last] = value
    return body


def test_a_request_of_the_page_is_read() -> None:
    request = read_request({**PLAIN, "system": "Be brief.", "stream": True, "temperature": 0.5}, CATALOGUE)
    assert request.model.id == "claude-opus-4-7"
    assert request.max_tokens == 64
    assert request.stream
    assert request.last_user_text == "hi"
    assert [block["text"] for block in request.blocks] == ["Be brief.", "hi"]


def test_a_request_of_claude_codes_shape_is_read() -> None:
    request = read_request(FROM_CLAUDE_CODE, CATALOGUE)
    assert request.stream
    assert request.last_user_text == "hi"


@pytest.mark.parametrize("field", ["model", "max_tokens", "messages"])
def test_a_missing_field_is_named(field: str) -> None:
    problem = refusal({name: value for name, value in PLAIN.items() if name != field})
    assert problem.status == 400
    assert problem.message == f"{field}: this field is required."


@pytest.mark.parametrize("field", ["role", "content"])
def test_a_field_missing_in_a_message_is_named_with_its_place(field: str) -> None:
    message = {name: value for name, value in PLAIN["messages"][0].items() if name != field}
    assert refusal({**PLAIN, "messages": [PLAIN["messages"][0], message]}).message.startswith(f"messages.1.{field}: ")


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("model", 5),
        ("max_tokens", "64"),
        ("max_tokens", True),
        ("max_tokens", 64.0),
        ("max_tokens", 0),
        ("max_tokens", -1),
        ("messages", {}),
        ("messages", []),
        ("messages.0", "hi"),
        ("messages.0.role", 1),
        ("messages.0.role", "tool"),
        ("messages.0.content", None),
        ("messages.0.content", {"type": "text", "text": "hi"}),
        ("messages.0.content", ["hi"]),
        ("messages.0.content", [{}]),
        ("messages.0.content", [{"type": "text"}]),
        ("messages.0.content", [{"type": "text", "text": 5}]),
        ("messages.0.content", [{"type": "image"}]),
        ("messages.0.content", [{"type": "image", "source": {}}]),
        ("system", 5),
        ("system", [{"type": "text"}]),
        ("stream", "true"),
        ("stream", 1),
        ("temperature", "hot"),
        ("temperature", True),
        ("temperature", -0.1),
        ("temperature", float("inf")),
    ],
)
def test_a_value_of_the_wrong_kind_is_refused_naming_its_place(path: str, value: Any) -> None:
    problem = refusal(with_field(path, value))
    assert problem.status == 400
    assert problem.message.startswith(path)


@pytest.mark.parametrize("body", [None, [], "hi", 5])
def test_a_body_that_is_no_object_is_refused(body: object) -> None:
    assert refusal(body).status == 400


def test_a_model_that_is_not_served_is_not_found() -> None:
    problem = refusal({**PLAIN, "model": "claude-opus-9"})
    assert problem.status == 404
    assert problem.message.startswith("model: claude-opus-9 ")


def test_a_model_id_full_of_control_characters_is_shown_on_one_short_line() -> None:
    message = refusal({**PLAIN, "model": "\x1b[31m\u202e" + "x" * 5000 + "\r\nset-cookie: a=b"}).message
    assert message.isprintable()
    assert len(message) < 400


@pytest.mark.parametrize("content", [[IMAGE], [{"type": "tool_result", "tool_use_id": "t", "content": [IMAGE]}]])
def test_an_image_is_refused_by_a_model_without_eyes_and_taken_by_the_others(content: list[Any]) -> None:
    body = with_field("messages.0.content", content)
    assert read_request(body, CATALOGUE).blocks == content
    problem = refusal({**body, "model": "gpt-5.4-low"})
    assert problem.status == 400
    assert "image" in problem.message


@pytest.mark.parametrize("served", read_catalogue().models, ids=lambda served: served.id)
def test_each_model_of_the_page_takes_images_as_the_page_says(served: Served) -> None:
    body = {**with_field("messages.0.content", [IMAGE]), "model": served.id}
    reply = ask(body)
    assert reply.status == (400 if served.id.startswith("gpt-") else 200)


@given(st.dictionaries(st.one_of(page_fields, st.text(max_size=8)), json_values, max_size=5))
def test_any_object_is_either_understood_or_refused_as_the_clients_fault(extra: dict[str, Any]) -> None:
    reply = ask({**PLAIN, **extra})
    assert reply.status in (200, 400, 404)


@given(page_fields, json_values)
def test_any_value_within_a_message_is_either_understood_or_refused_as_the_clients_fault(
    field: str, value: object
) -> None:
    reply = ask({**PLAIN, "messages": [{**PLAIN["messages"][0], field: value}]})
    assert reply.status in (200, 400)


@given(st.dictionaries(st.text(min_size=1, max_size=12).map(lambda name: f"x_{name}"), json_values, max_size=4))
def test_fields_that_the_page_does_not_name_change_nothing(extra: dict[str, Any]) -> None:
    assert read_request({**extra, **PLAIN}, CATALOGUE) == read_request(PLAIN, CATALOGUE)


@given(st.binary(max_size=40))
def test_bytes_that_are_no_request_are_refused(body: bytes) -> None:
    received = receive("POST", "/v1/messages", [("Authorization", "Bearer demo-made-up")], body)
    assert Routes(CATALOGUE).reply(received).status == 400


@pytest.mark.parametrize("opening", [b'{"tools":' + b"[" * 100_000, b'{"max_tokens": ' + b"9" * 5000 + b"}"])
def test_a_body_made_to_break_a_parser_is_refused(opening: bytes) -> None:
    received = receive("POST", "/v1/messages", [("Authorization", "Bearer demo-made-up")], opening)
    assert Routes(CATALOGUE).reply(received).status == 400


def ask(body: dict[str, Any]) -> Any:
    received = receive("POST", "/v1/messages", [("Authorization", "Bearer demo-made-up")], encode_json(body))
    return Routes(read_catalogue()).reply(received)
