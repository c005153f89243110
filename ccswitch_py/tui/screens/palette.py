"""The command palette of Textual, in the user's language."""

# Textual types the app of a screen only in part:
# pyright: reportUnknownMemberType=false

from __future__ import annotations

from rich.align import Align
from rich.text import Text
from textual.command import CommandList, CommandPalette
from textual.widgets.option_list import Option

from ccswitch_py.core.language import _


class Palette(CommandPalette):
    """Textual has one text of its own in there, and no way to give it another."""

    def _start_no_matches_countdown(self, search_value: str) -> None:
        self._stop_no_matches_countdown()
        self._no_matches_timer = self.set_timer(self._NO_MATCHES_COUNTDOWN, lambda: self._say_none_fits(search_value))

    def _say_none_fits(self, search_value: str) -> None:
        if search_value:
            none = Align.center(Text(_("Nothing here fits."), "not bold"))
            self.query_one(CommandList).add_option(Option(none, disabled=True, id=self._NO_MATCHES))
        self._list_visible = bool(search_value)
