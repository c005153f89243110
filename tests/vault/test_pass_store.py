from __future__ import annotations

import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from ccswitch_py.core.errors import KeyUnavailable
from ccswitch_py.core.paths import Paths
from ccswitch_py.model.key_ref import KeyRef
from ccswitch_py.redact.secret import Secret
from ccswitch_py.vault.errors import KeyNotFound
from ccswitch_py.vault.reference import resolve_key
from ccswitch_py.vault.store import KeyStore, open_store
from tests.support.requirements import require

pytestmark = pytest.mark.real

ITEM = "relay/1a2b3c4d"


@pytest.fixture
def store(paths: Paths, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[KeyStore]:
    require("pass", "gpg", "gpgconf")
    # gpg-agent's socket needs a short path.
    with tempfile.TemporaryDirectory(prefix="ccswitch-") as gnupg:
        monkeypatch.setenv("GNUPGHOME", gnupg)
        monkeypatch.setenv("PASSWORD_STORE_DIR", str(tmp_path / "passwords"))
        monkeypatch.setenv("CCSWITCH_KEYRING", "pass")
        yield open_store(paths)
        subprocess.run(["gpgconf", "--kill", "all"], check=True)


@pytest.fixture
def set_up(store: KeyStore) -> None:
    user = "made-up@example.invalid"
    made = ["gpg", "--batch", "--quiet", "--passphrase", "", "--quick-generate-key", user, "future-default"]
    subprocess.run(made, check=True, capture_output=True)
    subprocess.run(["pass", "init", user], check=True, capture_output=True)


@pytest.mark.usefixtures("set_up")
def test_a_key_lives_in_pass_encrypted(store: KeyStore, paths: Paths, canary: str, tmp_path: Path) -> None:
    store.set(ITEM, Secret(canary))
    assert store.get(ITEM) == Secret(canary)
    assert resolve_key(KeyRef.from_json({"name": "relay", "item": ITEM}), paths) == Secret(canary)
    entry = tmp_path / "passwords" / "ccswitch" / "relay" / "1a2b3c4d.gpg"
    assert canary.encode() not in entry.read_bytes()
    assert store.status().ready
    assert (store.holds(ITEM), store.holds("relay/other")) == (True, False)
    store.delete(ITEM)
    store.delete(ITEM)
    with pytest.raises(KeyNotFound):
        store.get(ITEM)


def test_pass_without_a_password_store_says_how_to_make_one(store: KeyStore, canary: str) -> None:
    assert not store.status().ready
    with pytest.raises(KeyUnavailable) as caught:
        store.set(ITEM, Secret(canary))
    assert "pass init" in caught.value.hint


def test_a_missing_pass_is_named(paths: Paths, canary: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CCSWITCH_KEYRING", "pass")
    monkeypatch.setenv("PASSWORD_STORE_DIR", str(tmp_path))
    (tmp_path / ".gpg-id").touch()
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(KeyUnavailable, match="`pass` was not found"):
        open_store(paths).set(ITEM, Secret(canary))
    assert not open_store(paths).status().ready
