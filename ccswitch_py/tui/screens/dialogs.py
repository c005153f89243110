"""The dialogs: their common box, a question with a few answers, the name of a profile, and an export."""

from __future__ import annotations

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
from ccswitch_py.tui.widgets.key_bar import KeyBar


class Dialog(CommandModal[Answer]):
    """A titled box: its ``parts``, then a button for each of ``answers`` (label by id)."""

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


class NamingScreen(Dialog[str | None]):
    """Returns a valid name that is not taken, or None for Escape."""

    def __init__(self, names: Sequence[str], title: str, suggested: str) -> None:
        """``names`` are taken; ``suggested`` is in the field at first."""
        super().__init__(title, {"ok": _("OK"), "back": _("Cancel")}, primary="ok")
        self._taken = {name.casefold() for name in names}
        self._suggested = suggested

    def parts(self) -> ComposeResult:
        yield Input(self._suggested, placeholder=_("name"), compact=True)
        yield Static(id="remark", markup=False)

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
    def _cancel(self) -> None:
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
        is_taken = self._name_typed.casefold() in self._taken and self._name_typed != self._suggested
        return _("A profile of that name already exists.") if is_taken else ""


FORMATS = {
    "toml": ("toml", N_("to share: ccswitch add NAME --from FILE imports it")),
    "claude-settings": ("json", N_("for claude --settings FILE, with a placeholder for the key")),
    "env": ("sh", N_("shell variables, with a placeholder for the key")),
}


class ExportScreen(Dialog[tuple[str, str] | None]):
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
        chosen, path = event.button.id or "", self.query_one(Input).value.strip()
        if path == f"{self._name}.toml":
            path = f"{self._name}.{FORMATS[chosen][0]}"
        if path:
            self.dismiss((chosen, path))
