"""The table of live tests: a row for each profile, under it one for each check, and a bar for its time."""

from __future__ import annotations

from collections.abc import Sequence

from rich.cells import cell_len

from ccswitch_py.core.language import _
from ccswitch_py.redact.printable import printable
from ccswitch_py.tui.screens.live_test.results import RUNNING, CheckNode, LiveResults, Node, ProfileNode
from ccswitch_py.tui.screens.live_test.texts import LOOKS, summaries
from ccswitch_py.tui.widgets.table import Span, Table, fit

_INDENT = 2
_SIGN = 2
_CHECK = 12
_TIME = 10
_GAP = 2
_BAR, _WIDE_BAR, _WIDE = 8, 16, 90
_FULL, _HALF = "━", "╸"


class CheckTable(Table[Node]):
    """Draws what the results are when it draws; the cursor follows the test until the user moves it."""

    DEFAULT_CSS = """
    CheckTable {
        & > .table--cursor { background: $foreground 8%; }
        &:focus > .table--cursor { background: $primary 30%; }
    }
    """

    def __init__(self, results: LiveResults) -> None:
        super().__init__()
        self._results = results
        self._slowest_ms = 0
        self._model_width = 0

    def update_results(self) -> None:
        self._slowest_ms = self._results.slowest_ms
        self._model_width = max((cell_len(check.model) for check in self._results.checks), default=0)
        self.show(self._results.nodes)

    def follow(self, node: Node) -> None:
        if not self.moved_by_user:
            self.select(node)

    def heading_index(self, index: int) -> int:
        node = self.rows[index]
        top = self.rows.index(node.parent) if isinstance(node, CheckNode) else index
        return top if index - top < self.size.height else index

    def spans(self, row: Node, width: int) -> Sequence[Span]:
        return self._profile(row, width) if isinstance(row, ProfileNode) else self._check(row, width)

    def _profile(self, profile: ProfileNode, width: int) -> list[Span]:
        style = LOOKS[profile.status].style
        name = printable(profile.name)
        room = max(width - _SIGN - _GAP - cell_len(name), 0)
        return [
            Span(fit(LOOKS[profile.status].sign, _SIGN), style),
            Span(fit(name, min(cell_len(name), width - _SIGN)) + " " * _GAP, "heading"),
            Span(fit(summaries(profile)[-1], room), style if profile.status not in ("works", RUNNING) else "quiet"),
        ]

    def _check(self, check: CheckNode, width: int) -> list[Span]:
        style = LOOKS[check.status].style
        bar = _WIDE_BAR if width >= _WIDE else _BAR
        model = min(self._model_width, width // 4)
        room = max(width - _INDENT - _SIGN - _CHECK - model - _TIME - bar - 4 * _GAP, 0)
        texts = summaries(check)
        summary = next((text for text in texts if cell_len(text) <= room), texts[-1])
        time = _("{time} ms", time=f"{check.elapsed_ms:,}") if check.elapsed_ms else ""
        needs_attention = check.status in ("warn", "fail", "untestable")
        return [
            Span(" " * _INDENT + fit(LOOKS[check.status].sign, _SIGN), style),
            Span(fit(check.check, _CHECK) + " " * _GAP, "quiet" if style == "quiet" else "text"),
            Span(fit(printable(check.model), model) + " " * _GAP, "quiet"),
            Span(fit(summary, room) + " " * _GAP, style if needs_attention else "quiet"),
            Span(f"{time:>{_TIME}}" + " " * _GAP),
            Span(self._bar(check.elapsed_ms, bar), style if needs_attention else "bar"),
        ]

    def _bar(self, elapsed_ms: int, width: int) -> str:
        """Draw the time as a share of the slowest check's; the number stands beside it."""
        if not elapsed_ms or not self._slowest_ms:
            return ""
        halves = min(max(round(2 * width * elapsed_ms / self._slowest_ms), 1), 2 * width)
        return _FULL * (halves // 2) + _HALF * (halves % 2)
