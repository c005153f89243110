"""A program with nothing but the test screen, and what is seen on it."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager

from textual.app import App
from textual.pilot import Pilot
from textual.widgets import Static

from ccswitch_py.paths import Paths
from ccswitch_py.tui.screens.testing import TestScreen as Screen
from ccswitch_py.tui.tested import Line, Row
from ccswitch_py.tui.tested_words import as_text
from ccswitch_py.tui.theme import with_one_accent
from ccswitch_py.tui.widgets.check_table import CheckTable
from tests.support.form import lines, until


class ScreenApp(App[None]):
    """Shows the test screen; ``is_left`` once the user has gone back."""

    def __init__(self, paths: Paths, names: Sequence[str], *, theme: str = "textual-dark") -> None:
        super().__init__()
        self.theme = theme
        self.test_screen = Screen(paths, names)
        self.is_left = False

    def get_css_variables(self) -> dict[str, str]:
        return with_one_accent(super().get_css_variables())

    def on_mount(self) -> None:
        self.push_screen(self.test_screen, self._left)

    def _left(self, _answer: None) -> None:
        self.is_left = True

    @property
    def table(self) -> CheckTable:
        return self.test_screen.query_one(CheckTable)

    @property
    def rows(self) -> list[tuple[str, str]]:
        """The title and the status of each row."""
        return [
            (f"{row.check} {row.model}".strip() if isinstance(row, Line) else row.name, row.status)
            for row in self.all_rows
        ]

    @property
    def all_rows(self) -> list[Row]:
        return list(self.table._rows)

    @property
    def said(self) -> str:
        return str(self.test_screen.query_one("#said", Static).content)

    @property
    def details(self) -> str:
        return str(self.test_screen.query_one("#whole", Static).content)

    @property
    def seen(self) -> str:
        """The screen as it is seen."""
        return "\n".join(lines(self))  # type: ignore[arg-type]

    @property
    def everything(self) -> str:
        """All that the screen can show of all rows, and what is seen now."""
        return "\n".join([self.seen, self.said, self.export_screenshot(), *map(as_text, self.all_rows)])


@asynccontextmanager
async def opened(
    paths: Paths, *names: str, size: tuple[int, int] = (80, 24)
) -> AsyncIterator[tuple[ScreenApp, Pilot[None]]]:
    """The screen, whose test has begun or asks whether it may."""
    app = ScreenApp(paths, names)
    async with app.run_test(size=size) as pilot:
        await until(pilot, lambda: app.is_mounted and (app.said or app.screen is not app.test_screen))
        yield app, pilot


async def done(app: ScreenApp, pilot: Pilot[None]) -> None:
    """Wait until the test is over."""
    await until(pilot, lambda: app.screen is app.test_screen and app.test_screen.is_done)


async def go_to(app: ScreenApp, pilot: Pilot[None], title: str) -> None:
    """Move the highlight to the row of this title."""
    await pilot.press("home")
    for _ in range(app.rows.index(next(row for row in app.rows if row[0] == title))):
        await pilot.press("down")
    await pilot.pause()
