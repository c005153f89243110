"""A diff with a colour for lines that are added and removed."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby

from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.widgets import Static

from ccswitch_py.core.language import N_, _
from ccswitch_py.redact.printable import printable

NO_CHANGE = N_("No change.")
_KINDS = {"+": "added", "-": "removed"}


class DiffView(VerticalScroll):
    DEFAULT_CSS = """
    DiffView {
        height: auto;
        max-height: 100%;
        background: $surface;
        padding: 0 1;
        scrollbar-size-vertical: 1;
        &:focus { background-tint: $foreground 5%; }
        & > Static { width: 1fr; height: auto; }
        & > .none { color: $text-muted; }
        & > .added { color: $text-success; background: $success 10%; }
        & > .removed { color: $text-error; background: $error 10%; }
    }
    """

    def __init__(self, lines: Sequence[str]) -> None:
        super().__init__()
        self._lines = lines

    def compose(self) -> ComposeResult:
        """Compose one widget for each run of lines of one kind, so that a long diff stays cheap."""
        if not self._lines:
            yield Static(_(NO_CHANGE), classes="none", markup=False)
        for kind, group in groupby(self._lines, lambda line: _KINDS.get(line[:1], "same")):
            yield Static("\n".join(map(printable, group)), classes=kind, markup=False)
