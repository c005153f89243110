from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
from textual.app import App
from textual.pilot import Pilot

from ccswitch_py.tui.screens.preview import DiffView, FileDiff, PreviewScreen
from ccswitch_py.tui.theme import single_accent
from tests.support.form import lines, until

SIZES = [(80, 24), (140, 45)]
NOTES = [
    "Address and key change at once, even in running sessions.",
    "Models change in new sessions, or with /model.",
]
DIFF = [
    " {",
    '+  "apiKeyHelper": "ccswitch-key work",',
    '   "env": {',
    '-    "ANTHROPIC_BASE_URL": "https://old.example",',
    '+    "ANTHROPIC_BASE_URL": "https://gateway.example/anthropic",',
    '     "OTHER": …,',
    *[f'+    "LINE_{number:02}": "智谱 {number}",' for number in range(40)],
]


class PreviewApp(App[bool]):
    """Nothing but the preview; its answer is the program's."""

    def __init__(self, *more: FileDiff, notes: list[str] = NOTES) -> None:
        super().__init__()
        self.notes = notes
        self.files = [FileDiff("Claude Code", "~/.claude/settings.json", DIFF), *more]

    def get_css_variables(self) -> dict[str, str]:
        return single_accent(super().get_css_variables())

    def on_mount(self) -> None:
        self.push_screen(PreviewScreen(self.files, self.notes), self.exit)


@pytest.fixture(autouse=True)
def quiet(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TEXTUAL_ANIMATIONS", "none")


@pytest.fixture
async def pilot_app() -> AsyncIterator[tuple[PreviewApp, Pilot[bool]]]:
    app = PreviewApp()
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        yield app, pilot


@pytest.mark.parametrize("size", SIZES)
def test_the_change_with_what_follows_from_it(snap_compare, size: tuple[int, int]) -> None:
    assert snap_compare(PreviewApp(), terminal_size=size)


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize(
    "more", [[], ["Left out while a profile is in use: ANTHROPIC_CUSTOM_HEADERS, which may carry a key."] * 2]
)
async def test_the_answers_are_in_view_whatever_the_length_of_the_change(
    size: tuple[int, int], more: list[str]
) -> None:
    app = PreviewApp(notes=[*NOTES, *more])
    async with app.run_test(size=size) as pilot:
        await until(pilot, lambda: any("Apply" in line and "Cancel" in line for line in lines(app)))
        assert any(NOTES[1] in line for line in lines(app))


@pytest.mark.parametrize(("keys", "answer"), [(["enter"], True), (["escape"], False), (["right", "enter"], False)])
async def test_enter_writes_and_escape_does_not(keys: list[str], answer: bool) -> None:
    app = PreviewApp()
    async with app.run_test() as pilot:
        await pilot.press(*keys)
    assert bool(app.return_value) is answer


async def test_the_arrows_read_on_in_the_change(pilot_app: tuple[PreviewApp, Pilot[bool]]) -> None:
    app, pilot = pilot_app
    assert not any("LINE_39" in line for line in lines(app))
    await pilot.press(*["pagedown"] * 5)
    await until(pilot, lambda: any("LINE_39" in line for line in lines(app)))
    await pilot.press(*["up"] * 60)
    await until(pilot, lambda: app.screen.query_one(DiffView).scroll_offset.y == 0)


async def test_each_line_says_by_a_sign_what_becomes_of_it(pilot_app: tuple[PreviewApp, Pilot[bool]]) -> None:
    app, _ = pilot_app
    seen = "\n".join(lines(app))
    assert '-    "ANTHROPIC_BASE_URL": "https://old.example"' in seen
    assert '+    "ANTHROPIC_BASE_URL": "https://gateway.example/anthropic"' in seen
    assert "+42 −1" in seen


CODEX = FileDiff("Codex", "~/.codex/config.toml", ['+model_provider = "ccswitch"'])
PI = [FileDiff("pi", f"~/.pi/agent/{name}.json", [" {", '+  "ccswitch": {},', "…"]) for name in ("models", "settings")]


@pytest.mark.parametrize("size", SIZES)
def test_several_files_have_a_tab_each(snap_compare, size: tuple[int, int]) -> None:
    assert snap_compare(PreviewApp(CODEX), terminal_size=size)


async def test_brackets_switch_between_the_files() -> None:
    app = PreviewApp(CODEX)
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        assert any("settings.json" in line for line in lines(app)) and not any(
            "model_provider" in line for line in lines(app)
        )
        await pilot.press("right_square_bracket")
        await until(pilot, lambda: any("model_provider" in line for line in lines(app)))
        assert any("Apply" in line and "Cancel" in line for line in lines(app))
        await pilot.press("left_square_bracket")
        await until(pilot, lambda: any("apiKeyHelper" in line for line in lines(app)))


async def test_a_tool_with_two_files_has_a_tab_for_each_by_its_name() -> None:
    app = PreviewApp(*PI)
    async with app.run_test(size=(80, 24)) as pilot:
        await until(pilot, lambda: any("pi models.json" in line and "pi settings.json" in line for line in lines(app)))
        await pilot.press("left_square_bracket")
        await until(pilot, lambda: any("pi/agent/settings.json" in line for line in lines(app)))
        assert lines(app)[-1].strip().split("  ") == ["⏎ Apply", "esc Cancel", "[ ] Files", "↑↓ Scroll"]
        await pilot.press("right")
        await until(pilot, lambda: "Apply" not in lines(app)[-1])


async def test_one_file_needs_no_key_to_switch(pilot_app: tuple[PreviewApp, Pilot[bool]]) -> None:
    app, _ = pilot_app
    assert "Files" not in lines(app)[-1] and "↑↓ Scroll" in lines(app)[-1]
