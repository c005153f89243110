import unicodedata

from hypothesis import given
from hypothesis import strategies as st

from ccswitch_py.tui.widgets.printable import printable


@given(st.text())
def test_what_is_drawn_neither_moves_the_cursor_nor_hides_or_turns_text(text: str):
    drawn = printable(text)
    assert len(drawn) == len(text)
    assert not [char for char in drawn if unicodedata.category(char)[0] == "C"]


@given(st.text(st.characters(categories=["L", "N", "P", "S"])))
def test_visible_text_of_any_script_stays_as_it_is(text: str):
    assert printable(text) == text
