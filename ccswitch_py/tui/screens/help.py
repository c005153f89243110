"""All keys of a screen, what each does, and the command line that does the same."""

# Textual types the app of a screen only in part:
# pyright: reportUnknownMemberType=false

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from rich.cells import cell_len
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import VerticalScroll
from textual.widgets import Static

from ccswitch_py.language import later, tr
from ccswitch_py.tui.commands import Command
from ccswitch_py.tui.screens.base import CommandModal

_GAP = "  "


class HelpScreen(CommandModal[None]):
    """Shows ``commands``; any of Escape, Enter and ? closes it."""

    CSS_PATH = "dialog.tcss"
    ACTIONS: ClassVar[Sequence[Command]] = [
        Command("escape,enter,question_mark,q", "dismiss(None)", later("Back"), later("Close the help")),
    ]

    def __init__(self, commands: Sequence[Command]) -> None:
        super().__init__()
        self._commands = commands

    def compose(self) -> ComposeResult:
        """One line for each command, and under it its verb."""
        with VerticalScroll(id="box") as box:
            box.border_title = tr("Keys")
            box.border_subtitle = tr("Escape closes")
            yield Static(self._text(), markup=False)

    def _text(self) -> str:
        rows = [(self._display(one), tr(one.label), tr(one.help), one.verb) for one in self._commands]
        keys = max((cell_len(key) for key, *_ in rows), default=0)
        labels = max((cell_len(label) for _, label, *_ in rows), default=0)
        lines: list[str] = []
        for key, label, text, verb in rows:
            margin = f"{_padded(key, keys)}{_GAP}{_padded(label, labels)}{_GAP}"
            lines.append(f"{margin}{text}".rstrip())
            if verb:
                lines.append(f"{' ' * (keys + labels + 2 * len(_GAP))}{verb}")
        return "\n".join(lines)

    def _display(self, command: Command) -> str:
        return self.app.get_key_display(Binding(command.key.partition(",")[0], command.action))


def _padded(text: str, cells: int) -> str:
    return text + " " * (cells - cell_len(text))
