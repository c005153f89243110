import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ccswitch_py.probe.client.sse import MAX_EVENT_BYTES, Event, EventSplitter
from ccswitch_py.probe.protocols.messages import MessagesStream as StreamReader
from ccswitch_py.probe.protocols.messages import read_stream
from tests.support.misbehaving import encode, events

TEXT = st.text(st.characters(exclude_characters="\r\n", exclude_categories=["Cs"]), max_size=12)
EVENTS = st.lists(st.builds(Event, TEXT, TEXT), max_size=6)
ENDS = st.sampled_from(["\n", "\r", "\r\n"])


def written(parts: list[Event], end: str) -> bytes:
    lines = (f"event: {part.name}{end}: a comment{end}data: {part.data}{end}{end}" for part in parts)
    return "".join(lines).encode()


def split(*chunks: bytes) -> list[Event]:
    splitter = EventSplitter()
    return [event for chunk in chunks for event in splitter.feed(chunk)]


@given(EVENTS, ENDS, st.data())
def test_events_are_the_same_however_the_bytes_are_cut(parts: list[Event], end: str, data: st.DataObject) -> None:
    whole = written(parts, end)
    cuts = sorted(data.draw(st.lists(st.integers(0, len(whole)), max_size=12)))
    chunks = [whole[start:stop] for start, stop in zip([0, *cuts], [*cuts, len(whole)], strict=True)]
    assert split(*chunks) == split(whole) == parts
    assert split(*(whole[i : i + 1] for i in range(len(whole)))) == parts


@pytest.mark.parametrize("separator", ["\u2028", "\u2029", "\u0085", "\u000b", "\u001e"])
def test_separators_that_are_legal_inside_json_do_not_split_a_line(separator: str) -> None:
    text = json.dumps({"text": f"a{separator}b"}, ensure_ascii=False)
    (event,) = split(f"data: {text}\n\n".encode())
    assert event.data == text


def test_data_over_several_lines_is_one_event() -> None:
    assert split(b"data: a\ndata:b\nid: 7\nretry: 9\n\n") == [Event("", "a\nb")]


def test_a_byte_order_mark_at_the_beginning_is_passed_over() -> None:
    assert split(b"\xef\xbb\xbfdata: a\n\n") == [Event("", "a")]


def test_an_event_without_its_blank_line_is_not_an_event() -> None:
    assert split(b"data: a\n\ndata: b\n") == [Event("", "a")]


def test_an_event_that_is_too_large_is_dropped_and_the_next_one_is_read() -> None:
    splitter = EventSplitter()
    huge = [b"event: x\ndata: ", *[b"y" * 4096] * (MAX_EVENT_BYTES // 4096 + 1), b"\ndata: tail\n\n"]
    assert [event for chunk in huge for event in splitter.feed(chunk)] == []
    assert splitter.dropped == 1
    assert splitter.feed(b"data: next\n\n") == [Event("", "next")]


@given(st.binary(max_size=300))
def test_any_bytes_can_be_read_as_a_stream(data: bytes) -> None:
    assert not read_stream(data).is_answer


def test_reading_stops_at_the_announced_end() -> None:
    reading = StreamReader()
    assert not reading.feed(encode(events()[:-1]))
    assert reading.feed(encode(events()[-1:]))
    assert reading.is_answer
    assert reading.message.has_text
    assert reading.message.usage == {"input_tokens": 14, "output_tokens": 6}


@pytest.mark.parametrize(
    ("times", "buffered"),
    [
        ([5.0] * 20, True),
        ([5.0 + i / 1000 for i in range(20)], True),
        ([0.4] * 20, False),
        ([5.0] * 4, False),
        ([5.0 + i / 20 for i in range(20)], False),
        ([], False),
    ],
    ids=["at once, late", "almost at once, late", "at once, early", "too few pieces to tell", "one by one", "nothing"],
)
def test_a_stream_counts_as_buffered_only_when_there_is_no_doubt(times: list[float], buffered: bool) -> None:
    reading = StreamReader()
    start, delta = encode(events()[:2]), encode(events()[2:3])
    reading.feed(start, times[0] if times else 0.0)
    for at in times:
        reading.feed(delta, at)
    assert reading.is_buffered(3.0) is buffered
