"""The exact change of a file, line by line, with a sign and a colour for what goes and what comes."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby

from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.widgets import Static

from ccswitch_py.language import later, tr
from ccswitch_py.printable import printable

NO_CHANGE = later("No change.")


class DiffView(VerticalScroll):
    """Shows the lines of a unified diff; the arrows scroll it."""

    DEFAULT_CSS = """
    DiffView {
        height: auto;
        max-height: 100%;
        background: $surface;
        padding: 0 1;
        scrollbar-size-vertical: 1;
        &:focus { background-tint: $foreground 5%; }
        & > Static { width: 1fr; height: auto; }
        & > .head { color: $text-muted; }
        & > .added { color: $text-success; background: $success 10%; }
        & > .removed { color: $text-error; background: $error 10%; }
    }
    """

    def __init__(self, lines: Sequence[str], *, id: str | None = None, classes: str | None = None) -> None:
        super().__init__(id=id, classes=classes)
        self._lines = tuple(lines)

    def compose(self) -> ComposeResult:
        """Neighbours of one kind share a widget, so that a long diff stays light."""
        if not self._lines:
            yield Static(tr(NO_CHANGE), classes="head", markup=False)
        for kind, group in groupby(enumerate(self._lines), lambda line: _kind(*line)):
            yield Static("\n".join(printable(line) for _, line in group), classes=kind, markup=False)


def _kind(index: int, line: str) -> str:
    # A line of the file may begin with the dashes of a header: only the first two lines are one.
    if line.startswith("@@") or (index < 2 and line.startswith(("--- ", "+++ "))):
        return "head"
    return {"+": "added", "-": "removed"}.get(line[:1], "same")
