from __future__ import annotations

import importlib
import stat
import sys
from pathlib import Path

import pytest
from keyring.backend import KeyringBackend

from ccswitch_py.core.errors import BadInput, KeyUnavailable
from ccswitch_py.core.paths import Paths
from ccswitch_py.redact.secret import Secret
from ccswitch_py.vault.backend_policy import AUTOMATIC, DEMO_MARK, KEYRINGS, READ_BY_COMMAND, chosen_keyring
from ccswitch_py.vault.errors import (
    ERRORS,
    UNLOCKING,
    KeyNotFound,
    KeyringDenied,
    KeyringError,
    KeyringFailed,
    KeyringLocked,
    KeyTooLong,
    NoDefaultCollection,
)
from ccswitch_py.vault.library_process import error_of
from ccswitch_py.vault.store import open_store

PLAIN = [
    "keyrings.alt.file.PlaintextKeyring",
    "keyring.backends.null.Keyring",
    "keyring.backends.fail.Keyring",
    "keyring.backends.chainer.ChainerBackend",
    "plaintext",
]


def settings(paths: Paths, text: str) -> None:
    Path(paths.settings).parent.mkdir(parents=True, exist_ok=True)
    Path(paths.settings).write_text(text, encoding="utf-8")


def test_without_a_choice_the_system_decides(paths: Paths) -> None:
    assert chosen_keyring(paths, {}) == AUTOMATIC
    settings(paths, "other = 1\n")
    assert chosen_keyring(paths, {}) == AUTOMATIC


def test_the_environment_wins_over_the_settings(paths: Paths) -> None:
    settings(paths, 'keyring = "pass"\n')
    assert chosen_keyring(paths, {}) == "pass"
    assert chosen_keyring(paths, {"CCSWITCH_KEYRING": "kwallet"}) == "kwallet"
    assert chosen_keyring(paths, {"CCSWITCH_KEYRING": ""}) == "pass"


@pytest.mark.parametrize("keyring", KEYRINGS)
def test_a_keyring_of_a_system_is_named_by_id_or_by_class(paths: Paths, keyring: str) -> None:
    for name in (keyring, KEYRINGS[keyring][1]):
        assert chosen_keyring(paths, {"CCSWITCH_KEYRING": name}) == keyring


@pytest.mark.parametrize("name", PLAIN)
def test_a_store_that_does_not_protect_keys_is_refused_however_it_is_named(
    paths: Paths, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CCSWITCH_KEYRING", name)
    with pytest.raises(KeyUnavailable) as caught:
        open_store(paths)
    assert "secret-service" in caught.value.hint
    monkeypatch.delenv("CCSWITCH_KEYRING")
    settings(paths, f'keyring = "{name}"\n')
    with pytest.raises(KeyUnavailable):
        open_store(paths)


@pytest.mark.parametrize("name", READ_BY_COMMAND)
def test_a_password_manager_is_answered_with_the_line_for_the_profile(paths: Paths, name: str) -> None:
    with pytest.raises(KeyUnavailable) as caught:
        chosen_keyring(paths, {"CCSWITCH_KEYRING": name})
    assert f"key = {{ command = {READ_BY_COMMAND[name]} }}" in caught.value.hint


@pytest.mark.parametrize("text", ["keyring = [", "keyring = 7", 'keyring = "a"\nkeyring = "b"', "keyring = \udc00"])
def test_settings_that_cannot_be_read_are_bad_input(paths: Paths, text: str) -> None:
    Path(paths.settings).parent.mkdir(parents=True, exist_ok=True)
    Path(paths.settings).write_bytes(text.encode("utf-8", "surrogatepass"))
    with pytest.raises(BadInput, match=r"ccswitch\.toml"):
        chosen_keyring(paths, {})


def test_settings_with_a_byte_order_mark_are_read(paths: Paths) -> None:
    settings(paths, '\ufeffkeyring = "pass"\r\n')
    assert chosen_keyring(paths, {}) == "pass"


def test_the_demos_plain_file_is_for_the_folder_of_a_demo_only(
    paths: Paths, canary: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CCSWITCH_KEYRING", "demo")
    with pytest.raises(KeyUnavailable, match="not the folder of a demo"):
        open_store(paths)
    Path(paths.config).mkdir(parents=True)
    (Path(paths.config) / DEMO_MARK).touch()
    store = open_store(paths)
    store.set("relay/1", Secret(canary))
    assert store.get("relay/1") == Secret(canary)
    assert "plain file" in store.status().name
    (kept,) = Path(paths.state).iterdir()
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600
    store.delete("relay/1")
    store.delete("relay/1")
    with pytest.raises(KeyNotFound):
        store.get("relay/1")


def test_a_key_that_windows_would_cut_is_refused_before_it_is_written(
    paths: Paths, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CCSWITCH_KEYRING", "windows-credential-manager")
    with pytest.raises(KeyTooLong, match="1280 characters"):
        open_store(paths).set("relay/1", Secret("x" * 1281))


@pytest.mark.parametrize("length", [1279, 1280])
def test_a_key_that_windows_can_hold_is_not_refused_for_its_length(
    paths: Paths, length: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CCSWITCH_KEYRING", "windows-credential-manager")
    with pytest.raises(KeyringFailed, match="The keyring failed"):
        open_store(paths).set("relay/1", Secret("x" * length))  # the `keyring` library refuses to be Windows here


@pytest.mark.parametrize("keyring", KEYRINGS)
def test_the_class_of_each_system_is_in_the_keyring_library(keyring: str) -> None:
    module, _, name = KEYRINGS[keyring][1].rpartition(".")
    backend = getattr(importlib.import_module(module), name)
    assert issubclass(backend, KeyringBackend)


@pytest.mark.parametrize("system", UNLOCKING)
def test_the_advice_for_a_locked_keyring_is_that_of_the_system(system: str) -> None:
    others = {"darwin": "security unlock-keychain", "win32": "Windows", "linux": "{unlock}"}
    assert [name for name, words in others.items() if words in UNLOCKING[system]] == [system]


@pytest.mark.parametrize(
    ("names", "arguments", "trouble"),
    [
        (["KeychainDenied", "KeyringLocked"], (-128, "made-up"), KeyringDenied),
        (["Error", "KeyringError"], (-25308, "made-up"), KeyringLocked),
        (["Error", "KeyringError"], (-25293, "made-up"), KeyringDenied),
        (["error"], (1312, "CredRead", "made-up"), KeyringLocked),
        (["error"], (5, "CredWrite", "made-up"), KeyringDenied),
        (["PromptDismissedException"], ("made-up",), KeyringDenied),
        (["SomethingNew"], ("made-up",), KeyringFailed),
    ],
)
def test_what_a_system_answers_becomes_its_cause_without_its_text(
    names: list[str], arguments: tuple[object, ...], trouble: type[Exception]
) -> None:
    error: BaseException | None = None
    for name in names:
        outer: BaseException = type(name, (Exception,), {})(*arguments)
        outer.__cause__ = error
        error = outer
    assert error is not None
    found = error_of(error)
    assert type(found) is trouble
    assert "made-up" not in f"{found.message} {found.hint}"


@pytest.mark.skipif(sys.platform in ("darwin", "win32"), reason="a keyring of Linux")
@pytest.mark.parametrize("trouble", [KeyringLocked, NoDefaultCollection])
@pytest.mark.parametrize("screen", ["DISPLAY", "WAYLAND_DISPLAY"])
def test_a_keyring_that_can_ask_is_not_said_to_have_no_display(
    trouble: type[KeyringError], screen: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for variable in ("DISPLAY", "WAYLAND_DISPLAY"):
        monkeypatch.delenv(variable, raising=False)
    assert "there is no graphical display here" in trouble().message
    monkeypatch.setenv(screen, ":0")
    assert "display" not in str(trouble()) and "when " in trouble().hint


@pytest.mark.parametrize("name", ERRORS)
def test_every_trouble_says_in_one_line_what_happened_and_what_to_do_next(name: str) -> None:
    trouble = ERRORS[name]("detail")
    for sentence in (trouble.message, trouble.hint):
        assert sentence.endswith(".")
        assert "\n" not in sentence
        assert "{" not in trouble.message
    assert trouble.exit_code == 4
