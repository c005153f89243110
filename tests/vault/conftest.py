"""Sessions, folders and launch records for the tests of secrets."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from ccswitch_py.core.paths import Paths
from tests.support.keyring_session import KeyringSession, gnome_keyring_session

CANARY = "sk-made-up-canary-0123456789-wxyz"

KeyCommand = Callable[..., subprocess.CompletedProcess[str]]
WriteRecord = Callable[..., None]
ImportedByKeyCommand = Callable[[str], set[str]]

HEAVY = {
    *("textual", "httpx", "pydantic", "keyring", "secretstorage", "tomlkit", "platformdirs"),
    *("argparse", "asyncio", "dataclasses", "hashlib", "pathlib", "subprocess", "tomllib", "urllib"),
}
"""Modules that cost more than the key command may take."""


@pytest.fixture
def canary() -> str:
    return CANARY


@pytest.fixture
def paths(tmp_path: Path) -> Paths:
    return Paths(str(tmp_path / "config"), str(tmp_path / "state"))


@pytest.fixture
def enter(monkeypatch: pytest.MonkeyPatch) -> Callable[[KeyringSession], None]:
    """Makes this process a part of a session, without a screen."""

    def enter(session: KeyringSession) -> None:
        for name in ("DISPLAY", "WAYLAND_DISPLAY", "CCSWITCH_KEYRING", "DBUS_SESSION_BUS_ADDRESS"):
            monkeypatch.delenv(name, raising=False)
        for name, value in session.environ.items():
            monkeypatch.setenv(name, value)

    return enter


@pytest.fixture
def gnome_keyring(enter: Callable[[KeyringSession], None]) -> Iterator[KeyringSession]:
    with gnome_keyring_session() as session:
        enter(session)
        yield session


@pytest.fixture
def write_record(paths: Paths) -> WriteRecord:
    def write_record(key: dict[str, Any], name: str = "relay") -> None:
        record = {
            "schema": 1,
            "digest": "",
            "profile": name,
            "provider": "relay",
            "provider_name": "Relay",
            "base_url": "https://gateway.example/anthropic",
            "key_host": "gateway.example:443",
            "key": key,
            "delivery": "helper",
            "roles": {"main": "m"},
            "launches": {},
        }
        path = Path(paths.launch_record(name))
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(record))

    return write_record


@pytest.fixture
def key_command(paths: Paths) -> KeyCommand:
    """Runs the key command as Claude Code does, with the state of this test."""

    def key_command(*arguments: str, folder: Path | None = None, **environ: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-I", "-m", "ccswitch_py.key_command", "--state", paths.state, *arguments]
        return subprocess.run(
            command,
            env={**os.environ, **environ},
            cwd=folder,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=100,
            check=False,
        )

    return key_command


@pytest.fixture
def imported_by_key_command(paths: Paths) -> ImportedByKeyCommand:
    """The modules that the key command has loaded when it has printed the key."""

    def imported_by_key_command(key: str) -> set[str]:
        code = (
            "import sys\nfrom ccswitch_py.key_command import main\n"
            f"main(['--state', {paths.state!r}, 'relay'])\nprint(*sys.modules)"
        )
        ended = subprocess.run([sys.executable, "-I", "-c", code], capture_output=True, text=True, check=True)
        printed, modules = ended.stdout.splitlines()
        assert printed == key
        return {name.partition(".")[0] for name in modules.split()}

    return imported_by_key_command
