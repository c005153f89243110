import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ccswitch_py.demo.answer import answer_request
from ccswitch_py.demo.cache import SHORTEST_PREFIX, Cached, PromptCache
from ccswitch_py.demo.catalogue import DemoCatalogue, Served
from ccswitch_py.demo.request import MessagesRequest, count_input, read_request
from ccswitch_py.demo.server import Gateway

CATALOGUE = DemoCatalogue((Served("gpt-5.4-low", images=False), Served("claude-opus-4-7")))
KEY = "demo-made-up-key"
MARK = {"cache_control": {"type": "ephemeral"}}
LONG_TEXT = "four" * SHORTEST_PREFIX

texts = st.integers(min_value=0, max_value=2 * SHORTEST_PREFIX).map(lambda tokens: "four" * tokens)
marks = st.sampled_from([{}, MARK, {"cache_control": None}])
blocks = st.builds(lambda said, mark: text(said, **mark), texts, marks)
tools = st.builds(lambda said, mark: {"name": "Read", "description": said, **mark}, texts, marks)
bodies = st.fixed_dictionaries(
    {
        "tools": st.lists(tools, max_size=2),
        "system": st.lists(blocks, max_size=2),
        "messages": st.lists(
            st.fixed_dictionaries(
                {"role": st.sampled_from(["user", "assistant"]), "content": st.lists(blocks, max_size=2)}
            ),
            min_size=1,
            max_size=3,
        ),
    }
)


def text(said: str, **more: Any) -> dict[str, Any]:
    return {"type": "text", "text": said, **more}


def body(*said: dict[str, Any], **more: Any) -> dict[str, Any]:
    messages = [{"role": "user", "content": list(said) or [text("hi")]}]
    return {"model": "gpt-5.4-low", "max_tokens": 64, "messages": messages, **more}


def request_for(*said: dict[str, Any], **more: Any) -> MessagesRequest:
    return read_request(body(*said, **more), CATALOGUE)


@pytest.fixture
def client() -> Iterator[httpx.Client]:
    headers = {"authorization": f"Bearer {KEY}"}
    with Gateway() as gateway, httpx.Client(base_url=gateway.base_url, headers=headers, trust_env=False) as client:
        yield client


def usage(client: httpx.Client, asked: dict[str, Any], key: str = KEY) -> tuple[int, int, int]:
    response = client.post("/v1/messages", json=asked, headers={"authorization": f"Bearer {key}"})
    counts = response.json()["usage"]
    assert counts["output_tokens"] > 0
    return counts["input_tokens"], counts["cache_creation_input_tokens"], counts["cache_read_input_tokens"]


def test_a_long_marked_beginning_is_taken_in_and_then_read(client: httpx.Client) -> None:
    asked = body(text("hi"), system=[text(LONG_TEXT, **MARK)])
    other_question = body(text("what else?"), system=[text(LONG_TEXT, **MARK)])
    assert usage(client, asked) == (1, SHORTEST_PREFIX, 0)
    assert usage(client, asked) == (1, 0, SHORTEST_PREFIX)
    assert usage(client, other_question) == (3, 0, SHORTEST_PREFIX)


def test_a_stream_reports_the_cache_at_its_start_and_at_its_end(client: httpx.Client) -> None:
    asked = body(system=[text(LONG_TEXT, **MARK)])
    client.post("/v1/messages", json=asked)
    wire = client.post("/v1/messages", json={**asked, "stream": True}).text
    events = [json.loads(line.removeprefix("data: ")) for line in wire.split("\n") if line.startswith("data: ")]
    ending = next(event for event in events if event["type"] == "message_delta")
    for reported in (events[0]["message"]["usage"], ending["usage"]):
        assert reported["cache_read_input_tokens"] == SHORTEST_PREFIX
        assert reported["cache_creation_input_tokens"] == 0


@pytest.mark.parametrize(
    "asked",
    [
        body(system=LONG_TEXT),
        body(system=[text(LONG_TEXT)]),
        body(system=[text(LONG_TEXT, cache_control=None)]),
        body(system=[text(LONG_TEXT[4:], **MARK)]),
    ],
    ids=["plain text", "no mark", "an empty mark", "too short"],
)
def test_without_a_mark_or_below_the_shortest_length_nothing_is_cached(
    client: httpx.Client, asked: dict[str, Any]
) -> None:
    for _ in range(2):
        assert usage(client, asked)[1:] == (0, 0)


def test_another_key_or_model_reads_nothing(client: httpx.Client) -> None:
    asked = body(system=[text(LONG_TEXT, **MARK)])
    assert usage(client, asked) == (1, SHORTEST_PREFIX, 0)
    assert usage(client, asked, key="demo-of-another") == (1, SHORTEST_PREFIX, 0)
    assert usage(client, {**asked, "model": "gpt-5.5"}) == (1, SHORTEST_PREFIX, 0)
    assert usage(client, asked) == (1, 0, SHORTEST_PREFIX)


def test_a_refused_request_is_not_taken_in(client: httpx.Client) -> None:
    asked = body(system=[text(LONG_TEXT, **MARK)])
    assert client.post("/v1/messages", json={**asked, "max_tokens": 0}).status_code == 400
    assert client.post("/v1/messages", json=asked, headers={"authorization": "Bearer no"}).status_code == 401
    assert usage(client, asked) == (1, SHORTEST_PREFIX, 0)


def test_counting_beforehand_takes_nothing_in(client: httpx.Client) -> None:
    asked = body(system=[text(LONG_TEXT, **MARK)])
    counted = client.post("/v1/messages/count_tokens", json=asked).json()
    assert counted["input_tokens"] == sum(usage(client, asked))
    assert usage(client, asked) == (1, 0, SHORTEST_PREFIX)


def test_tools_come_before_the_system_prompt_and_that_before_the_messages() -> None:
    cache = PromptCache()
    tool = {"name": "Read", "description": LONG_TEXT}
    whole = cache.serve(request_for(text("hi", **MARK), tools=[tool], system="Be brief."), KEY)
    assert whole.created > SHORTEST_PREFIX
    assert cache.serve(request_for(text("hi", **MARK), tools=[tool], system="Be kind."), KEY).read == 0
    assert cache.serve(request_for(text("hi", **MARK), tools=[tool], system="Be brief."), KEY) == Cached(
        read=whole.created
    )


def test_a_conversation_reads_what_it_had_and_takes_in_what_is_new() -> None:
    cache = PromptCache()
    said, answered = text(LONG_TEXT), {"role": "assistant", "content": "yes"}
    first = [{"role": "user", "content": [{**said, **MARK}]}]
    second = [{"role": "user", "content": [said]}, answered, {"role": "user", "content": [text("more", **MARK)]}]
    assert cache.serve(request_for(messages=first), KEY) == Cached(created=SHORTEST_PREFIX)
    assert cache.serve(request_for(messages=second), KEY) == Cached(created=2, read=SHORTEST_PREFIX)
    assert cache.serve(request_for(messages=second), KEY) == Cached(read=SHORTEST_PREFIX + 2)


def test_the_same_text_of_another_role_is_another_beginning() -> None:
    cache = PromptCache()
    for role in ("user", "assistant"):
        messages = [{"role": role, "content": [text(LONG_TEXT, **MARK)]}]
        assert cache.serve(request_for(messages=messages), KEY).read == 0


def test_only_the_last_used_beginnings_are_kept() -> None:
    cache = PromptCache(limit=2)
    first, second, third = (request_for(text(LONG_TEXT + name, **MARK)) for name in "abc")
    for asked in (first, second, first, third):
        cache.serve(asked, KEY)
    assert cache.serve(first, KEY).read
    assert not cache.serve(second, KEY).read


def test_of_many_at_the_same_time_one_is_taken_in_and_the_others_read() -> None:
    cache, asked = PromptCache(), request_for(text(LONG_TEXT, **MARK))
    with ThreadPoolExecutor(8) as threads:
        results = list(threads.map(lambda _: cache.serve(asked, KEY), range(40)))
    assert results.count(Cached(created=SHORTEST_PREFIX)) == 1
    assert results.count(Cached(read=SHORTEST_PREFIX)) == 39


@given(bodies)
def test_the_parts_of_the_input_always_add_up_and_the_second_time_all_is_read(asked: dict[str, Any]) -> None:
    cache, request = PromptCache(), request_for(**asked)
    first, second = cache.serve(request, KEY), cache.serve(request, KEY)
    assert first.read == 0
    assert second == Cached(read=first.created)
    assert first.created == 0 or first.created >= SHORTEST_PREFIX
    for cached in (first, second):
        reported = answer_request(request, cached=cached).usage
        assert min(reported.values()) >= 0
        assert sum(reported.values()) - reported["output_tokens"] == count_input(request)


def test_neither_the_key_nor_what_was_said_is_in_the_cache() -> None:
    cache = PromptCache()
    cache.serve(request_for(text(LONG_TEXT, **MARK)), KEY)
    remembered = repr(vars(cache))
    assert KEY not in remembered
    assert "four" not in remembered
