"""Keys that arrive faster than the screen handles them, as from a script or over a slow link."""

from __future__ import annotations

import os
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from textual import events
from textual.keys import _character_to_key as key_of
from textual.pilot import Pilot
from textual.widgets import Input

from ccswitch_py.core.paths import Paths
from ccswitch_py.demo.server import Gateway
from ccswitch_py.services.apply import use
from ccswitch_py.store.profile_files import profile_names
from ccswitch_py.tui.screens.home.screen import HomeScreen
from ccswitch_py.tui.screens.preview import PreviewScreen
from tests.support.form import opened, until
from tests.support.home import add_profile
from tests.support.home_screen import at_home, table
from tests.support.tmux import tmux


@contextmanager
def machine(speed: str) -> Iterator[None]:
    """A slow machine has other threads that want the interpreter all the time."""
    stopped = threading.Event()

    def spin() -> None:
        while not stopped.is_set():
            sum(range(1000))

    threads = [threading.Thread(target=spin, daemon=True) for _ in range(2 if speed == "slow" else 0)]
    for thread in threads:
        thread.start()
    try:
        yield
    finally:
        stopped.set()


def burst(pilot: Pilot[Any], *keys: str) -> None:
    """Put all keys into the queue before the program sees the first."""
    for key in keys:
        char = key if len(key) == 1 else None
        pilot.app.post_message(events.Key(key_of(key) if char else key, char))


@pytest.mark.parametrize("speed", ["usual", "slow"])
async def test_a_filter_typed_in_one_go_filters(paths: Paths, speed: str) -> None:
    for name in ("alpha", "fizz", "buzz"):
        add_profile(paths, name)
    async with at_home(paths) as (app, pilot):
        with machine(speed):
            burst(pilot, "/", "z", "z", "enter")
            await until(pilot, lambda: app.focused is table(app) and len(table(app).rows) == 2)
        assert isinstance(app.screen, HomeScreen)
        assert app.screen.query_one("#filter", Input).value == "zz"


@pytest.mark.parametrize("speed", ["usual", "slow"])
async def test_a_command_typed_into_the_palette_in_one_go_is_the_one_that_runs(paths: Paths, speed: str) -> None:
    add_profile(paths, "work")
    use(paths, "work")
    async with at_home(paths) as (app, pilot):
        with machine(speed):
            burst(pilot, "ctrl+p", "o", "f", "f", "enter")
            await until(pilot, lambda: isinstance(app.screen, PreviewScreen))
        assert "apiKeyHelper" in " ".join(str(part.render()) for part in app.screen.query("DiffView Static"))


@pytest.mark.parametrize("speed", ["usual", "slow"])
async def test_a_field_cleared_and_filled_in_one_go_has_the_text(paths: Paths, gateway: Gateway, speed: str) -> None:
    async with opened(paths) as (app, pilot):
        name = app.screen.query_one("#name", Input)
        name.focus()
        await pilot.pause()
        with machine(speed):
            burst(pilot, "ctrl+u", "m", "i", "n", "e", "tab", "h", "t")
            await until(pilot, lambda: app.screen.query_one("#base-url", Input).value.endswith("ht"))
        assert name.value == "mine"


@pytest.mark.parametrize("speed", ["usual", "slow"])
async def test_a_name_typed_before_the_dialog_is_there_goes_into_it(paths: Paths, speed: str) -> None:
    add_profile(paths, "work")
    async with at_home(paths) as (_app, pilot):
        with machine(speed):
            burst(pilot, "d", "end", "x", "enter")
            await until(pilot, lambda: len(profile_names(paths)) == 2)
        assert profile_names(paths) == ["work", "work-2x"]


async def test_a_key_pasted_in_a_burst_goes_to_the_field_that_the_key_before_focused(
    paths: Paths, gateway: Gateway
) -> None:
    async with opened(paths) as (app, pilot):
        app.screen.query_one("#name").focus()
        await pilot.pause()
        burst(pilot, "tab", "tab")
        pilot.app.post_message(events.Paste("canary-burst-0123456789abcdef"))
        await until(pilot, lambda: not app.screen.query_one("#key").text_is_empty)  # type: ignore[attr-defined]


def test_one_send_keys_of_tmux_filters_and_uses(paths: Paths) -> None:
    for name in ("alpha", "buzz"):
        add_profile(paths, name)
    environ = {name: value for name, value in os.environ.items() if name.startswith(("CCSWITCH_", "CLAUDE_CONFIG"))}
    with tmux() as terminal:
        terminal.run([sys.executable, "-m", "ccswitch_py"], **environ)
        terminal.until_screen("buzz-main")
        terminal.do("send-keys", "/", "z", "z", "Enter", "Enter")
        terminal.until_screen("Review the change")
        terminal.do("send-keys", "Escape")
        terminal.until_screen("Nothing was changed")
        assert "1 of 2" in terminal.screen
        terminal.do("send-keys", "q")
