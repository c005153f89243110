"""A whole text, for reading and for copying it with the mouse where no clipboard can be reached."""

# Textual types the app of a screen only in part:
# pyright: reportUnknownMemberType=false, reportUnknownArgumentType=false

from __future__ import annotations

import contextlib

from textual import work
from textual.app import ComposeResult, SuspendNotSupported
from textual.containers import VerticalScroll
from textual.widgets import Static

from ccswitch_py.core.language import N_, _
from ccswitch_py.redact.printable import printable
from ccswitch_py.tui.clipboard import copy
from ccswitch_py.tui.commands import Command
from ccswitch_py.tui.screens.base import CommandModal
from ccswitch_py.tui.suspend import handed_over
from ccswitch_py.tui.widgets.key_bar import KeyBar
from ccswitch_py.tui.widgets.titled import titled


class ShowTextScreen(CommandModal[None]):
    """Shows a text over the whole width, with nothing beside it that the mouse would take along; never a key.

    Lines break between words only, so a path or an address stays whole while it fits.
    """

    CSS_PATH = "show_text.tcss"
    ACTIONS = (
        Command("c", "copy", N_("Copy"), N_("Put the text on the clipboard")),
        Command("y", "copy", N_("Copy"), shown=False),
        Command(
            "p",
            "print",
            N_("In the plain terminal"),
            N_("Show the text outside of this screen, where the terminal itself breaks long lines"),
        ),
        Command("escape", "dismiss(None)", N_("Back")),
    )

    def __init__(self, title: str, text: str) -> None:
        super().__init__()
        self._heading = title
        self._shown = "\n".join(printable(line) for line in text.splitlines())

    def compose(self) -> ComposeResult:
        """The text, how to copy it, and what is to be said."""
        with VerticalScroll(id="whole") as whole:
            whole.border_title = titled(self._heading)
            yield Static(self._shown, id="text", markup=False)
        yield Static(
            _("Hold Shift (on a Mac Option or Fn) and select with the mouse, then copy as your terminal does."),
            id="how",
            markup=False,
        )
        yield Static(id="said", markup=False)
        yield KeyBar()

    @work(group="copy", exclusive=True)
    async def action_copy(self) -> None:
        """Copy the text."""
        self.query_one("#said", Static).update(await copy(self.app, self._shown))

    def action_print(self) -> None:
        """Show the text in the terminal itself until Enter is pressed."""
        try:
            with handed_over(self.app), contextlib.suppress(EOFError):
                print(self._shown)  # noqa: T201 (the screen is away)
                input(_("Press Enter to go back."))
        except SuspendNotSupported:
            self.query_one("#said", Static).update(_("This terminal cannot do that."))
