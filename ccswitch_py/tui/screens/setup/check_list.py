"""The checks of the live test as it runs: one line for each, and more below it where its texts are long."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from rich.cells import cell_len
from textual.content import Content

from ccswitch_py.core.language import N_, _
from ccswitch_py.redact.printable import printable
from ccswitch_py.tui.screens.live_test.results import RUNNING
from ccswitch_py.tui.screens.live_test.texts import LOOKS
from ccswitch_py.tui.widgets.table import Span, Table, fit

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from ccswitch_py.probe.report import CheckResult

_BUTTONS = {
    re.compile(r"ccswitch test \S+ --fix"): N_("Fix"),
    re.compile(r"ccswitch test \S+ --with-claude"): N_("Ask Claude Code"),
}
"""Commands in the advice of a check, each with the equal button of the form."""

_WITH_ADVICE = ("warn", "fail", "untestable")
_STATUS_WIDTH = 12
_ELAPSED_WIDTH = 9
_GAP = 2
_INDENT = 1 + _STATUS_WIDTH + _GAP


class CheckRow(NamedTuple):
    """One check; ``status`` is a ``Status`` or ``running``, ``model`` is empty where none is asked."""

    check: str
    model: str
    status: str
    detail: str = ""
    advice: str = ""
    elapsed_ms: float | None = None

    @property
    def subject(self) -> str:
        return printable(f"{self.check} {self.model}".strip())


class CheckLine(NamedTuple):
    """A line on the screen: the index of its check, and its number among the ``height`` lines of that."""

    check: int
    number: int
    height: int
    spans: Sequence[Span]


def check_row(result: CheckResult) -> CheckRow:
    # The URL is in the form already, right above.
    detail = "" if (result.check, result.status) == ("url", "pass") else result.detail
    advice = advice_for_form(result.advice)
    return CheckRow(result.check, result.model or "", result.status, detail, advice, result.elapsed_ms or None)


class CheckList(Table[CheckLine]):
    """Keeps the first failure in view until the list has the focus.

    The cursor stands on the last line of a check, so that all of it is in view; a check that is higher than the list
    is walked through line by line.
    """

    DEFAULT_CSS = "CheckList { background: $background; }"

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self.checks: list[CheckRow] = []

    def reset(self) -> None:
        self.show_checks(())

    def start(self, check: str, model: str | None = None) -> None:
        self.finish(CheckRow(check, model or "", RUNNING))

    def finish(self, row: CheckRow) -> None:
        running = (row.check, row.model, RUNNING)
        index = next((at for at, old in enumerate(self.checks) if old[:3] == running), len(self.checks))
        self.checks[index : index + 1] = [row]
        self._update(self._most_important(index))

    def show_checks(self, rows: Iterable[CheckRow]) -> None:
        """Show the checks of a test that is over: from the first failure on, else from the first check on."""
        self.checks = [*rows]
        self._update(self._first("fail", "untestable") or 0)

    def drop_running(self) -> None:
        self.checks = [row for row in self.checks if row.status != RUNNING]
        self._update()

    def identity(self, row: CheckLine) -> object:
        return row[:2]

    def is_heading(self, row: CheckLine) -> bool:
        return row.number + 1 < row.height <= self.size.height

    def is_highlighted(self, index: int) -> bool:
        return self.rows[index].check == self.rows[self._cursor].check

    def heading_index(self, index: int) -> int:
        first = index - self.rows[index].number
        return first if index - first < self.size.height else index

    def spans(self, row: CheckLine, width: int) -> Sequence[Span]:
        return row.spans

    def on_resize(self) -> None:
        self._update()

    def _update(self, revealed: int | None = None) -> None:
        """Lay the lines out again; without the focus, bring the check with this index into view."""
        longest = max((cell_len(row.subject) for row in self.checks), default=0)
        subject_width = min(longest, max(self.size.width // 3, 1))
        lines = [
            CheckLine(index, number, len(all_spans), spans)
            for index, row in enumerate(self.checks)
            for all_spans in [list(self._lines(row, subject_width))]
            for number, spans in enumerate(all_spans)
        ]
        last = max((at for at, line in enumerate(lines) if line.check == revealed), default=None)
        self.show(lines, cursor=None if self.has_focus else last)

    def _most_important(self, latest: int) -> int:
        """Choose the first failure, or what was untestable when others are skipped for it, else the latest check."""
        wanted = ("fail", "untestable") if self.checks[latest].status == "skip" else ("fail",)
        first = self._first(*wanted)
        return latest if first is None else first

    def _first(self, *wanted: str) -> int | None:
        """The index of the first check with one of these statuses, in the order of those."""
        first = {row.status: at for at, row in reversed(list(enumerate(self.checks)))}
        return next((first[status] for status in wanted if status in first), None)

    def _lines(self, row: CheckRow, subject_width: int) -> Iterator[Sequence[Span]]:
        detail, look = printable(row.detail), LOOKS[row.status]
        room = max(self.size.width - 1 - _INDENT - subject_width - _ELAPSED_WIDTH - 2 * _GAP, 0)
        fits = cell_len(detail) <= room
        elapsed = "" if row.elapsed_ms is None else _("{time} ms", time=f"{row.elapsed_ms:,.0f}")
        label = f"{look.sign} {_(look.label)}"
        for number, subject in enumerate(_wrap(row.subject, subject_width)):
            status, beside, time = (label, detail if fits else "", elapsed) if number == 0 else ("", "", "")
            yield [
                Span(" " + fit(status, _STATUS_WIDTH + _GAP), "quiet" if row.status == RUNNING else look.style),
                Span(fit(subject, subject_width + _GAP) + fit(beside, room + _GAP)),
                Span(f"{time:>{_ELAPSED_WIDTH}}", "quiet"),
            ]
        below = [] if fits else [(detail, "text")]
        if row.advice and row.status in _WITH_ADVICE:
            below.append((f"→ {printable(row.advice)}", "quiet"))
        for text, text_style in below:
            for line in _wrap(text, self.size.width - _INDENT - 1):
                yield [Span(" " * _INDENT + line, text_style)]


def _wrap(text: str, width: int) -> list[str]:
    return [line.plain for line in Content(text).wrap(max(width, 1))]


def advice_for_form(advice: str) -> str:
    """Name a button of the form in place of the equal command."""
    for command, button in _BUTTONS.items():
        advice = command.sub(_(button), advice)
    return advice
