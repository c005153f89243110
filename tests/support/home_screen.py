"""What a test sees of the screen of profiles, and what it waits for there."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from textual.geometry import Region
from textual.pilot import Pilot
from textual.screen import Screen
from textual.widgets import Static

from ccswitch_py.core.paths import Paths
from ccswitch_py.tui.app import CcswitchApp
from ccswitch_py.tui.screens.home.details import ProfileDetails
from ccswitch_py.tui.screens.home.screen import HomeScreen
from ccswitch_py.tui.screens.home.table import ProfileTable
from tests.support.form import lines, settled, until


@asynccontextmanager
async def at_home(paths: Paths, size: tuple[int, int] = (80, 24)) -> AsyncIterator[tuple[CcswitchApp, Pilot[None]]]:
    """The program with the profiles on its screen."""
    app = CcswitchApp(paths)
    async with app.run_test(size=size) as pilot:
        await looked(app, pilot)
        yield app, pilot


async def looked(app: CcswitchApp, pilot: Pilot[None]) -> None:
    """Wait until the screen of profiles is there and has read all that it shows."""
    await until(pilot, lambda: isinstance(app.screen, HomeScreen) and app.screen.is_settled)
    await settled(app, pilot)


def table(app: CcswitchApp) -> ProfileTable:
    return app.screen.query_one(ProfileTable)


def rows(app: CcswitchApp) -> list[str]:
    """The rows of the table as they are seen, without the headings; one space where there are many."""
    seen = table(app)
    texts = [seen.render_line(y).text for y in range(seen.size.height)]
    return [" ".join(text.split()) for text in texts[1:] if text.strip()]


def details(app: CcswitchApp) -> list[str]:
    """The lines beside the table."""
    text = app.screen.query_one(ProfileDetails).query_one(Static)
    seen = text.render_lines(Region(0, 0, *text.size))
    return [" ".join(strip.text.split()) for strip in seen]


def key_bar(app: CcswitchApp) -> str:
    return lines(app)[-1]


async def press_for(app: CcswitchApp, pilot: Pilot[None], key: str, screen: type[Screen[Any]]) -> None:
    """Press a key that opens a screen, and wait for it."""
    await pilot.press(key)
    await until(pilot, lambda: isinstance(app.screen, screen) and app.screen.is_attached)
    await pilot.pause()
