import itertools
import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from ccswitch_py.redact.key_patterns import DOTS
from ccswitch_py.redact.secret import Secret
from ccswitch_py.redact.streamed_text import StreamSanitizer
from tests.support.probing import KEY

KEYS = st.text(st.characters(min_codepoint=33, max_codepoint=126), min_size=8, max_size=60)
CUTS = st.lists(st.integers(0, 400), max_size=12)
NOISE = [
    "\x1b[31m",
    "\x1b]8;;http://a.example\x1b\\",
    "\x1b]0;title\x07",
    "\x9b1m",
    "\x00",
    "\x1b",
    "\x08",
    "\r",
    "\u202e",
]
HALVES = ["\ud83d", "\ude00"]
PARTS = st.lists(
    st.sampled_from(
        [*NOISE, *HALVES, "\x1b]", "\x9d", "\x1b\\", "\x1b[", "sk-", KEY, KEY[:9], KEY.upper(), "\n", "naïve"]
    )
    | st.text(max_size=8),
    max_size=12,
)
PLAIN = st.text(st.characters(exclude_categories=["Cc", "Cf", "Cs"], include_characters="\n\t"), max_size=200)


def pieces(text: str, cuts: list[int]) -> list[str]:
    places = [0, *sorted(cut for cut in cuts if cut < len(text)), len(text)]
    return [text[start:end] for start, end in itertools.pairwise(places)]


def safe(key: str, *texts: str) -> str:
    reader = StreamSanitizer(Secret(key))
    return "".join([*map(reader.feed, texts), reader.close()])


@given(KEYS, st.text(max_size=40), st.text(max_size=40), CUTS, st.data())
def test_no_form_of_the_key_comes_out_however_it_is_cut(
    key: str, before: str, after: str, cuts: list[int], data: st.DataObject
) -> None:
    form = data.draw(st.sampled_from(sorted(Secret(key).forms)))
    noise, at = data.draw(st.sampled_from(["", *NOISE])), data.draw(st.integers(0, len(form)))
    text = before + form[:at] + noise + form[at:] + after
    shown = safe(key, *pieces(text, cuts)).lower()
    assert all(one.lower() not in shown for one in Secret(key).forms)


@given(PLAIN.filter(lambda text: "sk-test" not in text.lower()), CUTS)
def test_a_text_without_key_and_control_characters_stays_as_it_is(text: str, cuts: list[int]) -> None:
    assert safe(KEY, *pieces(text, cuts)) == text


@given(PARTS, CUTS)
@example(["\x1b]", "x", "\x1b", "Z"], [2, 3, 4])
def test_what_comes_out_is_the_same_however_the_text_is_cut(parts: list[str], cuts: list[int]) -> None:
    text = "".join(parts)
    assert safe(KEY, *pieces(text, cuts)) == safe(KEY, text) == safe(KEY, *text)


@given(PARTS)
def test_nothing_that_a_terminal_obeys_is_left_and_all_can_be_printed(parts: list[str]) -> None:
    shown = safe(KEY, *parts)
    assert all(unicodedata.category(char) != "Cc" or char in "\n\t" for char in shown)
    assert shown.encode().decode() == shown


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("\x1b[1;31mred\x1b[0m", "red"),
        ("\x1b]8;;http://a.example\x1b\\link\x1b]8;;\x07", "link"),
        ("one\r\ntwo\tthree", "one\ntwo\tthree"),
        ("a\x1b(Bb", "ab"),
        ("cut \x1b[3", "cut "),
        ("cut \x1b", "cut "),
        ("half \ud83d", "half \ufffd"),
        ("whole \ud83d\ude00", "whole \U0001f600"),
        ("👩\u200d🔬 می\u200cخواهم", "👩\u200d🔬 می\u200cخواهم"),
        ("[bold]not[/bold] sk-", "[bold]not[/bold] sk-"),
        ("\x1b]0;" + "x" * 3000, "0;" + "x" * 3000),
        (f"key {KEY}, {KEY.upper()}.", f"key {DOTS}, {DOTS}."),
        (f"it is {KEY[:-1]}", f"it is {DOTS}"),
    ],
)
def test_escape_sequences_go_and_words_stay(text: str, shown: str) -> None:
    assert safe(KEY, text) == safe(KEY, *text) == shown


def test_only_what_may_be_the_beginning_of_a_key_or_a_sequence_waits() -> None:
    reader = StreamSanitizer(Secret(KEY))
    assert reader.feed("A word, ") == "A word, "
    assert reader.feed("thus") == "thu"
    assert reader.feed(" ") == "s "
    assert reader.feed("see " + KEY[:20]) == "see "
    assert reader.feed("!") == KEY[:20] + "!"
    assert reader.feed("red \x1b[3") == "red "
    assert reader.feed("1mdot") == "dot"
    assert reader.feed("title \x1b]0;" + "x" * 5000) == "title 0;" + "x" * 5000


def test_the_case_of_a_letter_of_another_script_hides_no_key() -> None:
    assert safe(KEY, KEY.replace("s", "\u017f").replace("k", "\u212a")) == DOTS


def test_without_a_key_there_is_nothing_to_wait_for() -> None:
    assert StreamSanitizer(Secret("")).feed("words") == "words"
