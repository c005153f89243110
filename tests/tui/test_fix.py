import json
from collections.abc import Callable
from pathlib import Path

import pytest
from textual.widgets import Button, Input

from ccswitch_py.core.paths import Paths
from ccswitch_py.services.apply.apply import use
from ccswitch_py.services.launches import load_record
from ccswitch_py.services.live_test.results import last_test
from ccswitch_py.tui.app import CcswitchApp
from ccswitch_py.tui.screens.setup.screen import SetupScreen
from ccswitch_py.tui.widgets.inputs import KeyField
from tests.support.form import check_rows, footer, lines, opened, paste, press, said, settled
from tests.support.home import KEY_VARIABLE, add_profile, saved_options
from tests.support.misbehaving import Misbehaving
from tests.support.strict_gateways import EFFORT_SWITCH, without_effort

KEY = "demo-canary-8c31d5f0a92b7e64"
SWITCHES = {"CLAUDE_CODE_EFFORT_LEVEL": "unset"}
Offer = Callable[[str], None]


def fix_button(app: CcswitchApp) -> Button:
    return app.screen.query_one("#fix", Button)


def is_remembered_as(paths: Paths, name: str, verdict: str) -> bool:
    test = last_test(paths, load_record(paths, name))
    return test is not None and (test.verdict, test.edited_since) == (verdict, False)


async def test_fix_is_there_only_while_there_is_something_to_fix(paths: Paths, offer: Offer) -> None:
    with Misbehaving(without_effort()) as gateway:
        offer(gateway.base_url)
        async with opened(paths, (80, 24)) as (app, pilot):
            assert not fix_button(app).display and "Fix" not in footer(app)
            await paste(app, pilot, KEY)
            await press(app, pilot, "ctrl+t")
            assert said(app).endswith(f"Fix (ctrl+f) sets {EFFORT_SWITCH}.") and "does not work" in said(app)
            assert "Fix does it" in check_rows(app)["claude_code"].advice
            assert fix_button(app).display and "^f Fix" in footer(app)
            assert any("Test" in line and "Fix" in line and "Save and use" in line for line in lines(app))
            fix_button(app).focus()
            await press(app, pilot, "enter")
            assert not fix_button(app).display and "Fix" not in footer(app)
            assert app.focused is app.screen.query_one("#test")


async def test_a_new_profile_gets_the_switch_into_the_form_and_saving_keeps_it(paths: Paths, offer: Offer) -> None:
    with Misbehaving(without_effort()) as gateway:
        offer(gateway.base_url)
        async with opened(paths) as (app, pilot):
            await paste(app, pilot, KEY)
            await press(app, pilot, "ctrl+t", "ctrl+f")
            assert said(app).startswith("It works")
            assert said(app).endswith(f"Set in this form, not saved yet: {EFFORT_SWITCH}.")
            assert check_rows(app)["claude_code"].status == "pass"
            await press(app, pilot, "ctrl+o")
        assert saved_options(paths, "mingyan").switches == SWITCHES
        assert is_remembered_as(paths, "mingyan", "works")


async def test_the_switch_of_a_new_profile_goes_with_the_address_that_needs_it(paths: Paths, offer: Offer) -> None:
    with Misbehaving(without_effort()) as gateway:
        offer(gateway.base_url)
        async with opened(paths) as (app, pilot):
            await paste(app, pilot, KEY)
            await press(app, pilot, "ctrl+t", "ctrl+f")
            app.screen.query_one("#base-url", Input).value = "https://other.example"
            await settled(app, pilot)
            assert said(app) == f"Unset for the new address: {EFFORT_SWITCH}."
            await press(app, pilot, "ctrl+o")
        assert saved_options(paths, "mingyan").switches == {}


async def test_a_profile_in_use_is_saved_applied_and_tested_again(
    paths: Paths, offer: Offer, settings: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(KEY_VARIABLE, KEY)
    settings.write_text('{"theme": "dark"}')
    with Misbehaving(without_effort()) as gateway:
        add_profile(paths, "work", gateway.base_url)
        use(paths, "work")
        async with opened(paths) as (app, pilot):
            await press(app, pilot, "e", "ctrl+t")
            assert is_remembered_as(paths, "work", "broken")
            await press(app, pilot, "ctrl+f")
            assert said(app).startswith("It works")
            assert said(app).endswith(f"Saved in work and written to claude-code: {EFFORT_SWITCH}.")
            assert is_remembered_as(paths, "work", "works")
            content = json.loads(settings.read_text())
            assert content["theme"] == "dark" and content["env"]["CLAUDE_CODE_EFFORT_LEVEL"] == "unset"
            await press(app, pilot, "ctrl+o")
            assert saved_options(paths, "work").switches == SWITCHES, "saving again keeps it"


async def test_a_profile_that_is_not_in_use_is_only_saved(
    paths: Paths, offer: Offer, settings: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(KEY_VARIABLE, KEY)
    with Misbehaving(without_effort()) as gateway:
        add_profile(paths, "work", gateway.base_url)
        async with opened(paths) as (app, pilot):
            await press(app, pilot, "e", "ctrl+t", "ctrl+f")
            assert said(app).endswith(f"Saved in work: {EFFORT_SWITCH}.")
    assert saved_options(paths, "work").switches == SWITCHES
    assert not settings.exists()


async def test_settings_that_may_not_be_changed_are_told_beside_what_was_saved(
    paths: Paths, offer: Offer, settings: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(KEY_VARIABLE, KEY)
    with Misbehaving(without_effort()) as gateway:
        add_profile(paths, "work", gateway.base_url)
        use(paths, "work")
        async with opened(paths) as (app, pilot):
            await press(app, pilot, "e", "ctrl+t")
            settings.chmod(0o444)
            await press(app, pilot, "ctrl+f")
            assert f"Saved in work: {EFFORT_SWITCH}." in said(app) and "settings.json is read-only" in said(app)
    assert "EFFORT" not in settings.read_text()


async def test_a_fix_that_cannot_be_saved_loses_nothing(
    paths: Paths, offer: Offer, monkeypatch: pytest.MonkeyPatch
) -> None:
    with Misbehaving(without_effort()) as gateway:
        offer(gateway.base_url)
        async with opened(paths) as (app, pilot):
            await paste(app, pilot, KEY)
            await press(app, pilot, "ctrl+o", "e")
            await paste(app, pilot, f"{KEY}-new")
            await press(app, pilot, "ctrl+t")
            monkeypatch.setenv("CCSWITCH_KEYRING", "nowhere")
            await press(app, pilot, "ctrl+f")
            assert isinstance(app.screen, SetupScreen) and "nowhere" in said(app)
            assert not app.screen.query_one(KeyField).text_is_empty
            assert fix_button(app).display
    assert saved_options(paths, "mingyan").switches == {}
