import re
from pathlib import Path

import pytest

from ccswitch_py.cli.main import main
from ccswitch_py.core.errors import BadInput
from ccswitch_py.core.paths import Paths
from ccswitch_py.services.launches import load_record
from ccswitch_py.services.profiles.manage import duplicate, rename
from ccswitch_py.store.profiles import load_profile, save_profile
from tests.support.home import add_profile, saved_options

SCHEMA_1 = """# mine
schema = 1 # the first
base_url = "https://api.example/gw"
key = {env = "WORK_KEY"}
delivery = "helper"

[models] # four of them
main = "m1"
haiku = "m2" # cheap
sonnet = "m3"
opus = "m4"

[claude_code] # for Claude Code
# because of the cache
max_output_tokens = 9000 # tokens

[claude_code.headers]
X-Team = "blue" # us
"""
UNKNOWN = '\n[targets.vim] # not here\ncolour = "blue" # as the sky\n[targets.vim.deep]\nlist = [ 1,2 ]\n'


@pytest.fixture
def old(paths: Paths) -> Path:
    file = Path(paths.profile("work"))
    file.parent.mkdir(parents=True)
    file.write_text(SCHEMA_1)
    return file


def id_of(paths: Paths, name: str) -> str | None:
    return load_profile(paths, name).id


def test_a_file_of_schema_1_is_read_as_it_is(paths: Paths, old: Path) -> None:
    record = load_record(paths, "work")
    assert record.delivery == "command"
    assert record.options == {"claude-code": {"max_output_tokens": 9000, "headers": {"X-Team": "blue"}}}
    assert old.read_text() == SCHEMA_1


def test_saving_moves_the_options_and_keeps_comments_and_order(paths: Paths, old: Path) -> None:
    assert main(["edit", "work", "--opus", "m5"]) == 0
    text = old.read_text()
    assert text.startswith("# mine\nschema = 2 # the first\n")
    for comment in ("# four of them", "# cheap", "# because of the cache", "# tokens", "# us"):
        assert comment in text
    assert "claude_code" not in text and "[targets.claude-code]" in text and "[targets.claude-code.headers]" in text
    assert saved_options(paths, "work").headers == {"X-Team": "blue"}
    assert load_profile(paths, "work").models["opus"] == "m5"


def test_saving_twice_changes_nothing_more(paths: Paths, old: Path) -> None:
    main(["edit", "work", "--opus", "m5"])
    first = old.read_text()
    main(["edit", "work", "--opus", "m5"])
    assert old.read_text() == first


def test_an_id_is_made_when_a_profile_is_first_saved_and_survives_edit_and_rename(paths: Paths, old: Path) -> None:
    assert id_of(paths, "work") is None
    main(["edit", "work", "--opus", "m5"])
    known = id_of(paths, "work")
    assert known and re.fullmatch("[0-9a-f]{16}", known)
    main(["edit", "work", "--opus", "m6"])
    rename(paths, "work", "office")
    assert id_of(paths, "office") == known
    assert load_record(paths, "office").profile_id == known


def test_a_copy_gets_an_id_of_its_own_and_keeps_the_comments(paths: Paths, old: Path) -> None:
    main(["edit", "work", "--opus", "m5"])
    duplicate(paths, "work", "copy")
    assert id_of(paths, "copy") not in (None, id_of(paths, "work"))
    assert "# because of the cache" in Path(paths.profile("copy")).read_text()


def test_an_export_has_no_id_so_that_an_import_is_another_profile(
    paths: Paths, old: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    main(["edit", "work", "--opus", "m5"])
    capsys.readouterr()
    main(["export", "work", "--format", "toml"])
    text = capsys.readouterr().out
    assert "\nid" not in text and 'opus = "m5"' in text
    exported = Path(paths.config, "work.export")
    exported.write_text(text)
    assert main(["add", "copy", "--from", str(exported), "--key-env", "WORK_KEY"]) == 0
    assert id_of(paths, "copy") not in (None, id_of(paths, "work"))


def test_options_for_a_target_that_nobody_knows_are_kept_and_reported(
    paths: Paths, capsys: pytest.CaptureFixture[str]
) -> None:
    add_profile(paths, "work")
    file = Path(paths.profile("work"))
    file.write_text(file.read_text() + UNKNOWN)
    for argv in (["show", "work"], ["edit", "work", "--opus", "m5"]):
        assert main(argv) == 0
        assert "vim" in capsys.readouterr().err
    assert UNKNOWN in file.read_text()


def test_both_places_for_the_options_are_one_too_many(paths: Paths, old: Path) -> None:
    old.write_text(SCHEMA_1 + "[targets.claude-code]\nbearer_only = true\n")
    with pytest.raises(BadInput, match=r"work\.toml.*keep one"):
        load_profile(paths, "work")


@pytest.mark.parametrize(
    ("table", "words"),
    [
        ("[claude_code]\nswitches = { NONSENSE = '1' }", "line 13: targets.claude-code: not a compatibility switch"),
        ("[targets.claude-code.switches]\nNONSENSE = '1'", "not a compatibility switch: NONSENSE"),
        ("[targets.claude-code]\nmax_output_tokens = 0", r"line 14: targets\.claude-code\.max_output_tokens"),
        ("[targets.claude-code]\nnonsense = 0", r"line 14: targets\.claude-code\.nonsense"),
        ("[targets.claude-code.headers]\nx-api-key = 'a'", "is a credential"),
        ("[targets]\nclaude-code = 3", r"targets\.claude-code: Should be a table"),
    ],
)
def test_wrong_options_are_named_with_file_and_line_wherever_the_profile_is_used(
    paths: Paths, old: Path, table: str, words: str, capsys: pytest.CaptureFixture[str]
) -> None:
    old.write_text(SCHEMA_1.partition("[claude_code]")[0] + table + "\n")
    for argv in (["use", "work"], ["show", "work"], ["edit", "work", "--opus", "m5"], ["duplicate", "work", "b"]):
        assert main(argv) == 2
        error = capsys.readouterr().err
        assert "work.toml" in error
        assert re.search(words, error), error


def test_a_newer_file_is_neither_used_nor_written(paths: Paths, old: Path) -> None:
    add_profile(paths, "fine")
    newer = SCHEMA_1.replace("schema = 1", "schema = 3\nstrange = 1")
    old.write_text(newer)
    for save in (lambda: load_profile(paths, "work"), lambda: save_profile(paths, "work", load_profile(paths, "fine"))):
        with pytest.raises(BadInput, match="newer ccswitch"):
            save()
    assert old.read_text() == newer
