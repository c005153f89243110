"""The exact change to a live file, shown before it is written."""

from __future__ import annotations

from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.widgets import Button, Label

from ccswitch_py.core.language import N_, _
from ccswitch_py.redact.printable import printable
from ccswitch_py.tui.commands import Command
from ccswitch_py.tui.screens.base import CommandModal
from ccswitch_py.tui.screens.question import ANSWERING
from ccswitch_py.tui.widgets.diff_view import DiffView
from ccswitch_py.tui.widgets.key_bar import KeyBar

AROUND = 13
"""The rows of everything but the diff, with up to three notes, or two that wrap."""
LEAST_ROWS = 4


class PreviewScreen(CommandModal[bool]):
    """Shows a diff and asks whether to write it; Escape writes nothing."""

    CSS_PATH = "preview.tcss"
    ACTIONS = (
        *ANSWERING,
        Command("up,k", "scroll(-1)", N_("Scroll up"), N_("Read the change further up"), shown=False),
        Command("down,j", "scroll(1)", N_("Scroll down"), N_("Read the change further down"), shown=False),
        Command("pageup", "scroll(-10)", N_("A page up"), shown=False),
        Command("pagedown", "scroll(10)", N_("A page down"), shown=False),
    )

    def __init__(self, path: str, lines: list[str], notes: list[str]) -> None:
        """``find_notes`` say what follows from the change: what is live at once, and what needs a new session."""
        super().__init__()
        self._path = path
        self._lines = lines
        self._notes = notes

    def compose(self) -> ComposeResult:
        """The diff, what follows from it, and the two answers."""
        with Vertical(id="change") as box:
            box.border_title = _("This will be written")
            box.border_subtitle = _counted(self._lines)
            yield Label(printable(self._path), markup=False, id="path")
            yield DiffView(self._lines)
            yield Label("\n".join(f"• {printable(note)}" for note in self._notes), markup=False, id="notes")
            with Horizontal(id="answers"):
                yield Button(_("Write it"), id="write", variant="primary", compact=True)
                yield Button(_("Not now"), id="cancel", compact=True)
        yield KeyBar()

    def on_mount(self) -> None:
        """Enter writes: this is the screen that the user asked for."""
        self.query_one("#write").focus()

    def on_resize(self) -> None:
        """The diff has what the rest leaves; as a share of the height, the box around it would come out too high."""
        self.query_one(DiffView).styles.max_height = max(self.size.height - AROUND, LEAST_ROWS)

    def action_scroll(self, lines: int) -> None:
        """Scroll the diff while a button has the focus."""
        self.query_one(DiffView).scroll_relative(y=lines, animate=False)

    def on_button_pressed(self, event: Button.Pressed) -> None:
        """Return the answer."""
        self.dismiss(event.button.id == "write")


def _counted(lines: list[str]) -> str:
    """How many lines come and how many go."""
    signs = [line[:1] for line in lines]
    return f"+{signs.count('+')} −{signs.count('-')}"
