"""The screen program: it opens the first screen and hands out what every screen needs."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

from textual.app import App
from textual.screen import Screen

from ccswitch_py.paths import Paths, find_paths
from ccswitch_py.store.profile_files import profile_names
from ccswitch_py.tui.theme import with_one_accent

if TYPE_CHECKING:
    from ccswitch_py.tui.screens.setup import SetupScreen


class CcswitchApp(App[None]):
    """ccswitch in a terminal: the setup form when there is no profile yet, else the profiles."""

    TITLE = "ccswitch"
    ENABLE_COMMAND_PALETTE = False

    def __init__(self, paths: Paths, *, key_hint: str = "") -> None:
        """``key_hint`` says which key the demo's gateway takes."""
        # Textual loads the style of a screen that is pushed, but not that of the first one.
        super().__init__(css_path=["screens/home.tcss" if profile_names(paths) else "screens/setup.tcss"])
        self.paths = paths
        self.key_hint = key_hint

    def get_css_variables(self) -> dict[str, str]:
        """The theme's colours, with one accent."""
        return with_one_accent(super().get_css_variables())

    def get_default_screen(self) -> Screen[Any]:
        """The first screen; Textual would paint an empty one before it."""
        if profile_names(self.paths):
            return self._home()
        from ccswitch_py.tui.screens.setup import SetupScreen

        return SetupScreen(self.paths, key_hint=self.key_hint)

    def on_setup_screen_left(self, event: SetupScreen.Left) -> None:
        """After the first setup come the profiles; without any there is nothing to show."""
        if profile_names(self.paths):
            self.push_screen(self._home(event.said or ""))
        else:
            self.exit()

    def _home(self, said: str = "") -> Screen[Any]:
        from ccswitch_py.tui.screens.home import HomeScreen

        return HomeScreen(self.paths, said, key_hint=self.key_hint)

    def _fatal_error(self) -> None:
        # Textual's own would print the local variables of every frame, a key among them.
        from rich.text import Text

        from ccswitch_py.errors import unexpected

        self.bell()
        self.panic(Text(f"ccswitch: {unexpected(sys.exception())}"))


def run_app() -> int:
    """Run the program on this terminal and return its exit code."""
    app = CcswitchApp(find_paths())
    app.run()
    return app.return_code or 0
