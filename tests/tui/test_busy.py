from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest
from textual.app import App, ComposeResult
from textual.widgets import Input

from ccswitch_py.core.errors import CcswitchError
from ccswitch_py.core.lock import state_lock
from ccswitch_py.core.paths import Paths
from ccswitch_py.model.role import Role
from ccswitch_py.redact.secret import Secret
from ccswitch_py.services.profiles.setup import Draft, save_draft
from ccswitch_py.store.keys import load_keys
from ccswitch_py.store.profile_files import profile_names
from ccswitch_py.tui.widgets.status import Busy
from tests.support.form import until
from tests.support.keyring_session import KeyringSession, fake_keyring_session, gnome_keyring_session
from tests.support.session import enter

FOUR = dict.fromkeys((Role.MAIN, Role.HAIKU, Role.SONNET, Role.OPUS), "m")
DRAFT = Draft("work", None, "https://gateway.example", FOUR, Secret("sk-made-up-key-0123456789"))


class Form(App[None]):
    """A field, and the line that says what is waited for; Escape stops that."""

    BINDINGS = [("escape", "stop", "")]  # noqa: RUF012

    def __init__(self, paths: Paths) -> None:
        super().__init__()
        self.paths = paths
        self.outcome: object = None
        self.busy = Busy()

    def compose(self) -> ComposeResult:
        yield Input()
        yield self.busy

    def save(self) -> None:
        self.outcome = None
        self.run_worker(self._save())

    async def _save(self) -> None:
        try:
            self.outcome = await self.busy.run("Saving …", save_draft, self.paths, DRAFT)
        except CcswitchError as problem:
            self.outcome = problem

    def action_stop(self) -> None:
        self.busy.stop()

    @property
    def line(self) -> str:
        return str(self.busy.render())


@pytest.fixture
def stuck_keyring(monkeypatch: pytest.MonkeyPatch) -> Iterator[KeyringSession]:
    with fake_keyring_session("stuck") as session:
        enter(session, monkeypatch)
        yield session


@pytest.fixture
def gnome_keyring(monkeypatch: pytest.MonkeyPatch) -> Iterator[KeyringSession]:
    with gnome_keyring_session() as session:
        enter(session, monkeypatch)
        yield session


def nothing_is_left(paths: Paths) -> bool:
    return not profile_names(paths) and not load_keys(paths) and not os.path.exists(paths.launch_record("work"))


async def test_the_line_is_empty_until_something_is_waited_for(paths: Paths) -> None:
    app = Form(paths)
    async with app.run_test():
        assert app.line == ""
        assert not app.busy.stop()


async def test_a_job_that_is_done_is_told_as_done(paths: Paths) -> None:
    app = Form(paths)
    async with app.run_test() as pilot:
        assert await app.busy.run("Saving …", lambda: 7) == 7
        with pytest.raises(ZeroDivisionError):
            await app.busy.run("Saving …", lambda: 1 // 0)
        await pilot.pause()
        assert app.line == ""


@pytest.mark.real
async def test_the_screen_reacts_while_a_keyring_hangs_and_escape_stops_the_save(
    paths: Paths, stuck_keyring: KeyringSession
) -> None:
    app = Form(paths)
    async with app.run_test() as pilot:
        app.save()
        await until(pilot, lambda: "esc cancels" in app.line)
        assert "Saving …" in app.line
        await pilot.press("a", "b")
        assert app.query_one(Input).value == "ab"
        assert app.outcome is None
        await pilot.press("escape")
        await until(pilot, lambda: "Cancelling" in app.line)
        await pilot.press("c")
        assert app.query_one(Input).value == "abc"
        await until(pilot, lambda: app.outcome)
        assert str(app.outcome).startswith("Stopped. Not everything could be rolled back")
        assert app.line == ""
    assert nothing_is_left(paths)


@pytest.mark.real
async def test_what_was_begun_is_taken_back_from_a_keyring_that_answers_again(
    paths: Paths, gnome_keyring: KeyringSession
) -> None:
    assert gnome_keyring.service is not None
    app = Form(paths)
    async with app.run_test() as pilot:
        gnome_keyring.service.send_signal(signal.SIGSTOP)
        app.save()
        await until(pilot, lambda: app.line)
        await pilot.press("escape")
        gnome_keyring.service.send_signal(signal.SIGCONT)
        await until(pilot, lambda: app.outcome)
        assert str(app.outcome) == "Stopped. Nothing was changed."
        assert nothing_is_left(paths)
        app.save()
        await until(pilot, lambda: app.outcome)
        assert not isinstance(app.outcome, CcswitchError)
    assert profile_names(paths) == ["work"]


async def test_a_save_that_waits_for_another_ccswitch_is_stopped_with_nothing_done(paths: Paths) -> None:
    app = Form(paths)
    async with app.run_test() as pilot:
        with state_lock(paths):
            app.save()
            await until(pilot, lambda: app.line)
            await pilot.press("escape")
            await until(pilot, lambda: app.outcome)
        assert str(app.outcome) == "Stopped."
    assert nothing_is_left(paths)


async def test_the_line_stands_still_where_nothing_is_to_move(paths: Paths, tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    app = Form(paths)
    app.animation_level = "none"
    async with app.run_test() as pilot:
        reading = app.run_worker(app.busy.run("Reading …", pipe.read_text))
        await until(pilot, lambda: app.line)
        assert app.line == "• Reading …"
        pipe.write_text("what came")
        assert await reading.wait() == "what came"
        app.animation_level = "full"
        reading = app.run_worker(app.busy.run("Reading …", pipe.read_text))
        seen: set[str] = set()
        await until(pilot, lambda: seen.add(app.line[:1]) or len(seen) > 3)
        pipe.write_text("")
        await reading.wait()


async def test_of_several_jobs_the_latest_is_shown_and_stopped_first(paths: Paths, tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    app = Form(paths)
    async with app.run_test() as pilot:
        reading = app.run_worker(app.busy.run("Reading …", pipe.read_text))
        await until(pilot, lambda: "Reading" in app.line)
        with state_lock(paths):
            app.save()
            await until(pilot, lambda: "Saving" in app.line)
            app.busy.stop()
            await until(pilot, lambda: app.outcome)
        assert "Reading" in app.line
        pipe.write_text("what came")
        assert await reading.wait() == "what came"
