"""The screen program: it opens the first screen and has what every screen needs."""

# Textual types actions and themes only in part:
# pyright: reportUnknownMemberType=false

from __future__ import annotations

import asyncio
import os
import sys
import time
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, ClassVar

from textual.actions import parse
from textual.app import App, SystemCommand
from textual.screen import Screen

from ccswitch_py.core.cancellation import GRACE_S, POLL_INTERVAL_S
from ccswitch_py.core.language import N_, _
from ccswitch_py.core.paths import Paths, find_paths
from ccswitch_py.store.profile_files import profile_names
from ccswitch_py.tui.commands import Command, bindings_of, commands_at
from ccswitch_py.tui.theme import HIGH_CONTRAST, first_theme, remember_theme, with_one_accent

if TYPE_CHECKING:
    from textual.binding import BindingType

    from ccswitch_py.tui.screens.setup.screen import SetupScreen

EVERYWHERE = [
    Command("question_mark", "help", N_("Help"), N_("All keys of this screen")),
    # In a field the question mark is a letter.
    Command("f1", "help", N_("Help"), N_("The same, also from a field"), priority=True),
    Command("ctrl+p", "command_palette", N_("All"), N_("Find anything that can be done"), shown=False),
]


class CcswitchApp(App[None]):
    """ccswitch in a terminal: the setup form when there is no profile yet, else the profiles."""

    TITLE = "ccswitch"
    BINDINGS: ClassVar[list[BindingType]] = bindings_of(EVERYWHERE)

    def __init__(self, paths: Paths, *, key_hint: str = "") -> None:
        """``key_hint`` says which key the demo's gateway takes."""
        # Textual loads the style of a screen that is pushed, but not that of the first one.
        super().__init__(css_path=["screens/home/screen.tcss" if profile_names(paths) else "screens/setup/screen.tcss"])
        self.paths = paths
        self.key_hint = key_hint
        self._choose_theme(first_theme(paths, os.environ))

    def _choose_theme(self, name: str) -> None:
        if name == HIGH_CONTRAST:
            self._know_high_contrast()
        if name in self.available_themes:
            self.theme = name

    def _know_high_contrast(self) -> None:
        from ccswitch_py.tui.high_contrast import THEME

        self.register_theme(THEME)

    def get_css_variables(self) -> dict[str, str]:
        """The theme's colours, with one accent."""
        return with_one_accent(super().get_css_variables())

    def get_default_screen(self) -> Screen[Any]:
        """The first screen; Textual would paint an empty one before it."""
        if profile_names(self.paths):
            return self._home()
        from ccswitch_py.tui.screens.setup.screen import SetupScreen

        return SetupScreen(self.paths, key_hint=self.key_hint)

    def on_setup_screen_left(self, event: SetupScreen.Left) -> None:
        """After the first setup come the profiles; without any there is nothing to show."""
        if profile_names(self.paths):
            self.push_screen(self._home(event.said or ""))
        else:
            self.exit()

    def get_system_commands(self, screen: Screen[Any]) -> Iterable[SystemCommand]:
        """What the palette offers: what the screen can do now, then what the program can."""
        offered = set[str]()
        for command in getattr(screen, "ACTIONS", ()):
            _unused, name, parameters = parse(command.action)
            if command.action not in offered | {"app.quit"} and screen.check_action(name, parameters):
                offered.add(command.action)
                yield SystemCommand(_(command.label), _(command.help), lambda one=command: self._act(screen, one))
        yield SystemCommand(_("Colours"), _("Dark, light, high contrast and more"), self._themes)
        yield SystemCommand(_("Help"), _("All keys of this screen"), self.action_help)
        yield SystemCommand(_("Quit"), _("Leave ccswitch"), self.action_quit)

    async def _act(self, screen: Screen[Any], command: Command) -> None:
        await self.run_action(command.action, default_namespace=screen)

    def _themes(self) -> None:
        from textual.theme import ThemeProvider

        from ccswitch_py.tui.screens.palette import Palette

        self._know_high_contrast()
        self.push_screen(Palette(providers=[ThemeProvider], placeholder=_("Search for themes…")))

    def action_command_palette(self) -> None:
        """Find anything by typing a part of its name."""
        from ccswitch_py.tui.screens.palette import Palette

        if not Palette.is_open(self):  # pyright: ignore[reportArgumentType]
            self.push_screen(Palette(id="--command-palette", placeholder=_("Search for commands…")))

    def watch_theme(self, theme: str) -> None:
        """Begin with these colours the next time, too."""
        if self.is_running:
            remember_theme(self.paths, theme)

    async def action_quit(self) -> None:
        """End; what is being written is finished or taken back first."""
        self.run_worker(self._end(), group="end", exclusive=True)

    async def _end(self) -> None:
        from ccswitch_py.tui.widgets.busy import Busy

        waiting = [busy for screen in self.screen_stack for busy in screen.query(Busy)]
        for busy in waiting:
            busy.stop_all()
        until = time.monotonic() + GRACE_S
        while any(busy.is_busy for busy in waiting) and time.monotonic() < until:
            await asyncio.sleep(POLL_INTERVAL_S)
        self.exit()

    def action_help_quit(self) -> None:
        """Ctrl-C says what ends the program."""
        self.notify(_("Press Ctrl+Q to leave ccswitch."))

    def action_help(self) -> None:
        """Show all keys of the screen."""
        from ccswitch_py.tui.screens.help import HelpScreen

        if isinstance(self.screen, HelpScreen):
            return
        commands: list[Command] = [*getattr(self.screen, "ACTIONS", ()), *EVERYWHERE]
        self.push_screen(HelpScreen(commands, commands_at(self.focused)))

    def _home(self, said: str = "") -> Screen[Any]:
        from ccswitch_py.tui.screens.home.screen import HomeScreen

        return HomeScreen(self.paths, said)

    def _fatal_error(self) -> None:
        # Textual's own would print the local variables of every frame, a key among them.
        from rich.text import Text

        from ccswitch_py.core.crash_report import as_error

        error = sys.exception()
        if error is not None and not self._exit_renderables:  # what follows from the first is not worth a second line
            self.bell()
            self.panic(Text(f"ccswitch: {as_error(error)}"))


def run_app() -> int:
    """Run the program on this terminal and return its exit code."""
    app = CcswitchApp(find_paths())
    app.run()
    return app.return_code or 0
