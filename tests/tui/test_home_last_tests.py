from textual.pilot import Pilot
from textual.widgets import OptionList, Static

from ccswitch_py.paths import Paths
from ccswitch_py.tui.app import CcswitchApp
from ccswitch_py.tui.screens.home import HomeScreen
from ccswitch_py.tui.screens.question import QuestionScreen
from tests.support.home import add_profile
from tests.support.last_tests import add_last_test


def rows(app: CcswitchApp) -> list[str]:
    return [str(option.prompt).rstrip() for option in app.screen.query_one("#profiles", OptionList).options]


def details(app: CcswitchApp) -> list[str]:
    return str(app.screen.query_one("#details", Static).content).splitlines()


async def visit_another_screen(app: CcswitchApp, pilot: Pilot[None]) -> None:
    app.push_screen(QuestionScreen("A question", "Is it so?", {"yes": "Yes"}))
    await pilot.pause()
    app.pop_screen()
    await pilot.pause()
    assert isinstance(app.screen, HomeScreen)


async def test_each_profile_has_the_sign_and_age_of_its_last_test_beside_its_name(paths: Paths) -> None:
    for name in ("fine", "fresh", "wrong"):
        add_profile(paths, name)
    add_last_test(paths, "fine")
    add_last_test(paths, "wrong", "broken", "model_not_found", age_s=300)
    app = CcswitchApp(paths)
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        assert rows(app) == ["  fine  ✓ 2 h ago", "  fresh", "  wrong  ✗ 5 min ago"]
        assert details(app)[-1] == "tested   ✓ works, 2 h ago"
        await pilot.press("down")
        await pilot.pause()
        assert details(app)[-1] == "tested   not yet: press t"
        await pilot.press("down")
        await pilot.pause()
        assert details(app)[-1] == "tested   ✗ broken: model_not_found (model m1), 5 min ago"


async def test_a_result_that_is_new_when_the_screen_comes_back_is_shown(paths: Paths) -> None:
    add_profile(paths, "a")
    app = CcswitchApp(paths)
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        assert rows(app) == ["  a"]
        add_last_test(paths, "a", age_s=0)
        await visit_another_screen(app, pilot)
        assert rows(app) == ["  a  ✓ just now"]
        assert details(app)[-1] == "tested   ✓ works, just now"
