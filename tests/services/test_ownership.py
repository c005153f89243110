"""What a profile wrote is recognised in the live file, also where no record tells of it."""

import json
import os
import shutil
from pathlib import Path
from typing import Any

import pytest

from ccswitch_py.cli.main import main
from ccswitch_py.core.files import write_own_file
from ccswitch_py.core.paths import Paths, find_paths
from ccswitch_py.live_files.journal import journal_files
from ccswitch_py.services.apply import off, undo, use
from ccswitch_py.services.status import status
from ccswitch_py.targets.claude_code.options import ClaudeCodeOptions
from ccswitch_py.vault.backend_policy import DEMO, DEMO_MARK
from tests.support.home import KEY_VARIABLE, add_profile

MINE = '{"theme": "dark", "env": {"MY_OWN": "1", "ANTHROPIC_MODEL": "my-model"}}'
OPTIONS = ClaudeCodeOptions(max_output_tokens=9, headers={"x-tenant": "7"}, switches={"DISABLE_PROMPT_CACHING": "1"})
FOREIGN = {"theme": "dark", "env": {"MY_OWN": "1"}}


@pytest.fixture
def second(paths: Paths, settings: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Paths:
    """Another home; both have profiles, and the settings are the user's own."""
    monkeypatch.setenv(KEY_VARIABLE, "sk-made-up-ownership-key")
    settings.write_text(MINE)
    os.utime(settings, (0, 0))
    add_profile(paths, "a", options=OPTIONS)
    second = find_paths({"CCSWITCH_HOME": str(tmp_path / "second")})
    add_profile(second, "a", "https://second.example/gw", options=OPTIONS.model_copy(update={"max_output_tokens": 5}))
    return second


@pytest.fixture
def lost(second: Paths, paths: Paths) -> Paths:
    """The first home after ``use``, without its state folder."""
    use(paths, "a")
    shutil.rmtree(paths.state)
    return paths


def content(settings: Path) -> dict[str, Any]:
    return json.loads(settings.read_text())


def test_after_the_loss_of_the_state_the_profile_is_still_known(
    lost: Paths, settings: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    found = status(lost)[0]
    assert (found.profile, found.unrecorded, found.other_home, found.changed_by_others) == ("a", "a", None, [])
    assert found.base_url == "http://127.0.0.1:9/gw_llm_power"
    assert main(["status"]) == 1
    assert "a is in use" in (out := capsys.readouterr().out) and "record is missing" in out


@pytest.mark.parametrize("again", [False, True])
def test_off_takes_out_what_no_record_tells_of_and_says_what_it_does_not_know(
    lost: Paths, settings: Path, again: bool
) -> None:
    before = settings.read_bytes()
    if again:
        assert "is unknown" in use(lost, "a").notes[-1]
        assert settings.read_bytes() == before
        assert "is unknown" not in " ".join(use(lost, "a").notes)
        before = settings.read_bytes()
    result = off(lost)
    assert content(settings) == FOREIGN
    assert "is unknown" in result.notes[-1]
    assert not off(lost).changed and status(lost)[0].profile is None
    undo(lost)
    assert settings.read_bytes() == before and status(lost)[0].profile == "a"
    off(lost)
    assert content(settings) == FOREIGN


def test_what_the_user_put_beside_an_unrecorded_profile_stays(lost: Paths, settings: Path) -> None:
    values = content(settings)
    values["env"] |= {"CLAUDE_CODE_MAX_OUTPUT_TOKENS": "777", "ANTHROPIC_SMALL_FAST_MODEL": "mine"}
    settings.write_text(json.dumps(values))
    off(lost)
    own = {"CLAUDE_CODE_MAX_OUTPUT_TOKENS": "777", "ANTHROPIC_SMALL_FAST_MODEL": "mine"}
    assert content(settings) == FOREIGN | {"env": FOREIGN["env"] | own}


def test_without_the_profile_only_what_every_profile_writes_is_taken_out(lost: Paths, settings: Path) -> None:
    shutil.rmtree(lost.config)
    off(lost)
    assert content(settings)["env"] == {
        "MY_OWN": "1",
        "CLAUDE_CODE_MAX_OUTPUT_TOKENS": "9",
        "DISABLE_PROMPT_CACHING": "1",
        "ANTHROPIC_CUSTOM_HEADERS": "x-tenant: 7",
    }
    assert "apiKeyHelper" not in content(settings)


def test_a_renamed_home_of_the_user_keeps_what_is_in_use(
    second: Paths, paths: Paths, settings: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("CCSWITCH_HOME")
    home = tmp_path / "home"
    for path, to in ((settings.parent, home / ".claude"), (Path(paths.config), home / ".config" / "ccswitch")):
        shutil.copytree(path, to)
    monkeypatch.setenv("HOME", str(home))
    use(find_paths(), "a")
    moved = home.rename(tmp_path / "renamed")
    monkeypatch.setenv("HOME", str(moved))
    assert (found := status(find_paths())[0]).profile == found.unrecorded == "a"
    assert "is unknown" in off(find_paths()).notes[-1]
    assert content(moved / ".claude" / "settings.json") == FOREIGN


def test_a_moved_folder_of_ccswitch_still_has_its_record(second: Paths, paths: Paths, tmp_path: Path) -> None:
    use(paths, "a")
    (tmp_path / "ccswitch").rename(tmp_path / "moved")
    moved = find_paths({"CCSWITCH_HOME": str(tmp_path / "moved")})
    assert (status(moved)[0].profile, status(moved)[0].unrecorded) == ("a", None)
    off(moved)
    assert (tmp_path / ".claude" / "settings.json").read_text() == MINE


def test_the_profile_of_another_home_is_named_as_that(
    second: Paths, paths: Paths, capsys: pytest.CaptureFixture[str]
) -> None:
    use(second, "a")
    found = status(paths)[0]
    assert (found.profile, found.unrecorded, found.other_home) == (None, "a", second.state)
    assert main(["status"]) == 1 and second.state in capsys.readouterr().out


@pytest.mark.parametrize("last", [1, 2])
@pytest.mark.parametrize("switches", [1, 2])
def test_after_off_in_two_homes_nothing_of_either_is_left(
    second: Paths, paths: Paths, settings: Path, last: int, switches: int
) -> None:
    for _ in range(switches):
        use(paths, "a")
        use(second, "a")
    assert status(second)[0].profile == "a" and status(paths)[0].other_home == second.state
    homes = [second, paths] if last == 1 else [paths, second]
    for home in homes:
        off(home)
        assert "apiKeyHelper" not in content(settings)
    assert content(settings) == json.loads(MINE)
    assert [status(home)[0].profile or status(home)[0].unrecorded for home in homes] == [None, None]


def test_another_homes_off_keeps_own_settings_that_are_like_the_profile(
    second: Paths, paths: Paths, settings: Path
) -> None:
    mine = {"env": {"ANTHROPIC_BASE_URL": "https://second.example/gw", "ANTHROPIC_MODEL": "a-main"}}
    settings.write_text(json.dumps(mine))
    use(paths, "a")
    use(second, "a")
    off(paths)
    off(second)
    assert content(settings) == mine


@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
def test_a_secret_of_the_user_outlives_two_homes(
    second: Paths, paths: Paths, settings: Path, monkeypatch: pytest.MonkeyPatch, order: tuple[int, int]
) -> None:
    homes = (paths, second)
    for home in homes:
        write_own_file(os.path.join(home.config, DEMO_MARK), b"")
    monkeypatch.setenv("CCSWITCH_KEYRING", DEMO)
    mine = '{"env": {"ANTHROPIC_AUTH_TOKEN": "sk-made-up-token-of-mine"}}'
    settings.write_text(mine)
    for home in homes:
        use(home, "a")
    for at in order:
        off(homes[at])
        assert content(settings) == json.loads(mine)
    journals = [Path(path) for home in homes for path in journal_files(home)]
    assert len(journals) == 2 and not [path for path in journals if "token-of-mine" in path.read_text()]


def test_where_the_other_home_lost_its_record_too_its_profile_goes_all_the_same(
    second: Paths, paths: Paths, settings: Path
) -> None:
    use(paths, "a")
    shutil.rmtree(paths.state)
    use(second, "a")
    assert "is unknown" in off(second).notes[-1]
    assert "apiKeyHelper" not in content(settings)
    assert not off(paths).changed


def test_undo_goes_back_to_the_profile_of_another_home(second: Paths, paths: Paths, settings: Path) -> None:
    use(paths, "a")
    before = settings.read_bytes()
    use(second, "a")
    undo(second)
    assert settings.read_bytes() == before
    assert (status(paths)[0].profile, status(second)[0].other_home) == ("a", paths.state)
    off(paths)
    assert settings.read_text() == MINE


def test_a_record_of_an_earlier_version_does_not_bring_back_another_home(
    second: Paths, paths: Paths, settings: Path
) -> None:
    use(paths, "a")
    of_first = settings.read_text()
    settings.write_text(MINE)
    use(second, "a")
    (file,) = map(Path, journal_files(second))
    values = json.loads(file.read_text())
    helper = json.dumps(json.loads(of_first)["apiKeyHelper"])
    values["base"]["before"]["entries"].append([["apiKeyHelper"], helper])
    file.write_text(json.dumps(values))
    assert "is unknown" in off(second).notes[-1]
    assert "apiKeyHelper" not in content(settings)


def test_explain_names_the_profile_whose_state_is_lost(lost: Paths, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["explain"]) == 1
    assert "Claude Code uses the key of the profile 'a', which has no launch record" in capsys.readouterr().out


def test_explain_finds_the_profile_of_another_home(
    second: Paths, paths: Paths, capsys: pytest.CaptureFixture[str]
) -> None:
    use(second, "a")
    assert main(["explain"]) == 0
    assert "https://second.example/gw" in capsys.readouterr().out
