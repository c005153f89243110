"""The exact change to a live file, shown before it is written."""

from __future__ import annotations

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal, Vertical
from textual.screen import ModalScreen
from textual.widgets import Button, Label

from ccswitch_py.language import later, tr
from ccswitch_py.tui.widgets.diff_view import DiffView


class PreviewScreen(ModalScreen[bool]):
    """Shows a diff and asks whether to write it; Escape writes nothing."""

    CSS_PATH = "preview.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [
        ("escape", "dismiss(False)", later("Back")),
        ("left", "app.focus_previous"),
        ("right", "app.focus_next"),
    ]

    def __init__(self, path: str, lines: list[str], notes: list[str]) -> None:
        super().__init__()
        self._path = path
        self._lines = lines
        self._notes = notes

    def compose(self) -> ComposeResult:
        """The diff, what follows from it, and the two answers."""
        with Vertical(id="box") as box:
            box.border_title = tr("This will be written")
            yield Label(self._path, markup=False, id="path")
            yield DiffView([line for line in self._lines if not line.startswith(("--- ", "+++ "))])
            for note in self._notes:
                yield Label(note, markup=False, classes="note")
            with Horizontal(id="answers"):
                yield Button(tr("Write it"), id="write", variant="primary", compact=True)
                yield Button(tr("Not now"), id="cancel", compact=True)

    def on_mount(self) -> None:
        """Enter writes: this is the screen that the user asked for."""
        self.query_one("#write").focus()

    def on_button_pressed(self, event: Button.Pressed) -> None:
        """Return the answer."""
        self.dismiss(event.button.id == "write")
