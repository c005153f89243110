import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ccswitch_py.demo.answer import DemoAnswer, answer_request, demo_text, encode_event, encode_json, stream_events
from ccswitch_py.demo.catalogue import DemoCatalogue, Served
from ccswitch_py.demo.request import IMAGE_TOKENS, MessagesRequest, count_input, read_request, split_tokens

CATALOGUE = DemoCatalogue((Served("gpt-5.4-low", images=False), Served("claude-opus-4-7")))
texts = st.text(max_size=60)
# What a Python string can hold, and JSON can bring: also halves of surrogate pairs.
any_texts = st.text(st.characters(exclude_categories=()), max_size=40)


def request_for(
    said: str | list[dict[str, Any]] = "hi", model: str = "gpt-5.4-low", max_tokens: int = 1000, **more: Any
) -> MessagesRequest:
    message = {"role": "user", "content": said}
    return read_request({"model": model, "max_tokens": max_tokens, "messages": [message], **more}, CATALOGUE)


def answers() -> st.SearchStrategy[DemoAnswer]:
    return st.builds(
        lambda text, limit: answer_request(request_for(max_tokens=limit), lambda _: text),
        texts,
        st.integers(min_value=1, max_value=50),
    )


def read_stream(wire: bytes) -> list[tuple[str, dict[str, Any]]]:
    events = []
    for block in wire.split(b"\n\n")[:-1]:
        name, data = block.split(b"\n")
        assert name.startswith(b"event: ")
        assert data.startswith(b"data: ")
        events.append((name.removeprefix(b"event: ").decode(), json.loads(data.removeprefix(b"data: "))))
    return events


def test_an_answer_has_every_field_of_the_page() -> None:
    body = answer_request(request_for()).as_json()
    assert body["id"].startswith("msg_")
    assert (body["type"], body["role"], body["model"]) == ("message", "assistant", "gpt-5.4-low")
    assert [block["type"] for block in body["content"]] == ["text"]
    assert (body["stop_reason"], body["stop_sequence"]) == ("end_turn", None)
    assert body["usage"]["input_tokens"] == 1
    assert body["usage"]["output_tokens"] == len(split_tokens(body["content"][0]["text"]))


def test_an_answer_says_where_it_comes_from_which_model_it_is_and_what_was_said() -> None:
    text = answer_request(request_for("你好, gateway")).text
    assert "demo gateway" in text
    assert "gpt-5.4-low" in text
    assert "你好, gateway" in text


def test_two_models_answer_differently() -> None:
    assert demo_text(request_for(model="gpt-5.4-low")) != demo_text(request_for(model="claude-opus-4-7"))


def test_an_answer_to_nothing_but_a_tools_result_quotes_nobody() -> None:
    text = demo_text(request_for([{"type": "tool_result", "tool_use_id": "t", "content": "42"}]))
    assert "You said" not in text
    assert "demo gateway" in text


def test_no_two_answers_share_an_id() -> None:
    assert len({answer_request(request_for()).id for _ in range(50)}) == 50


@given(st.text(max_size=3000))
def test_what_was_said_is_quoted_on_one_line_and_cut(said: str) -> None:
    text = demo_text(request_for(said))
    assert text.isprintable()
    assert len(text) < 400


@given(any_texts)
def test_a_text_is_the_sum_of_its_tokens(text: str) -> None:
    pieces = split_tokens(text)
    assert "".join(pieces) == text
    assert all(1 <= len(piece) <= 4 for piece in pieces)


@given(texts, st.integers(min_value=1, max_value=30))
def test_an_answer_never_has_more_than_max_tokens_and_says_when_it_was_cut(text: str, max_tokens: int) -> None:
    answer = answer_request(request_for(max_tokens=max_tokens), lambda _: text)
    assert len(answer.pieces) <= max_tokens
    assert text.startswith(answer.text)
    assert answer.stop_reason == ("end_turn" if answer.text == text else "max_tokens")


def test_the_input_is_counted_from_system_messages_tools_and_images() -> None:
    said = count_input(request_for("a" * 400))
    assert said == 100
    assert count_input(request_for("a" * 400, system="b" * 40)) == said + 10
    assert count_input(request_for("a" * 400, tools=[{"name": "Read"}])) > said
    image = {"type": "image", "source": {"type": "base64", "media_type": "image/png", "data": "A" * 100_000}}
    assert count_input(request_for([image], model="claude-opus-4-7")) == IMAGE_TOKENS


@pytest.mark.parametrize(("text", "tokens"), [("", 1), ("word", 1), ("words", 2), ("四个汉字", 4)])
def test_a_short_input_counts_little(text: str, tokens: int) -> None:
    assert count_input(request_for(text)) == tokens


@given(answers())
def test_a_stream_carries_the_same_answer_as_the_plain_reply(answer: DemoAnswer) -> None:
    events = list(stream_events(answer))
    deltas = [event["delta"]["text"] for event in events if event["type"] == "content_block_delta"]
    ending = next(event for event in events if event["type"] == "message_delta")
    assert "".join(deltas) == answer.text
    assert all(deltas)
    assert ending["delta"] == {"stop_reason": answer.stop_reason, "stop_sequence": None}
    assert ending["usage"] == answer.as_json()["usage"]
    assert events[0]["message"].keys() == answer.as_json().keys()


@given(answers())
def test_a_stream_comes_in_the_order_of_claude_messages(answer: DemoAnswer) -> None:
    names = [event["type"] for event in stream_events(answer)]
    assert names[:3] == ["message_start", "content_block_start", "ping"]
    assert names[-3:] == ["content_block_stop", "message_delta", "message_stop"]
    assert set(names[3:-3]) <= {"content_block_delta"}


def test_a_usual_answer_comes_in_several_parts() -> None:
    names = [event["type"] for event in stream_events(answer_request(request_for()))]
    assert names.count("content_block_delta") > 3


@given(answers())
def test_every_event_is_a_name_a_line_of_data_and_an_empty_line(answer: DemoAnswer) -> None:
    events = list(stream_events(answer))
    sent = read_stream(b"".join(map(encode_event, events)))
    assert sent == [(event["type"], event) for event in events]


@given(any_texts)
def test_any_text_survives_the_way_to_the_client(text: str) -> None:
    # json.loads joins two escaped halves to one character, so both sides go through JSON.
    assert json.loads(encode_json([text])) == json.loads(json.dumps([text]))
