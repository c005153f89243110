"""A dialog that asks a question with a few answers."""

from __future__ import annotations

from typing import Any

from textual.app import App, ComposeResult
from textual.containers import Horizontal, Vertical
from textual.widgets import Button, Label

from ccswitch_py.core.language import N_, _
from ccswitch_py.tui.commands import Command
from ccswitch_py.tui.screens.base import CommandModal, plain_title
from ccswitch_py.tui.widgets.key_bar import KeyBar

DIALOG_COMMANDS = [
    Command("escape", "dismiss(None)", N_("Back"), N_("Close this and change nothing")),
    Command("left", "app.focus_previous", N_("The answer before"), shown=False),
    Command("right", "app.focus_next", N_("The next answer"), shown=False),
]


class QuestionScreen(CommandModal[str | None]):
    """Returns the id of the answer, or None for Escape; the first answer is the safe one and has the focus."""

    CSS_PATH = "dialog.tcss"
    ACTIONS = DIALOG_COMMANDS

    def __init__(self, title: str, text: str, answers: dict[str, str]) -> None:
        super().__init__()
        self._title = title
        self._text = text
        self._answers = answers

    def compose(self) -> ComposeResult:
        with Vertical(id="box") as box:
            box.border_title = plain_title(self._title)
            yield Label(self._text, markup=False)
            with Horizontal(id="answers"):
                for answer, label in self._answers.items():
                    yield Button(label, id=answer, compact=True)
        yield KeyBar()

    def on_button_pressed(self, event: Button.Pressed) -> None:
        self.dismiss(event.button.id)


async def confirm_discard(app: App[Any]) -> bool:
    """Ask whether what was entered may be discarded."""
    answers = {"stay": _("Keep editing"), "leave": _("Throw away")}
    question = QuestionScreen(_("Not saved"), _("Leave without saving what you have entered?"), answers)
    return await app.push_screen_wait(question) == "leave"
