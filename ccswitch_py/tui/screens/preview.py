"""A dialog that shows the exact change to a live file before it is written."""

from __future__ import annotations

from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.widgets import Button, Label

from ccswitch_py.core.language import N_, _
from ccswitch_py.redact.printable import printable
from ccswitch_py.tui.commands import Command
from ccswitch_py.tui.screens.base import CommandModal
from ccswitch_py.tui.screens.question import DIALOG_COMMANDS
from ccswitch_py.tui.widgets.diff_view import DiffView
from ccswitch_py.tui.widgets.key_bar import KeyBar

CHROME_ROWS = 13
"""The height of everything but the diff, with up to three notes, or two that wrap."""
MIN_DIFF_ROWS = 4


class PreviewScreen(CommandModal[bool]):
    """Returns whether to write the change; Escape is no."""

    CSS_PATH = "preview.tcss"
    ACTIONS = (
        *DIALOG_COMMANDS,
        Command("up,k", "scroll(-1)", N_("Scroll up"), N_("Read the change further up"), shown=False),
        Command("down,j", "scroll(1)", N_("Scroll down"), N_("Read the change further down"), shown=False),
        Command("pageup", "scroll(-10)", N_("A page up"), shown=False),
        Command("pagedown", "scroll(10)", N_("A page down"), shown=False),
    )

    def __init__(self, path: str, lines: list[str], notes: list[str]) -> None:
        """``notes`` say what takes effect at once, and what needs a new session."""
        super().__init__()
        self._path = path
        self._lines = lines
        self._notes = notes

    def compose(self) -> ComposeResult:
        with Vertical(id="change") as box:
            box.border_title = _("This will be written")
            box.border_subtitle = _line_counts(self._lines)
            yield Label(printable(self._path), markup=False, id="path")
            yield DiffView(self._lines)
            yield Label("\n".join(f"• {printable(note)}" for note in self._notes), markup=False, id="notes")
            with Horizontal(id="answers"):
                yield Button(_("Write it"), id="write", variant="primary", compact=True)
                yield Button(_("Not now"), id="cancel", compact=True)
        yield KeyBar()

    def on_mount(self) -> None:
        """Let Enter write: the user asked for this screen."""
        self.query_one("#write").focus()

    def on_resize(self) -> None:
        """Give the diff what the rest leaves; with a share of the height the box would overflow."""
        self.query_one(DiffView).styles.max_height = max(self.size.height - CHROME_ROWS, MIN_DIFF_ROWS)

    def action_scroll(self, lines: int) -> None:
        self.query_one(DiffView).scroll_relative(y=lines, animate=False)

    def on_button_pressed(self, event: Button.Pressed) -> None:
        self.dismiss(event.button.id == "write")


def _line_counts(lines: list[str]) -> str:
    signs = [line[:1] for line in lines]
    return f"+{signs.count('+')} −{signs.count('-')}"
