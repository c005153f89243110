"""The screens in Simplified Chinese, whose letters are two cells wide."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from textual.pilot import Pilot

from ccswitch_py.core import language
from ccswitch_py.core.paths import Paths
from ccswitch_py.model.protocol import MAIN_ROLES
from ccswitch_py.services.apply import use
from ccswitch_py.tui.app import CcswitchApp
from ccswitch_py.tui.widgets.key_bar import KeyBar
from tests.support.form import lines, until
from tests.support.home import add_profile
from tests.support.home_screen import at_home, looked

SIZES = [(80, 24), (140, 45)]
CHINESE = re.compile(r"[\u4e00-\u9fff]")


@pytest.fixture(autouse=True)
def chinese(paths: Paths, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("TEXTUAL_ANIMATIONS", "none")
    with monkeypatch.context() as patch:
        patch.setenv("CCSWITCH_LANG", "zh_CN")
        patch.setattr(language, "_translations", None)
        yield


@pytest.mark.parametrize("size", SIZES)
def test_the_profiles_in_chinese(paths: Paths, settings: Path, snap_compare, size: tuple[int, int]) -> None:
    for name in ("智谱", "work", "公司的网关-备用"):
        add_profile(paths, name, "https://gateway.example", models=dict.fromkeys(MAIN_ROLES, "gpt-5.4-low"))
    use(paths, "work")
    app = CcswitchApp(paths)

    async def ready(pilot: Pilot[None]) -> None:
        await looked(app, pilot)

    assert snap_compare(app, terminal_size=size, run_before=ready)


async def test_every_key_of_every_screen_says_in_chinese_what_it_does(paths: Paths) -> None:
    add_profile(paths, "work")
    async with at_home(paths, (240, 45)) as (app, pilot):
        for key in ("", "question_mark", "n", "K", "t", "f2", "x", "delete"):
            if key:
                await pilot.press(key)
                await pilot.pause()
            labels = [label for _, _, label in app.screen.query_one(KeyBar).keys]
            assert labels and all(map(CHINESE.search, labels)), (key, labels)
            while len(app.screen_stack) > 1:
                await pilot.press("escape")
                await pilot.pause()
            await looked(app, pilot)


async def test_the_palette_says_in_chinese_that_nothing_fits(paths: Paths) -> None:
    add_profile(paths, "work")
    async with at_home(paths) as (app, pilot):
        await pilot.press("ctrl+p", *"qqqqq")
        await until(pilot, lambda: "没有匹配的命令" in "\n".join(lines(app)))


async def test_no_line_is_wider_than_the_terminal(paths: Paths) -> None:
    add_profile(paths, "公司的网关", models=dict.fromkeys(MAIN_ROLES, "gpt-5.4-low"))
    async with at_home(paths) as (app, _):
        rows = lines(app)
        assert {row[-1] for row in rows if row.startswith("│")} == {"│"}
