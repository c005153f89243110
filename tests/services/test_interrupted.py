import json
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from ccswitch_py.core.errors import FileNotChanged
from ccswitch_py.core.files import read_bytes, write_own_file
from ccswitch_py.core.paths import Paths
from ccswitch_py.live_files import content
from ccswitch_py.services.apply import off, undo, use
from ccswitch_py.services.status import status
from ccswitch_py.vault.backend_policy import DEMO, DEMO_MARK
from tests.support.home import add_profile

TOKEN = "sk-users-own-token-91c4e6a2d05f"
MINE = json.dumps({"theme": "dark", "env": {"ANTHROPIC_AUTH_TOKEN": TOKEN}}, indent=2)


@pytest.fixture(autouse=True)
def two_profiles(paths: Paths, settings: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_own_file(os.path.join(paths.config, DEMO_MARK), b"")
    monkeypatch.setenv("CCSWITCH_KEYRING", DEMO)
    settings.write_text(MINE)
    add_profile(paths, "a")
    add_profile(paths, "b")


def killed_before_it_could_settle(paths: Paths) -> None:
    """What a process leaves that was killed right after it had replaced the live file."""
    for journal in Path(paths.journal).iterdir():
        journal.rename(journal.with_name(journal.name + ".next"))


def with_other_theme(settings: Path) -> dict[str, object]:
    content = json.loads(settings.read_text()) | {"theme": "light"}
    settings.write_text(json.dumps(content))
    return content


def test_a_killed_change_is_not_forgotten_when_the_next_one_fails(paths: Paths, settings: Path) -> None:
    use(paths, "a")
    killed_before_it_could_settle(paths)
    settings.chmod(0o400)
    with pytest.raises(FileNotChanged):
        use(paths, "b")
    settings.chmod(0o600)
    off(paths)
    assert settings.read_text() == MINE


def test_a_refused_off_keeps_the_token_for_the_next_one(paths: Paths, settings: Path) -> None:
    use(paths, "a")
    settings.chmod(0o400)
    with pytest.raises(FileNotChanged):
        off(paths)
    settings.chmod(0o600)
    off(paths)
    assert settings.read_text() == MINE


def test_an_off_that_was_killed_before_its_rename_did_not_happen(paths: Paths, settings: Path) -> None:
    use(paths, "a")
    applied = settings.read_bytes()
    (journal,) = Path(paths.journal).iterdir()
    before = journal.read_bytes()
    keyring = Path(paths.state, "demo-keys.json").read_bytes()
    off(paths)
    journal.rename(journal.with_name(journal.name + ".next"))
    journal.write_bytes(before)
    settings.write_bytes(applied)
    Path(paths.state, "demo-keys.json").write_bytes(keyring)
    with_other_theme(settings)
    assert status(paths)[0].profile == "a"
    off(paths)
    assert json.loads(settings.read_text()) == json.loads(MINE) | {"theme": "light"}


@pytest.mark.parametrize("go_back", [off, undo])
def test_another_program_that_writes_right_after_us_costs_no_step(
    paths: Paths, settings: Path, monkeypatch: pytest.MonkeyPatch, go_back: Callable[[Paths], object]
) -> None:
    use(paths, "a")
    use(paths, "b")
    calls = 0

    def read(path: str) -> bytes | None:
        nonlocal calls
        calls += path == str(settings)
        if calls == 3 and path == str(settings):  # reading back what was written
            with_other_theme(settings)
        return read_bytes(path)

    with monkeypatch.context() as patched:
        patched.setattr(content, "read_bytes", read)
        go_back(paths)
    assert calls > 3, "the file was not read back, so this proves nothing"
    written = json.loads(settings.read_text())
    assert written["theme"] == "light"
    wanted = "a-main" if go_back is undo else None
    assert written["env"].get("ANTHROPIC_MODEL") == wanted
    off(paths)
    assert json.loads(settings.read_text()) == json.loads(MINE) | {"theme": "light"}


def test_undo_refuses_to_lose_what_somebody_else_has_put_into_our_entries(paths: Paths, settings: Path) -> None:
    use(paths, "a")
    theirs = json.dumps({"env": {"ANTHROPIC_API_KEY": "sk-ant-own-0123456789abcdef"}, "x": 2})
    settings.write_text(theirs)
    with pytest.raises(FileNotChanged, match="undo would lose") as refused:
        undo(paths)
    assert settings.read_text() == theirs
    assert "`ccswitch off`, which removes the profile and keeps that change" in refused.value.hint
    off(paths)
    assert json.loads(settings.read_text()) == json.loads(theirs)
    use(paths, "a")
    assert json.loads(settings.read_text())["env"]["ANTHROPIC_API_KEY"] == "", "`use` writes over it"
    undo(paths)
    assert settings.read_text() == theirs


def test_undo_after_off_does_not_mix_an_own_key_with_the_gateway(paths: Paths, settings: Path) -> None:
    use(paths, "a")
    off(paths)
    theirs = json.dumps({"env": {"ANTHROPIC_API_KEY": "sk-ant-own-0123456789abcdef"}})
    settings.write_text(theirs)
    with pytest.raises(FileNotChanged, match="undo would lose") as refused:
        undo(paths)
    assert settings.read_text() == theirs
    assert "ccswitch off" not in refused.value.hint, "no profile is in use"


def test_an_entry_that_the_user_changes_while_a_profile_is_in_use_is_the_users(paths: Paths, settings: Path) -> None:
    use(paths, "a")
    content = json.loads(settings.read_text())
    content["env"]["MAX_THINKING_TOKENS"] = "7"
    settings.write_text(json.dumps(content))
    use(paths, "b")
    assert json.loads(settings.read_text())["env"]["MAX_THINKING_TOKENS"] == "7"
    off(paths)
    wanted = json.loads(MINE)
    wanted["env"]["MAX_THINKING_TOKENS"] = "7"
    assert json.loads(settings.read_text()) == wanted


@pytest.mark.parametrize("switches", [["b"], ["b", "a", "b"]])
def test_entries_of_ours_that_a_program_puts_back_which_had_read_them_earlier_do_not_become_the_users(
    paths: Paths, settings: Path, switches: list[str]
) -> None:
    use(paths, "a")
    read_by_another_program = settings.read_bytes()
    for name in switches:
        use(paths, name)
    settings.write_bytes(read_by_another_program)
    with_other_theme(settings)
    off(paths)
    assert json.loads(settings.read_text()) == json.loads(MINE) | {"theme": "light"}


def test_a_switch_after_entries_of_ours_were_put_back_can_still_be_taken_off(paths: Paths, settings: Path) -> None:
    use(paths, "a")
    read_by_another_program = settings.read_bytes()
    use(paths, "b")
    settings.write_bytes(read_by_another_program)
    use(paths, "b")
    assert json.loads(settings.read_text())["env"]["ANTHROPIC_MODEL"] == "b-main"
    off(paths)
    assert json.loads(settings.read_text()) == json.loads(MINE)


def test_status_tells_a_file_that_others_changed_from_a_profile_that_was_edited(paths: Paths, settings: Path) -> None:
    use(paths, "a")
    with_other_theme(settings)
    assert (status(paths)[0].changed_by_others, status(paths)[0].edited_since) == ([], False)
    profile = Path(paths.profile("a"))
    profile.write_text(profile.read_text().replace("a-main", "other"))
    assert status(paths)[0].edited_since
    use(paths, "a")
    assert not status(paths)[0].edited_since
