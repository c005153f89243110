from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from textual.app import App
from textual.screen import Screen

from ccswitch_py.core.files import write_own_file
from ccswitch_py.core.paths import Paths
from ccswitch_py.services.watching import WatchedKind
from ccswitch_py.tui import watcher
from ccswitch_py.tui.watcher import FilesChanged, Watcher
from ccswitch_py.vault.backend_policy import DEMO, DEMO_MARK
from tests.support.form import until
from tests.support.home import add_profile
from tests.support.keys_screen import KeysApp, listed
from tests.support.programs import BIN


class WatchingScreen(Screen[None]):
    """Keeps what it is told."""

    def __init__(self, paths: Paths) -> None:
        super().__init__()
        self.told: list[FilesChanged] = []
        self.watcher = Watcher(self, paths)

    def on_mount(self) -> None:
        self.watcher.start()

    def on_files_changed(self, event: FilesChanged) -> None:
        self.told.append(event)


class WatchingApp(App[None]):
    """Shows nothing but the screen that watches."""

    def __init__(self, paths: Paths) -> None:
        super().__init__()
        self.watching = WatchingScreen(paths)

    def get_default_screen(self) -> Screen[None]:
        return self.watching


@pytest.fixture(autouse=True)
def often(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(watcher, "_INTERVAL_S", 0.02)


def has_looked(app: WatchingApp) -> bool:
    return app.watching.watcher._seen is not None


async def test_what_another_process_writes_is_told_to_the_screen(paths: Paths, settings: Path) -> None:
    add_profile(paths, "a")
    app = WatchingApp(paths)
    async with app.run_test() as pilot:
        await until(pilot, lambda: has_looked(app))
        edit = f"open({paths.profile('a')!r}, 'a').write('# by somebody else')"
        subprocess.run([sys.executable, "-c", edit], check=True)
        await until(pilot, lambda: app.watching.told)
        told = app.watching.told.pop()
        assert (told.names, told.what) == ({"a"}, {WatchedKind.PROFILES})
        settings.write_text("{}")
        await until(pilot, lambda: app.watching.told)
        assert app.watching.told[0].what == {WatchedKind.LIVE_FILES}


async def test_a_screen_that_is_gone_is_not_watched_for_any_more(paths: Paths) -> None:
    app = WatchingApp(paths)
    async with app.run_test() as pilot:
        await until(pilot, lambda: has_looked(app))
        screen = WatchingScreen(paths)
        app.push_screen(screen)
        await until(pilot, lambda: screen.watcher._seen)
        app.pop_screen()
        await until(pilot, lambda: not screen.is_running)
        looking = screen.watcher._task
        await until(pilot, lambda: looking and looking.done())
        add_profile(paths, "a")
        await until(pilot, lambda: app.watching.told)
        assert not screen.told and screen.watcher._task is looking


async def test_a_key_that_is_stored_elsewhere_meanwhile_shows_up_in_the_keys_screen(
    paths: Paths, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_own_file(os.path.join(paths.config, DEMO_MARK), b"")
    monkeypatch.setenv("CCSWITCH_KEYRING", DEMO)
    app = KeysApp(paths)
    async with app.run_test() as pilot:
        await listed(app, pilot, 0)
        await until(pilot, lambda: app.keys_screen._watcher._seen)
        command = [BIN / "ccswitch", "keys", "set", "work", "--host", "api.example"]
        subprocess.run(command, input=b"sk-made-up-key-0123456789", check=True, stdout=subprocess.DEVNULL)
        await listed(app, pilot, 1)
        assert app.rows[0][1] == "work"
