"""A text in full, to read, and to copy with the mouse where no clipboard can be reached."""

from __future__ import annotations

import contextlib

from textual import work
from textual.app import ComposeResult, SuspendNotSupported
from textual.containers import VerticalScroll
from textual.widgets import Static

from ccswitch_py.core.language import N_, _
from ccswitch_py.redact.printable import printable
from ccswitch_py.tui.screens.base import Command, CommandModal, plain_title
from ccswitch_py.tui.terminal import copy, suspended
from ccswitch_py.tui.widgets.key_bar import KeyBar
from ccswitch_py.tui.widgets.status import StatusLine


class ShowTextScreen(CommandModal[None]):
    """Shows a text (never a key) over the full width, so that the mouse selects nothing else."""

    CSS_PATH = "show_text.tcss"
    ACTIONS = (
        Command("c", "copy", N_("Copy"), N_("Copy the text to the clipboard")),
        Command("y", "copy", N_("Copy"), shown=False),
        Command(
            "p",
            "print",
            N_("Print"),
            N_("Print the text to the terminal"),
        ),
        Command("escape", "dismiss(None)", N_("Back")),
    )

    def __init__(self, title: str, text: str) -> None:
        super().__init__()
        self._heading = title
        self._status = StatusLine()
        self._shown = "\n".join(printable(line) for line in text.splitlines())

    def compose(self) -> ComposeResult:
        with VerticalScroll(id="whole") as whole:
            whole.border_title = plain_title(self._heading)
            yield Static(self._shown, id="text", markup=False)
        yield Static(
            _("To copy, hold Shift (Option or Fn on a Mac) and select with the mouse."),
            id="how",
            markup=False,
        )
        yield self._status
        yield KeyBar()

    @work(group="copy", exclusive=True)
    async def action_copy(self) -> None:
        self._status.show(await copy(self.app, self._shown))

    def action_print(self) -> None:
        try:
            with suspended(self.app), contextlib.suppress(EOFError):
                print(self._shown)  # noqa: T201 (the screen is away)
                input(_("Press Enter to go back."))
        except SuspendNotSupported:
            self._status.show(_("This terminal cannot be suspended."))
