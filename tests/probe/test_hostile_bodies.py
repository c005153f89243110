import json
import time
from collections.abc import Mapping

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ccswitch_py.model.base_url import BaseUrl
from ccswitch_py.model.diagnosis import Diagnosis
from ccswitch_py.probe.client.request import post
from ccswitch_py.probe.client.response import MAX_BODY_BYTES, Response
from ccswitch_py.probe.describe import describe
from ccswitch_py.probe.judge.answer import judge_answer, judge_stream
from ccswitch_py.probe.judge.observation import Observation, Question
from ccswitch_py.probe.protocols.messages import MessagesStream as StreamReader
from ccswitch_py.probe.protocols.values import MAX_DEPTH, read_json
from ccswitch_py.targets.claude_code.request_shape import ClaudeCodeShape
from tests.support.misbehaving import encode, events
from tests.support.probing import KEY, plan_for

CPU_LIMIT_S = 1.0
"""Of the process, so another program that uses the machine changes nothing."""

SIZE = MAX_BODY_BYTES
QUESTION = Question(BaseUrl("https://gateway.example"), "gpt-5.4-low", ClaudeCodeShape({}))
PLAN = plan_for("https://gateway.example")
SENT = post(PLAN.url(), PLAN.headers, {})
START = encode(events(["message_start"])).decode()
DELTA = encode(events(["content_block_delta"])[:1]).decode()


def filled(piece: str, start: str = "", end: str = "") -> str:
    """The piece as often as a body may be long."""
    return start + piece * ((SIZE - len(start) - len(end)) // len(piece.encode())) + end


def with_content(content: str) -> str:
    return '{"model":"m","usage":{"input_tokens":1,"output_tokens":1},"content":' + content + "}"


def nested(depth: int) -> str:
    return "[" * depth + "]" * depth


BODIES = {
    "lists without end": filled("["),
    "objects without end": filled('{"a":'),
    "deep lists": nested(500_000),
    "a deep input": with_content('[{"type":"tool_use","name":"x","input":' + nested(5_000) + "}]"),
    "a deep error": '{"error":{"message":' + nested(900) + "}}",
    "a string with brackets": json.dumps({"error": {"message": "[{" * 9_000}}),
    "a long integer": filled("9", '{"content":[],"usage":{"input_tokens":', "}}"),
    "many long integers": filled("9" * 390 + ",", "[", "1]"),
    "a long fraction": filled("1", '{"a":0.', "}"),
    "a long exponent": filled("9", '{"a":1e', "}"),
    "many members": "{" + ",".join(f'"{number}":0' for number in range(80_000)) + "}",
    "many blocks": filled('{"type":"text","text":"a"},', with_content("[")[:-1], '{"type":"text"}]}'),
    "many calls": filled('{"type":"tool_use","name":"a","input":{}},', with_content("[")[:-1], "{}]}"),
    "blanks": filled(" "),
    "line ends": filled("\n"),
    "returns": filled("\r"),
    "comments of a stream": filled(":\n"),
    "comments of a page": filled("<!--"),
    "a title without end": filled(" ", "<html><title"),
    "escaped backslashes": filled("\\\\", '{"error":{"message":"', '"}}'),
    "an open string": filled('\\"', '["'),
    "escaped letters": filled("\\u0061", '{"error":{"message":"', '"}}'),
    "combining characters": filled("\u0301", '{"error":{"message":"a', '"}}'),
    "the beginning of the key": filled(KEY[:-1], '{"error":{"message":"', '"}}'),
    "words of a restriction": filled("only a ", '{"error":{"message":"', '"}}'),
    "words about a model": filled("model not ", '{"error":{"message":"', '"}}'),
    "words about tokens": filled("max_tokens ", '{"error":{"message":"', '"}}'),
    "one line of a stream": filled("x", "data: "),
    "many empty events": filled("data:\n\n"),
    "many events": filled(DELTA, START),
    "many names of one event": filled("event: message_start\n", end="\n"),
    "many lines of one event": filled("data: x\n", end="\n"),
    "deep events": START + f'event: message_delta\ndata: {{"delta":{nested(2_000)}}}\n\n' * 200,
}
HEADERS: dict[str, dict[str, str]] = {
    "many": {f"x-{number}": "v" for number in range(8_000)},
    "a long one": {"x": "a" * 100_000},
    "a long wait": {"retry-after": "Mon, " * 20_000},
    "brackets as a wait": {"retry-after": "(" * 100_000},
    "a long target": {"location": "https://a" + "@" * 100_000},
    "slashes as a target": {"location": "//" * 50_000},
}


def within_limit(status: int, headers: Mapping[str, str], body: str) -> None:
    """Each way to read an answer takes at most so long, raises nothing, and shows nothing of the key."""
    content = bytearray(body.encode("utf-8", "replace")[:SIZE])
    answer = Response(PLAN.url(), status, headers, content, request=SENT, status_line="HTTP/1.1 x")

    def streamed() -> Observation | None:
        stream = StreamReader()
        stream.feed(bytes(content), 1.0)
        verdict = judge_stream(answer, stream, QUESTION, 3.0)
        return verdict.model or verdict.stream

    def shown() -> bool:
        row = describe(PLAN, "model", Observation(Diagnosis.BAD_JSON), answer)
        return row.evidence is not None and KEY not in json.dumps(row.evidence.as_json())

    for read in (lambda: judge_answer(answer, QUESTION), streamed, shown):
        began = time.process_time()
        assert read()
        assert time.process_time() - began < CPU_LIMIT_S


@pytest.mark.parametrize("status", [200, 400])
@pytest.mark.parametrize("body", BODIES.values(), ids=BODIES.keys())
def test_no_body_costs_more_than_a_second(body: str, status: int) -> None:
    within_limit(status, {}, body)


@pytest.mark.parametrize("status", [302, 429])
@pytest.mark.parametrize("headers", HEADERS.values(), ids=HEADERS.keys())
def test_no_headers_cost_more_than_a_second(headers: Mapping[str, str], status: int) -> None:
    within_limit(status, headers, "x")


PIECES = st.lists(
    st.sampled_from(
        [*'[]{}":,\\<>-/ \n\r', "a", "9", "e", "not ", "model ", "only ", "data:", "event:", "\\u0061", "\u0301"]
    ),
    min_size=1,
    max_size=4,
).map("".join)


@settings(max_examples=30, deadline=None)
@given(PIECES, PIECES, st.sampled_from([200, 400, 429, 503]))
def test_whatever_is_repeated_takes_linear_time(start: str, piece: str, status: int) -> None:
    within_limit(status, {}, start + piece * (SIZE // 4 // len(piece.encode())))


@given(st.integers(0, 3 * MAX_DEPTH), st.text(alphabet='[]{}"\\a', max_size=30))
def test_the_depth_of_json_is_bounded_and_brackets_in_strings_do_not_count(depth: int, text: str) -> None:
    value = nested(depth)[:depth] + json.dumps(text * 20) + nested(depth)[depth:]
    if depth > MAX_DEPTH:
        with pytest.raises(ValueError, match="nested"):
            read_json(value)
    else:
        read_json(value)
