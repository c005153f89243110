from __future__ import annotations

import os
import subprocess
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from ccswitch_py.core.errors import KeyUnavailable
from ccswitch_py.core.paths import Paths
from ccswitch_py.model.key_ref import KeyRef
from ccswitch_py.redact.secret import Secret
from ccswitch_py.vault.errors import KeyringDenied, KeyringLocked, KeyringTimeout, NoKeyringService, NoSessionBus
from ccswitch_py.vault.reference import resolve_key
from ccswitch_py.vault.store import open_store
from tests.support.keyring_session import KeyringSession, bus_session, fake_keyring_session

pytestmark = pytest.mark.real

Enter = Callable[[KeyringSession], None]
ITEM = "relay/1a2b3c4d"
KEY = KeyRef(name="relay", item=ITEM)


def test_a_keyring_that_never_answers_is_given_up(paths: Paths, enter: Enter) -> None:
    with fake_keyring_session("silent") as session:
        enter(session)
        for ask in (lambda: resolve_key(KEY, paths, 0.5), lambda: open_store(paths, 0.5).get(ITEM)):
            with pytest.raises(KeyringTimeout, match=r"within 0\.5 seconds"):
                ask()
        assert not open_store(paths, 0.5).status().ready


def test_a_keyring_that_gets_stuck_takes_its_process_with_it_and_never_sees_the_key_in_argv(
    paths: Paths, enter: Enter, canary: str
) -> None:
    outcome: list[BaseException] = []

    def store_it(service: subprocess.Popen[str]) -> None:
        try:
            open_store(paths, 4).set(ITEM, Secret(canary))
        except KeyUnavailable as trouble:
            outcome.append(trouble)
        finally:
            service.kill()  # ends the wait below even if the child never came so far

    with fake_keyring_session("stuck") as session:
        enter(session)
        assert session.service is not None
        assert session.service.stdout is not None
        thread = threading.Thread(target=store_it, args=(session.service,))
        thread.start()
        assert session.service.stdout.readline().strip() == "OpenSession"
        children = _children("ccswitch_py.vault.library_process")
        seen = [(Path("/proc") / pid / part).read_bytes() for pid in children for part in ("cmdline", "environ")]
        thread.join()
    assert len(children) == 1
    assert all(canary.encode() not in text for text in seen)
    assert [type(trouble) for trouble in outcome] == [KeyringTimeout]
    assert canary not in str(outcome[0])
    assert not (Path("/proc") / children[0]).exists()


def test_a_dismissed_prompt_is_an_error_and_nothing_is_written(
    paths: Paths, enter: Enter, canary: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with fake_keyring_session("denying") as session:
        enter(session)
        monkeypatch.setenv("DISPLAY", ":made-up")
        with pytest.raises(KeyringDenied):
            resolve_key(KEY, paths)
        with pytest.raises(KeyringDenied):
            open_store(paths).set(ITEM, Secret(canary))
        assert session.service is not None
        session.service.kill()
        assert session.service.stdout is not None
        calls = session.service.stdout.read().split()
    assert calls.count("Prompt") == 2
    assert "CreateItem" not in calls


def test_nobody_is_prompted_where_there_is_no_screen(paths: Paths, enter: Enter) -> None:
    with fake_keyring_session("denying") as session:
        enter(session)
        with pytest.raises(KeyringLocked):
            resolve_key(KEY, paths)
        assert session.service is not None
        session.service.kill()
        assert session.service.stdout is not None
        assert "Prompt" not in session.service.stdout.read().split()


def test_a_session_without_a_keyring_says_so_and_names_a_way_on(paths: Paths, enter: Enter) -> None:
    with bus_session() as session:
        enter(session)
        with pytest.raises(NoKeyringService) as caught:
            resolve_key(KEY, paths)
        assert "gnome-keyring" in caught.value.hint
        assert 'key = { env = "NAME" }' in caught.value.hint
        status = open_store(paths).status()
        assert (status.ready, status.detail) == (False, caught.value.message)


@pytest.mark.parametrize("address", ["", "unix:path=/nonexistent/bus", "autolaunch:", "nonsense"])
def test_a_session_without_d_bus_says_so(
    paths: Paths, address: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", address)
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))
    with pytest.raises(NoSessionBus):
        resolve_key(KEY, paths)
    with pytest.raises(NoSessionBus):
        open_store(paths).set(ITEM, Secret("sk-made-up-key"))
    assert not open_store(paths).status().ready


def _children(module: str) -> list[str]:
    """The processes that this one started and that run a module."""
    mine: list[str] = []
    for entry in os.scandir("/proc"):
        if not entry.name.isdigit():
            continue
        try:
            stat = Path(entry.path, "stat").read_text().rpartition(")")[2].split()
            command = Path(entry.path, "cmdline").read_bytes()
        except OSError:
            continue
        if int(stat[1]) == os.getpid() and module.encode() in command:
            mine.append(entry.name)
    return mine
