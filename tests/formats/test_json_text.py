import json
import sys
from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import given
from hypothesis import settings as rules
from hypothesis import strategies as st

from ccswitch_py.formats import find_format
from ccswitch_py.formats.base import Format, Item, TooDeep, UnreadableText, apply_edits, inverse_edits

JSON, JSONC, JSON5 = find_format("json"), find_format("jsonc"), find_format("json5")
COMMENTED = find_format("json-comments")


OWNED = [("apiKeyHelper",), ("env", "ANTHROPIC_BASE_URL"), ("env", "ANTHROPIC_AUTH_TOKEN")]

scalars = st.one_of(
    st.none(), st.booleans(), st.integers(), st.floats(allow_nan=False, allow_infinity=False), st.text(max_size=20)
)
values = st.recursive(
    scalars,
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(st.text(max_size=8), inner, max_size=3)),
    max_leaves=8,
)
foreign_names = st.text(max_size=10).filter(lambda name: name not in ("apiKeyHelper", "env"))


@st.composite
def settings_texts(draw: st.DrawFn) -> str:
    content = draw(st.dictionaries(foreign_names, values, max_size=4))
    if draw(st.booleans()):
        env = draw(st.dictionaries(st.sampled_from([*"ABC", *(path[-1] for path in OWNED)]), st.text(), max_size=4))
        content["env"] = env
    if draw(st.booleans()):
        content["apiKeyHelper"] = draw(st.text())
    names = draw(st.permutations(list(content)))
    indent = draw(st.sampled_from([None, 0, 1, 2, 4, "\t"]))
    compact = draw(st.booleans())
    text = json.dumps(
        {name: content[name] for name in names},
        indent=indent,
        ensure_ascii=draw(st.booleans()),
        separators=(",", ":") if compact else None,
    )
    if draw(st.booleans()):
        text = text.replace("\n", "\r\n")
    return draw(st.sampled_from(["", " ", "\n"])) + text + draw(st.sampled_from(["", "\n", "\n\n", "  "]))


def raw_entry(text: str, path: tuple[str, ...]) -> str | None:
    spans = JSON.spans(text, [path]).get(path)
    return text[slice(*spans[-1])] if spans else None


@rules(deadline=None)
@given(settings_texts(), st.sampled_from(OWNED), st.text())
def test_setting_an_entry_changes_that_entry_alone(text: str, path: tuple[str, ...], value: str) -> None:
    after = apply_edits(text, JSON.set(text, path, json.dumps(value)))

    wanted = json.loads(text)
    (wanted if len(path) == 1 else wanted.setdefault("env", {}))[path[-1]] = value
    assert json.loads(after) == wanted


@rules(deadline=None)
@given(settings_texts(), st.sampled_from(OWNED), st.text())
def test_foreign_entries_keep_their_bytes_and_the_edits_can_be_taken_back(
    text: str, path: tuple[str, ...], value: str
) -> None:
    edits = JSON.set(text, path, json.dumps(value))
    after = apply_edits(text, edits)
    for name in json.loads(text):
        if name not in ("env", path[0]):
            assert raw_entry(after, (name,)) == raw_entry(text, (name,))
    for name in json.loads(text).get("env", {}):
        if ("env", name) != path:
            assert raw_entry(after, ("env", name)) == raw_entry(text, ("env", name))
    assert apply_edits(after, inverse_edits(edits)) == text


@rules(deadline=None)
@given(settings_texts(), st.sampled_from(OWNED))
def test_removing_an_entry_removes_that_entry_alone(text: str, path: tuple[str, ...]) -> None:
    after = apply_edits(text, JSON.remove(text, path))

    wanted = json.loads(text)
    (wanted if len(path) == 1 else wanted.get("env", {})).pop(path[-1], None)
    assert json.loads(after) == wanted


@pytest.mark.parametrize(
    ("text", "after"),
    [
        ("", '{\n  "env": {\n    "X": "1"\n  }\n}\n'),
        ("{}\n", '{\n  "env": {\n    "X": "1"\n  }\n}\n'),
        ('{\n\t"a": 1\n}', '{\n\t"a": 1,\n\t"env": {\n\t\t"X": "1"\n\t}\n}'),
        ('{\r\n    "a": 1\r\n}\r\n', '{\r\n    "a": 1,\r\n    "env": {\r\n        "X": "1"\r\n    }\r\n}\r\n'),
        ('{"a":1}', '{"a":1,"env":{"X":"1"}}'),
        ('{"env": {"A": "b"}}', '{"env": {"A": "b","X": "1"}}'),
        ('{\n  "env": {\n    "A": "b"\n  }\n}', '{\n  "env": {\n    "A": "b",\n    "X": "1"\n  }\n}'),
    ],
)
def test_new_entries_take_the_style_of_their_neighbours(text: str, after: str) -> None:
    assert apply_edits(text, JSON.set(text, ("env", "X"), '"1"')) == after


def test_of_a_name_that_stands_twice_the_last_counts_and_all_go() -> None:
    text = '{"env": {"X": "old", "X": "new"}}'
    assert raw_entry(text, ("env", "X")) == '"new"'
    assert apply_edits(text, JSON.set(text, ("env", "X"), '"3"')) == '{"env": {"X": "old", "X": "3"}}'
    assert apply_edits(text, JSON.remove(text, ("env", "X"))) == '{"env": {}}'


@pytest.mark.parametrize("fmt", [JSON, JSONC, JSON5])
def test_numbers_of_any_length_are_left_alone(fmt: Format) -> None:
    text = '{"n": ' + "9" * 5000 + "}"
    assert apply_edits(text, fmt.set(text, ("a",), "1")).startswith(text[:-1])
    assert fmt.load(("n",), "9" * 5000) == float("inf")


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("[]", 1),
        ('{"a": 1', 1),
        ('{\n  // comment\n  "a": 1\n}', 2),
        ('{\n  "a": 1,\n}', 3),
        ('{\n  "a": NaN\n}', 2),
        ('{\n  "a": 1\n}\n{}', 4),
        ('{\n "a" 1}', 2),
        ("{" + '"a":{' * 5000 + "}" * 5001, 1),
    ],
)
def test_what_is_not_one_object_is_refused_with_its_line(text: str, line: int) -> None:
    with pytest.raises(UnreadableText) as problem:
        JSON.check(text)
    assert problem.value.line == line


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ('{"a": "b', "unterminated string"),
        ('{"a": "b\nc"}', "a string contains a line break or another control character"),
        ('{"a": "\\u12"}', r"invalid \uXXXX escape"),
    ],
)
def test_what_is_wrong_is_told_as_a_whole_phrase(text: str, reason: str) -> None:
    with pytest.raises(UnreadableText) as problem:
        JSON.check(text)
    assert problem.value.reason == reason


def test_an_entry_inside_something_that_is_no_object_is_refused() -> None:
    with pytest.raises(UnreadableText, match="env is not an object"):
        JSON.set('{"env": "text"}', ("env", "X"), '"1"')
    with pytest.raises(UnreadableText, match="env is not an array"):
        JSON.set('{"env": "text"}', ("env", Item("id", "x")), '{"id": "x"}')
    with pytest.raises(UnreadableText, match="env is not an object"):
        JSON.set('{"env": []}', ("env", "X"), '"1"')


OPENCODE = """\
{
  "$schema": "https://opencode.ai/config.json", // a link
  /* the provider
     of work */
  "provider": {
    // "old": {},
    "work": { "npm": "x" }, // mine
    "gw": { "npm": "y" }, // note
    // behind
  },
  "model": "gw/M", // last
}
"""


@pytest.mark.parametrize(
    ("path", "gone"),
    [
        (("provider", "gw"), '"gw": { "npm": "y" },'),
        (("provider", "work"), '"work": { "npm": "x" }, '),
        (("$schema",), '"$schema": "https://opencode.ai/config.json", '),
        (("model",), '\n  "model": "gw/M",'),
    ],
)
def test_a_removal_leaves_every_comment(path: tuple[str, ...], gone: str) -> None:
    after = apply_edits(OPENCODE, JSONC.remove(OPENCODE, path))
    assert after == OPENCODE.replace(gone, "")
    JSONC.check(after)


def test_a_new_entry_stands_behind_the_comment_of_the_last_one() -> None:
    after = apply_edits(OPENCODE, JSONC.set(OPENCODE, ("small_model",), '"gw/S"'))
    assert after == OPENCODE.replace("// last\n", '// last\n  "small_model": "gw/S",\n')
    assert apply_edits(after, JSONC.remove(after, ("small_model",))) == OPENCODE


def test_no_comma_is_added_before_a_bracket_where_the_file_has_none() -> None:
    text = '{\n  "a": 1 // one\n}\n'
    after = apply_edits(text, COMMENTED.set(text, ("b",), "2"))
    assert after == '{\n  "a": 1, // one\n  "b": 2\n}\n'
    assert apply_edits(after, COMMENTED.remove(after, ("b",))) == text
    with pytest.raises(UnreadableText):
        COMMENTED.check('{"a": 1,}')


@pytest.mark.parametrize(
    ("text", "after"),
    [
        ('{"a": 1, "b": 2 // two\n}', '{"a": 1 // two\n}'),
        ('{"a": 1, // one\n"b": 2}', '{"a": 1 // one\n}'),
        ('{"a": 1 /* c */, "b": 2}', '{"a": 1 /* c */}'),
        ('{"b": 2 // two\n, "a": 1}', '{// two\n "a": 1}'),
        ('{// only\n"b": 2 /* b */}', "{// only\n /* b */}"),
        ('{"a": "http://x", "b": 2}', '{"a": "http://x"}'),
    ],
)
def test_a_comment_never_swallows_what_follows(text: str, after: str) -> None:
    assert apply_edits(text, COMMENTED.remove(text, ("b",))) == after
    COMMENTED.check(after)


def test_json5_is_read_as_javascript_reads_it() -> None:
    raw = r"""{
      unquoted: 'single \'quotes\' and \
continued', $a: 0xFF, "b": +.5, c: 5., d: -Infinity, e: [NaN,], f: "\x41\u0042\0\v",
      /* c */ g: -0x10, h: "\ud83d\ude00", i: '\q', j: null, k: [true, false], 'l\u0041': 1e3, // end
    }"""
    value = JSON5.load((), raw)
    assert str(value.pop("e")) == "[nan]"
    assert value == {
        "unquoted": "single 'quotes' and continued",
        "$a": 255,
        "b": 0.5,
        "c": 5.0,
        "d": float("-inf"),
        "f": "AB\0\v",
        "g": -16,
        "h": "😀",
        "i": "q",
        "j": None,
        "k": [True, False],
        "lA": 1000.0,
    }


@pytest.mark.parametrize(
    "text", ["{a b}", "{'a': 01}", '{"a": "\\1"}', "{a: 'x\n'}", "{a: 1,, }", "{,}", "{a: /}", "{/*}"]
)
def test_what_json5_does_not_know_is_refused(text: str) -> None:
    with pytest.raises(UnreadableText):
        JSON5.check(text)


@pytest.mark.parametrize("fmt", [COMMENTED, JSONC, JSON5])
@pytest.mark.parametrize("bomb", ["[" * 100_000, '{"a":' * 100_000, "[" * 100_000 + "]" * 100_000])
def test_deep_texts_are_refused(fmt: Format, bomb: str) -> None:
    with pytest.raises(TooDeep):
        fmt.check('{"x": ' + bomb)
    with pytest.raises(UnreadableText):
        fmt.load((), "[" * 450 + "}")


def test_items_are_found_by_the_name_that_they_carry() -> None:
    text = '{"models": [{"id": "a", "key": "1"}, 7, {"\\u0069d": "b", "id": "ccswitch"}]}'
    item = ("models", Item("id", "ccswitch"))
    assert text[slice(*JSON.spans(text, [item])[item][-1])] == '{"\\u0069d": "b", "id": "ccswitch"}'
    after = apply_edits(text, JSON.set(text, (*item, "key"), '"2"'))
    assert json.loads(after)["models"][2] == {"id": "ccswitch", "key": "2"}
    after = apply_edits(text, JSON.remove(text, item))
    assert after == '{"models": [{"id": "a", "key": "1"}, 7]}'
    after = apply_edits("{}", JSON.set("{}", (*item, "key"), '"2"'))
    assert json.loads(after) == {"models": [{"id": "ccswitch", "key": "2"}]}
    with pytest.raises(ValueError, match=r"models\[id=ccswitch\]"):
        JSON.set(text, item, '{"id": "other"}')


def test_threads_may_read_at_the_same_time() -> None:
    fmt = find_format("json")
    texts = [f'{{"a": {{"b": {number}}}}}' for number in range(30)]
    interval = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    try:
        with ThreadPoolExecutor(4) as threads:
            sizes = list(threads.map(lambda at: fmt.size(texts[at % len(texts)], ("a",)), range(4000)))
    finally:
        sys.setswitchinterval(interval)
    assert sizes == [1] * 4000
