"""The live test as it runs: one row for each check, and under it what needs more room."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, NamedTuple

from rich.cells import cell_len
from rich.style import Style
from rich.text import Text
from textual.widgets import OptionList
from textual.widgets.option_list import Option

from ccswitch_py.core.language import N_, _
from ccswitch_py.redact.printable import printable
from ccswitch_py.tui.screens.setup.texts import advice_for_form

if TYPE_CHECKING:
    from collections.abc import Iterable

    from rich.console import RenderableType

    from ccswitch_py.probe.report import CheckResult

RUNNING = "running"
_SIGNS = {
    "pass": N_("✓ passed"),
    "warn": N_("! warning"),
    "fail": N_("✗ failed"),
    "skip": N_("– skipped"),
    "untestable": N_("? untestable"),
    RUNNING: N_("… running"),
}
_WITH_ADVICE = ("warn", "fail", "untestable")
_STATUS_WIDTH = 12
_ELAPSED_WIDTH = 9
_GAP = 2


class CheckRow(NamedTuple):
    """One check: ``status`` is pass, warn, fail, skip or untestable; ``model`` is empty where none was asked."""

    check: str
    model: str
    status: str
    detail: str = ""
    advice: str = ""
    elapsed_ms: float | None = None


def check_row(result: CheckResult) -> CheckRow:
    """Return the row for the result of a check."""
    # The URL is in the form already, right above.
    detail = "" if (result.check, result.status) == ("url", "pass") else result.detail
    advice = advice_for_form(result.advice)
    return CheckRow(result.check, result.model or "", result.status, detail, advice, result.elapsed_ms or None)


class CheckList(OptionList):
    """Rows that one can walk through with the arrows; until one does, the first failure stays in view."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {
        "check-list--pass",
        "check-list--warn",
        "check-list--fail",
        "check-list--quiet",
    }
    DEFAULT_CSS = """
    CheckList {
        border: none;
        padding: 0;
        background: $background;
        scrollbar-size-vertical: 1;
        & > .check-list--pass { color: $text-success; }
        & > .check-list--warn { color: $text-warning; }
        & > .check-list--fail { color: $text-error; }
        & > .check-list--quiet { color: $text-muted; }
        & > .option-list--option { padding: 0 1; }
        & > .option-list--option-highlighted { background: $background; }
        &:focus {
            border: none;
            & > .option-list--option-highlighted {
                color: $foreground;
                background: $foreground 10%;
                text-style: none;
            }
        }
    }
    """

    def __init__(self, *, id: str | None = None, classes: str | None = None) -> None:
        super().__init__(id=id, classes=classes, markup=False)
        self._rows: list[CheckRow] = []

    @property
    def rows(self) -> tuple[CheckRow, ...]:
        """The rows from top to bottom."""
        return tuple(self._rows)

    def reset(self) -> None:
        """Forget the last test."""
        self._rows.clear()
        self.clear_options()

    def start(self, check: str, model: str | None = None) -> None:
        """Show that this check runs now."""
        self._put(CheckRow(check, model or "", RUNNING))

    def finish(self, row: CheckRow) -> None:
        """Show how a check ended, in the place where it started or at the end."""
        self._put(row)

    def show(self, rows: Iterable[CheckRow]) -> None:
        """Show these and no others: the whole of a test."""
        wanted = list(rows)
        if wanted == self._rows:
            return
        self.reset()
        for row in wanted:
            self._put(row)

    def drop_running(self) -> None:
        """Show only what is known: a check that runs now will not end."""
        for index in reversed(range(len(self._rows))):
            if self._rows[index].status == RUNNING:
                del self._rows[index]
                self.remove_option_at_index(index)
        self._draw()

    def _put(self, row: CheckRow) -> None:
        running = (row.check, row.model, RUNNING)
        index = next((at for at, old in enumerate(self._rows) if old[:3] == running), len(self._rows))
        if index == len(self._rows):
            self._rows.append(row)
            self.add_option(Option(""))
        self._rows[index] = row
        self._draw()
        if not self.has_focus:
            self.highlighted = self._worth_seeing(index)
            self.call_after_refresh(self.scroll_to_highlight)

    def action_cursor_down(self) -> None:
        """Go to the next row, once the whole of this one was in view."""
        if not self._scroll_within(1):
            super().action_cursor_down()

    def action_cursor_up(self) -> None:
        """Go to the row before, once the whole of this one was in view."""
        row = self.highlighted
        if not self._scroll_within(-1):
            super().action_cursor_up()
            self._show_end_unless(row)

    def action_page_down(self) -> None:
        """Go a page on; a row that fills more than a page is not skipped."""
        row = self.highlighted
        if not self._scroll_within(self._page):
            super().action_page_down()
            if self.highlighted == row and row is not None and row < self.option_count - 1:
                super().action_cursor_down()

    def action_page_up(self) -> None:
        """Go a page back; a row that fills more than a page is not skipped."""
        row = self.highlighted
        if not self._scroll_within(-self._page):
            super().action_page_up()
            if self.highlighted == row and row:
                super().action_cursor_up()
            self._show_end_unless(row)

    @property
    def _page(self) -> int:
        return self.scrollable_content_region.height

    def _show_end_unless(self, before: int | None) -> None:
        """Come from below to the end of a high row, unless that is where one was."""
        if self.highlighted is not None and self.highlighted != before:
            self._scroll_within(self._heights[self.highlighted])

    def _scroll_within(self, lines: int) -> bool:
        """Scroll within a row that is higher than the list; False if it was in view up to its end."""
        if self.highlighted is None:
            return False
        self._update_lines()
        top, height = self._index_to_line[self.highlighted], self._heights[self.highlighted]
        first, last = top, top + height - self._page
        target = min(max(round(self.scroll_y) + lines, first), last)
        if last <= first or target == round(self.scroll_y):
            return False
        self.scroll_to(y=target, animate=False, immediate=True)
        return True

    def _worth_seeing(self, latest: int) -> int:
        """The first failure; before what was skipped because of it also what could not be tested; else the latest."""
        wanted = ("fail", "untestable") if self._rows[latest].status == "skip" else ("fail",)
        first = {row.status: at for at, row in reversed(list(enumerate(self._rows)))}
        return next((first[status] for status in wanted if status in first), latest)

    def on_resize(self) -> None:
        """The columns follow the width."""
        self._draw()

    def notify_style_update(self) -> None:
        """Another theme has other colours."""
        super().notify_style_update()
        self.call_after_refresh(self._draw)

    def _draw(self) -> None:
        longest = max((cell_len(_subject(row)) for row in self._rows), default=0)
        subject_width = min(longest, self.size.width // 3)
        for index, row in enumerate(self._rows):
            self.replace_option_prompt_at_index(index, self._drawn(row, subject_width))

    def _drawn(self, row: CheckRow, subject_width: int) -> RenderableType:
        # Only with the first row: the form is painted before any test.
        from rich.console import Group
        from rich.padding import Padding
        from rich.table import Table

        table = Table.grid(expand=True, padding=(0, _GAP, 0, 0))
        table.add_column(width=_STATUS_WIDTH, no_wrap=True)
        table.add_column(width=subject_width, overflow="fold")
        table.add_column(ratio=1, overflow="fold")
        table.add_column(width=_ELAPSED_WIDTH, justify="right", no_wrap=True)
        quiet = self._colour("quiet")
        detail = Text(printable(row.detail))
        room = self.scrollable_content_region.width - 2 - _STATUS_WIDTH - subject_width - _ELAPSED_WIDTH - 3 * _GAP
        is_beside = detail.cell_len <= room
        table.add_row(
            Text(printable(_(_SIGNS.get(row.status, row.status))), self._colour(row.status)),
            Text(_subject(row)),
            detail if is_beside else "",
            Text("" if row.elapsed_ms is None else _("{time} ms", time=f"{row.elapsed_ms:,.0f}"), quiet),
        )
        below = [] if is_beside else [detail]
        if row.advice and row.status in _WITH_ADVICE:
            below.append(Text(f"→ {printable(row.advice)}", quiet))
        return Group(table, *(Padding(text, (0, 0, 0, _STATUS_WIDTH + _GAP)) for text in below))

    def _colour(self, status: str) -> Style:
        """The colour alone: the background is that of the row, which may be highlighted."""
        of_status = {"pass": "pass", "warn": "warn", "untestable": "warn", "fail": "fail"}
        style = self.get_component_rich_style(f"check-list--{of_status.get(status, 'quiet')}")
        return Style(color=style.color)


def _subject(row: CheckRow) -> str:
    return printable(f"{row.check} {row.model}".strip())
