"""What one does with a profile from the table, beside using it."""

from __future__ import annotations

from pathlib import Path

import pytest
from textual.widgets import Input

from ccswitch_py.core.paths import Paths
from ccswitch_py.store.profile_files import profile_names
from ccswitch_py.tui.screens.dialogs import ExportScreen, NamingScreen
from ccswitch_py.tui.screens.keys.screen import KeysScreen
from ccswitch_py.tui.screens.setup.screen import SetupScreen
from ccswitch_py.tui.screens.show_text import ShowTextScreen
from tests.support.form import lines, press, until, words
from tests.support.home import add_profile
from tests.support.home_screen import at_home, details, looked, press_for, rows


async def test_d_copies_the_profile_under_a_name_that_is_free(paths: Paths) -> None:
    add_profile(paths, "work")
    async with at_home(paths) as (app, pilot):
        await press_for(app, pilot, "d", NamingScreen)
        assert app.screen.query_one(Input).value == "work-2"
        await pilot.press("end", "backspace", "backspace")
        assert words(app, "#remark") == "✗ A profile of that name already exists."
        await pilot.press("end", *"-b", "enter")
        await looked(app, pilot)
        assert profile_names(paths) == ["work", "work-b"]
        assert len(rows(app)) == 2
        assert words(app, "#status") == "work-b is a copy of work, with the same key."


async def test_f2_renames_and_the_row_follows(paths: Paths) -> None:
    add_profile(paths, "work")
    async with at_home(paths) as (app, pilot):
        await press_for(app, pilot, "f2", NamingScreen)
        await pilot.press("end", *"-b", "enter")
        await looked(app, pilot)
        assert profile_names(paths) == ["work-b"]
        assert "work-b" in rows(app)[0]


async def test_a_name_that_cannot_be_one_is_told_while_it_is_typed_and_not_taken(paths: Paths) -> None:
    add_profile(paths, "work")
    async with at_home(paths) as (app, pilot):
        await press_for(app, pilot, "f2", NamingScreen)
        await pilot.press("end", "slash")
        assert words(app, "#remark").startswith("✗")
        await pilot.press("enter")
        assert isinstance(app.screen, NamingScreen)
        await pilot.press("escape")
        await looked(app, pilot)
        assert profile_names(paths) == ["work"]


async def test_x_writes_a_file_without_the_key(paths: Paths, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    add_profile(paths, "work")
    async with at_home(paths) as (app, pilot):
        await press_for(app, pilot, "x", ExportScreen)
        await press(app, pilot, "enter", "enter")
        await looked(app, pilot)
        assert words(app, "#status") == "Exported to work.toml, without the key."
    assert "work-main" in (tmp_path / "work.toml").read_text()
    assert (tmp_path / "work.toml").stat().st_mode & 0o777 == 0o600


async def test_n_e_and_capital_k_open_their_screens_and_escape_comes_back(paths: Paths) -> None:
    add_profile(paths, "work")
    async with at_home(paths) as (app, pilot):
        for key, screen in {"n": SetupScreen, "e": SetupScreen, "K": KeysScreen}.items():
            await press_for(app, pilot, key, screen)
            await pilot.press("escape")
            await looked(app, pilot)


async def test_y_copies_the_command_and_capital_y_shows_it(paths: Paths) -> None:
    add_profile(paths, "work")
    command = "claude --settings ~/ccswitch/state/launch/claude-code/work.json"
    async with at_home(paths) as (app, pilot):
        assert command in " ".join(details(app))
        await pilot.press("y")
        await until(pilot, lambda: app.clipboard)
        assert app.clipboard == command
        await looked(app, pilot)
        await press_for(app, pilot, "Y", ShowTextScreen)
        assert command in "\n".join(lines(app))
