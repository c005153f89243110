import gzip
import json
import zlib
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ccswitch_py.model.base_url import BaseUrl
from ccswitch_py.probe.client.response import DamagedResponse, Response, TooLarge, Unpacker
from ccswitch_py.probe.judge.answer import judge_stream
from ccswitch_py.probe.judge.observation import Question
from ccswitch_py.probe.protocols.messages import EVENT_NAMES, read_message
from ccswitch_py.probe.protocols.messages import MessagesStream as StreamReader
from ccswitch_py.targets.claude_code.request_shape import ClaudeCodeShape, RequestPart

QUESTION = Question(BaseUrl("https://gateway.example"), "gpt-5.4-low")
FIELDS = "type index delta content_block text partial_json stop_reason usage message name model error choices content"
KINDS = st.sampled_from([*sorted(EVENT_NAMES), "error", "text", "text_delta", "tool_use", "input_json_delta"])
ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(FIELDS.split()), inner, max_size=6),
    max_leaves=14,
)
NEARLY_RIGHT = st.fixed_dictionaries(
    {
        "type": KINDS,
        "index": ANYTHING | st.integers(0, 2),
        "delta": ANYTHING | st.fixed_dictionaries({"type": KINDS, "text": ANYTHING}),
        "content_block": ANYTHING | st.fixed_dictionaries({"type": KINDS}),
        "message": ANYTHING,
    }
)
NAMES = st.sampled_from([*sorted(EVENT_NAMES), "error", "ping", "message", ""])
PLAIN = b"one two three " * 40


@given(st.lists(st.tuples(NAMES, ANYTHING | NEARLY_RIGHT), max_size=12), st.sampled_from([0, 200, 404, 500]))
def test_whatever_events_a_stream_has_it_is_judged_and_nothing_is_raised(
    events: list[tuple[str, Any]], status: int
) -> None:
    lines = (f"event: {name}\ndata: {json.dumps(data)}\n\n".removeprefix("event: \n") for name, data in events)
    body = "".join(lines).encode()
    reading = StreamReader()
    reading.feed(body)
    judged = judge_stream(Response("", status, {}, bytearray(body)), reading, QUESTION, 3.0)
    assert judged.model or judged.stream
    assert reading.is_answer or judged.model is None or judged.model.status not in ("pass", "warn")


@given(ANYTHING)
def test_whatever_json_an_answer_is_it_is_read_or_not(value: Any) -> None:
    message = read_message(value)
    assert message is None or isinstance(message.text, str)


@pytest.mark.parametrize("size", [1, 2, 7, 50, 5000])
@pytest.mark.parametrize(
    ("data", "encoding"),
    [
        (gzip.compress(PLAIN[:100], mtime=0) + gzip.compress(PLAIN[100:], mtime=0), "gzip"),
        (gzip.compress(PLAIN, mtime=0), "gzip, identity"),
        (zlib.compress(PLAIN), "deflate"),
        (zlib.compress(PLAIN)[2:-4], "deflate"),
        (PLAIN, "utf-8"),
        (PLAIN, ""),
    ],
)
def test_a_body_is_unpacked_however_it_is_cut(data: bytes, encoding: str, size: int) -> None:
    unpacker = Unpacker(encoding)
    plain = b"".join(unpacker.feed(data[at : at + size]) for at in range(0, len(data), size))
    unpacker.close()
    assert plain == PLAIN


@given(st.binary(max_size=300), st.sampled_from(["gzip", "deflate", "br", "none"]), st.integers(1, 40))
def test_what_is_not_packed_as_it_says_is_damaged_and_nothing_else(data: bytes, encoding: str, size: int) -> None:
    unpacker = Unpacker(encoding, max_bytes=1000)
    out = 0
    try:
        for at in range(0, len(data), size):
            out += len(unpacker.feed(data[at : at + size]))
        unpacker.close()
    except (DamagedResponse, TooLarge):
        pass
    assert out <= 1000


@given(st.integers(0, 600), st.text(max_size=200))
def test_only_known_words_make_claude_code_leave_a_part_out(status: int, words: str) -> None:
    shape = ClaudeCodeShape({})
    assert shape.recovers_from(status, words) <= set(RequestPart)
    assert not shape.recovers_from(status, f"请求参数错误 {status}")
