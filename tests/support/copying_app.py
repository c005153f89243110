"""Copies its argument in a real terminal: `python -m tests.support.copying_app TEXT`; what was said is then seen."""

from __future__ import annotations

import sys

from textual import work
from textual.app import App, ComposeResult
from textual.widgets import Static

from ccswitch_py.tui.screens.show_text import ShowTextScreen
from ccswitch_py.tui.terminal import copy


class CopyingApp(App[None]):
    """Copies at the start; ``w`` shows the whole text."""

    BINDINGS = [("w", "whole", "")]  # noqa: RUF012

    def compose(self) -> ComposeResult:
        yield Static(id="status", markup=False)

    def on_mount(self) -> None:
        self.copy_it()

    @work
    async def copy_it(self) -> None:
        self.query_one(Static).update(await copy(self, sys.argv[1]))

    def action_whole(self) -> None:
        self.push_screen(ShowTextScreen("The whole text", sys.argv[1]))


if __name__ == "__main__":
    CopyingApp().run()
