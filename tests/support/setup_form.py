"""A program with nothing but the setup form, for pictures that stay the same."""

from __future__ import annotations

from textual.app import App
from textual.pilot import Pilot

from ccswitch_py.core.paths import Paths
from ccswitch_py.tui.screens.setup.screen import SetupScreen
from ccswitch_py.tui.theme import single_accent
from tests.support.form import until, words


class SetupApp(App[None]):
    """Shows the setup form, for a new profile or for one that is edited."""

    def __init__(self, paths: Paths, *, profile_name: str | None = None) -> None:
        super().__init__()
        self.setup = SetupScreen(paths, profile_name=profile_name)

    def get_css_variables(self) -> dict[str, str]:
        return single_accent(super().get_css_variables())

    def on_mount(self) -> None:
        self.push_screen(self.setup)


async def filled(app: SetupApp, pilot: Pilot[None]) -> None:
    """Wait until the fields are filled and the keyring has answered."""
    await until(pilot, lambda: app.is_mounted and app.screen is app.setup)
    await until(pilot, lambda: app.setup.query("#more") and "…" not in words(app, "#store"))  # type: ignore[arg-type]
    await until(pilot, lambda: all(worker.is_finished for worker in app.workers))
