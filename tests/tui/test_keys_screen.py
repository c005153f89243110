from __future__ import annotations

import os
from pathlib import Path

import pytest
from textual import events
from textual.pilot import Pilot
from textual.widgets import Button, Input

from ccswitch_py.core.files import write_own_file
from ccswitch_py.core.paths import Paths
from ccswitch_py.services.apply.apply import use
from ccswitch_py.store.keys import load_keys
from ccswitch_py.store.profile_files import profile_names
from ccswitch_py.tui.screens.dialogs import QuestionScreen
from ccswitch_py.tui.screens.keys.entry import KeyEntryScreen
from ccswitch_py.tui.widgets.inputs import KeyField
from ccswitch_py.vault.backend_policy import DEMO, DEMO_MARK
from tests.support.form import lines, until
from tests.support.keyring_session import fake_keyring_session
from tests.support.keys_screen import KEY, KeysApp, add_keys_of_each_kind, demo_keys, go_to, listed
from tests.support.session import enter

NEW_KEY = "sk-made-up-new-9876543210-abcd"
SIZES = [(80, 24), (140, 45)]


@pytest.fixture(autouse=True)
def keyring(paths: Paths, monkeypatch: pytest.MonkeyPatch) -> None:
    write_own_file(os.path.join(paths.config, DEMO_MARK), b"")
    monkeypatch.setenv("CCSWITCH_KEYRING", DEMO)
    monkeypatch.setenv("TEXTUAL_ANIMATIONS", "none")
    monkeypatch.delenv("MADE_UP_GATEWAY_KEY", raising=False)


async def paste(app: KeysApp, pilot: Pilot[None], text: str) -> None:
    app.screen.query_one(KeyField).post_message(events.Paste(text))
    await pilot.pause()


async def asked(app: KeysApp, pilot: Pilot[None]) -> str:
    """Wait for a question, and give its words back."""
    await until(pilot, lambda: isinstance(app.screen, QuestionScreen))
    return " ".join(" ".join(line.strip(" │╭╮╰╯─") for line in lines(app)).split())  # type: ignore[arg-type]


async def answer(app: KeysApp, pilot: Pilot[None], button: str) -> None:
    app.screen.query_one(f"#{button}", Button).press()
    await until(pilot, lambda: app.screen is app.keys_screen)


@pytest.mark.parametrize("size", SIZES)
def test_the_empty_screen_says_what_to_press(paths: Paths, snap_compare, size: tuple[int, int]) -> None:
    app = KeysApp(paths)

    async def ready(pilot: Pilot[None]) -> None:
        await listed(app, pilot, 0)

    assert snap_compare(app, terminal_size=size, run_before=ready)


@pytest.mark.parametrize("size", SIZES)
def test_the_screen_with_a_key_of_each_kind(paths: Paths, snap_compare, size: tuple[int, int]) -> None:
    add_keys_of_each_kind(paths)
    app = KeysApp(paths)

    async def ready(pilot: Pilot[None]) -> None:
        await listed(app, pilot, 5)
        await pilot.press("s")
        await until(pilot, lambda: app.said)

    assert snap_compare(app, terminal_size=size, run_before=ready)


async def test_each_key_has_its_place_its_hosts_its_profiles_and_its_date(
    paths: Paths, monkeypatch: pytest.MonkeyPatch
) -> None:
    add_keys_of_each_kind(paths)
    monkeypatch.setenv("MADE_UP_GATEWAY_KEY", KEY)
    app = KeysApp(paths)
    async with app.run_test(size=(140, 45)) as pilot:
        await listed(app, pilot, 5)
        rows = [
            [" ", "work", "keyring", "gateway.example", "work, work-long-context", "2026-01-15", "not checked"],
            [" ", "spare", "keyring", "api.example, 10.0.0.7:8443", "unused", "2025-11-02", "not checked"],
            ["✗", "gone", "missing", "gateway.example", "智谱", "", "not stored"],
            ["✓", "MADE_UP_GATEWAY_KEY", "variable", "one.example", "shell", "", "set"],
            [" ", "op", "command", "two.example", "vault", "", "not run"],
        ]
        assert app.rows == rows
        assert "used by        work, work-long-context" in app.words("#details")
        await go_to(app, pilot, "op")
        assert "secret/place" not in app.words("#details")
        assert KEY not in app.export_screenshot()


async def test_s_asks_the_keyring_whether_each_key_is_really_there(paths: Paths) -> None:
    add_keys_of_each_kind(paths)
    write_own_file(os.path.join(paths.state, "demo-keys.json"), b'{"work/1": "x"}')
    app = KeysApp(paths)
    async with app.run_test(size=(140, 45)) as pilot:
        await listed(app, pilot, 5)
        await pilot.press("s")
        await until(pilot, lambda: app.said)
        assert app.said == "Not in the keyring: spare. Select one and press Enter to store it again."
        assert [(row[0], row[-1]) for row in app.rows[:2]] == [("✓", "found"), ("✗", "not found")]
        await go_to(app, pilot, "spare")
        assert "keyring        ✗ not found" in app.words("#details")


async def test_n_stores_a_key_for_a_host(paths: Paths) -> None:
    app = KeysApp(paths)
    async with app.run_test(size=(80, 24)) as pilot:
        await listed(app, pilot, 0)
        await pilot.press("n")
        await until(pilot, lambda: isinstance(app.screen, KeyEntryScreen))
        await pilot.press(*"work", "enter", *"api.example", "enter")
        assert isinstance(app.focused, KeyField)
        await paste(app, pilot, f"  {NEW_KEY}\n")
        assert NEW_KEY not in app.export_screenshot()
        await pilot.press("enter")
        await listed(app, pilot, 1)
        assert app.said == "Stored the key work for api.example."
    assert load_keys(paths)["work"].hosts == ["api.example:443"]
    assert [*demo_keys(paths).values()] == [NEW_KEY]


async def test_a_name_that_is_taken_is_said_beside_the_fields_and_nothing_is_replaced(paths: Paths) -> None:
    add_keys_of_each_kind(paths)
    app = KeysApp(paths)
    async with app.run_test(size=(80, 24)) as pilot:
        await listed(app, pilot, 5)
        await pilot.press("n")
        await until(pilot, lambda: isinstance(app.screen, KeyEntryScreen))
        app.screen.query_one("#name", Input).value = "work"
        app.screen.query_one("#host", Input).value = "api.example"
        await paste(app, pilot, NEW_KEY)
        await pilot.press("enter")
        await until(pilot, lambda: "There is a key 'work' already" in app.said)
        assert not app.screen.query_one(KeyField).text_is_empty
        await pilot.press("escape")
        await asked(app, pilot)
        await answer(app, pilot, "yes")
    assert demo_keys(paths)["work/1"] == KEY


async def test_enter_replaces_a_key_for_the_same_hosts(paths: Paths) -> None:
    add_keys_of_each_kind(paths)
    app = KeysApp(paths)
    async with app.run_test(size=(140, 45)) as pilot:
        await listed(app, pilot, 5)
        await pilot.press("s")
        await until(pilot, lambda: app.said)
        await go_to(app, pilot, "spare")
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(app.screen, KeyEntryScreen))
        await pilot.press("enter")
        assert app.said == "Paste the key."
        await paste(app, pilot, NEW_KEY)
        await pilot.press("enter")
        await until(pilot, lambda: app.screen is app.keys_screen and "Stored the key" in app.said)
        await until(pilot, lambda: app.rows[1][-1] == "not checked")
        assert (app.table.selected.key.name, app.rows[0][-1]) == ("spare", "found")  # type: ignore[union-attr]
    entry = load_keys(paths)["spare"]
    assert (entry.hosts, demo_keys(paths)[entry.item]) == (["api.example:443", "10.0.0.7:8443"], NEW_KEY)
    assert "spare/2" not in demo_keys(paths)


async def test_a_missing_key_is_stored_for_the_hosts_of_its_profiles(paths: Paths) -> None:
    add_keys_of_each_kind(paths)
    app = KeysApp(paths)
    async with app.run_test(size=(80, 24)) as pilot:
        await listed(app, pilot, 5)
        await go_to(app, pilot, "gone")
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(app.screen, KeyEntryScreen))
        await paste(app, pilot, NEW_KEY)
        await pilot.press("enter")
        await until(pilot, lambda: app.screen is app.keys_screen and "Stored the key gone" in app.said)
    assert load_keys(paths)["gone"].hosts == ["gateway.example:443"]


@pytest.mark.parametrize("key", ["enter", "delete"])
async def test_a_key_that_is_kept_elsewhere_is_changed_there(paths: Paths, key: str) -> None:
    add_keys_of_each_kind(paths)
    app = KeysApp(paths)
    async with app.run_test(size=(80, 24)) as pilot:
        await listed(app, pilot, 5)
        for name, words in (("MADE_UP_GATEWAY_KEY", "is a variable. Set it in the shell"), ("op", "is a command that")):
            await go_to(app, pilot, name)
            await pilot.press(key)
            await until(pilot, lambda words=words: words in app.said)
            assert app.screen is app.keys_screen


async def test_an_unused_key_is_deleted_after_a_question_whose_first_answer_is_to_keep_it(paths: Paths) -> None:
    add_keys_of_each_kind(paths)
    app = KeysApp(paths)
    async with app.run_test(size=(80, 24)) as pilot:
        await listed(app, pilot, 5)
        await go_to(app, pilot, "spare")
        await pilot.press("delete")
        assert "No profile uses the key spare" in await asked(app, pilot)
        await pilot.press("enter")
        await until(pilot, lambda: app.screen is app.keys_screen)
        assert "spare" in load_keys(paths)
        await pilot.press("delete")
        await asked(app, pilot)
        await answer(app, pilot, "yes")
        await listed(app, pilot, 4)
        assert app.said == "Deleted the key spare."
    assert demo_keys(paths) == {"work/1": KEY}


async def test_a_used_key_is_deleted_only_by_who_has_read_what_breaks(paths: Paths, settings: Path) -> None:
    add_keys_of_each_kind(paths)
    use(paths, "work")
    app = KeysApp(paths)
    async with app.run_test(size=(80, 24)) as pilot:
        await listed(app, pilot, 5)
        await pilot.press("delete")
        question = await asked(app, pilot)
        assert "2 profiles use it and cannot be used without it" in question
        assert "work (in use in Claude Code), work-long-context." in question
        await answer(app, pilot, "yes")
        await until(pilot, lambda: app.said)
        assert app.said == "Deleted the key work. Profiles without a key: work, work-long-context."
        await until(pilot, lambda: ["✗", "work", "missing"] in [row[:3] for row in app.rows])
    assert demo_keys(paths) == {"spare/2": KEY}
    assert "work" in profile_names(paths)


async def test_a_list_that_cannot_be_read_says_where(paths: Paths) -> None:
    Path(paths.keys).write_text("[keys\n")
    app = KeysApp(paths)
    async with app.run_test(size=(80, 24)) as pilot:
        await until(pilot, lambda: app.screen is app.keys_screen and "keys.toml, line 1" in app.said)


@pytest.mark.real
async def test_a_keyring_that_hangs_holds_up_nothing_and_escape_stops_asking_it_before_it_leaves(
    paths: Paths, monkeypatch: pytest.MonkeyPatch
) -> None:
    add_keys_of_each_kind(paths)
    app = KeysApp(paths)
    with fake_keyring_session("silent") as session:
        enter(session, monkeypatch)
        async with app.run_test(size=(80, 24)) as pilot:
            await listed(app, pilot, 5)
            await pilot.press("s", "down")
            assert app.table.selected.key.name == "spare"  # type: ignore[union-attr]
            await pilot.press("escape")
            await until(pilot, lambda: app.said == "Stopped.")
            await pilot.press("n")
            await until(pilot, lambda: isinstance(app.screen, KeyEntryScreen))
            await pilot.press(*"new", "enter", *"api.example", "enter")
            await paste(app, pilot, NEW_KEY)
            await pilot.press("enter")
            await until(pilot, lambda: "Storing" in "".join(lines(app)))  # type: ignore[arg-type]
            await pilot.press("escape")
            await until(pilot, lambda: app.said.startswith("Stopped."))
            assert isinstance(app.screen, KeyEntryScreen)
            await pilot.press("escape")
            await asked(app, pilot)
            await answer(app, pilot, "yes")
            await pilot.press("escape")
            await until(pilot, lambda: app.is_left)
    assert sorted(load_keys(paths)) == ["spare", "work"]


@pytest.mark.parametrize("field", ["name", "host"])
async def test_a_key_that_lands_in_another_field_is_neither_shown_nor_stored(paths: Paths, field: str) -> None:
    app = KeysApp(paths)
    async with app.run_test(size=(80, 24)) as pilot:
        await listed(app, pilot, 0)
        await pilot.press("n")
        await until(pilot, lambda: isinstance(app.screen, KeyEntryScreen))
        app.screen.query_one(f"#{field}").post_message(events.Paste(NEW_KEY))
        await until(pilot, lambda: "looks like a key" in app.said)
        assert not app.screen.query_one(f"#{field}", Input).value
        app.screen.query_one("#name", Input).value = "work"
        app.screen.query_one("#host", Input).value = "api.example"
        app.screen.query_one(f"#{field}", Input).value = NEW_KEY
        await paste(app, pilot, NEW_KEY)
        await pilot.press("enter")
        await until(pilot, lambda: "looks like a key" in app.said)
        assert app.focused is app.screen.query_one(f"#{field}")
        assert NEW_KEY not in app.export_screenshot()
    assert not load_keys(paths)


async def test_escape_asks_before_it_throws_a_pasted_key_away(paths: Paths) -> None:
    app = KeysApp(paths)
    async with app.run_test(size=(80, 24)) as pilot:
        await listed(app, pilot, 0)
        await pilot.press("n")
        await until(pilot, lambda: isinstance(app.screen, KeyEntryScreen))
        await paste(app, pilot, NEW_KEY)
        await pilot.press("escape")
        assert "Discard what you have entered" in await asked(app, pilot)
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(app.screen, KeyEntryScreen))
        assert not app.screen.query_one(KeyField).text_is_empty
        await pilot.press("escape")
        await asked(app, pilot)
        await answer(app, pilot, "yes")
    assert not load_keys(paths)
