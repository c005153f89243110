import json
import unicodedata

from hypothesis import given
from hypothesis import strategies as st

from ccswitch_py.redact.printable import escape_json, printable, printable_lines

MOVED = "\x1b[2J\x9b\u202e\x7f\u2028"


@given(st.text())
def test_what_is_drawn_neither_moves_the_cursor_nor_hides_or_turns_text(text: str):
    drawn = printable(text)
    assert len(drawn) == len(text)
    assert not [char for char in drawn if unicodedata.category(char)[0] == "C"]


@given(st.text(st.characters(categories=["L", "N", "P", "S"])))
def test_visible_text_of_any_script_stays_as_it_is(text: str):
    assert printable(text) == printable_lines(text) == escape_json(text) == text


@given(st.text())
def test_json_says_the_same_with_nothing_in_it_that_cannot_be_seen(text: str):
    shown = escape_json(json.dumps({text: [text, MOVED]}, ensure_ascii=False, indent=2))
    assert shown.replace("\n", "").isprintable() and json.loads(shown) == {text: [text, MOVED]}


@given(st.text(), st.text())
def test_lines_and_our_own_colours_stay(one: str, other: str):
    lines = f"{printable(one)}\n\n{printable(other)}\n"
    assert printable_lines(lines) == lines
    painted = f"\x1b[31m{lines}\x1b[0m"
    assert printable_lines(painted, painted=True) == painted
    assert printable_lines(painted) == f"\ufffd[31m{lines}\ufffd[0m"
    assert printable_lines(f"{painted}{MOVED}", painted=True) == f"{painted}\ufffd[2J\ufffd\ufffd\ufffd "
