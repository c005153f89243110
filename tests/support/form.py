"""Drives the setup form as a user does, and waits until it has nothing left to do."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

from textual import events
from textual.app import App
from textual.keys import _character_to_key as key_of
from textual.pilot import Pilot
from textual.widgets import Static

from ccswitch_py.core.paths import Paths
from ccswitch_py.tui.app import CcswitchApp
from ccswitch_py.tui.screens.setup.check_list import CheckList, CheckRow

MOST_LOOKS = 6000


@asynccontextmanager
async def opened(paths: Paths, size: tuple[int, int] = (80, 24)) -> AsyncIterator[tuple[CcswitchApp, Pilot[None]]]:
    """The program, with its first screen ready."""
    app = CcswitchApp(paths)
    async with app.run_test(size=size) as pilot:
        await settled(app, pilot)
        yield app, pilot


async def settled(app: CcswitchApp, pilot: Pilot[None]) -> None:
    """Wait until the screen has nothing left to do; what waits below for its answer may go on waiting."""
    await pilot.pause()
    await until(pilot, lambda: all(worker.is_finished for worker in app.workers if worker.node.screen is app.screen))


async def until(pilot: Pilot[Any], holds: Callable[[], object]) -> None:
    """Let the program go on until something holds; what never does fails instead of hanging."""
    for _ in range(MOST_LOOKS):
        if holds():
            await pilot.pause()
            return
        await pilot.pause(0.01)
    raise AssertionError("it never came to that; on the screen:\n" + "\n".join(lines(pilot.app)))


async def press(app: CcswitchApp, pilot: Pilot[None], *keys: str) -> None:
    """Press keys, one after what the one before has set off is over."""
    for key in keys:
        await pilot.press(key)
        await settled(app, pilot)


async def typed(pilot: Pilot[Any], text: str) -> None:
    """Type a text as fast as a terminal brings it."""
    for char in text:
        pilot.app.post_message(events.Key(key_of(char), char))
    await pilot.pause()


async def paste(app: CcswitchApp, pilot: Pilot[None], text: str) -> None:
    """Paste into the key field."""
    app.screen.query_one("#key").focus()
    await pilot.pause()
    app.screen.focused.post_message(events.Paste(text))  # type: ignore[union-attr]
    await pilot.pause()


def said(app: CcswitchApp) -> str:
    """What the form says below its fields."""
    return words(app, "#status")


def words(app: CcswitchApp, widget: str) -> str:
    """What a text of the screen says."""
    return str(app.screen.query_one(widget, Static).content)


def check_rows(app: CcswitchApp) -> dict[str, CheckRow]:
    """The rows of the live test, by their check."""
    return {row.check: row for row in app.screen.query_one(CheckList).checks}


def lines(app: App[Any]) -> list[str]:
    """The screen as it is seen."""
    return [strip.text.rstrip() for strip in app.screen._compositor.render_strips()]


def footer(app: CcswitchApp) -> str:
    """The keys that the footer shows."""
    return lines(app)[-1]
