"""The setup form does one thing after the other, and what it waits for can be stopped or come too late."""

from __future__ import annotations

import asyncio
import os
import socket
from collections.abc import Callable
from pathlib import Path

import pytest
from textual import events
from textual.widgets import Input

from ccswitch_py.core.lock import state_lock
from ccswitch_py.core.paths import Paths
from ccswitch_py.demo.server import Gateway
from ccswitch_py.model.key_ref import KeyRef
from ccswitch_py.store.profile_files import profile_names
from ccswitch_py.tui.app import CcswitchApp
from ccswitch_py.tui.screens.home.screen import HomeScreen
from ccswitch_py.tui.screens.setup.advanced import AdvancedFields
from ccswitch_py.tui.screens.setup.screen import SetupScreen
from ccswitch_py.tui.widgets.inputs import KeyField
from ccswitch_py.tui.widgets.status import Busy
from tests.support.form import footer, lines, opened, paste, press, said, settled, until
from tests.support.home import add_profile
from tests.support.misbehaving import Misbehaving
from tests.support.strict_gateways import Held

KEY = "demo-canary-2d7a90c4e1b85f36"
Offer = Callable[[str], None]


def send(app: CcswitchApp, *keys: str) -> None:
    """Press keys without waiting for what they do."""
    for key in keys:
        app.post_message(events.Key(key, None))


def waits_for(app: CcswitchApp, words: str) -> bool:
    return any(words in str(busy.render()) for busy in app.screen.query(Busy))


@pytest.mark.parametrize("meanwhile", ["ctrl+o", "ctrl+r", "ctrl+f", "ctrl+l", "ctrl+t"])
async def test_no_key_cancels_or_repeats_a_save_that_runs(paths: Paths, gateway: Gateway, meanwhile: str) -> None:
    async with opened(paths) as (app, pilot):
        await paste(app, pilot, KEY)
        with state_lock(paths):
            await pilot.press("ctrl+o")
            await until(pilot, lambda: waits_for(app, "Saving …"))
            await pilot.press(meanwhile)
            assert waits_for(app, "Saving …") and "esc Cancel" in footer(app)
        await until(pilot, lambda: isinstance(app.screen, HomeScreen))
        await settled(app, pilot)
        assert said(app) == "Saved mingyan."
    assert profile_names(paths) == ["mingyan"] and not gateway.requests


async def test_two_saves_in_one_moment_are_one(paths: Paths, gateway: Gateway) -> None:
    async with opened(paths) as (app, pilot):
        await paste(app, pilot, KEY)
        send(app, "ctrl+o", "ctrl+o")
        await until(pilot, lambda: isinstance(app.screen, HomeScreen))
        await settled(app, pilot)
        assert said(app) == "Saved mingyan."


async def test_after_the_first_save_no_screen_keeps_the_key(paths: Paths, gateway: Gateway) -> None:
    async with opened(paths) as (app, pilot):
        await paste(app, pilot, KEY)
        await press(app, pilot, "ctrl+o")
        assert isinstance(app.screen_stack[0], SetupScreen)
        assert app.screen_stack[0].query_one(KeyField).text_is_empty


async def test_more_that_is_opened_twice_in_one_moment_is_there_once(paths: Paths, gateway: Gateway) -> None:
    async with opened(paths) as (app, pilot):
        send(app, "f4")
        while not app.screen.query(AdvancedFields):
            await asyncio.sleep(0)
        send(app, "f4")
        await settled(app, pilot)
        assert len(app.screen.query(AdvancedFields)) == 1
        await press(app, pilot, "f4")
        assert app.screen.query_one(AdvancedFields).display is any("▾ More" in line for line in lines(app))


@pytest.mark.parametrize("key", ["ctrl+t", "f4", "ctrl+o", "ctrl+l", "ctrl+e"])
async def test_a_key_that_comes_before_the_form_is_painted_breaks_nothing(
    paths: Paths, gateway: Gateway, key: str
) -> None:
    app = CcswitchApp(paths)
    send(app, key)
    async with app.run_test() as pilot:
        await settled(app, pilot)
        assert isinstance(app.screen, SetupScreen)
        await paste(app, pilot, KEY)
        await press(app, pilot, "ctrl+t")
        assert said(app).startswith("It works")


async def test_a_profile_that_is_gone_by_now_cannot_be_edited(paths: Paths) -> None:
    add_profile(paths, "other")
    async with opened(paths) as (app, pilot):
        answers: list[str | None] = []
        app.push_screen(SetupScreen(paths, profile_name="gone"), answers.append)
        await until(pilot, lambda: answers)
        assert str(answers[0]).startswith("There is no profile 'gone'.")
        assert isinstance(app.screen, HomeScreen)


async def test_a_test_that_waits_for_the_key_shows_that_and_escape_ends_it(paths: Paths, tmp_path: Path) -> None:
    asked = tmp_path / "asked"
    never = KeyRef(command=("sh", "-c", f"echo $$ > {asked}; exec sleep 1000"))
    add_profile(paths, "hangs", key=never)
    async with opened(paths) as (app, pilot):
        await press(app, pilot, "e")
        await pilot.press("ctrl+t")
        await until(pilot, lambda: asked.exists() and asked.read_text().strip())
        assert waits_for(app, "Testing …") and "esc Cancel" in footer(app)
        await pilot.press("escape")
        await until(pilot, lambda: not is_running(int(asked.read_text())))
        await settled(app, pilot)
        assert said(app) == "The test was cancelled." and "esc Back" in footer(app)


async def test_looking_for_https_shows_that_and_escape_ends_it(paths: Paths, gateway: Gateway) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        port = silent.getsockname()[1]
        async with opened(paths) as (app, pilot):
            app.screen.query_one("#base-url", Input).value = f"http://0.0.0.0:{port}/gw"
            await paste(app, pilot, KEY)
            await pilot.press("ctrl+o")
            await until(pilot, lambda: waits_for(app, "Trying https on 0.0.0.0 …"))
            await pilot.press("escape")
            await settled(app, pilot)
            assert said(app) == "Stopped." and isinstance(app.screen, SetupScreen)
    assert not profile_names(paths)


async def test_a_list_of_models_that_comes_for_another_address_is_not_offered(paths: Paths, offer: Offer) -> None:
    held = Held()
    with Misbehaving(held) as gateway:
        offer(gateway.base_url)
        async with opened(paths) as (app, pilot):
            await paste(app, pilot, KEY)
            await pilot.press("ctrl+l")
            await until(pilot, lambda: gateway.seen)
            app.screen.query_one("#base-url", Input).value = "https://other.example"
            held.let_go()
            await settled(app, pilot)
            assert said(app) == "The base URL has changed. List the models again."


def is_running(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    return True
