"""The key on every screen: in no picture, widget, clipboard, log or file but the keyring's own."""

from __future__ import annotations

from pathlib import Path

import pytest
from textual import events
from textual.pilot import Pilot
from textual.widgets import Input

from ccswitch_py.core.paths import Paths
from ccswitch_py.demo.server import Gateway
from ccswitch_py.tui.app import CcswitchApp
from ccswitch_py.tui.screens.keys.entry import KeyEntryScreen
from ccswitch_py.tui.screens.keys.screen import KeysScreen
from ccswitch_py.tui.screens.live_test.screen import LiveTestScreen
from ccswitch_py.tui.screens.preview import PreviewScreen
from ccswitch_py.tui.screens.setup.screen import SetupScreen
from ccswitch_py.tui.widgets.inputs import KeyField
from tests.support.canaries import Canary
from tests.support.form import opened, press, said, settled, until
from tests.support.home_screen import looked, press_for

CANARY = Canary.new("demo-canary-")


class Looks:
    """Looks at all that the program has and shows, whenever it is told to."""

    def __init__(self, app: CcswitchApp) -> None:
        self.app = app
        self.places: list[str] = []
        self.count = 0

    def look(self, where: str) -> None:
        self.count += 1
        told = [self.app.export_screenshot(), self.app.clipboard, repr(self.app), repr(vars(self.app))]
        for screen in self.app.screen_stack:
            told += [repr(screen), screen.get_selected_text() or ""]
            for widget in [screen, *screen.query("*")]:
                told += [repr(widget), repr(vars(widget)), str(widget.render()), *map(repr, vars(widget).values())]
        if any(map(CANARY.is_in, told)):
            self.places.append(where)


async def paste(app: CcswitchApp, pilot: Pilot[None]) -> None:
    app.screen.query_one(KeyField).focus()
    await pilot.pause()
    app.screen.query_one(KeyField).post_message(events.Paste(f" {CANARY.key}\n"))
    await pilot.pause()


async def help_and_palette(app: CcswitchApp, pilot: Pilot[None], looks: Looks, where: str) -> None:
    looks.look(where)
    for key in ("f1", "ctrl+p"):
        before = app.screen
        await pilot.press(key)
        await pilot.pause()
        looks.look(f"{where}, after {key}")
        if app.screen is not before:
            await pilot.press("escape")
            await until(pilot, lambda before=before: app.screen is before)
    app.screen.text_select_all()
    await pilot.press("ctrl+c")
    await pilot.pause()
    looks.look(f"{where}, all selected and copied")
    app.screen.clear_selection()


async def test_the_key_is_on_no_screen_and_in_no_widget_log_or_file(
    paths: Paths,
    settings: Path,
    gateway: Gateway,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
) -> None:
    log = tmp_path / "textual.log"
    monkeypatch.setattr("textual.constants.LOG_FILE", str(log))
    async with opened(paths, (140, 45)) as (app, pilot):
        looks = Looks(app)
        assert isinstance(app.screen, SetupScreen)
        await paste(app, pilot)
        await help_and_palette(app, pilot, looks, "the form")
        for field in app.screen.query(Input):
            if field.display and not field.disabled:
                field.focus()
                await pilot.pause()
                field.post_message(events.Paste(CANARY.key))
                await pilot.pause()
                looks.look(f"pasted into {field!r}")
        await pilot.press("f4")
        await settled(app, pilot)
        looks.look("more of the form")
        await press(app, pilot, "ctrl+t")
        assert said(app)
        looks.look("the form's test")
        await press(app, pilot, "ctrl+o")
        await looked(app, pilot)
        await help_and_palette(app, pilot, looks, "the profiles")
        await press_for(app, pilot, "enter", PreviewScreen)
        await settled(app, pilot)
        await help_and_palette(app, pilot, looks, "the preview")
        await pilot.press("escape")
        await looked(app, pilot)
        await press_for(app, pilot, "t", LiveTestScreen)
        await until(pilot, lambda: app.screen.finished == 1)  # type: ignore[attr-defined]
        for _ in range(10):
            looks.look("the test screen")
            await pilot.press("down")
        await help_and_palette(app, pilot, looks, "the test screen")
        await pilot.press("escape")
        await looked(app, pilot)
        await press_for(app, pilot, "K", KeysScreen)
        await settled(app, pilot)
        await pilot.press("s")
        await settled(app, pilot)
        await help_and_palette(app, pilot, looks, "the keys")
        await press_for(app, pilot, "enter", KeyEntryScreen)
        await paste(app, pilot)
        await help_and_palette(app, pilot, looks, "another key")
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(app.screen, KeysScreen))
        await settled(app, pilot)
        looks.look("the keys with another key")
    assert any(request.key == CANARY.key for request in gateway.requests), "the key did not come through at all"
    assert looks.places == []
    assert looks.count > 40
    assert log.stat().st_size > 1000
    printed = capfd.readouterr()
    assert not CANARY.is_in(printed.out + printed.err)
    kept = Path(paths.state, "demo-keys.json")
    assert CANARY.files_below(tmp_path) == [str(kept)]
