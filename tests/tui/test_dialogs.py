"""The small boxes over a screen: a question, a name, an export."""

from __future__ import annotations

from typing import Any

import pytest
from textual.app import App
from textual.screen import Screen

from ccswitch_py.core.paths import Paths
from ccswitch_py.tui.screens.dialogs import ExportScreen, NamingScreen, QuestionScreen
from ccswitch_py.tui.screens.keys.entry import KeyEntryScreen
from ccswitch_py.tui.screens.show_text import ShowTextScreen
from ccswitch_py.tui.theme import single_accent
from tests.support.home import add_profile

SIZES = [(80, 24), (140, 45)]


class DialogApp(App[Any]):
    """Nothing but one box; its answer is the program's."""

    def __init__(self, box: Screen[Any]) -> None:
        super().__init__()
        self._box = box

    def get_css_variables(self) -> dict[str, str]:
        return single_accent(super().get_css_variables())

    def on_mount(self) -> None:
        self.push_screen(self._box, self.exit)


def boxes(paths: Paths) -> dict[str, Screen[Any]]:
    add_profile(paths, "work")
    answers = {"keep": "Keep it", "remove": "Remove it"}
    return {
        "question": QuestionScreen("Remove", "Remove the profile 智谱, and its key from the keyring?", answers),
        "naming": NamingScreen(["work"], "Duplicate work", "work-2"),
        "export": ExportScreen("work"),
        "text": ShowTextScreen("Start Claude Code with work", "claude --settings ~/state/launch/work.json"),
        "key": KeyEntryScreen(paths),
    }


@pytest.fixture(autouse=True)
def quiet(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TEXTUAL_ANIMATIONS", "none")


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("box", ["question", "naming", "export", "text", "key"])
def test_the_box(paths: Paths, snap_compare, box: str, size: tuple[int, int]) -> None:
    assert snap_compare(DialogApp(boxes(paths)[box]), terminal_size=size)


@pytest.mark.parametrize(
    ("keys", "answer"),
    [(["enter"], "keep"), (["right", "enter"], "remove"), (["right", "left", "enter"], "keep"), (["escape"], None)],
)
async def test_the_first_answer_is_the_safe_one_and_escape_is_none(
    paths: Paths, keys: list[str], answer: str | None
) -> None:
    app = DialogApp(boxes(paths)["question"])
    async with app.run_test() as pilot:
        await pilot.press(*keys)
    assert app.return_value == answer


async def test_a_click_answers_too(paths: Paths) -> None:
    app = DialogApp(boxes(paths)["question"])
    async with app.run_test() as pilot:
        await pilot.click("#remove")
    assert app.return_value == "remove"
