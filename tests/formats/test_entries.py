import json

from hypothesis import given
from hypothesis import settings as rules
from hypothesis import strategies as st

from ccswitch_py.formats import find_format
from ccswitch_py.formats.base import Item, apply_edits, path_from_json, path_text, path_to_json
from ccswitch_py.formats.entries import Snapshot, edits_back, edits_towards, snapshot
from ccswitch_py.targets.claude_code.owned_entries import OWNED
from tests.support.json_texts import foreign_part, settings_texts, strings

JSON = find_format("json")

ITEM = ("customModels", Item("id", "ccswitch"))

texts = settings_texts(OWNED, strings)
wanted = st.dictionaries(st.sampled_from(OWNED), st.none() | strings, max_size=6).map(lambda found: list(found.items()))


@rules(deadline=None)
@given(texts, wanted)
def test_what_is_not_ours_keeps_every_token_and_its_place(text: str, wanted: list[tuple[tuple[str, ...], str]]) -> None:
    after = apply_edits(text, edits_towards(JSON, text, wanted))
    assert foreign_part(after, OWNED) == foreign_part(text, OWNED)
    values = json.loads(after, parse_int=str)
    for path, raw in wanted:
        parent = values if len(path) == 1 else values.get("env", {})
        assert parent.get(path[-1]) == (None if raw is None else json.loads(raw))


@rules(deadline=None)
@given(texts, wanted)
def test_owned_entries_are_given_back_in_a_text_that_others_have_spelt_anew(
    text: str, wanted: list[tuple[tuple[str, ...], str]]
) -> None:
    before = snapshot(JSON, text, OWNED)
    ours = apply_edits(text, edits_towards(JSON, text, wanted))
    theirs = json.dumps(json.loads(ours, parse_int=str, parse_float=str))
    back = apply_edits(theirs, edits_back(JSON, theirs, OWNED, before))
    assert snapshot(JSON, back, OWNED).entries == before.entries


def test_a_path_is_shown_and_kept() -> None:
    path = (*ITEM, "apiKey")
    assert path_text(path) == "customModels[id=ccswitch].apiKey"
    assert path_to_json(("env", "X")) == ["env", "X"]
    assert path_from_json(json.loads(json.dumps(path_to_json(path)))) == path


def test_a_snapshot_of_an_earlier_journal_is_read() -> None:
    stored = {"exists": True, "entries": [[["env", "X"], '"1"']], "objects": [["env"]]}
    found = Snapshot.from_json(stored)
    assert (found.entries, found.containers) == ({("env", "X"): '"1"'}, [("env",)])
    assert found.as_json() == stored
    items = Snapshot(True, {ITEM: "{}"}, [ITEM[:1]])
    assert Snapshot.from_json(json.loads(json.dumps(items.as_json()))).entries == items.entries


def test_containers_that_only_we_needed_go_away_again() -> None:
    owned = [("a", "b", "c"), (*ITEM, "key"), (*ITEM, "url")]
    before = snapshot(JSON, '{"x": 1}', owned)
    ours = apply_edits('{"x": 1}', edits_towards(JSON, '{"x": 1}', [(path, '"1"') for path in owned]))
    assert json.loads(ours)["customModels"] == [{"id": "ccswitch", "key": "1", "url": "1"}]
    theirs = ours.replace('"x": 1', '"x": 2')
    assert json.loads(apply_edits(theirs, edits_back(JSON, theirs, owned, before))) == {"x": 2}
    theirs = ours.replace('"b"', '"mine": 1, "b"')
    assert json.loads(apply_edits(theirs, edits_back(JSON, theirs, owned, before))) == {"x": 1, "a": {"mine": 1}}


def test_a_file_that_only_we_needed_goes_away_but_not_with_a_comment_of_the_user() -> None:
    fmt = find_format("jsonc")
    before = snapshot(fmt, None, [("a",)])
    ours = apply_edits("", edits_towards(fmt, None, [(("a",), "1")]))
    assert apply_edits(ours, edits_back(fmt, ours, [("a",)], before)) == ""
    theirs = "// mine\n" + ours
    assert apply_edits(theirs, edits_back(fmt, theirs, [("a",)], before)) == "// mine\n{}\n"


def test_foreign_values_are_found_around_what_is_owned() -> None:
    text = '{"x": 1, "env": {"S": 2}, "env": {"X": 3, "Y": {"z": 4}}, "customModels": [8, {"id": "ccswitch"}]}'
    found = JSON.foreign_spans(text, [("env", "X"), ITEM, ("absent", "a")])
    assert [text[start:end] for start, end in found] == ["1", "2", '{"z": 4}', "8"]
