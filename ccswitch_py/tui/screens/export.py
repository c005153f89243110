"""A dialog that asks for the format and the file of an export."""

from __future__ import annotations

from textual import on
from textual.app import ComposeResult
from textual.widgets import Button, Input, Label, Static

from ccswitch_py.core.language import N_, _, labelled
from ccswitch_py.services.interchange import ExportFormat
from ccswitch_py.tui.screens.question import Dialog

FORMATS = {
    "toml": ("toml", N_("to share: ccswitch add NAME --from FILE imports it")),
    "claude-settings": ("json", N_("for claude --settings FILE, with a placeholder for the key")),
    "env": ("sh", N_("shell variables, with a placeholder for the key")),
}


class ExportScreen(Dialog[tuple[ExportFormat, str] | None]):
    """Returns the format and the file to write, or None for Escape; a key is never exported from here."""

    def __init__(self, name: str) -> None:
        super().__init__(_("Export {name}", name=name), {**{one: one for one in FORMATS}, "back": _("Cancel")})
        self._name = name

    def parts(self) -> ComposeResult:
        yield Label(_("Write to a private file (mode 0600), without the key:"), markup=False)
        yield Input(f"{self._name}.toml", compact=True)
        for one, (_unused, text) in FORMATS.items():
            yield Static(labelled(one, _(text)), id=f"about-{one}", markup=False)

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
            self.dismiss((chosen, path))
