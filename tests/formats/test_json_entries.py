import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ccswitch_py.formats.edit import apply_edits, inverse_edits
from ccswitch_py.formats.json_entries import UnreadableJson, check_object, raw_entry, remove_entry, set_entry

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


@given(settings_texts(), st.sampled_from(OWNED), st.text())
def test_setting_an_entry_changes_that_entry_alone(text: str, path: tuple[str, ...], value: str) -> None:
    after = apply_edits(text, set_entry(text, path, json.dumps(value)))

    wanted = json.loads(text)
    (wanted if len(path) == 1 else wanted.setdefault("env", {}))[path[-1]] = value
    assert json.loads(after) == wanted


@given(settings_texts(), st.sampled_from(OWNED), st.text())
def test_foreign_entries_keep_their_bytes_and_the_edits_can_be_taken_back(
    text: str, path: tuple[str, ...], value: str
) -> None:
    edits = set_entry(text, path, json.dumps(value))
    after = apply_edits(text, edits)
    for name in json.loads(text):
        if name not in ("env", path[0]):
            assert raw_entry(after, (name,)) == raw_entry(text, (name,))
    for name in json.loads(text).get("env", {}):
        if ("env", name) != path:
            assert raw_entry(after, ("env", name)) == raw_entry(text, ("env", name))
    assert apply_edits(after, inverse_edits(edits)) == text


@given(settings_texts(), st.sampled_from(OWNED))
def test_removing_an_entry_removes_that_entry_alone(text: str, path: tuple[str, ...]) -> None:
    after = apply_edits(text, remove_entry(text, path))

    wanted = json.loads(text)
    (wanted if len(path) == 1 else wanted.get("env", {})).pop(path[-1], None)
    assert json.loads(after) == wanted


@given(settings_texts(), st.sampled_from(OWNED), st.text())
def test_setting_twice_is_setting_once(text: str, path: tuple[str, ...], value: str) -> None:
    once = apply_edits(text, set_entry(text, path, json.dumps(value)))
    assert set_entry(once, path, json.dumps(value)) == []


@pytest.mark.parametrize(
    ("text", "after"),
    [
        ("{}\n", '{\n  "env": {\n    "X": "1"\n  }\n}\n'),
        ('{\n\t"a": 1\n}', '{\n\t"a": 1,\n\t"env": {\n\t\t"X": "1"\n\t}\n}'),
        ('{\r\n    "a": 1\r\n}\r\n', '{\r\n    "a": 1,\r\n    "env": {\r\n        "X": "1"\r\n    }\r\n}\r\n'),
        ('{"a":1}', '{"a":1,"env":{"X":"1"}}'),
        ('{"env": {"A": "b"}}', '{"env": {"A": "b","X": "1"}}'),
        ('{\n  "env": {\n    "A": "b"\n  }\n}', '{\n  "env": {\n    "A": "b",\n    "X": "1"\n  }\n}'),
    ],
)
def test_new_entries_take_the_style_of_their_neighbours(text: str, after: str) -> None:
    assert apply_edits(text, set_entry(text, ("env", "X"), '"1"')) == after


def test_of_a_name_that_stands_twice_the_last_counts_and_all_go() -> None:
    text = '{"env": {"X": "old", "X": "new"}}'
    assert raw_entry(text, ("env", "X")) == '"new"'
    assert apply_edits(text, set_entry(text, ("env", "X"), '"3"')) == '{"env": {"X": "old", "X": "3"}}'
    assert apply_edits(text, remove_entry(text, ("env", "X"))) == '{"env": {}}'


def test_numbers_of_any_length_are_left_alone() -> None:
    text = '{"n": ' + "9" * 5000 + "}"
    assert apply_edits(text, set_entry(text, ("a",), "1")).startswith(text[:-1])


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("", 1),
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
    with pytest.raises(UnreadableJson) as problem:
        check_object(text)
    assert problem.value.line == line


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ('{"a": "b', "a text in quotes has no end"),
        ('{"a": "b\nc"}', "a text in quotes holds a line break or another control character"),
        ('{"a": "\\u12"}', r"invalid \uXXXX escape"),
    ],
)
def test_what_is_wrong_is_told_as_a_whole_phrase(text: str, reason: str) -> None:
    with pytest.raises(UnreadableJson) as problem:
        check_object(text)
    assert problem.value.reason == reason


def test_an_entry_inside_something_that_is_no_object_is_refused() -> None:
    with pytest.raises(UnreadableJson, match="env is not an object"):
        set_entry('{"env": "text"}', ("env", "X"), '"1"')
