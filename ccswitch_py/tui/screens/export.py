"""Asks in which form, and where to, a profile is to be exported."""

from __future__ import annotations

from typing import NamedTuple

from textual import on
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.widgets import Button, Input, Label, Static

from ccswitch_py.core.language import N_, _, labelled
from ccswitch_py.services.interchange import ExportFormat
from ccswitch_py.tui.screens.base import CommandModal
from ccswitch_py.tui.screens.question import ANSWERING
from ccswitch_py.tui.widgets.key_bar import KeyBar
from ccswitch_py.tui.widgets.titled import titled

FORMS = {
    ExportFormat.TOML: ("toml", N_("for another machine or a colleague: ccswitch add NAME --from FILE reads it")),
    ExportFormat.TOOL_SETTINGS: ("json", N_("a settings file for claude --settings FILE, with a place for the key")),
    ExportFormat.ENV: ("sh", N_("shell variables, with a place for the key")),
}


class ExportWish(NamedTuple):
    """What to write, and where."""

    form: ExportFormat
    path: str


class ExportScreen(CommandModal[ExportWish | None]):
    """Returns the wish, or None for Escape; the key is never exported from here."""

    CSS_PATH = "dialog.tcss"
    ACTIONS = ANSWERING

    def __init__(self, name: str) -> None:
        super().__init__()
        self._name = name

    def compose(self) -> ComposeResult:
        """The file's name, and one button for each form."""
        with Vertical(id="box") as box:
            box.border_title = titled(_("Export {name}", name=self._name))
            yield Label(_("The file is for you alone (0600) and has no key in it. Where to?"), markup=False)
            yield Input(f"{self._name}.toml", compact=True)
            for form, (_unused, text) in FORMS.items():
                yield Static(labelled(form.value, _(text)), id=f"about-{form.value}", markup=False)
            with Horizontal(id="answers"):
                for form in FORMS:
                    yield Button(form.value, id=form.value, compact=True)
                yield Button(_("Back"), id="back", compact=True)
        yield KeyBar()

    @on(Input.Submitted)
    def _entered(self) -> None:
        self.query_one(f"#{ExportFormat.TOML.value}").focus()

    @on(Button.Pressed)
    def _pressed(self, event: Button.Pressed) -> None:
        if event.button.id == "back":
            self.dismiss(None)
            return
        form = ExportFormat(event.button.id or "")
        path = self.query_one(Input).value.strip()
        if path == f"{self._name}.toml":
            path = f"{self._name}.{FORMS[form][0]}"
        if path:
            self.dismiss(ExportWish(form, path))
