from pathlib import Path

import pytest
from hypothesis import given

from ccswitch_py.cli.main import main
from ccswitch_py.core.errors import BadInput, FileNotChanged
from ccswitch_py.core.files import read_own_json
from ccswitch_py.core.paths import Paths
from ccswitch_py.key_command import main as print_key
from ccswitch_py.live_files.journal import journal_path, load_journal
from ccswitch_py.model.base_url import BaseUrl
from ccswitch_py.model.profile import Profile
from ccswitch_py.store.last_tests import load_last_test
from ccswitch_py.store.profile_files import stored_record
from ccswitch_py.store.toml import parse_toml
from tests.support.home import add_profile
from tests.support.hostile_texts import JSON, TOML, syntax

BEYOND = (
    r"^/x\.toml, line \d+: (the file has more than (50000 entries|100000 lines)|it is longer than 8192 characters)\."
)


@pytest.mark.parametrize("what", TOML)
def test_what_goes_beyond_the_bounds_is_reported_before_it_is_parsed(what: str) -> None:
    with pytest.raises(BadInput, match=BEYOND):
        parse_toml("/x.toml", TOML[what].encode())


@given(syntax)
def test_any_text_is_a_table_or_reported_with_its_line(text: str) -> None:
    try:
        assert isinstance(parse_toml("/x.toml", text.encode()), dict)
    except BadInput as problem:
        assert problem.message.startswith("/x.toml, line ")


def test_a_profile_has_fewer_entries_than_a_catalogue(paths: Paths, capsys: pytest.CaptureFixture[str]) -> None:
    add_profile(paths, "work")
    file = Path(paths.profile("work"))
    headers = "\n".join(f'X-{number} = "v"' for number in range(Profile.max_entries))
    file.write_text(f"{file.read_text()}\n[targets.claude-code.headers]\n{headers}\n")
    copy = file.rename(file.with_name("copy"))
    assert main(["add", "x", "--from", str(copy), "--key-env", "K"]) == 2
    assert f"the file has more than {Profile.max_entries} entries" in capsys.readouterr().err


@pytest.mark.parametrize("what", TOML)
def test_the_other_profiles_and_keys_go_on(paths: Paths, what: str, capsys: pytest.CaptureFixture[str]) -> None:
    add_profile(paths, "fine")
    for path in (Path(paths.profile("bad")), Path(paths.providers, "bad.toml")):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(TOML[what])
    for argv in (["list"], ["keys", "list"], ["providers"]):
        assert main(argv) == 0
        shown = "".join(capsys.readouterr())
        assert "bad.toml, line " in shown and (argv == ["providers"] or "fine" in shown)


def test_an_address_of_more_than_2000_characters_is_refused() -> None:
    with pytest.raises(BadInput, match="longer than 2000 characters"):
        BaseUrl("http://127.0.0.1:9" + "/v1" * 700)


@pytest.mark.parametrize("what", JSON)
def test_what_is_no_record_of_ours_is_none(paths: Paths, what: str, capsys: pytest.CaptureFixture[str]) -> None:
    add_profile(paths, "work")
    for path in (paths.launch_record("work"), paths.last_test("work")):
        Path(path).parent.mkdir(parents=True, exist_ok=True)
        Path(path).write_text(JSON[what])
    assert stored_record(paths, "work") is None
    assert load_last_test(paths, "work") is None
    assert print_key(["--state", paths.state, "work"]) == 2
    assert "The launch record of 'work' cannot be read." in capsys.readouterr().err
    assert main(["list"]) == 0


@pytest.mark.parametrize("what", JSON)
def test_a_journal_that_cannot_be_read_is_reported(paths: Paths, what: str, tmp_path: Path) -> None:
    file = Path(journal_path(paths, "claude-code", str(tmp_path)))
    file.parent.mkdir(parents=True)
    file.write_text(JSON[what])
    with pytest.raises(FileNotChanged, match=r"cannot be read|newer ccswitch"):
        load_journal(paths, "claude-code", str(tmp_path))


def test_a_json_file_of_a_terabyte_is_not_read(tmp_path: Path) -> None:
    file = tmp_path / "huge.json"
    with file.open("wb") as opened:
        opened.truncate(1 << 40)
    with pytest.raises(ValueError, match="too large"):
        read_own_json(str(file))
