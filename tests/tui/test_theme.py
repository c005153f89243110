import pytest
from textual.app import App, ComposeResult
from textual.theme import BUILTIN_THEMES
from textual.widgets import Footer

from ccswitch_py.tui.theme import single_accent


class Calm(App[None]):
    def get_css_variables(self) -> dict[str, str]:
        return single_accent(super().get_css_variables())

    def compose(self) -> ComposeResult:
        yield Footer()


@pytest.mark.parametrize("theme", sorted(BUILTIN_THEMES))
async def test_every_theme_has_one_accent_and_can_be_drawn(theme: str):
    app = Calm()
    async with app.run_test() as pilot:
        app.theme = theme
        await pilot.pause()
        variables = app.get_css_variables()
        assert variables["accent"] == variables["primary"]
        assert app.export_screenshot()
