from textual.pilot import Pilot

from ccswitch_py.core.paths import Paths
from ccswitch_py.tui.app import CcswitchApp
from ccswitch_py.tui.screens.dialogs import QuestionScreen
from tests.support.home import add_profile
from tests.support.home_screen import at_home, details, looked, rows
from tests.support.last_tests import add_last_test


async def visit_another_screen(app: CcswitchApp, pilot: Pilot[None]) -> None:
    app.push_screen(QuestionScreen("A question", "Is it so?", {"yes": "Yes"}))
    await pilot.pause()
    app.pop_screen()
    await looked(app, pilot)


async def test_each_profile_has_the_sign_and_age_of_its_last_test_in_its_row(paths: Paths) -> None:
    for name in ("fine", "fresh", "wrong"):
        add_profile(paths, name)
    add_last_test(paths, "fine")
    add_last_test(paths, "wrong", "broken", "model_not_found", age_s=300)
    async with at_home(paths) as (app, pilot):
        assert [row.rpartition("…")[2].strip() for row in rows(app)] == ["✓ 2 h ago", "", "✗ 5 min ago"]
        assert "tested ✓ works, 2 h ago" in details(app)
        await pilot.press("down")
        await looked(app, pilot)
        assert "tested not yet (press t)" in details(app)
        await pilot.press("down")
        await looked(app, pilot)
        assert "tested ✗ broken: model_not_found (model m1), 5 min ago" in details(app)


async def test_a_result_that_is_new_when_the_screen_comes_back_is_shown(paths: Paths) -> None:
    add_profile(paths, "a")
    async with at_home(paths) as (app, pilot):
        assert "ago" not in rows(app)[0]
        add_last_test(paths, "a", age_s=0)
        await visit_another_screen(app, pilot)
        assert rows(app)[0].endswith("✓ just now")
        assert "tested ✓ works, just now" in details(app)
