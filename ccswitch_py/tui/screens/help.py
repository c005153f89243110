"""Finding a command: the help of a screen, and the palette."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from rich.align import Align
from rich.table import Table
from rich.text import Text
from textual.app import ComposeResult
from textual.binding import Binding
from textual.command import CommandList, CommandPalette
from textual.containers import VerticalScroll
from textual.widgets import Static
from textual.widgets.option_list import Option

from ccswitch_py.core.language import N_, _
from ccswitch_py.tui.screens.base import Command, CommandModal
from ccswitch_py.tui.widgets.key_bar import KeyBar


class HelpScreen(CommandModal[None]):
    """Shows the commands of a screen, then those of the focused widget."""

    CSS_PATH = "dialog.tcss"
    ACTIONS: ClassVar[Sequence[Command]] = [
        Command("escape,enter,question_mark,q", "dismiss(None)", N_("Back"), N_("Close the help"))
    ]

    def __init__(self, commands: Sequence[Command], focused: Sequence[Command]) -> None:
        super().__init__()
        self._commands = commands
        self._focused_commands = focused

    def compose(self) -> ComposeResult:
        with VerticalScroll(id="box") as box:
            box.border_title = _("Keyboard shortcuts")
            box.border_subtitle = _("esc to close")
            yield Static(self._table())
        yield KeyBar()

    def _table(self) -> Table:
        table = Table.grid(padding=(0, 2, 0, 0))
        table.add_column(no_wrap=True)
        table.add_column(no_wrap=True)
        table.add_column(overflow="fold")
        for one in (*self._commands, *self._focused_commands):
            lines = [Text(_(one.help))] if one.help else []
            if one.arguments:
                lines.append(Text(f"ccswitch {one.arguments}", style="dim"))
            table.add_row(
                Text(self._display(one), style="bold"), Text(_(one.label), no_wrap=True), Text("\n").join(lines)
            )
        return table

    def _display(self, command: Command) -> str:
        key = command.key.partition(",")[0]
        return self.app.get_key_display(Binding(key, command.action, key_display=command.display or None))


class Palette(CommandPalette):
    """Translates the one text that Textual does not let us set."""

    def _start_no_matches_countdown(self, search_value: str) -> None:
        self._stop_no_matches_countdown()
        self._no_matches_timer = self.set_timer(self._NO_MATCHES_COUNTDOWN, lambda: self._show_no_matches(search_value))

    def _show_no_matches(self, search_value: str) -> None:
        if search_value:
            none = Align.center(Text(_("No matching command"), "not bold"))
            self.query_one(CommandList).add_option(Option(none, disabled=True, id=self._NO_MATCHES))
        self._list_visible = bool(search_value)
