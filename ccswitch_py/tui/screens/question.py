"""A question with a few answers, over the screen that asks it."""

from __future__ import annotations

from typing import Any

from textual.app import App, ComposeResult
from textual.containers import Horizontal, Vertical
from textual.widgets import Button, Label

from ccswitch_py.core.language import N_, _
from ccswitch_py.tui.commands import Command
from ccswitch_py.tui.screens.base import CommandModal
from ccswitch_py.tui.widgets.key_bar import KeyBar
from ccswitch_py.tui.widgets.titled import titled

ANSWERING = [
    Command("escape", "dismiss(None)", N_("Back"), N_("Close this and change nothing")),
    Command("left", "app.focus_previous", N_("The answer before"), shown=False),
    Command("right", "app.focus_next", N_("The next answer"), shown=False),
]


class QuestionScreen(CommandModal[str | None]):
    """Shows ``text`` and one button for each answer; returns the answer's id, or None for Escape.

    The first answer is the safe one and has the focus.
    """

    CSS_PATH = "dialog.tcss"
    ACTIONS = ANSWERING

    def __init__(self, title: str, text: str, answers: dict[str, str]) -> None:
        super().__init__()
        self._title = title
        self._text = text
        self._answers = answers

    def compose(self) -> ComposeResult:
        """The box."""
        with Vertical(id="box") as box:
            box.border_title = titled(self._title)
            yield Label(self._text, markup=False)
            with Horizontal(id="answers"):
                for answer, label in self._answers.items():
                    yield Button(label, id=answer, compact=True)
        yield KeyBar()

    def on_button_pressed(self, event: Button.Pressed) -> None:
        """Return the answer."""
        self.dismiss(event.button.id)


async def is_to_be_thrown_away(app: App[Any]) -> bool:
    """Ask whether what was entered may go without being saved."""
    answers = {"stay": _("Keep editing"), "leave": _("Throw away")}
    question = QuestionScreen(_("Not saved"), _("Leave without saving what you have entered?"), answers)
    return await app.push_screen_wait(question) == "leave"
