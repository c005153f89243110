"""The screen program: it opens the first screen and hands out what every screen needs."""

from __future__ import annotations

import sys

from textual.app import App

from ccswitch_py.paths import Paths, find_paths
from ccswitch_py.store.profile_files import profile_names


class CcswitchApp(App[None]):
    """ccswitch in a terminal: the setup form when there is no profile yet, else the profiles."""

    TITLE = "ccswitch"
    CSS_PATH = "app.tcss"
    ENABLE_COMMAND_PALETTE = True

    def __init__(self, paths: Paths, *, key_hint: str = "") -> None:
        """``key_hint`` says which key the demo's gateway takes."""
        super().__init__()
        self.paths = paths
        self.key_hint = key_hint

    def on_mount(self) -> None:
        """Open the first screen."""
        if profile_names(self.paths):
            self.open_home()
        else:
            self.open_setup()

    def open_home(self) -> None:
        """The profiles."""
        from ccswitch_py.tui.screens.home import HomeScreen

        self.push_screen(HomeScreen(self.paths))

    def open_setup(self) -> None:
        """The setup form as the first screen; leaving it shows the profiles, or ends the program if there are none."""
        from ccswitch_py.tui.screens.setup import SetupScreen

        self.push_screen(SetupScreen(self.paths, key_hint=self.key_hint), self._after_first_setup)

    def _after_first_setup(self, _: str | None) -> None:
        if profile_names(self.paths):
            self.open_home()
        else:
            self.exit()

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
