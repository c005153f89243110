from __future__ import annotations

import pytest

from ccswitch_py.core.paths import Paths
from ccswitch_py.model.key_ref import KeyRef
from ccswitch_py.redact.secret import Secret
from ccswitch_py.vault import secret_service_client as secret_service
from ccswitch_py.vault.errors import KeyNotFound, KeyringLocked
from ccswitch_py.vault.reference import resolve_key
from ccswitch_py.vault.store import open_store
from tests.support.keyring_session import KeyringSession
from tests.vault.conftest import HEAVY, ImportedByKeyCommand, KeyCommand, WriteRecord

pytestmark = [pytest.mark.real, pytest.mark.usefixtures("gnome_keyring")]

ITEM = "relay/1a2b3c4d"


def test_a_stored_key_is_printed_by_the_key_command(
    paths: Paths, canary: str, write_record: WriteRecord, key_command: KeyCommand
) -> None:
    open_store(paths).set(ITEM, Secret(canary))
    write_record({"name": "relay", "item": ITEM})
    ended = key_command("relay")
    assert (ended.returncode, ended.stdout, ended.stderr) == (0, canary + "\n", "")


def test_what_is_stored_comes_back_by_both_ways(paths: Paths, canary: str) -> None:
    store = open_store(paths)
    store.set(ITEM, Secret(canary))
    assert store.get(ITEM).reveal() == canary
    assert secret_service.read_item(ITEM, 10) == canary


def test_storing_again_replaces_the_key(paths: Paths, canary: str) -> None:
    store = open_store(paths)
    store.set(ITEM, Secret("sk-an-older-made-up-key"))
    store.set(ITEM, Secret(canary))
    assert secret_service.read_item(ITEM, 10) == canary


def test_one_item_is_not_taken_for_another(paths: Paths, canary: str) -> None:
    open_store(paths).set(ITEM, Secret(canary))
    with pytest.raises(KeyNotFound):
        secret_service.read_item("relay/other", 10)


def test_a_removed_key_is_gone_and_removing_it_twice_is_fine(paths: Paths, canary: str) -> None:
    store = open_store(paths)
    store.set(ITEM, Secret(canary))
    store.delete(ITEM)
    store.delete(ITEM)
    with pytest.raises(KeyNotFound):
        store.get(ITEM)


def test_whether_a_key_is_there_is_told_without_reading_it_also_of_a_locked_keyring(
    paths: Paths, canary: str, gnome_keyring: KeyringSession
) -> None:
    store = open_store(paths)
    store.set(ITEM, Secret(canary))
    assert (store.holds(ITEM), store.holds("relay/other")) == (True, False)
    gnome_keyring.lock()
    assert store.holds(ITEM)
    with pytest.raises(KeyringLocked):
        store.holds("relay/other")


def test_the_status_names_the_program_and_the_class(paths: Paths) -> None:
    status = open_store(paths).status()
    assert status.ready
    assert status.name == "GNOME Keyring (Secret Service)"
    assert status.backend == "keyring.backends.SecretService.Keyring"


def test_the_keyring_library_finds_what_we_stored_and_we_what_it_stored(paths: Paths, canary: str) -> None:
    from keyring.backends.SecretService import Keyring

    Keyring().set_password("ccswitch", ITEM, canary)
    assert secret_service.read_item(ITEM, 10) == canary
    open_store(paths).set("other/1", Secret("sk-another-made-up-key"))
    assert Keyring().get_password("ccswitch", "other/1") == "sk-another-made-up-key"


def test_a_backend_named_by_the_environment_of_the_keyring_library_changes_nothing(
    paths: Paths, canary: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PYTHON_KEYRING_BACKEND", "keyring.backends.null.Keyring")
    open_store(paths).set(ITEM, Secret(canary))
    assert secret_service.read_item(ITEM, 10) == canary


def test_an_absent_key_is_named_with_the_verb_that_stores_it(
    write_record: WriteRecord, key_command: KeyCommand
) -> None:
    write_record({"name": "relay", "item": ITEM})
    ended = key_command("relay")
    assert (ended.returncode, ended.stdout) == (4, "")
    assert "has no key 'relay'" in ended.stderr
    assert "ccswitch keys set relay" in ended.stderr


def test_a_locked_keyring_without_a_screen_is_told_at_once_by_every_way(
    paths: Paths, canary: str, gnome_keyring: KeyringSession, write_record: WriteRecord, key_command: KeyCommand
) -> None:
    store = open_store(paths)
    store.set(ITEM, Secret(canary))
    gnome_keyring.lock()
    with pytest.raises(KeyringLocked):
        resolve_key(KeyRef.from_json({"name": "relay", "item": ITEM}), paths)
    with pytest.raises(KeyringLocked):
        store.get(ITEM)
    with pytest.raises(KeyringLocked):
        store.set(ITEM, Secret("sk-a-newer-made-up-key"))
    status = store.status()
    assert not status.ready
    assert "locked" in status.detail
    assert status.hint
    write_record({"name": "relay", "item": ITEM})
    ended = key_command("relay")
    assert (ended.returncode, ended.stdout) == (4, "")
    assert "locked" in ended.stderr
    assert ended.stderr.count("\n") == 1


def test_nothing_heavy_is_imported_on_the_way_to_a_key_in_the_keyring(
    paths: Paths, canary: str, write_record: WriteRecord, imported_by_key_command: ImportedByKeyCommand
) -> None:
    open_store(paths).set(ITEM, Secret(canary))
    write_record({"name": "relay", "item": ITEM})
    assert not imported_by_key_command(canary) & HEAVY
