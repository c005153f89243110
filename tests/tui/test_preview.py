from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
from textual.app import App
from textual.pilot import Pilot

from ccswitch_py.tui.screens.preview import DiffView, PreviewScreen
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

    def get_css_variables(self) -> dict[str, str]:
        return single_accent(super().get_css_variables())

    def __init__(self, notes: list[str] = NOTES) -> None:
        super().__init__()
        self.notes = notes

    def on_mount(self) -> None:
        self.push_screen(PreviewScreen("~/.claude/settings.json", DIFF, self.notes), self.exit)


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
@pytest.mark.parametrize("more", [0, 2])
async def test_the_answers_are_in_view_whatever_the_length_of_the_change(size: tuple[int, int], more: int) -> None:
    long = "Left out while a profile is in use: ANTHROPIC_CUSTOM_HEADERS, which may carry the key of another gateway."
    app = PreviewApp([*NOTES, *[long] * more])
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
