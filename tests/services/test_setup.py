import os
from dataclasses import replace
from pathlib import Path

import pytest

from ccswitch_py.core.errors import BadInput, FileNotChanged, KeyUnavailable, NotFound
from ccswitch_py.core.files import write_own_file
from ccswitch_py.core.paths import Paths
from ccswitch_py.redact.secret import Secret
from ccswitch_py.services.apply import undo, use
from ccswitch_py.services.keys.manage import list_keys, remove_key, set_key
from ccswitch_py.services.launches import load_record
from ccswitch_py.services.profiles.manage import duplicate, remove, rename
from ccswitch_py.services.profiles.setup import check_key_is_for, draft_of, save_draft
from ccswitch_py.store.profile_files import profile_names
from ccswitch_py.store.profiles import load_profile
from ccswitch_py.vault.backend_policy import DEMO, DEMO_MARK
from ccswitch_py.vault.reference import resolve_key
from tests.support.home import add_profile

KEY = Secret("made-up-key-4b7e19c2d805fa36")
NEW_KEY = Secret("made-up-key-f83c6a90e2d7b514")


@pytest.fixture(autouse=True)
def keyring(paths: Paths, monkeypatch: pytest.MonkeyPatch) -> None:
    write_own_file(os.path.join(paths.config, DEMO_MARK), b"")
    monkeypatch.setenv("CCSWITCH_KEYRING", DEMO)


def key_of(paths: Paths, name: str) -> Secret:
    return resolve_key(load_record(paths, name).key, paths)


@pytest.mark.parametrize(
    "other",
    [
        "http://127.0.0.2:9/gw_llm_power",
        "http://127.0.0.1:10/gw_llm_power",
        "https://127.0.0.1:9999/gw_llm_power",
        "https://gateway.example",
    ],
)
def test_a_stored_key_is_not_taken_to_another_host(paths: Paths, other: str) -> None:
    add_profile(paths, "a", key=KEY)
    before = Path(paths.profile("a")).read_bytes()
    draft = draft_of("a", load_profile(paths, "a"))
    with pytest.raises(KeyUnavailable, match=r"was entered for 127\.0\.0\.1:9"):
        save_draft(paths, replace(draft, base_url=other), replace_existing=True)
    assert Path(paths.profile("a")).read_bytes() == before
    assert key_of(paths, "a") == KEY


def test_a_profile_edited_by_hand_to_another_host_does_not_get_the_key(paths: Paths, settings: Path) -> None:
    add_profile(paths, "a", key=KEY)
    file = Path(paths.profile("a"))
    file.write_text(file.read_text().replace("127.0.0.1:9", "127.0.0.1:10"))
    with pytest.raises(KeyUnavailable, match="was entered for"):
        use(paths, "a")
    assert not settings.exists()


def test_other_spellings_of_the_same_host_keep_the_key(paths: Paths) -> None:
    add_profile(paths, "a", "http://localhost:80/gw", key=KEY)
    draft = draft_of("a", load_profile(paths, "a"))
    save_draft(paths, replace(draft, base_url="HTTP://LOCALHOST:0080/gw/"), replace_existing=True)
    assert key_of(paths, "a") == KEY


def test_the_same_key_entered_for_another_host_may_go_to_both(paths: Paths) -> None:
    add_profile(paths, "a", key=KEY)
    assert set_key(paths, "a", KEY, "api.example") == (["127.0.0.1:9", "api.example:443"], [])
    assert set_key(paths, "a", NEW_KEY, "api.example") == (["api.example:443"], ["a"])
    with pytest.raises(KeyUnavailable):
        load_record(paths, "a")


def test_a_new_key_serves_all_profiles_that_share_it(paths: Paths) -> None:
    add_profile(paths, "a", key=KEY)
    duplicate(paths, "a", "b")
    set_key(paths, "a", NEW_KEY, None)
    assert key_of(paths, "a") == key_of(paths, "b") == NEW_KEY
    with pytest.raises(BadInput, match="used by a, b"):
        remove_key(paths, "a")


def test_a_new_key_for_one_profile_leaves_the_other_its_own(paths: Paths) -> None:
    add_profile(paths, "a", key=KEY)
    duplicate(paths, "a", "b")
    draft = draft_of("a", load_profile(paths, "a"))
    save_draft(paths, replace(draft, key=NEW_KEY), replace_existing=True)
    assert (key_of(paths, "a"), key_of(paths, "b")) == (NEW_KEY, KEY)


def test_a_key_goes_with_its_last_profile(paths: Paths) -> None:
    add_profile(paths, "a", key=KEY)
    duplicate(paths, "a", "b")
    assert remove(paths, "a") is None
    assert remove(paths, "b") == "a"
    assert list_keys(paths) == []
    assert KEY.reveal() not in Path(paths.state, "demo-keys.json").read_text()


def test_undo_passes_over_a_profile_that_is_gone(paths: Paths, settings: Path) -> None:
    settings.write_text("{}")
    add_profile(paths, "a", key=KEY)
    add_profile(paths, "b", key=KEY)
    use(paths, "a")
    use(paths, "b")
    remove(paths, "a")
    assert undo(paths).profile is None
    assert settings.read_text() == "{}"


def test_a_renamed_profile_keeps_its_key_and_its_place(paths: Paths, settings: Path) -> None:
    add_profile(paths, "a", key=KEY)
    use(paths, "a")
    assert rename(paths, "a", "b") == ["claude-code"]
    assert key_of(paths, "b") == KEY
    assert not os.path.exists(paths.launch_record("a"))


def test_after_a_rename_undo_goes_back_past_the_old_name(paths: Paths, settings: Path) -> None:
    settings.write_text("{}")
    add_profile(paths, "a", key=KEY)
    use(paths, "a")
    rename(paths, "a", "c")
    undo(paths)
    assert settings.read_text() == "{}"


def test_a_refused_edit_leaves_the_profile_in_use_working(paths: Paths) -> None:
    add_profile(paths, "a", key=KEY)
    record = Path(paths.launch_record("a")).read_bytes()
    with pytest.raises(KeyUnavailable):
        save_draft(
            paths, replace(draft_of("a", load_profile(paths, "a")), base_url="https://x.example"), replace_existing=True
        )
    assert Path(paths.launch_record("a")).read_bytes() == record


def test_a_rename_that_cannot_be_applied_leaves_the_old_name(paths: Paths, settings: Path) -> None:
    add_profile(paths, "a", key=KEY)
    use(paths, "a")
    settings.write_text("{ broken")
    with pytest.raises(FileNotChanged):
        rename(paths, "a", "b")
    assert profile_names(paths) == ["a"]


def test_a_removal_that_fails_keeps_the_key(paths: Paths, monkeypatch: pytest.MonkeyPatch) -> None:
    add_profile(paths, "a", key=KEY)
    Path(paths.profile("a")).unlink()
    Path(paths.profile("a")).mkdir()
    with pytest.raises((OSError, NotFound, BadInput)):
        remove(paths, "a")
    assert KEY.reveal() in Path(paths.state, "demo-keys.json").read_text()


def test_a_key_that_a_profile_with_a_typo_may_share_is_not_removed(paths: Paths) -> None:
    add_profile(paths, "a", key=KEY)
    duplicate(paths, "a", "b")
    Path(paths.profile("b")).write_text("broken = ")
    assert remove(paths, "a") is None
    assert KEY.reveal() in Path(paths.state, "demo-keys.json").read_text()


def test_a_kept_key_is_not_replaced_by_a_new_profile_of_its_name(paths: Paths) -> None:
    add_profile(paths, "a", key=KEY)
    remove(paths, "a", keep_key=True)
    add_profile(paths, "a", key=NEW_KEY)
    assert [key.name for key in list_keys(paths)] == ["a", "a-2"]
    assert key_of(paths, "a") == NEW_KEY


def test_the_key_of_a_profile_whose_making_was_killed_is_taken_again(paths: Paths) -> None:
    add_profile(paths, "a", key=KEY)
    os.remove(paths.profile("a"))
    add_profile(paths, "a", key=KEY)
    assert [key.name for key in list_keys(paths)] == ["a"] and key_of(paths, "a") == KEY
    os.remove(paths.profile("a"))
    add_profile(paths, "a", "http://127.0.0.2:9", key=KEY)
    assert [(key.name, key.hosts) for key in list_keys(paths)] == [("a", ["127.0.0.1:9"]), ("a-2", ["127.0.0.2:9"])]


def test_a_profile_in_use_in_another_folder_is_neither_removed_nor_renamed(
    paths: Paths, settings: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    add_profile(paths, "a", key=KEY)
    monkeypatch.setenv("CLAUDE_CONFIG_DIR", str(tmp_path / "elsewhere"))
    use(paths, "a")
    monkeypatch.delenv("CLAUDE_CONFIG_DIR")
    for job in (lambda: remove(paths, "a"), lambda: rename(paths, "a", "b")):
        with pytest.raises(BadInput, match="elsewhere"):
            job()
    assert key_of(paths, "a") == KEY


def test_a_key_from_a_variable_is_asked_for_again_for_another_host(paths: Paths) -> None:
    add_profile(paths, "a")
    old = load_profile(paths, "a")
    moved = replace(draft_of("a", old), base_url="https://x.example")
    with pytest.raises(KeyUnavailable, match="was given for"):
        check_key_is_for(old, moved, {}, said_again=False)
    check_key_is_for(old, moved, {}, said_again=True)


def test_a_key_whose_hosts_were_edited_by_hand_goes_nowhere_else(paths: Paths, settings: Path) -> None:
    add_profile(paths, "a", key=KEY)
    Path(paths.keys).write_text(Path(paths.keys).read_text().replace("127.0.0.1:9", "api.example:443"))
    with pytest.raises(KeyUnavailable, match="was entered for"):
        use(paths, "a")
