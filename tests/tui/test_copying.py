from __future__ import annotations

import base64
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from textual.app import App
from textual.widgets import Static

from ccswitch_py.tui import terminal as copying
from ccswitch_py.tui.screens.show_text import ShowTextScreen
from ccswitch_py.tui.terminal import copy, passthrough_sequences
from tests.support.form import lines, until
from tests.support.programs import REPOSITORY
from tests.support.tmux import tmux

TEXT = "claude --settings '/home/ü/智谱 [red].json'\nsecond line"
LONG_PATH = "/home/somebody/" + "deep/" * 40 + "settings.json"
OF_A_SCREEN = ("TMUX", "STY", "DISPLAY", "WAYLAND_DISPLAY", "WSL_DISTRO_NAME")
OF_SSH = ("SSH_CONNECTION", "SSH_CLIENT", "SSH_TTY")
COPYING = [sys.executable, "-m", "tests.support.copying_app"]
HERE = {"PYTHONPATH": str(REPOSITORY), "TERM": "tmux-256color", "DISPLAY": "", "WAYLAND_DISPLAY": "", "LANG": "C.UTF-8"}

MakeTool = Callable[[str, str], Path]


@pytest.fixture(autouse=True)
def bare_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in (*OF_A_SCREEN, *OF_SSH):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def make_tool(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> MakeTool:
    """Makes a clipboard program of a test's own; what it is given lands in a file, and it ends as the script says."""
    folder = tmp_path / "bin"
    folder.mkdir()
    monkeypatch.setenv("PATH", str(folder))

    def make_tool(name: str, ending: str = "exit 0") -> Path:
        taken = tmp_path / f"{name}.taken"
        tool = folder / name
        tool.write_text(f"#!/bin/sh\n/bin/cat > {taken}\n{ending}\n")
        tool.chmod(0o755)
        return taken

    return make_tool


async def copied(text: str = TEXT) -> str:
    app = App[None]()
    async with app.run_test():
        said = await copy(app, text)
        assert app.clipboard == text
    return said


def payload(sequences: list[str]) -> str:
    joined = "".join(sequence.removeprefix("\x1bP").removesuffix("\x1b\\") for sequence in sequences)
    return base64.b64decode(joined.removeprefix("\x1b]52;c;").removesuffix("\a")).decode()


async def test_without_a_clipboard_program_it_is_said_that_the_terminal_does_not_answer(make_tool: MakeTool) -> None:
    said = await copied()
    assert "does not confirm it" in said
    assert "show the full text" in said


async def test_a_clipboard_program_of_the_desktop_gets_the_text_and_then_it_is_certain(
    make_tool: MakeTool, monkeypatch: pytest.MonkeyPatch
) -> None:
    taken = make_tool("wl-copy")
    monkeypatch.setenv("WAYLAND_DISPLAY", "made-up")
    assert await copied() == "Copied."
    assert taken.read_text() == TEXT


@pytest.mark.parametrize("ending", ["exit 1", "while :; do :; done"])
async def test_a_clipboard_program_that_fails_or_hangs_is_passed_over(
    make_tool: MakeTool, monkeypatch: pytest.MonkeyPatch, ending: str
) -> None:
    monkeypatch.setattr(copying, "_TIMEOUT_S", 3.0)
    monkeypatch.setenv("DISPLAY", ":made-up")
    make_tool("xclip", ending)
    taken = make_tool("xsel")
    assert await copied() == "Copied."
    assert taken.read_text() == TEXT


async def test_a_program_that_stays_to_serve_the_clipboard_is_not_waited_for(
    make_tool: MakeTool, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("DISPLAY", ":made-up")
    make_tool("xclip", f"(echo $$ > {tmp_path / 'served'}; exec /bin/sleep 20) &\nexit 0")
    assert await copied() == "Copied."


async def test_windows_is_given_its_own_encoding(make_tool: MakeTool, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WSL_DISTRO_NAME", "made-up")
    taken = make_tool("clip.exe")
    assert await copied() == "Copied."
    assert taken.read_bytes() == TEXT.encode("utf-16-le")


async def test_over_ssh_the_clipboard_of_the_other_machine_is_left_alone(
    make_tool: MakeTool, monkeypatch: pytest.MonkeyPatch
) -> None:
    taken = make_tool("wl-copy")
    monkeypatch.setenv("WAYLAND_DISPLAY", "made-up")
    monkeypatch.setenv("SSH_CONNECTION", "10.0.0.1 1 10.0.0.2 22")
    assert "does not confirm it" in await copied()
    assert not taken.exists()


def test_gnu_screen_gets_pieces_that_it_does_not_drop() -> None:
    sequences = passthrough_sequences(TEXT * 50, {"STY": "1.pts-0"})
    assert all(len(sequence) <= 256 for sequence in sequences)
    assert payload(sequences) == TEXT * 50
    assert passthrough_sequences(TEXT, {}) == []


@pytest.mark.real
def test_in_tmux_that_takes_the_sequence_the_text_arrives_in_its_buffer(tmp_path: Path) -> None:
    with tmux(["-s", "set-clipboard", "on"]) as terminal:
        terminal.run([*COPYING, TEXT], **HERE, PATH=str(tmp_path))
        terminal.until_buffer(TEXT)
        assert "does not confirm it" in terminal.until_screen("Sent to the terminal's clipboard")


@pytest.mark.real
def test_in_tmux_as_it_comes_the_text_arrives_through_its_own_program() -> None:
    with tmux() as terminal:
        terminal.run([*COPYING, TEXT], **HERE)
        terminal.until_buffer(TEXT)
        terminal.until_screen("Copied to tmux")


@pytest.mark.real
def test_through_an_inner_tmux_that_lets_it_pass_the_text_arrives_in_the_terminal_around_it(tmp_path: Path) -> None:
    inner_options = (["-s", "set-clipboard", "off"], ["-g", "-q", "allow-passthrough", "on"])
    with tmux(["-s", "set-clipboard", "on"]) as outer, tmux(*inner_options) as inner:
        outer.run(inner.command("attach"), TERM="tmux-256color")
        inner.until_attached()
        inner.run([*COPYING, TEXT], **HERE, PATH=str(tmp_path))
        outer.until_buffer(TEXT)
        assert inner.buffer == ""


async def test_the_whole_text_is_shown_with_nothing_beside_it_and_paths_in_one_piece() -> None:
    path = "/home/somebody/.local/state/ccswitch/launch/claude-code/work.json"
    app = App[None]()
    async with app.run_test(size=(80, 24)) as pilot:
        app.push_screen(ShowTextScreen("What to run", f"claude --settings {path} --model [red]x\x1b[2J"))
        await pilot.pause()
        seen = lines(app)  # type: ignore[arg-type]
        assert f"{path} --model" in seen
        assert "claude --settings" in seen and "[red]x\N{REPLACEMENT CHARACTER}[2J" in seen
        await pilot.press("p")
        assert "cannot be suspended" in str(app.screen.query_one("#status", Static).content)
        await pilot.press("c")
        await until(pilot, lambda: "does not confirm it" in str(app.screen.query_one("#status", Static).content))
        assert "\x1b" not in app.clipboard
        await pilot.press("escape")
        assert not isinstance(app.screen, ShowTextScreen)


@pytest.mark.real
def test_in_the_plain_terminal_a_long_path_can_be_selected_in_one_piece(tmp_path: Path) -> None:
    with tmux() as terminal:
        terminal.run([*COPYING, LONG_PATH], **HERE, PATH=str(tmp_path))
        terminal.until_screen("Sent to the terminal's clipboard")
        terminal.do("send-keys", "w")
        assert LONG_PATH not in terminal.until_screen("hold Shift")
        terminal.do("send-keys", "p")
        assert LONG_PATH in terminal.until_screen("Press Enter to go back.")
        terminal.do("send-keys", "Enter")
        terminal.until_screen("hold Shift")
