"""A dialog that shows the exact changes to live files, in colour, before they are written."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Sequence
from itertools import groupby
from typing import NamedTuple

from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.widgets import Button, Label, Static, TabbedContent, TabPane

from ccswitch_py.core.language import N_, _
from ccswitch_py.redact.printable import printable
from ccswitch_py.tui.screens.base import Command
from ccswitch_py.tui.screens.dialogs import Dialog

NO_CHANGE = N_("No change.")
_KINDS = {"+": "added", "-": "removed", "…": "none"}


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


class FileDiff(NamedTuple):
    """The change to one file of a tool."""

    tool: str
    path: str
    lines: list[str]


def _file_parts(file: FileDiff) -> ComposeResult:
    yield Label(printable(file.path), markup=False, classes="path")
    yield DiffView(file.lines)


BOX_PERCENT = 90
"""How much of the height a dialog may take."""
BOX_ROWS = 7
"""The height of a dialog without the diff, the tabs and the notes."""
TABS_ROWS = 2
MIN_DIFF_ROWS = 4


class PreviewScreen(Dialog[bool]):
    """Returns whether to write the change; Escape is no."""

    ACTIONS = (
        Command("enter", "dismiss(True)", N_("Apply"), N_("Write the change"), priority=True),
        *Dialog.ACTIONS,
        Command("right_square_bracket", "switch(1)", N_("Files"), N_("Show the next or previous file"), display="[ ]"),
        Command("left_square_bracket", "switch(-1)", N_("Previous file"), shown=False),
        Command("down,j", "scroll(1)", N_("Scroll"), display="↑↓"),
        Command("up,k", "scroll(-1)", N_("Scroll up"), shown=False),
        Command("pageup", "scroll(-10)", N_("Page up"), shown=False),
        Command("pagedown", "scroll(10)", N_("Page down"), shown=False),
    )

    def __init__(self, files: Sequence[FileDiff], notes: list[str]) -> None:
        """``notes`` say what takes effect at once, and what needs a new session."""
        super().__init__(_("Review the change"), {"cancel": _("Cancel"), "write": _("Apply")}, primary="write")
        signs = [line[:1] for file in files for line in file.lines]
        self.box.border_subtitle = f"+{signs.count('+')} −{signs.count('-')}"
        self._files = files
        self._files_of = Counter(file.tool for file in files)
        self._notes = notes

    def parts(self) -> ComposeResult:
        """One file as it is; of several, a tab for each."""
        if len(self._files) == 1:
            yield from _file_parts(self._files[0])
        else:
            with TabbedContent(id="files"):
                for file in self._files:
                    with TabPane(printable(self._tab(file))):
                        yield from _file_parts(file)
        yield Label("\n".join(f"• {printable(note)}" for note in self._notes), markup=False, id="notes")

    def _tab(self, file: FileDiff) -> str:
        return file.tool if self._files_of[file.tool] == 1 else f"{file.tool} {os.path.basename(file.path)}"

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Name Enter only where it writes."""
        match action, *parameters:
            case "dismiss", True:
                return self.focused is self.query_one("#write")
            case "switch", _:
                return len(self._files) > 1
            case _:
                return True

    def on_mount(self) -> None:
        """Let Enter write: the user asked for this screen."""
        self.query_one("#write").focus()

    def on_resize(self) -> None:
        """Give the diff what the rest leaves; with a share of the height the box would overflow."""
        self.call_after_refresh(self._fit)

    def _fit(self) -> None:
        rows = self.size.height * BOX_PERCENT // 100 - BOX_ROWS - self.query_one("#notes").outer_size.height
        rows -= TABS_ROWS if len(self._files) > 1 else 0
        for view in self.query(DiffView):
            view.styles.max_height = max(rows, MIN_DIFF_ROWS)

    def action_scroll(self, lines: int) -> None:
        for view in self.query(DiffView):
            if view.is_on_screen:
                view.scroll_relative(y=lines, animate=False)

    def action_switch(self, step: int) -> None:
        """Show the next or previous file."""
        tabs = self.query_one(TabbedContent)
        panes = [pane.id or "" for pane in tabs.query(TabPane)]
        tabs.active = panes[(panes.index(tabs.active) + step) % len(panes)]

    def on_button_pressed(self, event: Button.Pressed) -> None:
        self.dismiss(event.button.id == "write")
