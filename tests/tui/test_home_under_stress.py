"""What happens when keys come at the wrong moment, and names are not what one expects."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest
from textual.widgets import Input

from ccswitch_py.core.paths import Paths
from ccswitch_py.model.key_ref import KeyRef
from ccswitch_py.model.protocol import MAIN_ROLES
from ccswitch_py.services.apply import use
from ccswitch_py.store.profile_files import profile_names
from ccswitch_py.tui.app import CcswitchApp
from ccswitch_py.tui.screens.home.screen import HomeScreen
from ccswitch_py.tui.screens.preview import PreviewScreen
from tests.support.form import lines, until, words
from tests.support.home import add_profile
from tests.support.home_screen import at_home, details, looked, press_for, rows


@pytest.fixture(autouse=True)
def quiet(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TEXTUAL_ANIMATIONS", "none")


async def test_what_has_changed_since_the_preview_is_shown_again_before_it_is_written(
    paths: Paths, settings: Path
) -> None:
    settings.write_text('{"theme": "dark"}')
    add_profile(paths, "a")
    add_profile(paths, "b")
    async with at_home(paths) as (app, pilot):
        await press_for(app, pilot, "enter", PreviewScreen)
        use(paths, "b")
        seen = app.screen
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(app.screen, PreviewScreen) and app.screen is not seen)
        await pilot.pause()
        assert "The file has changed since the preview" in "\n".join(lines(app))
        assert json.loads(settings.read_text())["env"]["ANTHROPIC_MODEL"] == "b-main"
        await pilot.press("enter")
        await looked(app, pilot)
        assert json.loads(settings.read_text())["env"]["ANTHROPIC_MODEL"] == "a-main"


@pytest.mark.parametrize("key", ["e", "n", "d", "K", "delete", "x"])
async def test_a_key_that_is_pressed_twice_at_once_opens_one_screen(paths: Paths, key: str) -> None:
    add_profile(paths, "work")
    async with at_home(paths) as (app, pilot):
        app.simulate_key(key)
        app.simulate_key(key)
        await until(pilot, lambda: not isinstance(app.screen, HomeScreen))
        await pilot.pause()
        assert len(app.screen_stack) == 2


@pytest.mark.parametrize("name", ["x[@click=app.quit]y", "[bold]b", "wide智谱[b]"])
async def test_brackets_in_a_name_are_only_brackets(paths: Paths, name: str) -> None:
    add_profile(paths, "work")
    os.rename(paths.profile("work"), paths.profile(name))
    async with at_home(paths) as (app, _):
        assert sum(name in line for line in lines(app)) >= 2
        assert any(f"─ {name} ─" in line for line in lines(app))


async def test_a_model_with_brackets_is_shown_as_it_is(paths: Paths, settings: Path) -> None:
    add_profile(paths, "work", models=dict.fromkeys(MAIN_ROLES, "s[/x]"))
    async with at_home(paths) as (app, _):
        assert "main s[/x]" in details(app)
        assert "s[/x]" in rows(app)[0]


async def test_a_file_whose_name_is_no_text_is_passed_over(paths: Paths) -> None:
    add_profile(paths, "work")
    with open(os.fsencode(paths.profiles) + b"/a\xff.toml", "wb") as file:
        file.write(Path(paths.profile("work")).read_bytes())
    assert profile_names(paths) == ["work"]
    async with at_home(paths) as (app, _):
        assert len(rows(app)) == 1


async def test_without_the_tool_r_says_so_and_the_screen_stays(paths: Paths, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "/nowhere")
    add_profile(paths, "work")
    async with at_home(paths) as (app, pilot):
        await pilot.press("r")
        await until(pilot, lambda: words(app, "#status"))
        assert words(app, "#status").startswith("'claude' was not found on the PATH.")


async def test_a_profile_in_use_is_not_offered_to_be_removed(paths: Paths, settings: Path) -> None:
    add_profile(paths, "work")
    use(paths, "work")
    async with at_home(paths) as (app, pilot):
        await pilot.press("delete")
        await until(pilot, lambda: words(app, "#status"))
        assert words(app, "#status").startswith("work is in use")
        assert isinstance(app.screen, HomeScreen)


async def test_leaving_while_something_runs_ends_it_first_and_leaves_all_as_it_was(
    paths: Paths, settings: Path, tmp_path: Path
) -> None:
    settings.write_text('{"theme": "dark"}')
    never = KeyRef(command=("sh", "-c", f"echo > {tmp_path / 'asked'}; exec sleep 1000"))
    add_profile(paths, "hangs", key=never, delivery="plaintext")
    app = CcswitchApp(paths)
    async with app.run_test() as pilot:
        await looked(app, pilot)
        await pilot.press("enter")
        await until(pilot, (tmp_path / "asked").exists)
        await pilot.press("q")
        await until(pilot, lambda: not app.is_running)
    assert app.return_code == 0
    assert settings.read_text() == '{"theme": "dark"}'


async def test_a_profile_that_comes_to_fit_the_filter_shows_up(paths: Paths) -> None:
    add_profile(paths, "work")
    async with at_home(paths) as (app, pilot):
        await pilot.press("slash", *"brandnew", "enter")
        assert rows(app) == []
        text = Path(paths.profile("work")).read_text()
        Path(paths.profile("work")).write_text(text.replace("work-opus", "brandnew"))
        await until(pilot, lambda: len(rows(app)) == 1)
        assert app.screen.query_one("#filter", Input).value == "brandnew"
