"""The dialogs: their common box, a question with a few answers, the name of a profile, and an export."""

from __future__ import annotations

import re
import shlex
from collections.abc import Mapping, Sequence
from typing import Any

from textual import on
from textual.app import App, ComposeResult
from textual.containers import Horizontal, Vertical
from textual.widgets import Button, Input, Label, Static

from ccswitch_py.core.errors import BadInput
from ccswitch_py.core.language import N_, _, labelled
from ccswitch_py.model.names import check_name
from ccswitch_py.tui.screens.base import Answer, Command, CommandModal, plain_title
from ccswitch_py.tui.widgets.inputs import PlainInput, key_in_plain_field
from ccswitch_py.tui.widgets.key_bar import KeyBar


class Dialog(CommandModal[Answer]):
    """A titled box: its ``parts``, then a button for each of ``answers`` (label by id), Cancel first."""

    CSS_PATH = "dialog.tcss"
    ACTIONS = (
        Command("escape", "dismiss(None)", N_("Cancel"), N_("Close without changing anything")),
        Command("left", "app.focus_previous", N_("Previous answer"), shown=False),
        Command("right", "app.focus_next", N_("Next answer"), shown=False),
    )

    def __init__(self, title: str, answers: Mapping[str, str], *, primary: str = "") -> None:
        super().__init__()
        self.box = Vertical(id="box")
        self.box.border_title = plain_title(title)
        self._answers = answers
        self._primary = primary

    def parts(self) -> ComposeResult:
        raise NotImplementedError

    def compose(self) -> ComposeResult:
        with self.box:
            yield from self.parts()
            with Horizontal(id="answers"):
                for answer, label in self._answers.items():
                    variant = "primary" if answer == self._primary else "default"
                    yield Button(label, id=answer, variant=variant, compact=True)
        yield KeyBar()


class QuestionScreen(Dialog[str | None]):
    """Returns the id of the answer, or None for Escape; the first answer is the safe one and has the focus."""

    def __init__(self, title: str, text: str, answers: Mapping[str, str]) -> None:
        super().__init__(title, answers)
        self._text = text

    def parts(self) -> ComposeResult:
        yield Label(self._text, markup=False)

    def on_button_pressed(self, event: Button.Pressed) -> None:
        self.dismiss(event.button.id)


async def confirm(app: App[Any], title: str, text: str, yes: str, no: str = "") -> bool:
    """Ask a question that ``yes`` agrees to; ``no`` (Cancel) has the focus."""
    answers = {"no": no or _("Cancel"), "yes": yes}
    return await app.push_screen_wait(QuestionScreen(title, text, answers)) == "yes"


async def confirm_discard(app: App[Any]) -> bool:
    text = _("Discard what you have entered?")
    return await confirm(app, _("Unsaved changes"), text, _("Discard"), _("Keep editing"))


class LineScreen(Dialog[str | None]):
    """Asks for a line of text; returns one that ``problem_of`` has nothing against, or None for Escape."""

    def __init__(self, title: str, text: str = "", *, placeholder: str, value: str = "") -> None:
        super().__init__(title, {"back": _("Cancel"), "ok": _("OK")}, primary="ok")
        self._text = text
        self._placeholder = placeholder
        self._value = value

    def problem_of(self, line: str) -> str:
        raise NotImplementedError

    def parts(self) -> ComposeResult:
        if self._text:
            yield Label(self._text, markup=False)
        yield PlainInput(self._value, placeholder=self._placeholder, compact=True)
        yield Static(id="remark", markup=False)

    @on(PlainInput.KeyRefused)
    def _key_pasted(self) -> None:
        self._show_problem(key_in_plain_field())

    @on(Input.Changed)
    def _validate(self) -> None:
        self._show_problem(self._problem)

    def _show_problem(self, problem: str) -> None:
        self.query_one("#remark", Static).update(f"✗ {problem}" if problem else "")
        self.query_one("#remark").set_class(bool(problem), "error")

    @on(Input.Submitted)
    @on(Button.Pressed, "#ok")
    def _submit(self) -> None:
        if not self._problem:
            self.dismiss(self._line)

    @on(Button.Pressed, "#back")
    def _cancel(self) -> None:
        self.dismiss(None)

    @property
    def _line(self) -> str:
        return self.query_one(PlainInput).value.strip()

    @property
    def _problem(self) -> str:
        return key_in_plain_field() if self.query_one(PlainInput).shows_dots else self.problem_of(self._line)


class NamingScreen(LineScreen):
    """Asks for the name of a profile that is not taken."""

    def __init__(self, names: Sequence[str], title: str, suggested: str) -> None:
        """``names`` are taken; ``suggested`` is in the field at first."""
        super().__init__(title, placeholder=_("name"), value=suggested)
        self._taken = {name.casefold() for name in names}
        self._suggested = suggested

    def problem_of(self, line: str) -> str:
        try:
            check_name(line)
        except BadInput as problem:
            return str(problem)
        is_taken = line.casefold() in self._taken and line != self._suggested
        return _("A profile with that name already exists.") if is_taken else ""


class KeyVariableScreen(LineScreen):
    """Asks for the name of the environment variable that has the key."""

    def __init__(self) -> None:
        text = _("The variable must be set where a tool is started; its value is stored nowhere.")
        super().__init__(_("Key from a variable"), text, placeholder="MY_GATEWAY_KEY")

    def problem_of(self, line: str) -> str:
        is_name = re.fullmatch(r"[A-Za-z_][A-Za-z0-9_]*", line)
        return "" if is_name else _("Enter the name of the variable, without a $.")


class KeyCommandScreen(LineScreen):
    """Asks for the command line that prints the key."""

    def __init__(self) -> None:
        text = _("The command is stored and must print the key; it is run without a shell.")
        super().__init__(_("Key from a command"), text, placeholder="pass show gateway")

    def problem_of(self, line: str) -> str:
        try:
            return "" if shlex.split(line) else _("Enter a command.")
        except ValueError:
            return _("A quote is not closed.")


FORMATS = {
    "toml": ("toml", N_("to share: ccswitch add NAME --from FILE imports it")),
    "claude-settings": ("json", N_("for claude --settings FILE, with a placeholder for the key")),
    "env": ("sh", N_("shell variables, with a placeholder for the key")),
}


class ExportScreen(Dialog[tuple[str, str] | None]):
    """Returns the format and the file to write, or None for Escape; a key is never exported from here."""

    def __init__(self, name: str) -> None:
        super().__init__(_("Export {name}", name=name), {"back": _("Cancel"), **{one: one for one in FORMATS}})
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
        chosen, path = event.button.id or "", self.query_one(Input).value.strip()
        if path == f"{self._name}.toml":
            path = f"{self._name}.{FORMATS[chosen][0]}"
        if path:
            self.dismiss((chosen, path))
