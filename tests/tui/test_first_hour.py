"""What a new user stumbled over in the first hour."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from rich.color_triplet import ColorTriplet
from rich.segment import Segment
from textual.events import Paste
from textual.theme import BUILTIN_THEMES
from textual.widgets import Button, Input

from ccswitch_py.core.errors import BadInput
from ccswitch_py.core.files import write_own_file
from ccswitch_py.core.paths import Paths
from ccswitch_py.demo.server import Gateway
from ccswitch_py.model.base_url import BaseUrl
from ccswitch_py.model.key_ref import KeyRef
from ccswitch_py.redact.secret import Secret
from ccswitch_py.services.profiles.manage import duplicate
from ccswitch_py.store.profile_files import profile_names
from ccswitch_py.store.profiles import load_profile
from ccswitch_py.tui.app import CcswitchApp
from ccswitch_py.tui.screens.dialogs import LineScreen, NamingScreen, QuestionScreen
from ccswitch_py.tui.screens.home.screen import HomeScreen
from ccswitch_py.tui.screens.setup.screen import SetupScreen
from ccswitch_py.tui.theme import HIGH_CONTRAST, MIN_CONTRAST, contrast
from ccswitch_py.tui.widgets.inputs import KeyField
from ccswitch_py.tui.widgets.key_bar import KeyBar
from ccswitch_py.tui.widgets.model_select.field import ModelSelect
from ccswitch_py.tui.widgets.status import StatusLine
from ccswitch_py.vault.backend_policy import DEMO, DEMO_MARK
from tests.support.form import lines, opened, paste, press, said, settled, until, words
from tests.support.home import add_profile
from tests.support.home_screen import at_home, key_bar, looked, press_for, table

THEMES = sorted({*BUILTIN_THEMES, HIGH_CONTRAST.name} - {"ansi-dark", "ansi-light"})
"""Those whose colours are not the terminal's own."""


async def test_ctrl_q_asks_before_it_discards_what_was_entered(paths: Paths, gateway: Gateway) -> None:
    async with opened(paths) as (app, pilot):
        app.screen.query_one("#name", Input).value = "mine"
        await pilot.press("ctrl+q")
        await until(pilot, lambda: isinstance(app.screen, QuestionScreen))
        assert any("Discard what you have entered?" in line for line in lines(app))
        await pilot.press("ctrl+q", "escape")
        await until(pilot, lambda: isinstance(app.screen, SetupScreen))
        assert app.screen.query_one("#name", Input).value == "mine"
        await pilot.press("ctrl+q")
        await until(pilot, lambda: isinstance(app.screen, QuestionScreen))
        await pilot.press("right", "enter")
        await until(pilot, lambda: not app.is_running or app._exit)


async def test_ctrl_q_quits_a_form_without_changes_at_once(paths: Paths, gateway: Gateway) -> None:
    async with opened(paths) as (app, pilot):
        await pilot.press("ctrl+q")
        await until(pilot, lambda: not app.is_running or app._exit)
        assert not isinstance(app.screen, QuestionScreen)


async def test_the_cursor_is_on_the_row_of_a_copy(paths: Paths) -> None:
    for name in ("alpha", "zeta"):
        add_profile(paths, name)
    async with at_home(paths) as (app, pilot):
        await press_for(app, pilot, "d", NamingScreen)
        await pilot.press("ctrl+u", *"mid", "enter")
        await until(pilot, lambda: table(app).selected == "mid")
        assert profile_names(paths) == ["alpha", "mid", "zeta"]


async def test_the_cursor_is_on_the_row_of_a_new_profile(
    paths: Paths, gateway: Gateway, monkeypatch: pytest.MonkeyPatch
) -> None:
    add_profile(paths, "alpha")
    async with at_home(paths) as (app, pilot):
        await press_for(app, pilot, "n", SetupScreen)
        await settled(app, pilot)
        app.screen.query_one("#name", Input).value = "new"
        await press(app, pilot, "f6", *"GATEWAY_KEY", "enter", "ctrl+o")
        await until(pilot, lambda: isinstance(app.screen, HomeScreen))
        await looked(app, pilot)
        assert table(app).selected == "new"


async def test_the_badge_of_a_model_follows_what_is_typed(paths: Paths, gateway: Gateway) -> None:
    async with opened(paths) as (app, pilot):
        main = app.screen.query_one("#main", ModelSelect)
        assert "no images" in main.render().plain
        main.focus()
        await pilot.pause()
        await pilot.press("ctrl+u", *"unknown")
        await until(pilot, lambda: "no images" not in main.render().plain)
        await pilot.press("tab")
        await until(pilot, lambda: "not listed" in main.render().plain)


async def test_a_key_typed_into_a_model_field_is_caught(paths: Paths, gateway: Gateway) -> None:
    async with opened(paths) as (app, pilot):
        await paste(app, pilot, "canary-0123456789-abcdef")
        main = app.screen.query_one("#main", ModelSelect)
        main.focus()
        await pilot.pause()
        await pilot.press("ctrl+u", *"sk-totally-wrong")
        await until(pilot, lambda: main.shows_dots)
        assert not any("totally" in line for line in lines(app))
        await press(app, pilot, "ctrl+o")
        assert "This looks like a key" in words(app, "#status")


@pytest.mark.parametrize(
    ("address", "advice"),
    [
        ("127.0.0.1:8787/gw/v1/", "Use http://127.0.0.1:8787/gw."),
        ("localhost:8787/v1/messages", "Use http://localhost:8787."),
        ("[::1]:8787", "Use http://[::1]:8787."),
        ("api.example/v1", "Use https://api.example."),
    ],
)
def test_an_address_without_a_scheme_gets_advice_that_works(address: str, advice: str) -> None:
    with pytest.raises(BadInput) as caught:
        BaseUrl(address)
    assert caught.value.hint == advice
    BaseUrl(advice.removeprefix("Use ").removesuffix("."))


@pytest.mark.parametrize("theme", THEMES)
async def test_the_footer_can_be_read_in_every_theme(paths: Paths, theme: str) -> None:
    add_profile(paths, "work")
    async with at_home(paths) as (app, pilot):
        app.theme = theme
        await pilot.pause()
        drawn = [part for part in app.screen.query_one(KeyBar).render_line(0) if part.text.strip()]
        assert drawn
        assert min(map(contrast_of, drawn)) >= MIN_CONTRAST


def contrast_of(part: Segment) -> float:
    colours = [colour.triplet for colour in (part.style.color, part.style.bgcolor) if colour] if part.style else []
    front, back = [triplet.hex for triplet in colours if isinstance(triplet, ColorTriplet)]
    return contrast(front, back)


async def test_the_labels_of_the_details_have_the_colours_of_a_theme_at_once(paths: Paths) -> None:
    add_profile(paths, "work")
    async with at_home(paths, (140, 45)) as (app, pilot):
        app.theme = "textual-light"
        await until(pilot, lambda: colour_of(app, "provider") == expected(app))
        app.theme = "textual-dark"
        await until(pilot, lambda: colour_of(app, "provider") == expected(app))


def colour_of(app: CcswitchApp, word: str) -> ColorTriplet | None:
    strips = app.screen._compositor.render_strips()
    found = [part.style for strip in strips for part in strip if part.text.strip().startswith(word) and part.style]
    return found[-1].color.triplet if found and found[-1].color else None


def expected(app: CcswitchApp) -> ColorTriplet | None:
    details = app.screen.query_one("ProfileDetails")
    colour = details.get_component_rich_style("profile-details--quiet").color
    return colour.triplet if colour else None


async def test_the_footer_says_how_to_quit(paths: Paths, gateway: Gateway) -> None:
    async with opened(paths) as (app, _pilot):
        assert "^q Quit" in key_bar(app)
    add_profile(paths, "work")
    async with at_home(paths) as (app, _pilot):
        assert "q Quit" in key_bar(app)


@pytest.mark.parametrize(
    ("button", "line", "ref", "told"),
    [
        ("#key-from-variable", "GATEWAY_KEY", KeyRef(env="GATEWAY_KEY"), "which is not set here yet"),
        ("#key-from-command", "pass show 'my gateway'", KeyRef(command=("pass", "show", "my gateway")), "`pass`"),
    ],
)
async def test_without_a_keyring_the_form_offers_a_variable_and_a_command(
    paths: Paths, gateway: Gateway, monkeypatch: pytest.MonkeyPatch, button: str, line: str, ref: KeyRef, told: str
) -> None:
    monkeypatch.setenv("CCSWITCH_KEYRING", "no-such-keyring")
    async with opened(paths) as (app, pilot):
        await until(pilot, lambda: app.screen.query(button))
        app.screen.query_one(button, Button).press()
        await until(pilot, lambda: isinstance(app.screen, LineScreen))
        await pilot.press("x", "minus", "'", "enter")
        assert isinstance(app.screen, LineScreen)
        app.screen.query_one(Input).value = line
        await press(app, pilot, "enter")
        assert told in words(app, "#store")
        await press(app, pilot, "ctrl+o")
        await until(pilot, lambda: isinstance(app.screen, HomeScreen))
    [name] = profile_names(paths)
    assert load_profile(paths, name).key == ref


async def test_an_address_without_a_scheme_is_completed_and_what_was_said_goes_with_the_next_edit(
    paths: Paths, gateway: Gateway
) -> None:
    async with opened(paths) as (app, pilot):
        address = app.screen.query_one("#base-url", Input)
        for typed, meant in {
            "localhost:9/v1": "http://localhost:9",
            "gw.example/x": "https://gw.example/x",
            "http:/gw.example": "http://gw.example",
        }.items():
            address.focus()
            address.value = ""
            await pilot.press(*typed, "enter")
            await until(pilot, lambda meant=meant: said(app) == f"Completed the base URL: {meant}")
            assert address.value == meant
        await pilot.press("x")
        await until(pilot, lambda: said(app) == "")
        address.value = ""
        await pilot.press(*"gateway", "enter")
        await pilot.pause()
        assert address.value == "gateway", "it may be anything"


async def test_a_refused_key_is_no_longer_spoken_of_once_another_is_typed(paths: Paths, gateway: Gateway) -> None:
    async with opened(paths) as (app, pilot):
        await paste(app, pilot, "<your-key>")
        await until(pilot, lambda: "This is a placeholder" in said(app))
        await pilot.press("a")
        await until(pilot, lambda: said(app) == "")


async def test_a_key_pasted_on_a_button_lands_in_the_key_field(paths: Paths, gateway: Gateway) -> None:
    async with opened(paths) as (app, pilot):
        button = app.screen.query_one("#save", Button)
        button.focus()
        await pilot.pause()
        button.post_message(Paste("hello"))
        await until(pilot, lambda: said(app) == "Nothing was pasted: no field has the focus.")
        button.post_message(Paste("sk-made-up-0123456789"))
        key = app.screen.query_one(KeyField)
        await until(pilot, lambda: key.has_focus and not key.text_is_empty)


async def test_more_is_in_view_when_it_opens_however_little_room_there_is(paths: Paths, gateway: Gateway) -> None:
    async with opened(paths, size=(80, 14)) as (app, pilot):
        await pilot.press("f4")
        await until(pilot, lambda: any("Fable" in line for line in lines(app)[:3]))
        assert any("Subagent" in line for line in lines(app))


async def test_ctrl_c_says_how_to_quit_without_covering_a_button(paths: Paths, gateway: Gateway) -> None:
    async with opened(paths) as (app, pilot):
        app.action_help_quit()
        await until(pilot, lambda: said(app) == "Press Ctrl+Q to quit.")


async def test_undo_and_off_say_why_they_cannot_work_on_a_broken_file(paths: Paths, settings: Path) -> None:
    add_profile(paths, "work")
    settings.write_text('{\n "a": 1,\n broken\n}')
    async with at_home(paths) as (app, pilot):
        seen = "".join("".join(lines(app)[:4]).split())
        assert "".join(words(app, "#state").split()) in seen, "all of it"
        for key in "uo":
            await pilot.press(key)
            await until(pilot, lambda: "line 3" in said(app))
            app.screen.query_one(StatusLine).show("")


async def test_a_file_that_cannot_be_replaced_is_named_before_the_preview(paths: Paths, settings: Path) -> None:
    add_profile(paths, "work")
    settings.write_text("{}")
    settings.chmod(0o400)
    async with at_home(paths) as (app, pilot):
        await pilot.press("enter")
        await until(pilot, lambda: "is read-only" in said(app))
        assert isinstance(app.screen, HomeScreen)


@pytest.mark.parametrize("is_shared", [False, True])
async def test_the_question_before_a_removal_names_the_key(
    paths: Paths, monkeypatch: pytest.MonkeyPatch, is_shared: bool
) -> None:
    write_own_file(os.path.join(paths.config, DEMO_MARK), b"")
    monkeypatch.setenv("CCSWITCH_KEYRING", DEMO)
    add_profile(paths, "alpha", key=Secret("made-up-key-0d57a3b1c6e8f924"))
    if is_shared:
        duplicate(paths, "alpha", "beta")
    async with at_home(paths) as (app, pilot):
        await press_for(app, pilot, "delete", QuestionScreen)
        seen = " ".join(" ".join(line.strip(" │") for line in lines(app)).split())
        if is_shared:
            assert "Remove the profile alpha? The key alpha stays, because these profiles use it" in seen
            assert "beta" in seen
        else:
            assert "Remove the profile alpha, and its key alpha from the keyring?" in seen
