"""The dialogs that ask: a question with a few answers, and the name of a profile."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from textual import on
from textual.app import App, ComposeResult
from textual.containers import Horizontal, Vertical
from textual.widgets import Button, Input, Label, Static

from ccswitch_py.core.errors import BadInput
from ccswitch_py.core.language import N_, _
from ccswitch_py.model.names import check_name
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


class NamingScreen(CommandModal[str | None]):
    """Returns a valid name that is not taken, or None for Escape."""

    CSS_PATH = "dialog.tcss"
    ACTIONS = DIALOG_COMMANDS[:1]

    def __init__(self, names: Sequence[str], title: str, suggested: str) -> None:
        """``names`` are taken; ``suggested`` is in the field at first."""
        super().__init__()
        self._taken = {name.casefold() for name in names}
        self._title = title
        self._suggested = suggested

    def compose(self) -> ComposeResult:
        with Vertical(id="box") as box:
            box.border_title = plain_title(self._title)
            yield Input(self._suggested, placeholder=_("its name"), compact=True)
            yield Static(id="remark", markup=False)
            with Horizontal(id="answers"):
                yield Button(_("OK"), id="ok", variant="primary", compact=True)
                yield Button(_("Back"), id="back", compact=True)
        yield KeyBar()

    @on(Input.Changed)
    def _validate(self) -> None:
        problem = self._problem
        self.query_one("#remark", Static).update(f"✗ {problem}" if problem else "")
        self.query_one("#remark").set_class(bool(problem), "error")

    @on(Input.Submitted)
    @on(Button.Pressed, "#ok")
    def _submit(self) -> None:
        if not self._problem:
            self.dismiss(self._name_typed)

    @on(Button.Pressed, "#back")
    def _back(self) -> None:
        self.dismiss(None)

    @property
    def _name_typed(self) -> str:
        return self.query_one(Input).value.strip()

    @property
    def _problem(self) -> str:
        try:
            check_name(self._name_typed)
        except BadInput as problem:
            return str(problem)
        if self._name_typed.casefold() in self._taken and self._name_typed != self._suggested:
            return _("There is a profile of that name already.")
        return ""
