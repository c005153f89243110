from collections.abc import Callable
from pathlib import Path

import pytest
from textual.pilot import Pilot
from textual.widgets import Button, Checkbox, Input

from ccswitch_py.core.paths import Paths
from ccswitch_py.demo.server import Gateway
from ccswitch_py.model.protocol import Delivery
from ccswitch_py.model.role import Role
from ccswitch_py.store.profile_files import profile_names
from ccswitch_py.store.profiles import load_profile
from ccswitch_py.targets.claude_code.options import ClaudeCodeOptions
from ccswitch_py.tui.app import CcswitchApp
from ccswitch_py.tui.screens.dialogs import QuestionScreen
from ccswitch_py.tui.screens.home.screen import HomeScreen
from ccswitch_py.tui.screens.setup.advanced import HeaderLines
from ccswitch_py.tui.screens.setup.screen import SetupScreen
from ccswitch_py.tui.widgets.model_select.field import ModelSelect
from tests.support.form import lines, opened, paste, press, said, settled, until
from tests.support.home import add_profile, saved_options
from tests.support.setup_form import SetupApp, filled

KEY = "demo-canary-0e52c7b96f14d83a"
SIZES = [(80, 24), (140, 45)]
OPTIONS = ClaudeCodeOptions(
    bearer_only=True,
    context_window=100_000,
    headers={"X-Team": "blue"},
    switches={"CLAUDE_CODE_DISABLE_THINKING": "1"},
)


async def test_all_of_it_is_saved_and_shown_again(paths: Paths, gateway: Gateway) -> None:
    async with opened(paths) as (app, pilot):
        await paste(app, pilot, KEY)
        await press(app, pilot, "f4")
        screen = app.screen
        screen.query_one("#fable", ModelSelect).value = "claude-haiku-4-5"
        screen.query_one("#context-window", Input).value = "100000"
        screen.query_one("#headers", HeaderLines).text = "X-Team: blue\n"
        screen.query_one("#bearer-only", Checkbox).value = True
        screen.query_one("#switch-CLAUDE_CODE_DISABLE_THINKING", Input).value = "1"
        await press(app, pilot, "f4", "ctrl+o")
        profile = load_profile(paths, "mingyan")
        assert saved_options(paths, "mingyan") == OPTIONS and profile.models[Role.FABLE] == "claude-haiku-4-5"
        assert Role.SUBAGENT not in profile.models and profile.delivery is Delivery.COMMAND
        await press(app, pilot, "e")
        assert app.screen.query_one("#more-fields").display, "a profile that uses it shows it"
        assert app.screen.query_one("#headers", HeaderLines).text == "X-Team: blue"
        app.screen.query_one("#fable", ModelSelect).value = ""
        app.screen.query_one("#headers", HeaderLines).text = ""
        await press(app, pilot, "ctrl+o")
        profile = load_profile(paths, "mingyan")
        assert Role.FABLE not in profile.models and not saved_options(paths, "mingyan").headers


async def test_a_profile_that_uses_none_of_it_keeps_it_closed(paths: Paths, gateway: Gateway) -> None:
    add_profile(paths, "plain", "https://gateway.example")
    async with opened(paths) as (app, pilot):
        await press(app, pilot, "e")
        assert isinstance(app.screen, SetupScreen) and not app.screen.query("#more-fields")


async def test_the_key_in_plain_text_is_warned_of_where_it_is_chosen(paths: Paths, gateway: Gateway) -> None:
    async with opened(paths, (140, 45)) as (app, pilot):
        await paste(app, pilot, KEY)
        await press(app, pilot, "f4")
        app.screen.query_one("#plaintext").focus()
        assert "no file contains it" in "\n".join(lines(app))
        await press(app, pilot, "space")
        assert "! Every program and every backup that can read this file gets the key." in "\n".join(lines(app))
        await press(app, pilot, "ctrl+o")
    assert load_profile(paths, "mingyan").delivery is Delivery.PLAINTEXT


async def test_the_focused_field_is_always_in_view_in_a_small_terminal(paths: Paths, gateway: Gateway) -> None:
    async with opened(paths, (80, 24)) as (app, pilot):
        await press(app, pilot, "f4")
        form, seen = app.screen.query_one("#form"), set[str]()
        while "save" not in seen:
            focused = app.screen.focused
            assert focused is not None and form.region.contains_region(focused.region.shrink((0, 0, 0, 0)))
            seen |= {one.id for one in focused.ancestors_with_self if one.id}
            await press(app, pilot, "tab")
        assert {"headers", "plaintext", "switch-MAX_THINKING_TOKENS"} <= seen


def somebody_edits(paths: Paths) -> None:
    file = Path(paths.profile("work"))
    file.write_text(file.read_text().replace("work-opus", "their-opus"))


async def edited_by_both(app: CcswitchApp, pilot: Pilot[None], paths: Paths, change: Callable[[Paths], None]) -> None:
    await press(app, pilot, "e")
    app.screen.query_one("#haiku", ModelSelect).value = "my-haiku"
    change(paths)
    await press(app, pilot, "ctrl+o")
    assert isinstance(app.screen, QuestionScreen)


async def answer(app: CcswitchApp, pilot: Pilot[None], button: str) -> None:
    app.screen.query_one(f"#{button}", Button).press()
    await until(pilot, lambda: not isinstance(app.screen, QuestionScreen))
    await settled(app, pilot)


async def test_what_somebody_else_has_saved_meanwhile_is_overwritten_only_after_a_yes(
    paths: Paths, gateway: Gateway
) -> None:
    add_profile(paths, "work", "https://gateway.example")
    async with opened(paths) as (app, pilot):
        await edited_by_both(app, pilot, paths, somebody_edits)
        assert "was changed by another program" in " ".join(lines(app))
        await answer(app, pilot, "back")
        assert app.screen.query_one("#haiku", ModelSelect).value == "my-haiku"
        assert load_profile(paths, "work").models[Role.OPUS] == "their-opus"
        await press(app, pilot, "ctrl+o")
        await answer(app, pilot, "mine")
        assert isinstance(app.screen, HomeScreen)
    models = load_profile(paths, "work").models
    assert (models[Role.HAIKU], models[Role.OPUS]) == ("my-haiku", "work-opus")


async def test_theirs_can_be_shown_and_is_then_what_is_edited(paths: Paths, gateway: Gateway) -> None:
    add_profile(paths, "work", "https://gateway.example")
    async with opened(paths) as (app, pilot):
        await edited_by_both(app, pilot, paths, somebody_edits)
        await answer(app, pilot, "theirs")
        assert app.screen.query_one("#opus", ModelSelect).value == "their-opus"
        assert app.screen.query_one("#haiku", ModelSelect).value == "work-haiku"
        assert "Loaded the other version" in said(app)
        await press(app, pilot, "ctrl+o")
        assert isinstance(app.screen, HomeScreen)


async def test_a_profile_that_was_removed_meanwhile_comes_back_only_after_a_yes(paths: Paths, gateway: Gateway) -> None:
    add_profile(paths, "work", "https://gateway.example")
    async with opened(paths) as (app, pilot):
        await edited_by_both(app, pilot, paths, lambda paths: Path(paths.profile("work")).unlink())
        assert "was removed by another program" in " ".join(lines(app))
        await answer(app, pilot, "back")
        assert not profile_names(paths)
        await press(app, pilot, "ctrl+o")
        await answer(app, pilot, "mine")
    assert load_profile(paths, "work").models[Role.HAIKU] == "my-haiku"


@pytest.fixture
def fixed_address(offer: Callable[[str], None]) -> None:
    offer("https://gateway.example/anthropic")


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("keys", [(), ("f4",)], ids=["closed", "open"])
def test_the_form(
    paths: Paths, fixed_address: None, snap_compare, size: tuple[int, int], keys: tuple[str, ...]
) -> None:
    app = SetupApp(paths)

    async def ready(pilot: Pilot[None]) -> None:
        await filled(app, pilot)
        for key in keys:
            await pilot.press(key)
            await filled(app, pilot)

    assert snap_compare(app, terminal_size=size, run_before=ready)


@pytest.mark.parametrize("size", SIZES)
def test_the_form_with_something_wrong(paths: Paths, fixed_address: None, snap_compare, size: tuple[int, int]) -> None:
    app = SetupApp(paths)

    async def ready(pilot: Pilot[None]) -> None:
        await filled(app, pilot)
        app.setup.query_one("#name", Input).value = "a/b"
        app.setup.query_one("#base-url", Input).value = "gateway.example"
        app.setup.query_one("#sonnet", ModelSelect).value = ""
        await pilot.press("ctrl+o")
        await filled(app, pilot)

    assert snap_compare(app, terminal_size=size, run_before=ready)
