import pytest
from textual import events
from textual.pilot import Pilot
from textual.widgets import Input, Select

from ccswitch_py.core.paths import Paths
from ccswitch_py.demo.server import Gateway
from ccswitch_py.store.profile_files import profile_names
from ccswitch_py.tui.app import CcswitchApp
from ccswitch_py.tui.screens.dialogs import QuestionScreen
from ccswitch_py.tui.screens.setup.advanced import HeaderLines
from ccswitch_py.tui.screens.setup.form import SetupForm
from ccswitch_py.tui.screens.setup.screen import SetupScreen
from ccswitch_py.tui.widgets.model_select.field import ModelSelect
from tests.support.form import lines, opened, paste, press, said, settled, typed, until, words

KEY = "demo-canary-93b7d20c6e51f8a4"
OTHERS_KEY = "sk-made-up-5566778899-abcdef"


def beside(app: CcswitchApp, field: str) -> str:
    return app.screen.query_one(SetupForm).fields.shown_error(field)


async def paste_into(app: CcswitchApp, pilot: Pilot[None], field: str, text: str) -> None:
    app.screen.query_one(f"#{field}").focus()
    await pilot.pause()
    assert app.screen.focused is not None
    app.screen.focused.post_message(events.Paste(text))
    await settled(app, pilot)


async def test_no_field_is_called_wrong_before_somebody_has_typed_there(paths: Paths, gateway: Gateway) -> None:
    async with opened(paths) as (app, pilot):
        app.screen.query_one("#provider", Select).value = ""
        await settled(app, pilot)
        await press(app, pilot, "f4")
        assert "✗" not in "\n".join(lines(app)) and not app.screen.query(".problem")


@pytest.mark.parametrize(
    ("field", "text", "problem"),
    [
        ("name", "a/b", "is not a valid profile name"),
        ("context-window", "many", "not a number of tokens"),
        ("max-output-tokens", "-1", "not a number of tokens"),
    ],
)
async def test_what_is_wrong_is_said_beside_the_field_while_one_types(
    paths: Paths, gateway: Gateway, field: str, text: str, problem: str
) -> None:
    async with opened(paths) as (app, pilot):
        await press(app, pilot, "f4")
        app.screen.query_one(f"#{field}", Input).value = ""
        app.screen.query_one(f"#{field}").focus()
        await typed(pilot, text)
        await settled(app, pilot)
        assert problem in beside(app, field) and f"✗ {beside(app, field)[:20]}" in "\n".join(lines(app))
        app.screen.query_one(f"#{field}", Input).value = "7"
        await settled(app, pilot)
        assert not beside(app, field)


async def test_a_name_that_is_taken_is_said_while_one_types(paths: Paths, gateway: Gateway) -> None:
    async with opened(paths) as (app, pilot):
        await paste(app, pilot, KEY)
        await press(app, pilot, "ctrl+o", "n")
        field = app.screen.query_one("#name", Input)
        assert field.value == "mingyan-2"
        field.focus()
        await press(app, pilot, "end", "backspace", "backspace")
        assert beside(app, "name") == "A profile with that name already exists."


@pytest.mark.parametrize(
    ("line", "problem"),
    [
        ("no colon", "must have the form"),
        ("Authorization: x", "header with a credential"),
        ("X Team: blue", "not a valid header"),
    ],
)
async def test_a_header_line_is_looked_at_while_one_types(
    paths: Paths, gateway: Gateway, line: str, problem: str
) -> None:
    async with opened(paths) as (app, pilot):
        await press(app, pilot, "f4")
        app.screen.query_one("#headers").focus()
        await typed(pilot, line)
        await until(pilot, lambda: problem in beside(app, "headers"))


@pytest.mark.parametrize("field", ["name", "base-url", "main", "context-window", "fable", "headers"])
async def test_a_key_that_is_pasted_into_a_visible_field_is_refused_and_not_shown(
    paths: Paths, gateway: Gateway, field: str
) -> None:
    async with opened(paths) as (app, pilot):
        await press(app, pilot, "f4")
        await paste_into(app, pilot, field, OTHERS_KEY)
        assert "looks like a key" in beside(app, field)
        assert "5566778899" not in app.export_screenshot()
        assert app.screen.query_one(SetupForm).fields.text(field) != OTHERS_KEY


@pytest.mark.parametrize("field", ["name", "main"])
async def test_a_key_that_is_typed_turns_into_dots_and_is_not_saved(paths: Paths, gateway: Gateway, field: str) -> None:
    async with opened(paths) as (app, pilot):
        await paste(app, pilot, KEY)
        app.screen.query_one(f"#{field}").focus()
        await press(app, pilot, "ctrl+a")
        await typed(pilot, OTHERS_KEY)
        assert "5566778899" not in "\n".join(lines(app)) and "•" in "\n".join(lines(app))
        await press(app, pilot, "ctrl+a", "ctrl+c")
        assert "5566778899" not in app.clipboard
        await press(app, pilot, "ctrl+o")
        assert "looks like a key" in said(app) and not profile_names(paths)


async def test_a_header_in_which_a_key_is_typed_goes_at_once(paths: Paths, gateway: Gateway) -> None:
    async with opened(paths) as (app, pilot):
        await press(app, pilot, "f4")
        app.screen.query_one("#headers").focus()
        await typed(pilot, "X-Team: blue")
        await press(app, pilot, "enter")
        await press(app, pilot, *f"X-Key: {OTHERS_KEY}"[:28])
        assert "looks like a key" in beside(app, "headers")
        assert OTHERS_KEY[:14] not in app.screen.query_one(HeaderLines).text
        assert "X-Team: blue" in app.screen.query_one(HeaderLines).text


async def test_saving_goes_to_the_first_field_that_must_be_mended(paths: Paths, gateway: Gateway) -> None:
    async with opened(paths) as (app, pilot):
        await press(app, pilot, "f4")
        app.screen.query_one("#context-window", Input).value = "many"
        app.screen.query_one("#sonnet", ModelSelect).value = ""
        await press(app, pilot, "ctrl+o")
        assert app.focused is app.screen.query_one("#key") and said(app) == "There is no key yet. Paste it here."
        await paste(app, pilot, KEY)
        await press(app, pilot, "ctrl+o")
        assert app.focused in app.screen.query("#sonnet *") and beside(app, "sonnet").startswith("Choose a model")
        app.screen.query_one("#sonnet", ModelSelect).value = "gpt-5.4-low"
        await press(app, pilot, "f4", "ctrl+o")
        assert app.focused is app.screen.query_one("#context-window"), "the part More is opened for it"
        app.screen.query_one("#context-window", Input).value = "100000"
        await press(app, pilot, "ctrl+o")
    assert profile_names(paths) == ["mingyan"]


async def test_another_provider_leaves_what_the_user_typed(paths: Paths, gateway: Gateway) -> None:
    async with opened(paths) as (app, pilot):
        app.screen.query_one("#name", Input).value = "mine"
        app.screen.query_one("#opus", ModelSelect).value = "my-own-model"
        app.screen.query_one("#provider", Select).value = "anthropic"
        await settled(app, pilot)
        assert said(app) == "Kept what you typed in Name, Opus."
        assert app.screen.query_one("#name", Input).value == "mine"
        assert app.screen.query_one("#opus", ModelSelect).value == "my-own-model"
        assert app.screen.query_one("#main", ModelSelect).value.startswith("claude")
        assert "anthropic.com" in words(app, "#calls")


async def test_escape_asks_before_it_throws_anything_away(paths: Paths, gateway: Gateway) -> None:
    async with opened(paths) as (app, pilot):
        await paste(app, pilot, KEY)
        await press(app, pilot, "ctrl+o", "e")
        await press(app, pilot, "escape")
        assert not isinstance(app.screen, SetupScreen | QuestionScreen), "nothing was changed"
        await press(app, pilot, "e")
        app.screen.query_one("#opus", ModelSelect).value = "my-own-model"
        await press(app, pilot, "escape", "enter")
        assert app.screen.query_one("#opus", ModelSelect).value == "my-own-model"
        await press(app, pilot, "escape", "right", "enter")
        assert not isinstance(app.screen, SetupScreen | QuestionScreen)
