"""A dialog that asks for the format and the file of an export."""

from __future__ import annotations

from typing import NamedTuple

from textual import on
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.widgets import Button, Input, Label, Static

from ccswitch_py.core.language import N_, _, labelled
from ccswitch_py.services.interchange import ExportFormat
from ccswitch_py.tui.screens.base import CommandModal, plain_title
from ccswitch_py.tui.screens.question import DIALOG_COMMANDS
from ccswitch_py.tui.widgets.key_bar import KeyBar

FORMATS = {
    "toml": ("toml", N_("for another machine or a colleague: ccswitch add NAME --from FILE reads it")),
    "claude-settings": ("json", N_("a settings file for claude --settings FILE, with a place for the key")),
    "env": ("sh", N_("shell variables, with a place for the key")),
}


class ExportChoice(NamedTuple):
    """The format, and the file to write."""

    format: ExportFormat
    path: str


class ExportScreen(CommandModal[ExportChoice | None]):
    """Returns the choice, or None for Escape; a key is never exported from here."""

    CSS_PATH = "dialog.tcss"
    ACTIONS = DIALOG_COMMANDS

    def __init__(self, name: str) -> None:
        super().__init__()
        self._name = name

    def compose(self) -> ComposeResult:
        with Vertical(id="box") as box:
            box.border_title = plain_title(_("Export {name}", name=self._name))
            yield Label(_("The file is for you alone (0600) and has no key in it. Where to?"), markup=False)
            yield Input(f"{self._name}.toml", compact=True)
            for one, (_unused, text) in FORMATS.items():
                yield Static(labelled(one, _(text)), id=f"about-{one}", markup=False)
            with Horizontal(id="answers"):
                for one in FORMATS:
                    yield Button(one, id=one, compact=True)
                yield Button(_("Back"), id="back", compact=True)
        yield KeyBar()

    @on(Input.Submitted)
    def _submitted(self) -> None:
        self.query_one("#toml").focus()

    @on(Button.Pressed)
    def _pressed(self, event: Button.Pressed) -> None:
        if event.button.id == "back":
            self.dismiss(None)
            return
        chosen = ExportFormat(event.button.id or "")
        path = self.query_one(Input).value.strip()
        if path == f"{self._name}.toml":
            path = f"{self._name}.{FORMATS[chosen.value][0]}"
        if path:
            self.dismiss(ExportChoice(chosen, path))
