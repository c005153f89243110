"""The contract that every format keeps."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as rules
from hypothesis import strategies as st

from ccswitch_py.formats import find_format
from ccswitch_py.formats.base import Format, Item, TooDeep, UnreadableText, apply_edits, inverse_edits
from ccswitch_py.formats.entries import edits_back, edits_towards, snapshot
from tests.support.documents import FORMATS, ITEM, documents, owned_of, values_of

if TYPE_CHECKING:
    from ccswitch_py.formats.base import EntryPath

thorough = rules(
    deadline=None, max_examples=25, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large]
)
every_format = pytest.mark.parametrize("format_id", FORMATS)


def comments(text: str) -> list[str]:
    return re.findall(r"c\d+c", text)


def raw_of(fmt: Format, text: str, path: EntryPath) -> str | None:
    spans = fmt.spans(text, [path]).get(path)
    return text[slice(*spans[-1])] if spans else None


def missing_of(fmt: Format, text: str, path: EntryPath) -> EntryPath:
    """The outermost part of a path that is not there yet."""
    around = range(1, len(path))
    return next((path[:end] for end in around if fmt.size(text, path[:end]) is None), path)


def foreign(fmt: Format, text: str, owned: list[EntryPath]) -> list[str]:
    return [text[start:end].strip() for start, end in fmt.foreign_spans(text, owned)]


def kept_comments(fmt: Format, text: str, path: EntryPath) -> list[str]:
    """The comments that are neither in an entry nor in its lines."""
    for start, end in reversed(fmt.spans(text, [path]).get(path, [])):
        before = re.sub(r"(?:\n[^\S\n]*(?:#[^\n]*)?)*\Z", "", text[:start])
        line = before.rfind("\n") + 1
        text = text[:line] + text[end:].partition("\n")[2]
    return comments(text)


def in_order(some: list[str], all_of_them: list[str]) -> bool:
    rest = iter(all_of_them)
    return all(one in rest for one in some)


@every_format
@thorough
@given(data=st.data())
def test_setting_an_entry_changes_nothing_else(format_id: str, data: st.DataObject) -> None:
    fmt = find_format(format_id)
    text, path = data.draw(documents(format_id)), data.draw(st.sampled_from(owned_of(format_id)))
    value = data.draw(values_of(format_id, path))
    raw = fmt.dump(path, value)
    missing = missing_of(fmt, text, path)
    old = raw_of(fmt, text, path)
    edits = fmt.set(text, path, raw)
    after = apply_edits(text, edits)
    assert fmt.load(path, raw_of(fmt, after, path)) == value
    assert foreign(fmt, after, [missing]) == foreign(fmt, text, [missing] if old is None else [path])
    if old is None:
        assert comments(after) == comments(text)
        if missing == path and fmt.size(text, path[:-1]):
            assert apply_edits(after, fmt.remove(after, path)) == text
    else:
        assert in_order(kept_comments(fmt, text, path), comments(after))
    assert fmt.set(after, path, raw) == []
    assert apply_edits(after, inverse_edits(edits)) == text


@every_format
@thorough
@given(data=st.data())
def test_removing_an_entry_changes_nothing_else(format_id: str, data: st.DataObject) -> None:
    fmt = find_format(format_id)
    text, path = data.draw(documents(format_id)), data.draw(st.sampled_from(owned_of(format_id)))
    edits = fmt.remove(text, path)
    after = apply_edits(text, edits)
    assert raw_of(fmt, after, path) is None
    assert foreign(fmt, after, [path]) == foreign(fmt, text, [path])
    assert in_order(kept_comments(fmt, text, path), comments(after))
    assert fmt.remove(after, path) == []
    assert apply_edits(after, inverse_edits(edits)) == text


@every_format
@thorough
@given(data=st.data())
def test_what_was_there_comes_back_after_others_have_changed_the_text(format_id: str, data: st.DataObject) -> None:
    fmt = find_format(format_id)
    text, owned = data.draw(st.none() | documents(format_id)), owned_of(format_id)
    before = snapshot(fmt, text, owned)
    wanted = [
        (path, data.draw(st.none() | values_of(format_id, path).map(lambda v, p=path: fmt.dump(p, v))))
        for path in owned
    ]
    ours = apply_edits(text or "", edits_towards(fmt, text, wanted))
    for path, raw in wanted:
        assert (raw_of(fmt, ours, path) is None) == (raw is None)
    theirs = apply_edits(ours, fmt.set(ours, ("NEW",), fmt.dump(("NEW",), "new")))
    back = apply_edits(theirs, edits_back(fmt, theirs, owned, before))
    after = snapshot(fmt, back, owned)
    assert {path: fmt.load(path, raw) for path, raw in after.entries.items()} == {
        path: fmt.load(path, raw) for path, raw in before.entries.items()
    }
    assert set(after.containers) <= set(before.containers) | {("deep",)}
    assert raw_of(fmt, back, ("NEW",)) == fmt.dump((), "new")
    if text is None:
        back = apply_edits(ours, edits_back(fmt, ours, owned, before))
        assert back == ""


syntax = st.text(st.sampled_from("{}[]:,=.#/*-&!|>%@'\"\\ ?<~aeinx01+_$\n\r\t\x00\x85\u2028\ufeff"), max_size=30)


@every_format
@thorough
@given(data=st.data())
def test_any_text_is_changed_in_one_place_or_refused(format_id: str, data: st.DataObject) -> None:
    fmt = find_format(format_id)
    document, noise = data.draw(documents(format_id)), data.draw(syntax)
    at = data.draw(st.integers(0, len(document)))
    text = data.draw(st.sampled_from([noise, document[:at] + noise, document[:at] + noise + document[at:]]))
    path = data.draw(st.sampled_from(owned_of(format_id)))
    raw = fmt.dump(path, data.draw(values_of(format_id, path)))
    try:
        before = foreign(fmt, text, [missing_of(fmt, text, path)])
        edits = fmt.set(text, path, raw)
    except UnreadableText:
        return
    after = apply_edits(text, edits)
    assert fmt.load(path, raw_of(fmt, after, path)) == fmt.load(path, raw)
    assert foreign(fmt, after, [missing_of(fmt, text, path)]) == before
    assert apply_edits(after, inverse_edits(edits)) == text


@every_format
@thorough
@given(value=st.text())
def test_a_string_is_read_as_it_was_written_or_not_written_at_all(format_id: str, value: str) -> None:
    fmt = find_format(format_id)
    path = ("KEY",)
    try:
        raw = fmt.dump(path, value)
    except ValueError:
        assert format_id == "dotenv" or any("\ud800" <= char <= "\udfff" for char in value)
        return
    raw.encode()
    assert fmt.load(path, raw) == value
    text = apply_edits(fmt.empty, fmt.set(fmt.empty, path, raw))
    assert fmt.load(path, raw_of(fmt, text, path)) == value


@every_format
@pytest.mark.parametrize("blank", ["", "\n", "  \n\n", "\r\n"])
def test_a_blank_text_is_an_empty_object(format_id: str, blank: str) -> None:
    fmt, path = find_format(format_id), owned_of(format_id)[0]
    fmt.check(blank)
    assert fmt.size(blank, ()) == 0
    assert fmt.remove(blank, path) == [] and fmt.foreign_spans(blank, [path]) == []
    after = apply_edits(blank, fmt.set(blank, path, fmt.dump(path, "x")))
    assert fmt.load(path, raw_of(fmt, after, path)) == "x"
    assert fmt.size(after, ()) == 1
    if format_id != "dotenv":
        after = apply_edits(blank, fmt.set(blank, ("a", ITEM, "url"), fmt.dump(("a", ITEM, "url"), "x")))
        assert fmt.load((), raw_of(fmt, after, ("a", ITEM, "url"))) == "x"


BROKEN = {
    "json": ('{\n"a": 1\n"b": 2}', 3),
    "json-comments": ('{// a\n"a": 1,\n}', 3),
    "jsonc": ('{// a\n"a": 1,\n, "b": 2}', 3),
    "json5": ("{a: 1, /*\n*/ b: 'x\n'}", 2),
    "toml": ("a = 1\nb = \nc = 1", 2),
    "yaml": ("a: 1\nb: ]\nc: 1\n", 2),
    "dotenv": ("A=1\nB='x\n", 2),
}


@every_format
def test_what_cannot_be_read_is_told_with_its_line(format_id: str) -> None:
    text, line = BROKEN[format_id]
    with pytest.raises(UnreadableText) as problem:
        find_format(format_id).check(text)
    assert problem.value.line == line and problem.value.reason


BOMBS = {
    "json": ['{"a":' * 100_000, '{"x": ' + "[" * 100_000],
    "jsonc": ['{"a":' * 100_000, '{"x": ' + "[" * 100_000],
    "json5": ["{a:" * 100_000, "{x: " + "[" * 100_000],
    "toml": ["a = " + "[" * 3000, "a = " + "[" * 1500 + "]" * 1500, "a = " + "{a=" * 3000, "a" + ".a" * 9000 + " = 1"],
    "yaml": ["a: " + "[" * 3000, "{a: " * 3000, "- " * 3000, "".join(" " * n + f"a{n}:\n" for n in range(1000))],
}


@pytest.mark.parametrize(("format_id", "text"), [(name, text) for name, texts in BOMBS.items() for text in texts])
def test_a_text_of_too_many_levels_is_refused(format_id: str, text: str) -> None:
    with pytest.raises(UnreadableText):
        find_format(format_id).check(text)


@every_format
def test_a_huge_number_and_a_huge_text_end_in_an_answer(format_id: str) -> None:
    fmt = find_format(format_id)
    number = {"toml": "a = ", "yaml": "a: ", "dotenv": "a="}.get(format_id, '{"a": ') + "9" * 5000
    text = number + ("}" if "{" in number else "\n")
    path = owned_of(format_id)[0]
    try:
        after = apply_edits(text, fmt.set(text, path, fmt.dump(path, "x")))
        assert "9" * 5000 in after
    except UnreadableText:
        assert format_id == "toml"
    if format_id in ("toml", "yaml"):
        with pytest.raises(UnreadableText, match="256 KiB"):
            fmt.check("# " + "x" * 256 * 1024)


def test_an_item_that_its_path_would_not_find_is_refused() -> None:
    for format_id in FORMATS[:-1]:
        with pytest.raises(ValueError, match=r"models\[id=ours\]"):
            fmt = find_format(format_id)
            fmt.set("", ("models", ITEM), fmt.dump(("models", Item("id", "x")), {"id": "x"}))


def test_too_deep_is_told_apart() -> None:
    with pytest.raises(TooDeep):
        find_format("json").check(BOMBS["json"][0])
