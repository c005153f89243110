import json

import pytest
from hypothesis import given

from ccswitch_py.formats import find_format
from ccswitch_py.formats.base import BeyondLimits, UnreadableText, apply_edits
from ccswitch_py.formats.entries import edits_back, edits_towards, snapshot
from tests.support.documents import FORMATS, owned_of
from tests.support.hostile_texts import JSON, LONG_VALUES, syntax

STRICT = find_format("json")
OWNED = [("helper",), ("env", "A"), ("env", "B"), ("env", "C")]


@pytest.mark.parametrize("format_id", ["json", "json-comments", "jsonc", "json5"])
@pytest.mark.parametrize("what", JSON)
def test_a_hostile_text_is_read_or_refused_with_its_line(format_id: str, what: str) -> None:
    fmt = find_format(format_id)
    try:
        fmt.check(JSON[what])
        assert fmt.spans(JSON[what], [("absent",)]) == {}
    except UnreadableText as problem:
        assert problem.line == 1 and problem.reason


@pytest.mark.parametrize("format_id", FORMATS)
@given(text=syntax)
def test_any_text_is_read_or_refused_with_its_line(format_id: str, text: str) -> None:
    fmt = find_format(format_id)
    try:
        fmt.check(text)
        fmt.spans(text, list(owned_of(format_id)))
    except UnreadableText as problem:
        assert problem.line >= 1 and problem.reason


@pytest.mark.parametrize("what", LONG_VALUES)
def test_an_entry_that_is_too_long_to_look_at_is_named_with_its_line(what: str) -> None:
    text = '{"other": "' + "x" * 100_000 + '",\n"env": ' + json.dumps({"A": LONG_VALUES[what]}) + "}"
    assert STRICT.spans(text, [("helper",)]) == {}
    with pytest.raises(BeyondLimits, match=r"line 2: env\.A is longer than 65536 characters"):
        STRICT.spans(text, OWNED)


def large(members: int, *, inside: str, ours: str, indent: int | None) -> str:
    many = {f"member {at}": [at, {"é": at}] if at % 7 == 0 else str(at) for at in range(members)}
    middle = {**dict(list(many.items())[: members // 2]), **({"helper": ours} if ours else {}), **many}
    env = {"B": "old", **{name: str(value) for name, value in many.items()}, "A": "last"}
    return json.dumps({"env": env} if inside == "env" else {**middle, "env": {"B": "old"}}, indent=indent)


@pytest.mark.parametrize("indent", [None, 2])
@pytest.mark.parametrize("inside", ["root", "env"])
@pytest.mark.parametrize("ours", ["", "old"])
@pytest.mark.parametrize("new", ["1234", "---4", "1-3-", "----"])
def test_a_large_text_is_edited_as_a_small_one(inside: str, ours: str, indent: int | None, new: str) -> None:
    text = large(6000, inside=inside, ours=ours, indent=indent)
    wanted = [(path, None if value == "-" else json.dumps(value)) for path, value in zip(OWNED, new, strict=True)]
    before = snapshot(STRICT, text, OWNED)
    quickly = apply_edits(text, edits_towards(STRICT, text, wanted))
    back = apply_edits(quickly, edits_back(STRICT, quickly, OWNED, before))
    one_by_one, values = text, json.loads(text)
    for path, raw in wanted:
        made = STRICT.remove(one_by_one, path) if raw is None else STRICT.set(one_by_one, path, raw)
        one_by_one = apply_edits(one_by_one, made)
        inner = values["env"] if len(path) > 1 else values
        inner.pop(path[-1], None) if raw is None else inner.update({path[-1]: json.loads(raw)})
    assert quickly == one_by_one and json.loads(quickly) == values
    assert snapshot(STRICT, back, OWNED) == before and json.loads(back) == json.loads(text)


@pytest.mark.parametrize("line", ["a.b{}.c = 1\n", "[a{}]\n", "[[a]] # {}\n", "k{} = [1]\n"])
def test_toml_of_more_entries_than_its_parser_takes_in_time_is_refused(line: str) -> None:
    with pytest.raises(UnreadableText, match="the file has more than 5000 entries"):
        find_format("toml").check("".join(line.format(number) for number in range(5001)))


@pytest.mark.parametrize("format_id", ["json", "jsonc", "json5"])
def test_members_of_a_large_object_are_found_whatever_they_hold(format_id: str) -> None:
    values = [1, -0.5, 'a\\"b', None, [], {}, [[1, {"a": []}], "]"], {"a": {"b": [{"c": 1}]}, "d": "}"}]
    members = {f"{number} é": values[number % len(values)] for number in range(12_000)} | {'quoted "name"': 1}
    fmt, text = find_format(format_id), json.dumps(members, ensure_ascii=False, indent=1)
    spans = fmt.spans(text, [(name,) for name in members])
    assert {path[0]: json.loads(text[slice(*found[-1])]) for path, found in spans.items()} == members
    assert fmt.names(text) == [*members]
    assert fmt.spans(text, [("7 é", "a", "b")])
    for broken in (text[:-2], f"{text[:-1]}]", text.replace('"d":', '"d"', 1)):
        with pytest.raises(UnreadableText):
            fmt.check(broken)
