from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest

from ccswitch_py.core.paths import Paths
from ccswitch_py.model.doctor_finding import ApplyAgain, Finding
from ccswitch_py.model.key_ref import KeyRef
from ccswitch_py.redact.secret import Secret
from ccswitch_py.services.apply import use
from ccswitch_py.services.demo import demo_home
from ccswitch_py.services.doctor import keyring
from ccswitch_py.services.doctor.examination import examine
from ccswitch_py.services.keys.manage import add_key, replace_key, set_key
from ccswitch_py.store.keys import load_keys
from ccswitch_py.vault.store import open_store
from tests.services.doctor.conftest import KEY, Look
from tests.support.home import add_profile
from tests.support.keyring_session import (
    KeyringSession,
    bus_session,
    fake_keyring_session,
    gnome_keyring_session,
)
from tests.vault.conftest import CANARY


def enter(session: KeyringSession, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("DISPLAY", "WAYLAND_DISPLAY", "CCSWITCH_KEYRING"):
        monkeypatch.delenv(name, raising=False)
    for name in ("DBUS_SESSION_BUS_ADDRESS", "XDG_RUNTIME_DIR"):
        monkeypatch.setenv(name, session.environ[name])


def of_keyring(paths: Paths) -> dict[str, Finding]:
    return {one.kind.code: one for one in examine(paths, paths.config) if one.area == "keyring"}


@pytest.mark.real
def test_a_keyring_is_named_and_a_locked_one_is_told_with_the_way_to_unlock_it(
    paths: Paths, monkeypatch: pytest.MonkeyPatch
) -> None:
    with gnome_keyring_session() as session:
        enter(session, monkeypatch)
        add_key(paths, "work", Secret(CANARY), "a.example")
        found = of_keyring(paths)
        assert set(found) == {"keyring_ready", "keys_there"}
        assert "GNOME Keyring" in found["keyring_ready"].sentence

        session.lock()
        locked = of_keyring(paths)["keyring_unusable"]
        assert "locked" in locked.sentence and "gnome-keyring-daemon --replace --unlock" in locked.fix


@pytest.mark.real
def test_a_keyring_that_never_answers_is_given_up_and_the_rest_is_looked_at(
    paths: Paths, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(keyring, "TIMEOUT_S", 0.5)
    with fake_keyring_session("silent") as session:
        enter(session, monkeypatch)
        found = {one.kind.code for one in examine(paths, paths.config)}
        assert {"keyring_not_needed", "ccswitch_version"} <= found


@pytest.mark.real
def test_a_session_without_a_keyring_is_told_with_a_way_on(paths: Paths, monkeypatch: pytest.MonkeyPatch) -> None:
    with bus_session() as session:
        enter(session, monkeypatch)
        missing = of_keyring(paths)["keyring_not_needed"]
        assert "No keyring is running" in missing.sentence and "--key-env" in missing.fix


def test_a_keyring_that_may_not_keep_keys_is_told(look: Look, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CCSWITCH_KEYRING", "keyrings.alt.file.PlaintextKeyring")
    assert "is not supported" in look()["keyring_not_allowed"].sentence
    monkeypatch.setenv("CCSWITCH_KEYRING", "demo")
    assert "keyring_not_allowed" not in look()


def test_the_keyring_of_the_demo_is_told_as_what_it_is() -> None:
    with demo_home() as paths:
        assert "plaintext file" in of_keyring(paths)["keyring_is_a_file"].sentence


def test_a_key_that_is_gone_from_the_keyring_is_named_until_it_is_stored_again(look: Look, paths: Paths) -> None:
    add_key(paths, "work", Secret(CANARY), "a.example")
    open_store(paths).delete(load_keys(paths)["work"].item)
    gone = look()["key_gone"]
    assert "'work'" in gone.sentence and "`ccswitch keys set work`" in gone.fix
    set_key(paths, "work", Secret(CANARY), "a.example")
    assert {"key_gone", "keys_there"} & set(look()) == {"keys_there"}


def test_a_key_that_was_never_stored_is_named_with_the_profile_that_wants_it(look: Look, paths: Paths) -> None:
    add_profile(paths, "a", "https://a.example", key=Secret(CANARY))
    file = Path(paths.profile("a"))
    file.write_text(file.read_text().replace('key = "a"', 'key = "spare"'))
    missing = look()["key_not_stored"]
    assert missing.sentence == "The profile 'a' uses the key 'spare', which was never stored."
    set_key(paths, "spare", Secret(CANARY), "a.example")
    assert "key_not_stored" not in look()


def test_a_key_that_may_not_go_to_the_profiles_host_is_told(look: Look, paths: Paths) -> None:
    add_profile(paths, "a", "https://a.example", key=Secret(CANARY))
    file = Path(paths.profile("a"))
    file.write_text(file.read_text().replace("https://a.example", "https://b.example"))
    assert "`ccswitch keys set a --host b.example`" in look()["key_for_other_host"].fix
    set_key(paths, "a", Secret(CANARY), "b.example:443")
    assert "key_for_other_host" not in look()


def test_a_key_from_a_variable_is_missed_until_it_is_set(look: Look, paths: Paths) -> None:
    add_profile(paths, "a", key=KeyRef(env="NOT_HERE"))
    assert "NOT_HERE" in look()["key_variable_not_set"].sentence
    assert "key_variable_not_set" not in look(NOT_HERE=CANARY)


def test_a_variable_that_is_not_set_names_all_tools_of_the_profile(look: Look, paths: Paths) -> None:
    add_profile(paths, "a", key=KeyRef(env="NOT_HERE"))
    assert "in the shell that starts Claude Code," in look()["key_variable_not_set"].fix
    use(paths, "a", ["opencode", "pi"])
    assert "in the shell that starts opencode, pi," in look()["key_variable_not_set"].fix


def test_a_key_command_that_is_not_run_is_called_unchecked(look: Look, paths: Paths) -> None:
    add_profile(paths, "a", key=KeyRef(command=("/bin/cat", "/nonexistent/key")))
    assert "`ccswitch test a` runs `/bin/cat`" in look()["key_program_not_checked"].sentence
    add_profile(paths, "b", key=KeyRef(command=("/nonexistent/program",)))
    assert "`/nonexistent/program`" in look()["key_program_missing"].sentence


def test_a_program_that_prints_the_key_is_missed_until_it_is_there(
    look: Look, paths: Paths, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    add_profile(paths, "a", key=KeyRef(command=("print-my-key",)))
    assert "`print-my-key`" in look()["key_program_missing"].sentence
    program = tmp_path / "bin" / "print-my-key"
    program.write_text("#!/bin/sh\ntouch ran\n")
    program.chmod(program.stat().st_mode | stat.S_IXUSR)
    monkeypatch.setenv("PATH", f"{program.parent}:{os.environ['PATH']}")
    assert "key_program_missing" not in look()
    assert not (tmp_path / "project" / "ran").exists() and not Path("ran").exists()


def test_an_old_key_in_a_live_file_is_told_and_can_be_fixed(look: Look, paths: Paths) -> None:
    add_profile(paths, "a", key=Secret(KEY), delivery="plaintext")
    use(paths, "a")
    assert "key_outdated_in_live_file" not in look()
    replace_key(paths, "a", Secret(KEY[::-1]))
    found = look()["key_outdated_in_live_file"]
    assert found.fix == "Run `ccswitch use a`." and found.auto_fix == ApplyAgain("a", "claude-code")
