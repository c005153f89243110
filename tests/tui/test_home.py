from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest
from textual.pilot import Pilot
from textual.widgets import Input

from ccswitch_py.core.files import write_own_file
from ccswitch_py.core.paths import Paths
from ccswitch_py.model.protocol import MAIN_ROLES
from ccswitch_py.services.apply import use
from ccswitch_py.services.status import TargetStatus
from ccswitch_py.targets.claude_code.options import ClaudeCodeOptions
from ccswitch_py.tui.app import CcswitchApp
from ccswitch_py.tui.screens.help import HelpScreen
from ccswitch_py.tui.screens.home.table import fit_states, tool_states
from ccswitch_py.tui.screens.preview import PreviewScreen
from ccswitch_py.tui.screens.setup.screen import SetupScreen
from tests.support.form import lines, press, until, words
from tests.support.home import KEY_VARIABLE, add_profile
from tests.support.home_screen import at_home, details, key_bar, looked, press_for, rows, table
from tests.support.many_profiles import add_many_profiles

SIZES = [(80, 24), (140, 45)]


@pytest.fixture(autouse=True)
def quiet(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TEXTUAL_ANIMATIONS", "none")


def add_four_profiles(paths: Paths) -> None:
    same = dict.fromkeys(MAIN_ROLES, "gpt-5.4-low")
    add_profile(paths, "work", "https://gateway.example/anthropic", models=same | {"opus": "gpt-5.4"})
    add_profile(paths, "智谱", "https://api.example:8443", models=same)
    add_profile(paths, "a-name-that-is-longer-than-any-column-has-room", "https://long.example", models=same)
    add_profile(paths, "broken", models=same)
    Path(paths.profile("broken")).write_text("schema = 1\nname = ")
    use(paths, "work")


@pytest.mark.parametrize("size", SIZES)
def test_the_profiles_and_all_about_the_selected_one(
    paths: Paths, settings: Path, snap_compare, size: tuple[int, int]
) -> None:
    add_four_profiles(paths)
    app = CcswitchApp(paths)

    async def ready(pilot: Pilot[None]) -> None:
        await looked(app, pilot)
        table(app).select("work")
        await looked(app, pilot)

    assert snap_compare(app, terminal_size=size, run_before=ready)


@pytest.mark.parametrize("size", SIZES)
def test_the_help_has_every_key_with_its_verb(
    paths: Paths, settings: Path, snap_compare, size: tuple[int, int]
) -> None:
    add_profile(paths, "work", "https://gateway.example/anthropic")
    use(paths, "work")
    app = CcswitchApp(paths)

    async def ready(pilot: Pilot[None]) -> None:
        await looked(app, pilot)
        await press_for(app, pilot, "question_mark", HelpScreen)

    assert snap_compare(app, terminal_size=size, run_before=ready)


async def test_a_row_has_provider_models_key_state_and_where_it_is_in_use(
    paths: Paths, settings: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    add_four_profiles(paths)
    monkeypatch.setenv(KEY_VARIABLE, "sk-made-up-0000")
    async with at_home(paths, (240, 40)) as (app, _):
        assert rows(app) == [
            "a-name-that-is-longer-than-any-… long.example gpt-5.4-low $TEST_GATEWAY_K…",
            "! broken unusable",
            "● work gateway.example gpt-5.4-low · opus gpt-5.4 $TEST_GATEWAY_K… Claude Code",
            "智谱 api.example:8443 gpt-5.4-low $TEST_GATEWAY_K…",
        ]


async def test_a_key_variable_that_is_not_set_is_told_in_the_row(paths: Paths) -> None:
    add_profile(paths, "work")
    async with at_home(paths, (180, 40)) as (app, _):
        assert "unset $TEST_" in rows(app)[0]


async def test_enter_shows_the_change_and_writes_it_only_after_that(paths: Paths, settings: Path) -> None:
    settings.write_text('{"theme": "dark"}')
    add_profile(paths, "work")
    async with at_home(paths) as (app, pilot):
        assert words(app, "#state").startswith("○ no profile: Claude Code")
        await press_for(app, pilot, "enter", PreviewScreen)
        assert "Address and key change at once" in "\n".join(lines(app))
        await pilot.press("escape")
        await looked(app, pilot)
        assert settings.read_text() == '{"theme": "dark"}'
        await press_for(app, pilot, "enter", PreviewScreen)
        await pilot.press("enter")
        await looked(app, pilot)
        assert json.loads(settings.read_text())["theme"] == "dark"
        assert json.loads(settings.read_text())["env"]["ANTHROPIC_MODEL"] == "work-main"
        assert words(app, "#state") == "● work: Claude Code"
        assert "~/.claude/settings.json matches this profile." in details(app)


async def test_u_takes_back_what_was_written_as_long_as_there_is_something(paths: Paths, settings: Path) -> None:
    settings.write_text('{"theme": "dark"}')
    add_profile(paths, "work")
    async with at_home(paths) as (app, pilot):
        assert "u Undo" not in key_bar(app)
        await press_for(app, pilot, "enter", PreviewScreen)
        await pilot.press("enter")
        await looked(app, pilot)
        assert "u Undo" in key_bar(app)
        await press_for(app, pilot, "u", PreviewScreen)
        await pilot.press("enter")
        await looked(app, pilot)
        assert settings.read_text() == '{"theme": "dark"}'
        assert "u Undo" not in key_bar(app)
        assert words(app, "#status").startswith("Undone.")


async def test_o_gives_the_settings_back_as_they_were(paths: Paths, settings: Path) -> None:
    settings.write_text('{"theme": "dark"}')
    add_profile(paths, "work")
    use(paths, "work")
    async with at_home(paths) as (app, pilot):
        await press_for(app, pilot, "o", PreviewScreen)
        await pilot.press("enter")
        await looked(app, pilot)
        assert settings.read_text() == '{"theme": "dark"}'
        assert words(app, "#state").startswith("○ no profile: Claude Code")


async def test_a_slash_filters_by_whatever_a_row_shows(paths: Paths, settings: Path) -> None:
    add_four_profiles(paths)
    async with at_home(paths) as (app, pilot):
        await press(app, pilot, "slash", *"opus")
        assert [row.split()[1] for row in rows(app)] == ["work"]
        assert "1 of 4" in str(table(app).border_subtitle)
        await press(app, pilot, "enter")
        assert app.focused is table(app)
        await press(app, pilot, "escape")
        assert len(rows(app)) == 4


async def test_a_filter_that_nothing_has_says_so_and_takes_the_commands_away(paths: Paths) -> None:
    add_profile(paths, "work")
    async with at_home(paths) as (app, pilot):
        await press(app, pilot, "slash", *"zzz", "enter")
        assert "No matches. Press Escape to show all." in "\n".join(lines(app))
        assert "Use" not in key_bar(app)
        assert "New" in key_bar(app)


async def test_letters_are_typed_into_the_filter_and_do_nothing_else(paths: Paths) -> None:
    add_profile(paths, "work")
    async with at_home(paths) as (app, pilot):
        await press(app, pilot, "slash", *"nokexutd")
        assert app.screen.query_one("#filter", Input).value == "nokexutd"
        assert "Use" not in key_bar(app)


async def test_the_arrows_move_the_highlight_while_one_types(paths: Paths) -> None:
    for name in "abc":
        add_profile(paths, name)
    async with at_home(paths) as (app, pilot):
        await press(app, pilot, "slash", "down", "down", "up")
        assert table(app).selected == "b"


async def test_the_details_say_what_enter_would_change(paths: Paths, settings: Path) -> None:
    settings.write_text('{\n  "theme": "dark"\n}\n')
    add_profile(paths, "work", options=ClaudeCodeOptions(switches={"MAX_THINKING_TOKENS": "0"}))
    async with at_home(paths) as (app, _):
        assert "setting MAX_THINKING_TOKENS=0" in details(app)
        assert "Enter changes ~/.claude/settings.json:" in details(app)
        assert '+ "ANTHROPIC_MODEL": "work-main",' in details(app)


async def test_a_profile_that_cannot_be_read_says_why_and_the_others_are_there(paths: Paths, settings: Path) -> None:
    add_four_profiles(paths)
    async with at_home(paths) as (app, pilot):
        await press(app, pilot, "down")
        await looked(app, pilot)
        assert any("broken.toml" in line for line in details(app))
        assert len(rows(app)) == 4


async def test_what_another_program_does_to_profiles_and_settings_shows_up(paths: Paths, settings: Path) -> None:
    add_profile(paths, "work")
    use(paths, "work")
    async with at_home(paths) as (app, pilot):
        write_own_file(paths.profile("other"), Path(paths.profile("work")).read_bytes())
        await until(pilot, lambda: len(rows(app)) == 2)
        changed = json.loads(settings.read_text())
        changed["env"]["ANTHROPIC_MODEL"] = "claude-opus-4-8"
        settings.write_text(json.dumps(changed))
        await until(pilot, lambda: "changed by another program" in words(app, "#state"))
        os.remove(paths.profile("other"))
        await until(pilot, lambda: len(rows(app)) == 1)


async def test_two_clicks_pick_a_profile_and_a_click_on_the_key_bar_presses_the_key(paths: Paths) -> None:
    for name in "ab":
        add_profile(paths, name)
    async with at_home(paths) as (app, pilot):
        await pilot.click(table(app), offset=(8, 3))
        assert table(app).selected == "b"
        await pilot.double_click(table(app), offset=(8, 3))
        await until(pilot, lambda: isinstance(app.screen, PreviewScreen))
        await pilot.press("escape")
        await looked(app, pilot)
        await pilot.click("KeyBar", offset=(key_bar(app).index("n New"), 0))
        await until(pilot, lambda: isinstance(app.screen, SetupScreen))


async def test_the_palette_has_what_can_be_done_now(paths: Paths) -> None:
    add_profile(paths, "work")
    async with at_home(paths) as (app, pilot):
        offered = {one.title for one in app.get_system_commands(app.screen)}
        assert {"Use", "Test", "Edit", "New", "Duplicate", "Run", "Export", "Keys", "Copy command"} <= offered
        assert "Undo" not in offered
        await pilot.press("ctrl+p", *"dupli")
        await until(pilot, lambda: "Copy the profile with its key" in "\n".join(lines(app)))
        await pilot.press("enter")
        await until(pilot, lambda: app.screen.query("#remark"))


async def test_the_first_screen_without_a_profile_is_the_form(paths: Paths) -> None:
    app = CcswitchApp(paths)
    async with app.run_test() as pilot:
        await until(pilot, lambda: isinstance(app.screen, SetupScreen))


@pytest.mark.parametrize("size", SIZES)
async def test_among_ten_thousand_the_highlight_stays_in_view_and_the_filter_finds_one(
    paths: Paths, size: tuple[int, int]
) -> None:
    add_many_profiles(paths, 10_000)
    app = CcswitchApp(paths)
    async with app.run_test(size=size) as pilot:
        await pilot.press(*["down"] * 50, "pagedown")
        highlighted = table(app).selected
        assert any((highlighted or "-") in row for row in rows(app))
        await pilot.press("end")
        assert rows(app)[-1].startswith("p09999")
        await until(pilot, lambda: "gateway.example" in rows(app)[-1])
        await pilot.press("slash", *"9876", "enter")
        assert table(app).selected == "p09876"


def tool(name: str, profile: str | None = None, **more: Any) -> TargetStatus:
    one = TargetStatus(name.casefold(), name, "settings.json")
    vars(one).update(profile=profile, **more)
    return one


def test_the_line_on_the_tools_names_an_unrecorded_profile() -> None:
    def line(one: TargetStatus) -> str:
        (state,) = tool_states([one])
        assert state.warns
        return state.sentence

    assert line(tool("Codex", "work", unrecorded="work")) == "! work, whose record is missing: Codex"
    elsewhere = tool("Codex", unrecorded="work", other_home="/elsewhere/state")
    assert line(elsewhere) == "! work of another ccswitch home: Codex"


def test_tools_are_grouped_by_profile_and_those_that_need_attention_are_first() -> None:
    tools = [
        tool("Codex", "work"),
        tool("pi"),
        tool("opencode", "work"),
        tool("Cline", "play", edited_since=True),
        tool("Droid"),
    ]
    states = tool_states(tools)
    assert [state.sentence for state in states] == [
        "! play, an older version: Cline",
        "● work: Codex, opencode",
        "○ no profile: pi, Droid",
    ]
    assert [state.warns for state in states] == [True, False, False]


def test_the_lines_on_the_tools_take_a_few_rows_and_count_the_rest() -> None:
    states = tool_states([tool(f"Tool {number}", f"profile-{number}") for number in range(6)] + [tool("pi")])
    lines = fit_states(states, 40, 3).split("\n")
    assert lines[:2] == ["● profile-0: Tool 0", "● profile-1: Tool 1"]
    assert lines[2] == f"{'● profile-2: Tool 2':31}  +4 more"
    assert len(fit_states(states, 40, 9).split("\n")) == 7
    broken = fit_states(tool_states([tool("Codex", problem="not valid " * 20)]), 40, 3).split("\n")
    assert len(broken) == 3 and broken[-1].endswith("…")


async def test_with_several_profiles_in_use_a_narrow_table_keeps_the_tools(paths: Paths, settings: Path) -> None:
    for number, target in enumerate(("claude-code", "opencode")):
        add_profile(paths, f"profile-{number}", f"http://127.0.0.1:1234{number}")
        use(paths, f"profile-{number}", [target])
    async with at_home(paths) as (app, _):
        assert rows(app)[0].endswith("Claude Code")
        assert "provider 127.0.0.1:12340" in details(app)
        assert len(words(app, "#state").split("\n")) <= 3
