"""The screens against each keyring that does not work: what is wrong is said there, and nothing is changed."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from textual import events
from textual.widgets import Button

from ccswitch_py.core.files import write_own_file
from ccswitch_py.core.paths import Paths
from ccswitch_py.store.keys import load_keys
from ccswitch_py.store.profile_files import profile_names
from ccswitch_py.tui.screens.dialogs import QuestionScreen
from ccswitch_py.tui.screens.keys.entry import KeyEntryScreen
from ccswitch_py.tui.widgets.inputs import KeyField
from ccswitch_py.vault.backend_policy import DEMO, DEMO_MARK
from tests.support.bad_keyrings import STATES, in_state
from tests.support.form import opened, paste, press, said, until
from tests.support.keys_screen import KeysApp, add_keys_of_each_kind, go_to, listed
from tests.support.own_provider import OWN_MINGYAN

pytestmark = pytest.mark.real

NEW_KEY = "sk-made-up-new-9876543210-abcd"


@pytest.fixture(autouse=True)
def keys(paths: Paths, monkeypatch: pytest.MonkeyPatch) -> None:
    write_own_file(os.path.join(paths.config, DEMO_MARK), b"")
    monkeypatch.setenv("CCSWITCH_KEYRING", DEMO)
    monkeypatch.setenv("TEXTUAL_ANIMATIONS", "none")


@pytest.mark.parametrize("name", STATES)
async def test_a_key_is_neither_stored_nor_deleted_on_the_keys_screen(
    name: str, paths: Paths, monkeypatch: pytest.MonkeyPatch
) -> None:
    add_keys_of_each_kind(paths)
    before = Path(paths.keys).read_bytes()
    app = KeysApp(paths)
    with in_state(name, monkeypatch) as state:
        async with app.run_test(size=(140, 45)) as pilot:
            await listed(app, pilot, 5)
            await go_to(app, pilot, "spare")
            await pilot.press("enter")
            await until(pilot, lambda: isinstance(app.screen, KeyEntryScreen))
            app.screen.query_one(KeyField).post_message(events.Paste(NEW_KEY))
            await pilot.pause()
            await pilot.press("enter")
            await until(pilot, lambda: state.says in app.said and state.advises in app.said)
            await pilot.press("escape")
            await until(pilot, lambda: isinstance(app.screen, QuestionScreen))
            await pilot.press("right", "enter")
            await until(pilot, lambda: app.screen is app.keys_screen)
        async with (again := KeysApp(paths)).run_test(size=(140, 45)) as pilot:
            await listed(again, pilot, 5)
            await go_to(again, pilot, "spare")
            await pilot.press("delete")
            await until(pilot, lambda: isinstance(again.screen, QuestionScreen))
            again.screen.query_one("#yes", Button).press()
            await until(pilot, lambda: again.screen is again.keys_screen and "keyring" in again.said)
    assert Path(paths.keys).read_bytes() == before


@pytest.mark.parametrize("name", STATES)
async def test_a_profile_is_not_saved_from_the_form(name: str, paths: Paths, monkeypatch: pytest.MonkeyPatch) -> None:
    Path(paths.providers).mkdir(parents=True)
    Path(paths.providers, "mingyan.toml").write_text(OWN_MINGYAN.format(base_url="http://127.0.0.1:9"))
    with in_state(name, monkeypatch) as state:
        async with opened(paths, (140, 45)) as (app, pilot):
            await paste(app, pilot, NEW_KEY)
            await press(app, pilot, "ctrl+o")
            await until(pilot, lambda: state.says in said(app) and state.advises in said(app))
            assert not app.screen.query_one(KeyField).text_is_empty
    assert (profile_names(paths), load_keys(paths)) == ([], {})
