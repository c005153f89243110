from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from ccswitch_py.cli.output.terminal import table, width, wrapped_lines

TEXTS = st.text("abc -/。，中文“”é", max_size=200)


@given(TEXTS, st.integers(2, 40))
def test_every_line_fits_and_nothing_but_blanks_is_lost(text: str, columns: int) -> None:
    lines = wrapped_lines(text, columns)
    assert all(width(line) <= columns for line in lines)
    assert "".join(lines).replace(" ", "") == text.replace(" ", "")


def test_words_stay_whole_where_they_can() -> None:
    assert wrapped_lines("one two three", 8) == ["one two", "three"]
    assert wrapped_lines("see https://host.example/a/long/path there", 12) == [
        "see",
        "https://host",
        ".example/a/l",
        "ong/path",
        "there",
    ]


def test_chinese_breaks_between_letters_and_never_before_a_full_stop() -> None:
    assert wrapped_lines("密钥在钥匙串里。", 14) == ["密钥在钥匙串", "里。"]
    assert wrapped_lines("运行 ccswitch use 即可", 12) == ["运行", "ccswitch use", "即可"]


def test_a_table_counts_wide_letters_as_two_and_leaves_no_blanks_at_the_end() -> None:
    assert table([["密钥", "a", ""], ["b", "cc", "d"]], ["NAME", "X", "Y"]) == "NAME  X   Y\n密钥  a\nb     cc  d"


def test_the_last_column_is_wrapped_under_itself() -> None:
    assert table([["a", "one two three"], ["bb", ""]], columns=12) == "a   one two\n    three\nbb"
