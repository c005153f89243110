import re
import tomllib
from datetime import UTC, datetime
from pathlib import Path

import pytest

from ccswitch_py.cli.main import main
from ccswitch_py.core.paths import Paths
from ccswitch_py.store.keys import KeyEntry, load_keys, save_key_entry
from ccswitch_py.store.profiles import load_profile
from tests.support.home import saved_options

HEAD = 'schema = 1\nbase_url = "https://api.example/gw" # mine\nkey = {env = "WORK_KEY"}\n'
MODELS = '# the four\n[models] # of them\nmain = "m1"\nhaiku = "m2"\nsonnet = "m3"\nopus = "m4"\n'
SPLIT = {
    "by another table": (
        "[claude_code] # a\n# b\nmax_output_tokens = 9000 # c\n",
        '# d\n[claude_code.headers] # e\nX-Team = "blue" # f\n',
    ),
    "with a quoted heading": ('["claude_code"] # a\nmax_output_tokens = 9000\n["claude_code" . headers] # b\n', ""),
    "into keys with dots": ("claude_code.max_output_tokens = 9000 # a\nclaude_code.headers.X-Team = 'blue' # b\n", ""),
    "as an inline table": ("claude_code = {max_output_tokens = 9000} # a\n", ""),
    "only comments": ("[claude_code] # a\n# b\n# c\n", ""),
    "beside another target": ("[targets.vim] # a\nx = 1 # b\n", "[claude_code] # c\nmax_output_tokens = 9000 # d\n"),
}


def profile(paths: Paths, text: str, name: str = "work") -> Path:
    file = Path(paths.profile(name))
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(text.encode())
    return file


def comments(text: str) -> list[str]:
    return re.findall("#.*", text)


@pytest.mark.parametrize("way", SPLIT)
@pytest.mark.parametrize("change", [["--opus", "m5"], ["--max-output-tokens", "7"], ["--header", "X-New: 1"]])
def test_options_of_schema_1_keep_every_comment_however_they_are_split(
    paths: Paths, way: str, change: list[str]
) -> None:
    before, after = SPLIT[way]
    old = HEAD + before + MODELS + after
    file = profile(paths, old)
    options = saved_options(paths, "work")
    assert main(["edit", "work", *change]) == 0
    text = file.read_text()
    assert comments(text) == comments(old)
    assert "claude_code" not in text and load_profile(paths, "work").schema_ == 2
    now = saved_options(paths, "work")
    assert {**options.headers, **now.headers} == now.headers
    assert now.max_output_tokens == (7 if change[1] == "7" else options.max_output_tokens)


def test_options_that_are_split_up_can_be_removed_and_keep_the_tables_between(paths: Paths) -> None:
    before, after = SPLIT["by another table"]
    file = profile(paths, HEAD + before + MODELS + after)
    assert main(["edit", "work", "--header", "X-Team:"]) == 0
    assert saved_options(paths, "work").headers == {}
    assert "# the four\n[models] # of them" in file.read_text()


def test_a_text_that_only_looks_like_the_heading_of_schema_1_is_not_renamed(paths: Paths) -> None:
    odd = "[targets.vim]\nx = '''\n[claude_code]\n'''\n"
    file = profile(paths, HEAD + MODELS + odd + "[claude_code]\nmax_output_tokens = 9000\n")
    assert main(["edit", "work", "--opus", "m5"]) == 0
    table = tomllib.loads(file.read_text())["targets"]
    assert table == {"vim": {"x": "[claude_code]\n"}, "claude-code": {"max_output_tokens": 9000}}


def test_a_new_id_stands_with_its_own_table_and_not_behind_the_comment_of_the_next(paths: Paths) -> None:
    file = profile(paths, HEAD + "\n" + MODELS)
    assert main(["edit", "work", "--opus", "m5"]) == 0
    assert re.search(r'WORK_KEY"\}\nid = "[0-9a-f]{16}"\n\n# the four\n\[models\]', file.read_text())


def test_a_file_with_windows_line_ends_keeps_them(paths: Paths) -> None:
    file = profile(paths, (HEAD + "\n" + MODELS).replace("\n", "\r\n"))
    assert main(["edit", "work", "--fable", "m5", "--max-output-tokens", "9", "--header", "X-Team: blue"]) == 0
    data = file.read_bytes()
    assert b'fable = "m5"' in data and data.count(b"\n") == data.count(b"\r\n")


def test_a_date_among_the_options_of_an_unknown_target_stays_one(paths: Paths) -> None:
    file = profile(paths, HEAD + MODELS + "[targets.vim]\nsince = 2026-01-02 # then\n")
    assert main(["edit", "work", "--opus", "m5"]) == 0
    assert "since = 2026-01-02 # then" in file.read_text()


@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_a_replaced_key_keeps_the_comments_of_the_list(paths: Paths, newline: str) -> None:
    file = Path(paths.keys)
    file.parent.mkdir(parents=True)
    text = '# mine\n[keys.work] # at work\nitem = "work/1" # there\nhosts = ["a.example:443"]\n'
    text += "stored = 2026-01-02T03:04:05Z\n\n# next\n[keys.home]\n" + text.partition("\n")[2].partition("\n")[2]
    text += "stored = 2026-01-02T03:04:05Z\n"
    file.write_bytes(text.replace("\n", newline).encode())
    save_key_entry(paths, "work", KeyEntry(item="work/2", hosts=["b.example:443"], stored=datetime.now(UTC)))
    save_key_entry(paths, "new", KeyEntry(item="new/1", hosts=["c.example:443"], stored=datetime.now(UTC)))
    data = file.read_bytes().decode()
    assert comments(data.replace("\r", "")) == ["# mine", "# at work", "# there", "# next", "# there"]
    assert data.count("\n") == data.count(newline)
    assert {name: one.item for name, one in load_keys(paths).items()} == {
        "work": "work/2",
        "home": "work/1",
        "new": "new/1",
    }
    save_key_entry(paths, "work", None)
    assert [*load_keys(paths)] == ["home", "new"]


def test_a_profile_copied_by_hand_is_reported_and_gets_an_id_of_its_own_when_it_is_saved(
    paths: Paths, capsys: pytest.CaptureFixture[str]
) -> None:
    profile(paths, HEAD + MODELS)
    main(["edit", "work", "--opus", "m5"])
    profile(paths, Path(paths.profile("work")).read_text(), "copy")
    capsys.readouterr()
    assert main(["list"]) == 0
    assert "the same id: copy, work" in capsys.readouterr().err
    main(["doctor", "--json"])
    assert '"duplicate_profile_id"' in capsys.readouterr().out
    known = load_profile(paths, "work").id
    assert main(["edit", "copy", "--opus", "m6"]) == 0
    assert (load_profile(paths, "work").id, load_profile(paths, "copy").id != known) == (known, True)
    capsys.readouterr()
    main(["list"])
    assert "same id" not in capsys.readouterr().err
