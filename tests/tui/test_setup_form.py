import json
import os
from pathlib import Path

import pytest
from textual.widgets import Input

from ccswitch_py.core.paths import Paths
from ccswitch_py.demo.server import Gateway
from ccswitch_py.services.apply import use
from ccswitch_py.store.profile_files import profile_names
from ccswitch_py.tui.screens.dialogs import QuestionScreen
from ccswitch_py.tui.screens.home.screen import HomeScreen
from ccswitch_py.tui.screens.preview import PreviewScreen
from ccswitch_py.tui.screens.setup.check_list import CheckList
from ccswitch_py.tui.screens.setup.screen import SetupScreen
from ccswitch_py.tui.widgets.inputs import KeyField
from ccswitch_py.tui.widgets.model_select.field import ModelSelect
from tests.support.form import lines, opened, paste, press, said, settled, words
from tests.support.own_provider import OWN_MINGYAN

KEY = "demo-canary-1f6be27c90a4d358"


@pytest.mark.parametrize("size", [(80, 24), (140, 45)])
async def test_the_first_thing_is_the_form_with_mingyan_and_its_default_in_all_four_roles(
    paths: Paths, gateway: Gateway, size: tuple[int, int]
) -> None:
    async with opened(paths, size) as (app, _):
        assert isinstance(app.screen, SetupScreen)
        assert app.screen.query_one("#base-url", Input).value == gateway.base_url
        assert words(app, "#calls") == f"Claude Code will call {gateway.base_url}/v1/messages"
        assert "ready" in words(app, "#store")
        assert app.focused is app.screen.query_one("#key")
        for role in ("main", "haiku", "sonnet", "opus"):
            assert app.screen.query_one(f"#{role}", ModelSelect).value == "gpt-5.4-low"
        for widget in app.screen.query("#save-and-use, #opus, #status, CheckList, KeyBar"):
            assert app.screen.region.contains_region(widget.region), f"{widget} does not fit"


async def test_paste_test_save_and_use_end_in_a_working_settings_file(
    paths: Paths, gateway: Gateway, settings: Path
) -> None:
    settings.write_text('{"theme": "dark"}')
    async with opened(paths) as (app, pilot):
        await paste(app, pilot, f"\n\u200b  {KEY} \r\n")
        await pilot.press("ctrl+t")
        await settled(app, pilot)
        assert said(app).startswith("Works"), said(app)
        rows = app.screen.query_one(CheckList).checks
        assert {row.check for row in rows} >= {"url", "reach", "protocol", "key", "model", "stream"}
        assert {row.status for row in rows} == {"pass"}

        await pilot.press("ctrl+r")
        await settled(app, pilot)
        assert isinstance(app.screen, PreviewScreen)
        assert settings.read_text() == '{"theme": "dark"}', "nothing is written before the yes"
        await pilot.press("enter")
        await settled(app, pilot)
        assert isinstance(app.screen, HomeScreen) and "is now in use" in said(app)
    content = json.loads(settings.read_text())
    assert content["theme"] == "dark" and content["env"]["ANTHROPIC_BASE_URL"] == gateway.base_url
    assert {request.key for request in gateway.requests} == {KEY}


async def test_escape_in_the_preview_keeps_the_profile_and_writes_nothing(
    paths: Paths, gateway: Gateway, settings: Path
) -> None:
    async with opened(paths) as (app, pilot):
        await paste(app, pilot, KEY)
        await pilot.press("ctrl+r")
        await settled(app, pilot)
        await pilot.press("escape")
        await settled(app, pilot)
        assert isinstance(app.screen, HomeScreen) and "Nothing was changed" in said(app)
    assert profile_names(paths) == ["mingyan"] and not settings.exists()


@pytest.mark.parametrize(
    ("pasted", "reason"), [("sk-••••a1b2", "masked"), (f"Bearer {KEY}", "Bearer"), ("ключ-от-шлюза", "ASCII")]
)
async def test_a_key_that_cannot_be_one_is_refused_with_the_reason(
    paths: Paths, gateway: Gateway, pasted: str, reason: str
) -> None:
    async with opened(paths) as (app, pilot):
        await paste(app, pilot, pasted)
        assert reason.lower() in said(app).lower()
        await pilot.press("ctrl+o")
        await settled(app, pilot)
        assert isinstance(app.screen, SetupScreen) and not profile_names(paths)


@pytest.mark.parametrize("tail", ["/v1", "/v1/messages", "/v1/"])
async def test_a_pasted_v1_is_recognised_and_left_out(paths: Paths, gateway: Gateway, tail: str) -> None:
    async with opened(paths) as (app, pilot):
        field = app.screen.query_one("#base-url", Input)
        field.value = f"https://api.example/anthropic{tail}"
        await pilot.pause()
        assert "https://api.example/anthropic" in words(app, "#calls") and "adds" in words(app, "#calls")
        field.focus()
        await pilot.press("enter")
        assert field.value == "https://api.example/anthropic"
        await pilot.pause()
        assert words(app, "#calls") == "Claude Code will call https://api.example/anthropic/v1/messages"


async def test_a_wrong_key_is_told_with_cause_and_advice(paths: Paths, gateway: Gateway) -> None:
    async with opened(paths) as (app, pilot):
        await paste(app, pilot, "wrong-key-0123456789")
        await pilot.press("ctrl+t")
        await settled(app, pilot)
        rows = {row.check: row for row in app.screen.query_one(CheckList).checks}
        assert (rows["protocol"].status, rows["key"].status) == ("pass", "fail")
        assert rows["key"].advice and "Failed" in said(app)
        assert "wrong-key-0123456789" not in app.export_screenshot()


async def test_plain_http_to_another_machine_needs_a_yes(paths: Paths, gateway: Gateway) -> None:
    async with opened(paths) as (app, pilot):
        await paste(app, pilot, KEY)
        app.screen.query_one("#base-url", Input).value = "http://gateway.invalid/gw"
        await pilot.pause()
        assert words(app, "#calls").startswith(
            "Not encrypted. Claude Code will call http://gateway.invalid/gw/v1/messages"
        )
        await pilot.press("ctrl+o")
        await settled(app, pilot)
        assert isinstance(app.screen, QuestionScreen)
        await pilot.press("escape")
        await settled(app, pilot)
        assert isinstance(app.screen, SetupScreen) and not profile_names(paths)
        await pilot.press("ctrl+o")
        await settled(app, pilot)
        await pilot.press("right", "enter")
        await settled(app, pilot)
    assert profile_names(paths) == ["mingyan"]
    assert "allow_http = true" in Path(paths.profile("mingyan")).read_text()


async def test_same_as_main_fills_the_other_three(paths: Paths, gateway: Gateway) -> None:
    async with opened(paths) as (app, pilot):
        app.screen.query_one("#main", ModelSelect).value = "my-own-model[1m]"
        await pilot.press("ctrl+e")
        for role in ("haiku", "sonnet", "opus"):
            assert app.screen.query_one(f"#{role}", ModelSelect).value == "my-own-model[1m]"


async def test_the_whole_form_can_be_walked_through_by_tab(paths: Paths, gateway: Gateway) -> None:
    async with opened(paths) as (app, pilot):
        app.screen.query_one("#provider").focus()
        models = ["main", "haiku", "sonnet", "opus"]
        buttons = ["same-as-main", "list-models", "more", "test", "save", "save-and-use"]
        fields = ["provider", "name", "base-url", "key", *models, *buttons]
        for field in fields:
            await pilot.pause()
            assert app.screen.focused is not None
            assert field in [one.id for one in app.screen.focused.ancestors_with_self]
            await pilot.press("tab")


async def test_editing_keeps_the_stored_key_when_the_field_is_left_empty(paths: Paths, gateway: Gateway) -> None:
    async with opened(paths) as (app, pilot):
        await paste(app, pilot, KEY)
        await pilot.press("ctrl+o")
        await settled(app, pilot)
        assert isinstance(app.screen, HomeScreen)
        await pilot.press("e")
        await settled(app, pilot)
        assert isinstance(app.screen, SetupScreen)
        app.screen.query_one("#opus", ModelSelect).value = "claude-haiku-4-5"
        await pilot.press("ctrl+o")
        await settled(app, pilot)
        assert isinstance(app.screen, HomeScreen)
        await pilot.press("t")
        await settled(app, pilot)
        assert said(app).startswith("mingyan: Works"), said(app)
    use(paths, "mingyan")
    assert {request.key for request in gateway.requests} == {KEY}


async def test_home_removes_only_after_a_question(paths: Paths, gateway: Gateway) -> None:
    async with opened(paths) as (app, pilot):
        await paste(app, pilot, KEY)
        await pilot.press("ctrl+o")
        await settled(app, pilot)
        await pilot.press("delete")
        await settled(app, pilot)
        await pilot.press("enter")
        await settled(app, pilot)
        assert profile_names(paths) == ["mingyan"]
        await pilot.press("delete")
        await settled(app, pilot)
        await pilot.press("right", "enter")
        await settled(app, pilot)
    assert not profile_names(paths)
    assert json.loads(Path(paths.state, "demo-keys.json").read_text()) == {}


async def test_the_key_is_nowhere_on_the_screen(paths: Paths, gateway: Gateway) -> None:
    async with opened(paths) as (app, pilot):
        await paste(app, pilot, KEY)
        await pilot.press("ctrl+a", "ctrl+c")
        shots = app.export_screenshot() + repr(list(app.screen.walk_children())) + app.clipboard
        await pilot.press("ctrl+t")
        await settled(app, pilot)
        shots += app.export_screenshot()
    assert KEY not in shots and KEY[:-4] not in shots


async def test_a_broken_provider_file_of_the_users_is_named_and_the_form_still_works(
    paths: Paths, gateway: Gateway
) -> None:
    Path(paths.providers, "broken.toml").write_text('id = "broken"\nname = 5\n')
    odd = OWN_MINGYAN.replace("mingyan", "odd").replace('name = "odd"', 'name = "[/] [red]odd"')
    Path(paths.providers, "odd.toml").write_text(odd.format(base_url="https://odd.example"))
    async with opened(paths) as (app, _):
        assert "broken.toml, line" in said(app)
        assert app.screen.query_one("#main", ModelSelect).value == "gpt-5.4-low"


def test_nothing_of_the_real_home_is_used(paths: Paths) -> None:
    assert os.environ["CCSWITCH_HOME"] in paths.config and os.environ["CCSWITCH_HOME"] in paths.state


async def test_what_is_typed_first_while_editing_does_not_replace_the_stored_key(
    paths: Paths, gateway: Gateway
) -> None:
    async with opened(paths) as (app, pilot):
        await paste(app, pilot, KEY)
        await pilot.press("ctrl+o")
        await settled(app, pilot)
        await pilot.press("e")
        await settled(app, pilot)
        await pilot.press("d")
        assert app.screen.query_one(KeyField).text_is_empty


async def test_leaving_the_first_form_with_a_key_in_it_needs_a_yes(paths: Paths, gateway: Gateway) -> None:
    async with opened(paths) as (app, pilot):
        await paste(app, pilot, KEY)
        await pilot.press("escape")
        await settled(app, pilot)
        assert isinstance(app.screen, QuestionScreen)
        await pilot.press("enter")
        await settled(app, pilot)
        assert isinstance(app.screen, SetupScreen) and not app.screen.query_one(KeyField).text_is_empty


async def test_after_saving_nothing_is_left_to_discard(paths: Paths, gateway: Gateway) -> None:
    async with opened(paths) as (app, pilot):
        app.screen.query_one("#name", Input).value = "mine"
        await paste(app, pilot, KEY)
        await pilot.press("ctrl+r")
        await settled(app, pilot)
        assert isinstance(app.screen, PreviewScreen)
        assert not any(getattr(screen, "is_dirty", False) for screen in app.screen_stack)
        await pilot.press("enter")
        await settled(app, pilot)
        assert isinstance(app.screen, HomeScreen)
        assert not any(getattr(screen, "is_dirty", False) for screen in app.screen_stack)


async def test_a_profile_that_cannot_be_read_is_not_overwritten_by_the_form(paths: Paths, gateway: Gateway) -> None:
    Path(paths.profiles).mkdir(parents=True)
    Path(paths.profile("broken")).write_text("base_url = ")
    async with opened(paths) as (app, pilot):
        await pilot.press("e")
        await settled(app, pilot)
        assert "broken.toml, line 1" in said(app)
        await pilot.press("ctrl+o")
        await settled(app, pilot)
        assert "cannot be read" in said(app)
    assert Path(paths.profile("broken")).read_text() == "base_url = "


async def test_the_help_has_the_keys_of_the_field_with_the_cursor_too(paths: Paths, gateway: Gateway) -> None:
    async with opened(paths, (140, 45)) as (app, pilot):
        app.screen.query_one("#haiku", ModelSelect).focus()
        await pilot.pause()
        await press(app, pilot, "f1")
        told = "\n".join(lines(app))
    assert "Last model" in told and "Clear the key" not in told
