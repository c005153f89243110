import os
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from ccswitch_py.core.paths import Paths
from ccswitch_py.services.launches import load_record
from ccswitch_py.services.live_test.results import last_test
from ccswitch_py.tui.screens.dialogs import QuestionScreen
from tests.support.form import check_rows, footer, lines, opened, paste, press, said, until
from tests.support.home import KEY_VARIABLE, add_profile
from tests.support.misbehaving import Misbehaving, Talk
from tests.support.programs import QUIET, claude_code
from tests.support.strict_gateways import admits_claude_code_only

KEY = "demo-canary-2d7f40b9e6158ac3"


@pytest.fixture(autouse=True)
def installed(offer: Callable[[str], None], monkeypatch: pytest.MonkeyPatch) -> None:
    """The real Claude Code on the PATH, and a key for the profiles."""
    for name, value in {**QUIET, KEY_VARIABLE: KEY}.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("PATH", f"{os.path.dirname(claude_code())}:{os.environ['PATH']}")


async def test_a_gateway_that_admits_only_claude_code_is_asked_by_it_after_a_yes(paths: Paths) -> None:
    with Misbehaving(admits_claude_code_only) as gateway:
        add_profile(paths, "work", gateway.base_url)
        async with opened(paths) as (app, pilot):
            await press(app, pilot, "e", "ctrl+t")
            assert said(app).endswith("Ask Claude Code (ctrl+g) can tell.")
            assert check_rows(app)["key"].advice == "Claude Code itself can tell: Ask Claude Code"
            assert "^g Ask Claude Code" in footer(app)
            assert any("Ask Claude Code" in line and "Save and use" in line for line in lines(app))
            await press(app, pilot, "ctrl+g")
            assert isinstance(app.screen, QuestionScreen) and "20,000 tokens" in "\n".join(lines(app))
            await press(app, pilot, "enter")
            assert len(gateway.seen) == 1, "nothing is sent without the yes"
            await press(app, pilot, "ctrl+g", "right", "enter")
            assert said(app).startswith("It works, with something to look at")
            row = check_rows(app)["with_claude"]
            assert (row.status, row.detail) == ("pass", "Claude Code answered: “one two three”")
            assert "Claude Code answered" in "\n".join(lines(app))
            assert "^g" not in footer(app) and not app.screen.query_one("#ask-claude-code").display
    assert {seen.headers["user-agent"].partition("/")[0] for seen in gateway.seen} == {"ccswitch", "claude-cli"}
    test = last_test(paths, load_record(paths, "work"))
    assert test is not None and test.verdict == "degraded"


async def test_escape_ends_claude_code_and_keeps_the_rows(paths: Paths) -> None:
    hung_up = threading.Event()

    def script(talk: Talk) -> None:
        if talk.request.headers["user-agent"].startswith("claude-cli/"):
            talk.wait_until_gone()
            hung_up.set()
        else:
            admits_claude_code_only(talk)

    with Misbehaving(script) as gateway:
        add_profile(paths, "work", gateway.base_url)
        async with opened(paths) as (app, pilot):
            await press(app, pilot, "e", "ctrl+t", "ctrl+g")
            await pilot.press("right", "enter")
            await until(pilot, lambda: len(gateway.seen) > 1)
            assert any("Asking with Claude Code …" in line for line in lines(app))
            assert check_rows(app)["with_claude"].status == "running"
            await press(app, pilot, "escape")
            assert said(app) == "The test was cancelled."
            assert "with_claude" not in check_rows(app) and check_rows(app)["key"].status == "untestable"
            assert "^g" in footer(app), "it can be asked again"
            await until(pilot, hung_up.is_set)


async def test_a_profile_that_is_not_saved_can_be_asked_after_saving(
    paths: Paths, offer: Callable[[str], None]
) -> None:
    with Misbehaving(admits_claude_code_only) as gateway:
        offer(gateway.base_url)
        async with opened(paths) as (app, pilot):
            await paste(app, pilot, KEY)
            await press(app, pilot, "ctrl+t", "ctrl+g")
            assert "save this one, then test it" in said(app)
            assert len(gateway.seen) == 1


async def test_without_claude_code_on_the_path_that_is_said_before_the_question(
    paths: Paths, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with Misbehaving(admits_claude_code_only) as gateway:
        add_profile(paths, "work", gateway.base_url)
        async with opened(paths) as (app, pilot):
            await press(app, pilot, "e", "ctrl+t", "ctrl+g")
            assert "There is no program 'claude' on the PATH." in said(app)
            assert "^g" in footer(app)


async def test_a_program_that_cannot_be_started_is_told_and_the_rows_stay(
    paths: Paths, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    program = tmp_path / "claude"
    program.write_bytes(b"\x00no program")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    with Misbehaving(admits_claude_code_only) as gateway:
        add_profile(paths, "work", gateway.base_url)
        async with opened(paths) as (app, pilot):
            await press(app, pilot, "e", "ctrl+t", "ctrl+g", "right", "enter")
            rows = check_rows(app)
            assert (rows["with_claude"].status, rows["key"].status) == ("fail", "untestable")
            assert rows["with_claude"].detail == "Claude Code cannot be started (exec format error)."
