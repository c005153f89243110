from collections.abc import Callable

import pytest
from textual.widgets import Input, Select, Static

from ccswitch_py.core.paths import Paths
from ccswitch_py.demo.server import Gateway
from ccswitch_py.services.launches import load_record
from ccswitch_py.services.live_test.results import last_test
from ccswitch_py.store.profile_files import profile_names
from ccswitch_py.tui.app import CcswitchApp
from ccswitch_py.tui.screens.dialogs import QuestionScreen
from ccswitch_py.tui.screens.setup.check_list import CheckList
from ccswitch_py.tui.screens.setup.screen import SetupScreen
from ccswitch_py.tui.widgets.model_select.field import ModelSelect
from tests.support.form import check_rows, footer, lines, opened, paste, press, said, settled, until
from tests.support.good_gateway import GOOD
from tests.support.home import KEY_VARIABLE, add_profile
from tests.support.misbehaving import Misbehaving
from tests.support.strict_gateways import Held, without_effort

KEY = "demo-canary-5b0e92d7c41fa863"
Offer = Callable[[str], None]
Change = Callable[[CcswitchApp], None]


def verdict(paths: Paths, name: str = "mingyan") -> str:
    test = last_test(paths, load_record(paths, name))
    return f"{test.verdict}{', edited since' if test.edited_since else ''}" if test else "never tested"


async def test_what_it_will_send_is_said_before_the_first_answer(paths: Paths, offer: Offer) -> None:
    held = Held()
    with Misbehaving(held) as gateway:
        offer(gateway.base_url)
        async with opened(paths) as (app, pilot):
            app.screen.query_one("#opus", ModelSelect).value = "claude-haiku-4-5"
            await paste(app, pilot, KEY)
            await pilot.press("ctrl+t")
            await until(pilot, lambda: gateway.seen)
            assert said(app) == "Testing: 4 requests, at most 20 including retries and diagnosis."
            held.let_go()
            await settled(app, pilot)
            assert said(app).startswith("Works (4 requests")
            assert len(gateway.seen) == 4


async def test_escape_stops_the_test_and_keeps_what_is_known_before_it_leaves(paths: Paths, offer: Offer) -> None:
    held = Held(free=1)
    with Misbehaving(held) as gateway:
        offer(gateway.base_url)
        async with opened(paths) as (app, pilot):
            await paste(app, pilot, KEY)
            await pilot.press("ctrl+t")
            await until(pilot, lambda: len(gateway.seen) == 2)
            assert "tools" in check_rows(app)
            await press(app, pilot, "escape")
            assert said(app) == "The test was cancelled."
            assert [(row.check, row.status) for row in app.screen.query_one(CheckList).checks] == [
                (check, "pass") for check in ("url", "reach", "protocol", "key", "model", "stream")
            ]
            await press(app, pilot, "escape")
            assert isinstance(app.screen, QuestionScreen), "the second one leaves"
            held.let_go()


async def test_each_of_nine_rows_can_be_reached_in_a_small_terminal(paths: Paths, gateway: Gateway) -> None:
    async with opened(paths, (80, 24)) as (app, pilot):
        app.screen.query_one("#opus", ModelSelect).value = "claude-haiku-4-5"
        await paste(app, pilot, KEY)
        await press(app, pilot, "ctrl+t")
        checks = app.screen.query_one(CheckList)
        assert len(checks.checks) == 9
        while app.screen.focused is not checks:
            await pilot.press("tab")
        for keys in (["home", *["down"] * 8], ["end", *["up"] * 8], ["home", *["pagedown"] * 4]):
            seen = ""
            for key in keys:
                await press(app, pilot, key)
                seen += "\n".join(lines(app)[15:]) + "\n"
            for row in checks.checks:
                assert f"✓ passed      {row.check} {row.model}".rstrip() in seen
            assert "It answers. It calls itself claude-haiku-4-5." in seen
            assert "The answer arrives as a stream. First event after" in seen


def another_address(app: CcswitchApp) -> None:
    app.screen.query_one("#base-url", Input).value = "https://other.example"


def another_provider(app: CcswitchApp) -> None:
    app.screen.query_one("#provider", Select).value = ""


def another_model(app: CcswitchApp) -> None:
    app.screen.query_one("#opus", ModelSelect).value = "claude-haiku-4-5"


def same_model_everywhere(app: CcswitchApp) -> None:
    app.screen.query_one("#main", ModelSelect).value = "claude-haiku-4-5"
    app.screen.query_one("#same-as-main").press()  # type: ignore[attr-defined]


@pytest.mark.parametrize("change", [another_address, another_provider, another_model, same_model_everywhere])
async def test_what_was_found_goes_with_what_it_was_found_of(paths: Paths, offer: Offer, change: Change) -> None:
    with Misbehaving(without_effort()) as gateway:
        offer(gateway.base_url)
        async with opened(paths) as (app, pilot):
            await paste(app, pilot, KEY)
            await press(app, pilot, "ctrl+t")
            assert check_rows(app) and app.screen.query_one("#fix").display
            change(app)
            await settled(app, pilot)
            assert not check_rows(app)
            assert not app.screen.query_one("#fix").display and "Fix" not in footer(app)


@pytest.mark.parametrize("keys", [["x"], ["backspace"], ["ctrl+u"]])
async def test_a_key_that_is_edited_is_another_key(paths: Paths, gateway: Gateway, keys: list[str]) -> None:
    async with opened(paths) as (app, pilot):
        await paste(app, pilot, KEY)
        await press(app, pilot, "ctrl+t")
        assert check_rows(app)
        await press(app, pilot, *keys)
        assert not check_rows(app)


async def test_the_same_key_typed_and_settled_is_no_change(paths: Paths, gateway: Gateway) -> None:
    async with opened(paths) as (app, pilot):
        await pilot.press(*"demo-typed-0123456789")
        await press(app, pilot, "ctrl+t")
        assert said(app).startswith("Works")
        await press(app, pilot, "tab")
        assert check_rows(app) and said(app).startswith("Works")


async def test_a_change_while_the_test_runs_stops_it(paths: Paths, offer: Offer) -> None:
    held = Held()
    with Misbehaving(held) as gateway:
        offer(gateway.base_url)
        async with opened(paths) as (app, pilot):
            await paste(app, pilot, KEY)
            await pilot.press("ctrl+t")
            await until(pilot, lambda: gateway.seen)
            another_model(app)
            await settled(app, pilot)
            assert said(app) == "The test was cancelled: the form has changed."
            assert not check_rows(app)
            held.let_go()


async def test_what_was_tested_right_before_saving_is_remembered(paths: Paths, gateway: Gateway) -> None:
    async with opened(paths) as (app, pilot):
        await paste(app, pilot, KEY)
        await press(app, pilot, "ctrl+t")
        app.screen.query_one("#name", Input).value = "renamed"
        await press(app, pilot, "ctrl+o")
    assert profile_names(paths) == ["renamed"]
    assert verdict(paths, "renamed") == "works"


async def test_what_was_changed_after_the_test_is_not_remembered_as_tested(paths: Paths, gateway: Gateway) -> None:
    async with opened(paths) as (app, pilot):
        await paste(app, pilot, KEY)
        await press(app, pilot, "ctrl+t")
        another_model(app)
        await press(app, pilot, "ctrl+o")
    assert verdict(paths) == "never tested"


async def test_a_saved_profile_is_remembered_as_soon_as_it_is_tested_unchanged(paths: Paths, gateway: Gateway) -> None:
    async with opened(paths) as (app, pilot):
        await paste(app, pilot, KEY)
        await press(app, pilot, "ctrl+o", "e")
        assert isinstance(app.screen, SetupScreen)
        another_model(app)
        await press(app, pilot, "ctrl+t")
        assert said(app).startswith("Works")
        assert verdict(paths) == "never tested", "what was tested is not what is saved"
        await press(app, pilot, "escape", "right", "enter", "t")
        assert verdict(paths) == "works"
        await press(app, pilot, "escape")
        assert "✓ just now" in "\n".join(lines(app))


async def test_what_is_pasted_after_the_form_asked_for_the_key_goes_into_the_key_field(paths: Paths) -> None:
    with Misbehaving(GOOD) as gateway:
        async with opened(paths) as (app, pilot):
            app.screen.query_one("#base-url", Input).value = gateway.base_url
            app.screen.query_one("#haiku").focus()
            await press(app, pilot, "ctrl+t")
            assert "no key yet" in said(app)
            assert app.focused is not None and app.focused.id == "key"


async def test_a_key_from_a_variable_is_named_and_kept(paths: Paths, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(KEY_VARIABLE, KEY)
    with Misbehaving(GOOD) as gateway:
        add_profile(paths, "work", gateway.base_url)
        async with opened(paths) as (app, pilot):
            await press(app, pilot, "e", "ctrl+t")
            assert said(app).startswith("Works")
            assert str(app.screen.query_one("#store", Static).content) == (
                f"Leave the field empty to keep the key from ${KEY_VARIABLE}."
            )
