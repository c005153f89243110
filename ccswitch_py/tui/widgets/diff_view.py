"""The exact change of a file, line by line, with a sign and a colour for what goes and what comes."""

from __future__ import annotations

from collections.abc import Sequence

from textual.containers import VerticalScroll
from textual.content import Content
from textual.widgets import Static

from ccswitch_py.tui.widgets.printable import printable

NO_CHANGE = "No change."
_SIGNS = {"+": "$text-success", "-": "$text-error"}


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
        & > Static { width: 1fr; height: auto; background: transparent; }
    }
    """

    def __init__(self, lines: Sequence[str], *, id: str | None = None, classes: str | None = None) -> None:
        super().__init__(Static(_drawn(lines)), id=id, classes=classes)


def _drawn(lines: Sequence[str]) -> Content:
    if not lines:
        return Content.styled(NO_CHANGE, "$text-muted")
    # A line of the file may begin with the dashes of a header: only the first two lines are one.
    head = {index for index, line in enumerate(lines[:2]) if line.startswith(("--- ", "+++ "))}
    return Content("\n").join(_line(line, is_head=index in head) for index, line in enumerate(lines))


def _line(line: str, *, is_head: bool) -> Content:
    if is_head or line.startswith("@@"):
        return Content.styled(printable(line), "$text-muted")
    return Content.styled(printable(line), _SIGNS.get(line[:1], ""))
