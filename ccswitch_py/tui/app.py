"""The app: it opens the first screen and wires screens to one another."""

from __future__ import annotations

import asyncio
import os
import sys
import time
from collections.abc import Iterable
from functools import partial
from typing import TYPE_CHECKING, Any, ClassVar

from textual import events
from textual.actions import parse
from textual.app import App, SystemCommand
from textual.screen import Screen

from ccswitch_py.core.cancellation import GRACE_S, POLL_INTERVAL_S
from ccswitch_py.core.language import N_, _
from ccswitch_py.core.paths import Paths, find_paths
from ccswitch_py.store.profile_files import profile_names
from ccswitch_py.tui.screens.base import Command, JobScreen, bindings_of, commands_at
from ccswitch_py.tui.theme import HIGH_CONTRAST, initial_theme, remember_theme, single_accent
from ccswitch_py.tui.typing_queue import TypingQueue

if TYPE_CHECKING:
    from textual.binding import BindingType

    from ccswitch_py.tui.screens.setup.screen import SetupScreen

APP_COMMANDS = [
    Command("ctrl+q", "quit", N_("Quit"), N_("Quit ccswitch")),
    Command("question_mark", "help", N_("Help"), N_("All keys of this screen")),
    Command("f1", "help", N_("Help"), N_("All keys of this screen, also from a field")),
    Command("ctrl+p", "command_palette", N_("All"), N_("Search for a command"), shown=False),
]


class CcswitchApp(App[None]):
    """Starts with the setup form while there is no profile, else with the home screen."""

    TITLE = "ccswitch"
    BINDINGS: ClassVar[list[BindingType]] = bindings_of(APP_COMMANDS)

    def __init__(self, paths: Paths, *, key_hint: str = "") -> None:
        """``key_hint`` names the key of the demo's gateway."""
        # Textual loads the style sheet of a screen that is pushed, but not that of the default screen.
        super().__init__(css_path=["screens/home/screen.tcss" if profile_names(paths) else "screens/setup/screen.tcss"])
        self.paths = paths
        self.key_hint = key_hint
        self._typing = TypingQueue(self, super().on_event)
        self.register_theme(HIGH_CONTRAST)
        if (theme := initial_theme(paths, os.environ)) in self.available_themes:
            self.theme = theme

    async def on_event(self, event: events.Event) -> None:
        if isinstance(event, events.Key | events.Paste) and not event.is_forwarded:
            await self._typing.add(event)
        else:
            await super().on_event(event)

    def get_css_variables(self) -> dict[str, str]:
        return single_accent(super().get_css_variables())

    def get_default_screen(self) -> Screen[Any]:
        """Return the first screen; Textual would paint an empty one before it."""
        if profile_names(self.paths):
            return self._home()
        from ccswitch_py.tui.screens.setup.screen import SetupScreen

        return SetupScreen(self.paths, key_hint=self.key_hint)

    def on_setup_screen_left(self, event: SetupScreen.Left) -> None:
        """Go on to the profiles after the first setup; without any, exit."""
        if profile_names(self.paths):
            self.push_screen(self._home(event.message or ""))
        else:
            self.exit()

    def get_system_commands(self, screen: Screen[Any]) -> Iterable[SystemCommand]:
        """Offer the active commands of the screen in the palette, then those of the app."""
        offered = {"app.quit"}
        for command in getattr(screen, "ACTIONS", ()):
            _namespace, name, parameters = parse(command.action)
            if command.action not in offered and screen.check_action(name, parameters):
                offered.add(command.action)
                run = partial(self.run_action, command.action, default_namespace=screen)
                yield SystemCommand(_(command.label), _(command.help), run)
        yield SystemCommand(_("Theme"), _("Choose a colour theme"), self._choose_theme)
        yield SystemCommand(_("Help"), _("All keys of this screen"), self.action_help)
        yield SystemCommand(_("Quit"), _("Quit ccswitch"), self.action_quit)

    def _choose_theme(self) -> None:
        from textual.theme import ThemeProvider

        from ccswitch_py.tui.screens.help import Palette

        self.push_screen(Palette(providers=[ThemeProvider], placeholder=_("Search for themes…")))

    def action_command_palette(self) -> None:
        from ccswitch_py.tui.screens.help import Palette

        if not Palette.is_open(self):  # pyright: ignore[reportArgumentType]
            self.push_screen(Palette(id="--command-palette", placeholder=_("Search for commands…")))

    def watch_theme(self, theme: str) -> None:
        if self.is_running:
            remember_theme(self.paths, theme)

    async def action_quit(self) -> None:
        """Exit once running jobs were cancelled, and writes completed or rolled back; confirm before losing input."""
        if not any(worker.group == "quit" and not worker.is_finished for worker in self.workers):
            self.run_worker(self._quit(), group="quit")

    async def _quit(self) -> None:
        from ccswitch_py.tui.widgets.status import Busy

        if any(getattr(screen, "is_dirty", False) for screen in self.screen_stack):
            from ccswitch_py.tui.screens.dialogs import confirm_discard

            if not await confirm_discard(self):
                return
        running = [busy for screen in self.screen_stack for busy in screen.query(Busy)]
        for busy in running:
            busy.stop_all()
        deadline = time.monotonic() + GRACE_S
        while any(busy.is_busy for busy in running) and time.monotonic() < deadline:
            await asyncio.sleep(POLL_INTERVAL_S)
        self.exit()

    def action_help_quit(self) -> None:
        text = _("Press Ctrl+Q to quit.")
        if isinstance(self.screen, JobScreen):
            self.screen.status.show(text)  # a toast would cover buttons
        else:
            self.notify(text)

    def action_help(self) -> None:
        from ccswitch_py.tui.screens.help import HelpScreen

        if not isinstance(self.screen, HelpScreen):
            commands: list[Command] = [*getattr(self.screen, "ACTIONS", ()), *APP_COMMANDS]
            self.push_screen(HelpScreen(commands, commands_at(self.focused)))

    def _home(self, message: str = "") -> Screen[Any]:
        from ccswitch_py.tui.screens.home.screen import HomeScreen

        return HomeScreen(self.paths, message)

    def _fatal_error(self) -> None:
        """Print one line; Textual's own traceback shows the local variables of every frame, such as a key."""
        from rich.text import Text

        from ccswitch_py.core.crash_report import as_error

        error = sys.exception()
        if error is not None and not self._exit_renderables:  # only the first error; others follow from it
            self.bell()
            self.panic(Text(f"ccswitch: {as_error(error)}"))


def run_app() -> int:
    app = CcswitchApp(find_paths())
    app.run()
    return app.return_code or 0
