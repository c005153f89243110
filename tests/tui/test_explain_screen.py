from __future__ import annotations

from pathlib import Path

import pytest
from textual.pilot import Pilot

from ccswitch_py.core.paths import Paths
from ccswitch_py.tui.screens.explain import ExplainScreen
from ccswitch_py.tui.screens.show_text import ShowTextScreen
from tests.support.explain_screen import KEY, TOKEN, ExplainApp, fill, read, write_json
from tests.support.form import lines, until
from tests.support.home import add_profile
from tests.support.home_screen import at_home, looked, press_for

SIZES = [(80, 24), (140, 45)]


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A home that is called the same wherever the tests run: ``~``."""
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.setenv("TEXTUAL_ANIMATIONS", "none")
    return tmp_path / "home"


def opened(home: Path) -> ExplainApp:
    return ExplainApp(fill(home), {"HOME": str(home), "ANTHROPIC_API_KEY": KEY})


@pytest.mark.parametrize("size", SIZES)
def test_what_wins_and_all_about_the_selected_one(home: Path, snap_compare, size: tuple[int, int]) -> None:
    app = opened(home)

    async def ready(pilot: Pilot[None]) -> None:
        await read(app, pilot)
        await pilot.press("down", "down")
        await until(pilot, lambda: "seems to come from" in app.words("#reasons"))

    assert snap_compare(app, terminal_size=size, run_before=ready)


async def test_each_row_has_its_value_masked_and_its_place(home: Path) -> None:
    app = opened(home)
    async with app.run_test(size=(140, 45)) as pilot:
        await read(app, pilot)
        assert app.rows == [
            ["address", "https://gateway.example/anthropic", "user: settings.json:4"],
            ["Authorization", "Bearer ••••••••wxyz", "user: settings.json:5"],
            ["x-api-key", "••••••••abcd", "this terminal's environment"],
            ["headers", "none", ""],
            ["main", "sonnet, which is glm-5[1m]", "user: settings.json:2"],
            ["haiku", "Claude Code's own choice", ""],
            ["sonnet", "glm-5[1m]", "project: settings.json:4"],
            ["opus", "Claude Code's own choice", ""],
            ["fable", "Claude Code's own choice", ""],
            ["subagent", "the main model", ""],
        ]
        assert "Two credentials are sent" in app.words("#notes")
        picture = app.export_screenshot()
        assert KEY not in picture and TOKEN not in picture


async def test_the_selected_row_says_why_and_what_it_beats(home: Path) -> None:
    app = opened(home)
    async with app.run_test(size=(140, 45)) as pilot:
        await read(app, pilot)
        await pilot.press("down", "down")
        await until(pilot, lambda: app.words("#reasons").startswith("••••••••abcd"))
        reasons = app.words("#reasons")
        assert "ANTHROPIC_API_KEY overrides apiKeyHelper." in reasons
        assert "overridden: apiKeyHelper = get-key … (~/project/.claude/settings.json:2)" in reasons
        assert "ANTHROPIC_API_KEY of this terminal seems to come from ~/.zshenv:2." in reasons


async def test_enter_shows_the_file_with_its_lines(home: Path) -> None:
    app = opened(home)
    async with app.run_test(size=(80, 24)) as pilot:
        await read(app, pilot)
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(app.screen, ShowTextScreen))
        assert app.words("#text").splitlines()[1:] == [
            "     2  model = sonnet",
            "     4  ANTHROPIC_BASE_URL = https://gateway.example/anthropic",
            "     5  ANTHROPIC_AUTH_TOKEN = ••••••••wxyz",
        ]
        await pilot.press("escape")
        await until(pilot, lambda: app.screen is app.explain_screen)
        await pilot.press("escape")
        await until(pilot, lambda: app.is_left)


async def test_r_reads_again(home: Path) -> None:
    app = opened(home)
    async with app.run_test(size=(80, 24)) as pilot:
        await read(app, pilot)
        write_json(home / "project/.claude/settings.local.json", {"env": {"ANTHROPIC_BASE_URL": "https://[new].test"}})
        await pilot.press("r")
        await until(pilot, lambda: app.rows[0][1] == "https://[new].test")
        (home / ".claude/settings.json").write_text("{")
        await pilot.press("r")
        await until(pilot, lambda: "✗ ~/.claude/settings.json: Claude Code skips" in app.words("#status"))


async def test_what_is_wrong_and_to_know_is_counted_at_once_and_n_shows_all(home: Path) -> None:
    app = opened(home)
    async with app.run_test(size=(80, 24)) as pilot:
        await read(app, pilot)
        write_json(home / "project/.claude/settings.local.json", {"env": {"ANTHROPIC_BASE_URL": "htp:/[bad] host"}})
        await pilot.press("r")
        await until(pilot, lambda: app.rows[0][2] == "project: …tings.local.json:3")
        seen = "\n".join(lines(app))
        assert "1 problem. 3 notes." in seen
        assert "✗ ANTHROPIC_BASE_URL in ~/project/.claude/settings.local.json:3 is no" in seen
        await pilot.press("n")
        await until(pilot, lambda: isinstance(app.screen, ShowTextScreen))
        shown = app.words("#text")
        assert shown.count("✗ ") == 1 and shown.count("! ") == 3 and "or remove it." in shown


async def test_w_opens_it_from_the_profiles_and_escape_comes_back(paths: Paths) -> None:
    add_profile(paths, "work")
    async with at_home(paths) as (app, pilot):
        await press_for(app, pilot, "w", ExplainScreen)
        await pilot.press("escape")
        await looked(app, pilot)
