"""The advice about a keyring that is shut, followed to the letter in a real terminal."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from ccswitch_py.core.paths import Paths
from ccswitch_py.redact.secret import Secret
from ccswitch_py.vault.store import open_store
from tests.support.keyring_session import KeyringSession, bus_session, gnome_keyring_session
from tests.support.requirements import require
from tests.support.tmux import tmux

pytestmark = pytest.mark.real

ITEM = "relay/1a2b3c4d"
Enter = Callable[[KeyringSession], None]


def follow(advice: str, session: KeyringSession, password: str) -> str:
    """Type the command of the advice, and the password when it asks; what the terminal shows then."""
    [command] = re.findall(r"`(bash .*?')`", advice)
    with tmux() as terminal:
        terminal.shell(session.environ, Path(session.home), 200, 40)
        terminal.type(f"{command}; echo ended with $?\n")
        terminal.until(lambda: re.search("^Password: $", terminal.screen, re.MULTILINE))
        terminal.type(f"{password}\n")
        terminal.until_screen("ended with 0")
        session.wait_for_owner()
        return terminal.screen


def test_a_locked_keyring_is_open_after_its_advice_was_followed(paths: Paths, enter: Enter, canary: str) -> None:
    with gnome_keyring_session() as session:
        enter(session)
        store = open_store(paths)
        store.set(ITEM, Secret(canary))
        session.lock()
        shown = follow(store.status().hint, session, "a wrong one")
        assert store.status().error == "KeyringLocked"
        shown += follow(store.status().hint, session, "made-up password")
        assert store.status().ready and store.get(ITEM).reveal() == canary
        assert "a wrong one" not in shown and "made-up password" not in shown


def test_a_keyring_without_a_password_gets_one_by_its_advice(paths: Paths, enter: Enter, canary: str) -> None:
    require("gnome-keyring-daemon")
    with bus_session() as session:
        enter(session)
        start = ["gnome-keyring-daemon", "--start", "--components=secrets"]
        subprocess.run(start, env=session.environ, check=True, capture_output=True)
        session.wait_for_owner()
        store = open_store(paths)
        assert store.status().error == "NoDefaultCollection"
        follow(store.status().hint, session, "a new one")
        store.set(ITEM, Secret(canary))
        assert store.status().ready and store.get(ITEM).reveal() == canary
