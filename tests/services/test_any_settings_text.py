import codecs
import json
import shutil
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as rules
from hypothesis import strategies as st

from ccswitch_py.core.paths import Paths
from ccswitch_py.services.apply import off, undo, use
from ccswitch_py.targets.claude_code.options import ClaudeCodeOptions
from ccswitch_py.targets.claude_code.owned_entries import OWNED, is_secret
from tests.support.home import add_profile
from tests.support.json_texts import foreign_part, settings_texts, strings

PLAIN = [path for path in OWNED if not is_secret(path, "x")]
MARKS = (b"", codecs.BOM_UTF8, codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
ENCODINGS = dict(zip(MARKS, ("utf-8", "utf-8", "utf-16-le", "utf-16-be"), strict=True))


@rules(deadline=None, max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    text=settings_texts(PLAIN, strings),
    mark=st.sampled_from(MARKS),
    steps=st.lists(st.sampled_from("aabu"), max_size=4),
)
def test_use_and_off_give_back_the_very_bytes_of_any_text(
    paths: Paths, settings: Path, text: str, mark: bytes, steps: list[str]
) -> None:
    for name, options in (("a", ClaudeCodeOptions(context_window=5)), ("b", ClaudeCodeOptions(headers={"x-b": "1"}))):
        if not Path(paths.profile(name)).exists():
            add_profile(paths, name, options=options)
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
