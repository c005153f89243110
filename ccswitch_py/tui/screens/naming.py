"""Asks for the name of a profile, and says while one types what is wrong with it."""

from __future__ import annotations

from collections.abc import Sequence

from textual import on
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.widgets import Button, Input, Static

from ccswitch_py.core.errors import BadInput
from ccswitch_py.core.language import _
from ccswitch_py.model.names import check_name
from ccswitch_py.tui.screens.base import CommandModal
from ccswitch_py.tui.screens.question import ANSWERING
from ccswitch_py.tui.widgets.key_bar import KeyBar
from ccswitch_py.tui.widgets.titled import titled


class NamingScreen(CommandModal[str | None]):
    """Returns a name that is free and can be one, or None for Escape."""

    CSS_PATH = "dialog.tcss"
    ACTIONS = ANSWERING[:1]

    def __init__(self, names: Sequence[str], title: str, wish: str) -> None:
        """``names`` are taken; ``wish`` stands in the field at first."""
        super().__init__()
        self._taken = {name.casefold() for name in names}
        self._title = title
        self._wish = wish

    def compose(self) -> ComposeResult:
        """The field, a remark on it, and the answers."""
        with Vertical(id="box") as box:
            box.border_title = titled(self._title)
            yield Input(self._wish, placeholder=_("its name"), compact=True)
            yield Static(id="remark", markup=False)
            with Horizontal(id="answers"):
                yield Button(_("OK"), id="ok", variant="primary", compact=True)
                yield Button(_("Back"), id="back", compact=True)
        yield KeyBar()

    @on(Input.Changed)
    def _typed(self) -> None:
        problem = self._problem
        self.query_one("#remark", Static).update(f"✗ {problem}" if problem else "")
        self.query_one("#remark").set_class(bool(problem), "wrong")

    @on(Input.Submitted)
    @on(Button.Pressed, "#ok")
    def _done(self) -> None:
        if not self._problem:
            self.dismiss(self._typed_name)

    @on(Button.Pressed, "#back")
    def _back(self) -> None:
        self.dismiss(None)

    @property
    def _typed_name(self) -> str:
        return self.query_one(Input).value.strip()

    @property
    def _problem(self) -> str:
        try:
            check_name(self._typed_name)
        except BadInput as problem:
            return str(problem)
        if self._typed_name.casefold() in self._taken and self._typed_name != self._wish:
            return _("There is a profile of that name already.")
        return ""
