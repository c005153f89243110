import codecs
import json
import shutil
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as rules
from hypothesis import strategies as st

from ccswitch_py.core.paths import Paths
from ccswitch_py.formats.edit import apply_edits
from ccswitch_py.formats.owned import edits_back, edits_towards, snapshot
from ccswitch_py.model.profile import ClaudeCodeExtras
from ccswitch_py.services.apply.apply import off, undo, use
from ccswitch_py.targets.claude_code.target import ClaudeCode
from tests.support.home import add_profile
from tests.support.json_texts import foreign_part, settings_texts, strings

OWNED = ClaudeCode.owned
PLAIN = [path for path in OWNED if not ClaudeCode().is_secret(path, '"x"')]
MARKS = (b"", codecs.BOM_UTF8, codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
ENCODINGS = dict(zip(MARKS, ("utf-8", "utf-8", "utf-16-le", "utf-16-be"), strict=True))

texts = settings_texts(OWNED, strings)
wanted = st.dictionaries(st.sampled_from(OWNED), st.none() | strings, max_size=6).map(lambda found: list(found.items()))


@rules(deadline=None)
@given(texts, wanted)
def test_what_is_not_ours_keeps_every_token_and_its_place(text: str, wanted: list[tuple[tuple[str, ...], str]]) -> None:
    after = apply_edits(text, edits_towards(text, wanted))
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
    before = snapshot(text, OWNED)
    theirs = json.dumps(json.loads(apply_edits(text, edits_towards(text, wanted)), parse_int=str, parse_float=str))
    back = apply_edits(theirs, edits_back(theirs, OWNED, before))
    assert snapshot(back, OWNED).entries == before.entries


@rules(deadline=None, max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    text=settings_texts(PLAIN, strings),
    mark=st.sampled_from(MARKS),
    steps=st.lists(st.sampled_from("aabu"), max_size=4),
)
def test_use_and_off_give_back_the_very_bytes_of_any_text(
    paths: Paths, settings: Path, text: str, mark: bytes, steps: list[str]
) -> None:
    for name, extras in (("a", ClaudeCodeExtras(context_window=5)), ("b", ClaudeCodeExtras(headers={"x-b": "1"}))):
        if not Path(paths.profile(name)).exists():
            add_profile(paths, name, extras=extras)
    shutil.rmtree(paths.journal, ignore_errors=True)
    mine = mark + text.encode(ENCODINGS[mark])
    settings.write_bytes(mine)
    use(paths, "b")
    for step in steps:
        undo(paths) if step == "u" else use(paths, step)
    after = settings.read_bytes()
    assert after.startswith(mark)
    assert foreign_part(after[len(mark) :].decode(ENCODINGS[mark]), OWNED) == foreign_part(text, OWNED)
    off(paths)
    assert settings.read_bytes() == mine


LINES = "".join(f'\r\n\t"k{number}": {{"s": "汉\\u6c49{"x" * 100}", "n": {"7" * 30}}},' for number in range(34_000))
LARGE = {
    "many members": "{" + LINES + '\r\n\t"env": {"A": "1"}\r\n}',
    "one string": '{"env":{"A":"1"},"s":"' + "\\u0041y" * 750_000 + '"}',
    "one list": '{"l": [' + "1.0, " * 1_050_000 + '2]\n,"env"\n:\n{\n"A":"1"}}',
}


@pytest.mark.parametrize("name", LARGE)
def test_five_mebibytes_are_given_back_too(paths: Paths, settings: Path, name: str) -> None:
    mine = codecs.BOM_UTF8 + LARGE[name].encode()
    assert len(mine) > 5 * 1024 * 1024
    settings.write_bytes(mine)
    add_profile(paths, "a")
    use(paths, "a")
    assert json.loads(settings.read_bytes().decode("utf-8-sig"))["env"]["ANTHROPIC_MODEL"] == "a-main"
    off(paths)
    assert settings.read_bytes() == mine
