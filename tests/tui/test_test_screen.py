from __future__ import annotations

import asyncio
import json
import re
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest
from textual.pilot import Pilot

from ccswitch_py.cli.main import main
from ccswitch_py.core.paths import Paths
from ccswitch_py.demo.server import Gateway
from ccswitch_py.model.key_ref import KeyRef
from ccswitch_py.services.apply import use
from ccswitch_py.services.launches import load_record
from ccswitch_py.services.live_test.results import last_test
from ccswitch_py.tui.screens.dialogs import QuestionScreen
from ccswitch_py.tui.screens.home.screen import HomeScreen
from ccswitch_py.tui.screens.live_test.screen import LiveTestScreen as Screen
from ccswitch_py.tui.screens.show_text import ShowTextScreen
from tests.support.form import opened as program
from tests.support.form import settled, until
from tests.support.good_gateway import GOOD
from tests.support.home import KEY_VARIABLE, add_profile, saved_options
from tests.support.misbehaving import Misbehaving, Talk, by_model, error, json_reply, silence
from tests.support.strict_gateways import EFFORT_SWITCH, Held, admits_claude_code_only, without_effort
from tests.support.testing_screen import ScreenApp, done, go_to, opened, show_two_profiles

KEY = "demo-made-up-canary-0123456789-wxyz"
MODELS = {
    "main": "gpt-5.4-low",
    "haiku": "claude-haiku-4-5",
    "sonnet": "gpt-5.4-low",
    "opus": "claude-opus-4-7",
}
NOT_SERVED = error(404, "not_found_error", "model: claude-opus-4-7 [red]not here[/red]")
REFUSED = error(401, "authentication_error", "invalid x-api-key")
SIZES = [(80, 24), (140, 45)]


@pytest.fixture(autouse=True)
def key(paths: Paths, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(KEY_VARIABLE, KEY)
    monkeypatch.setenv("TEXTUAL_ANIMATIONS", "none")


@pytest.fixture
def good(paths: Paths) -> Iterator[Gateway]:
    with Gateway() as gateway:
        add_profile(paths, "work", gateway.base_url, models=MODELS)
        yield gateway


@pytest.fixture
def wrong_model(paths: Paths) -> Iterator[Misbehaving]:
    with Misbehaving(by_model({"claude-opus-4-7": NOT_SERVED}, GOOD)) as gateway:
        add_profile(paths, "work", gateway.base_url, models=MODELS)
        yield gateway


def remembered(paths: Paths, name: str) -> str:
    test = last_test(paths, load_record(paths, name))
    return test.verdict if test else "never tested"


async def agree(app: ScreenApp, pilot: Pilot[None]) -> None:
    await until(pilot, lambda: isinstance(app.screen, QuestionScreen))
    await pilot.press("right", "enter")


async def test_each_check_of_each_model_has_a_row_and_the_profile_a_verdict(paths: Paths, good: Gateway) -> None:
    async with opened(paths, "work") as (app, pilot):
        await done(app, pilot)
        assert app.rows == [
            ("work", "works"),
            *((check, "pass" if check != "url" else app.rows[1][1]) for check in ("url", "reach", "protocol", "key")),
            ("model gpt-5.4-low", "pass"),
            ("model claude-haiku-4-5", "pass"),
            ("model claude-opus-4-7", "pass"),
            ("stream gpt-5.4-low", "pass"),
            ("tools gpt-5.4-low", "pass"),
            ("claude_code gpt-5.4-low", "pass"),
        ]
        assert app.said.startswith("work: Works (5 requests, ")
        assert "✓ work  Works (5 requests" in app.seen and "10 of 10 checks" in app.seen
        assert re.search(r"✓ model +gpt-5\.4-low +It answers\. +\d+ ms +[━╸]", app.seen)
    assert remembered(paths, "work") == "works"


async def test_what_it_costs_is_said_while_the_first_answer_is_waited_for(paths: Paths) -> None:
    held = Held()
    with Misbehaving(held) as gateway:
        add_profile(paths, "work", gateway.base_url, models=MODELS)
        async with opened(paths, "work") as (app, pilot):
            await until(pilot, lambda: gateway.seen)
            assert app.said == "Testing: 5 requests, at most 23 including retries and diagnosis."
            await until(pilot, lambda: ("reach", "running") in app.rows)
            assert ("model gpt-5.4-low", "waiting") in app.rows and "testing, 1 of 10 checks" in app.seen
            held.let_go()
            await done(app, pilot)
            assert app.said.startswith("work: Works")


@pytest.mark.parametrize("size", SIZES)
async def test_a_model_that_is_not_served_is_selected_with_cause_advice_address_request_and_answer(
    paths: Paths, wrong_model: Misbehaving, size: tuple[int, int]
) -> None:
    async with opened(paths, "work", size=size) as (app, pilot):
        await done(app, pilot)
        assert app.rows[0] == ("work", "broken") and ("model claude-opus-4-7", "fail") in app.rows
        assert "✗ model" in app.seen and "model_not_found" in app.seen
        assert app.said.startswith("work: Failed (7 requests")
        for part in (
            "does not know this model",
            "→ Check the model's id",
            f"{wrong_model.base_url}/v1/messages?beta=true",
            "POST /v1/messages?beta=true HTTP/1.1",
            "x-api-key: ••••••••wxyz",
            '"model": "claude-opus-4-7"',
            "HTTP/1.1 404 x",
            "[red]not here[/red]",
            "Connected in ",
        ):
            assert part in app.details
        assert "The gateway does not know this model" in app.seen
    assert remembered(paths, "work") == "broken"


async def test_enter_shows_a_row_in_full_and_y_copies_just_that(paths: Paths, wrong_model: Misbehaving) -> None:
    async with opened(paths, "work") as (app, pilot):
        await done(app, pilot)
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(app.screen, ShowTextScreen))
        assert "HTTP/1.1 404 x" not in app.seen
        await pilot.press("end")
        await pilot.pause()
        assert "not_found_error" in app.seen
        await pilot.press("y")
        await until(pilot, lambda: app.clipboard)
        assert "x-api-key: ••••••••wxyz" in app.clipboard and "HTTP/1.1 404 x" in app.clipboard
        assert KEY not in app.clipboard
        await pilot.press("escape")
        assert app.screen is app.test_screen


async def test_where_nobody_listens_the_rest_is_skipped(paths: Paths) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    add_profile(paths, "dead", f"http://127.0.0.1:{port}", models=MODELS)
    async with opened(paths, "dead") as (app, pilot):
        await done(app, pilot)
        assert ("reach", "fail") in app.rows and ("model gpt-5.4-low", "skip") in app.rows
        assert "refused" in app.seen and "No connection; gave up" in app.details
        assert "Answer\n  none" in app.details
        await go_to(app, pilot, "stream")
        assert "Skipped, because an earlier check failed." in app.details


async def test_escape_stops_a_gateway_that_never_answers_while_the_screen_goes_on(paths: Paths) -> None:
    with Misbehaving(silence) as gateway:
        add_profile(paths, "silent", gateway.base_url, models=MODELS)
        async with opened(paths, "silent") as (app, pilot):
            await until(pilot, lambda: gateway.seen)
            await go_to(app, pilot, "key")
            assert "waiting" in app.details, "the screen still reacts"
            await pilot.press("escape")
            await done(app, pilot)
            assert app.rows[0] == ("silent", "stopped") and ("reach", "waiting") in app.rows
            assert app.said.startswith("silent: The test was interrupted (1 request, ")
            await pilot.press("escape")
            await until(pilot, lambda: app.is_left)
    assert remembered(paths, "silent") == "never tested"


async def test_a_stopped_test_can_be_begun_again(paths: Paths) -> None:
    held = Held()
    with Misbehaving(held) as gateway:
        add_profile(paths, "work", gateway.base_url, models=MODELS)
        async with opened(paths, "work") as (app, pilot):
            await until(pilot, lambda: gateway.seen)
            await pilot.press("t", "escape")
            await done(app, pilot)
            held.let_go()
            await pilot.press("t")
            await done(app, pilot, 2)
            assert app.rows[0] == ("work", "works")


def echoing(talk: Talk) -> None:
    said = f"{talk.request.headers['authorization']} {talk.request.headers['x-api-key']}"
    json_reply(400, {"error": {"message": said}, "raw": [said]}, f"x-echo: {said}")(talk)


async def test_the_key_is_nowhere_however_it_is_looked_at(
    paths: Paths, capsys: pytest.CaptureFixture[str], settings: Path
) -> None:
    with Misbehaving(echoing) as gateway:
        add_profile(paths, "work", gateway.base_url, models=MODELS)
        async with opened(paths, "work", size=(140, 45)) as (app, pilot):
            await done(app, pilot)
            for row in app.rows:
                await go_to(app, pilot, row[0])
                assert KEY not in app.everything + app.details
            await pilot.press("enter")
            await pilot.pause()
            assert KEY not in app.everything
            assert not any(KEY in repr(row) for row in app.all_rows)
        for options in ([], ["--verbose"], ["--json"], ["--json", "--verbose"]):
            await asyncio.to_thread(main, ["test", "work", *options])
            shown = capsys.readouterr()
            assert shown.out and KEY not in shown.out + shown.err
            assert ("x-echo: " in shown.out) == ("--verbose" in options)


async def test_fix_says_what_it_sets_then_saves_applies_and_tests_again(paths: Paths, settings: Path) -> None:
    settings.write_text('{"theme": "dark"}')
    with Misbehaving(without_effort()) as gateway:
        add_profile(paths, "work", gateway.base_url, models=MODELS)
        use(paths, "work")
        async with opened(paths, "work") as (app, pilot):
            await done(app, pilot)
            assert app.said.endswith(f"Press f to set {EFFORT_SWITCH}.") and "f Fix" in app.seen
            await pilot.press("f")
            await until(pilot, lambda: isinstance(app.screen, QuestionScreen))
            assert EFFORT_SWITCH in app.seen and "at most 23" in " ".join(app.seen.split())
            await pilot.press("escape")
            assert saved_options(paths, "work").switches == {}
            await pilot.press("f")
            await agree(app, pilot)
            await done(app, pilot, 2)
            assert app.rows[0] == ("work", "works") and "f Fix" not in app.seen
            assert app.said.endswith(f"Saved in work and written to claude-code: {EFFORT_SWITCH}.")
    assert saved_options(paths, "work").switches == {"CLAUDE_CODE_EFFORT_LEVEL": "unset"}
    assert json.loads(settings.read_text())["env"]["CLAUDE_CODE_EFFORT_LEVEL"] == "unset"


async def test_what_admits_nobody_else_can_be_asked_by_claude_code_after_a_yes(
    paths: Paths, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", "/nowhere")
    with Misbehaving(admits_claude_code_only) as gateway:
        add_profile(paths, "closed", gateway.base_url, models=MODELS)
        async with opened(paths, "closed") as (app, pilot):
            await done(app, pilot)
            assert app.rows[0] == ("closed", "untestable") and app.said.endswith("Press g to ask Claude Code.")
            before = len(gateway.seen)
            await pilot.press("g")
            await until(pilot, lambda: "claude" in app.said.lower() and "g asks" not in app.said)
            assert len(gateway.seen) == before, "without a Claude Code nothing is asked"


async def test_several_profiles_are_tested_after_a_yes_to_what_they_cost(paths: Paths, good: Gateway) -> None:
    with Misbehaving(REFUSED) as bad:
        add_profile(paths, "智谱", bad.base_url, models=MODELS)
        add_profile(paths, "keyless", key=KeyRef(env="NOT_SET_ANYWHERE"))
        async with opened(paths, "work", "智谱", "keyless", size=(140, 45)) as (app, pilot):
            await until(pilot, lambda: isinstance(app.screen, QuestionScreen))
            assert "3 profiles: 16 requests, at most " in " ".join(app.seen.split())
            assert not bad.seen and not app.rows
            await agree(app, pilot)
            await done(app, pilot)
            verdicts = [row for row in app.rows if row[0] in ("work", "智谱", "keyless")]
            assert verdicts == [("work", "works"), ("智谱", "broken"), ("keyless", "problem")]
            assert app.said == "1 of 3 profiles work (6 requests)."
            assert "✗ 智谱  Failed" in app.seen and "✗ keyless  The variable NOT_SET" in app.seen
            assert "The key was refused" in app.details
            await go_to(app, pilot, "智谱")
            assert f"  {bad.base_url}" in app.details and "key: ✗ key_rejected" in app.details
    assert (remembered(paths, "work"), remembered(paths, "智谱")) == ("works", "broken")


async def test_without_a_yes_nothing_is_sent_and_one_is_back(paths: Paths) -> None:
    with Misbehaving(GOOD) as gateway:
        add_profile(paths, "a", gateway.base_url)
        add_profile(paths, "b", gateway.base_url)
        async with opened(paths, "a", "b") as (app, pilot):
            await until(pilot, lambda: isinstance(app.screen, QuestionScreen))
            await pilot.press("enter")
            await until(pilot, lambda: app.is_left)
        assert not gateway.seen


async def test_one_of_several_can_be_tested_again_alone(paths: Paths) -> None:
    with Misbehaving(GOOD) as one, Misbehaving(REFUSED, GOOD) as other:
        add_profile(paths, "a", one.base_url)
        add_profile(paths, "b", other.base_url)
        async with opened(paths, "a", "b") as (app, pilot):
            await agree(app, pilot)
            await done(app, pilot)
            asked = len(one.seen)
            assert ("b", "broken") in app.rows
            await go_to(app, pilot, "b")
            await pilot.press("r")
            await done(app, pilot, 2)
            assert ("b", "works") in app.rows and ("a", "works") in app.rows
            assert len(one.seen) == asked and app.said.startswith("b: Works")


async def test_from_the_list_t_tests_the_selected_profile_and_a_all(paths: Paths, good: Gateway) -> None:
    add_profile(paths, "zwei", good.base_url, models=MODELS)
    async with program(paths, (100, 30)) as (app, pilot):
        await pilot.press("t")
        await settled(app, pilot)
        screen = app.screen
        assert isinstance(screen, Screen)
        await until(pilot, lambda: screen.finished == 1)
        await pilot.press("a")
        await until(pilot, lambda: isinstance(app.screen, QuestionScreen))
        await pilot.press("right", "enter")
        await until(pilot, lambda: app.screen is screen and screen.finished == 2)
        await pilot.press("escape")
        await settled(app, pilot)
        assert isinstance(app.screen, HomeScreen)
        await pilot.press("a")
        await until(pilot, lambda: isinstance(app.screen, QuestionScreen))
        await pilot.press("escape")
        await until(pilot, lambda: isinstance(app.screen, HomeScreen))
    assert (remembered(paths, "work"), remembered(paths, "zwei")) == ("works", "works")


@pytest.mark.parametrize("size", SIZES)
def test_the_screen_while_the_first_answer_is_waited_for(paths: Paths, snap_compare, size: tuple[int, int]) -> None:
    with Misbehaving(silence) as gateway:
        add_profile(paths, "智谱", gateway.base_url, models=MODELS)
        app = ScreenApp(paths, ["智谱"])

        async def ready(pilot: Pilot[None]) -> None:
            await until(pilot, lambda: app.is_mounted and app.screen is app.test_screen and gateway.seen)
            await until(pilot, lambda: ("reach", "running") in app.rows and "esc cancels" in app.seen)

        assert snap_compare(app, terminal_size=size, run_before=ready)


@pytest.mark.parametrize("size", SIZES)
def test_the_question_what_several_tests_cost(paths: Paths, snap_compare, size: tuple[int, int]) -> None:
    add_profile(paths, "a", models=MODELS)
    add_profile(paths, "b", models=MODELS)
    app = ScreenApp(paths, ["a", "b"])

    async def ready(pilot: Pilot[None]) -> None:
        await until(pilot, lambda: isinstance(app.screen, QuestionScreen))

    assert snap_compare(app, terminal_size=size, run_before=ready)


@pytest.mark.parametrize("theme", ["textual-dark", "textual-light"])
@pytest.mark.parametrize("size", SIZES)
def test_the_screen_with_a_model_that_is_not_served(
    paths: Paths, snap_compare, size: tuple[int, int], theme: str
) -> None:
    app = ScreenApp(paths, [], theme=theme)

    async def ready(pilot: Pilot[None]) -> None:
        await until(pilot, lambda: app.is_mounted and app.screen is app.test_screen)
        show_two_profiles(app)
        await pilot.pause()

    assert snap_compare(app, terminal_size=size, run_before=ready)
