"""The live test of one or many profiles as it runs, with the request and the answer of each check."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import ClassVar

from rich.cells import cell_len
from textual import on, work
from textual.app import ComposeResult
from textual.containers import Container, VerticalScroll
from textual.message import Message
from textual.widgets import Static

from ccswitch_py.core.errors import Interrupted
from ccswitch_py.core.language import N_, _, join_sentences
from ccswitch_py.core.paths import Paths
from ccswitch_py.probe.plan import Depth
from ccswitch_py.redact.printable import printable
from ccswitch_py.services.live_test.batch import Outcome, check_many
from ccswitch_py.services.live_test.fix import save_fixed_profile
from ccswitch_py.services.live_test.plans import CheckPlan, plan_all_checks, request_budget, subjects_of
from ccswitch_py.store.profile_files import profile_names
from ccswitch_py.tui.background import in_background
from ccswitch_py.tui.flows import FlowContext, confirm_real_client
from ccswitch_py.tui.screens.base import Command, JobScreen, plain_title
from ccswitch_py.tui.screens.dialogs import confirm
from ccswitch_py.tui.screens.live_test.results import RUNNING, CheckNode, LiveResults, Node, ProfileNode, ResultsWatch
from ccswitch_py.tui.screens.live_test.texts import LOOKS, details, node_title, overall_verdict, status_label, summaries
from ccswitch_py.tui.screens.show_text import ShowTextScreen
from ccswitch_py.tui.screens.texts import fixed_sentence, format_switches
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


WIDE = 120
"""From so many columns on the details stand beside the table."""
REDRAW_DELAY_S = 0.04
"""How long changes are collected before they are drawn: many tests at once make many."""


class LiveTestScreen(JobScreen[None]):
    """Starts as soon as it is shown, with several profiles after a yes; ``finished`` counts the runs that are over."""

    CSS_PATH = "screen.tcss"
    AUTO_FOCUS: ClassVar[str | None] = "CheckTable"
    ACTIONS = (
        Command("enter", "open", N_("Open"), N_("Show the request and the answer in full"), "test NAME --verbose"),
        Command("t", "again", N_("Test again"), N_("Test the selected profile again"), "test NAME"),
        Command("r", "again", N_("Test again"), shown=False),
        Command("f", "fix", N_("Fix"), N_("Set the switches that fix the selected profile"), "test NAME --fix"),
        Command("g", "ask_claude_code", N_("Ask Claude Code"), N_("Run Claude Code"), "test NAME --with-claude"),
        Command("a", "all", N_("Test all"), N_("Test all profiles"), "test --all"),
        Command("escape", "leave", N_("Back"), N_("Cancel the test, or go back")),
    )

    @dataclass
    class ResultsChanged(Message):
        """Sent from the thread of a test; ``apply`` makes the change."""

        apply: Callable[[], None]

    def __init__(self, paths: Paths, names: Sequence[str]) -> None:
        super().__init__()
        self.HORIZONTAL_BREAKPOINTS = [(0, "narrow"), (WIDE, "wide")]
        self._paths = paths
        self._names = list(dict.fromkeys(names))
        self._results = LiveResults()
        self._table = CheckTable(self._results)
        self._details = VerticalScroll(id="details")
        self._details_text = Static(id="whole", markup=False)
        self._redraw_is_due = False
        self.finished = 0

    def compose(self) -> ComposeResult:
        with Container(id="parts"):
            self._table.border_title = _("Test")
            yield self._table
            with self._details:
                yield self._details_text
        yield from self._footer()

    def on_mount(self) -> None:
        self.test(self._names)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        profile, is_idle = self._selected, not self.busy.is_busy
        match action:
            case "open":
                return profile is not None
            case "again":
                return profile is not None and is_idle
            case "all":
                return is_idle
            case "fix":
                return profile is not None and bool(profile.fix) and is_idle
            case "ask_claude_code":
                return profile is not None and profile.needs_real_client and is_idle
            case _:
                return True

    @property
    def _selected(self) -> ProfileNode | None:
        node = self._table.selected
        return node if node is None or isinstance(node, ProfileNode) else node.parent

    def action_again(self) -> None:
        if profile := self._selected:
            self.test([profile.profile])

    @work(group="all", exclusive=True)
    async def action_all(self) -> None:
        self.test(await in_background(profile_names, self._paths))

    @work(group="test")
    async def test(self, names: Sequence[str]) -> None:
        """Test these profiles; several only once the user has seen how many requests that takes."""
        subjects = await in_background(subjects_of, self._paths, names)
        plans = await in_background(plan_all_checks, self._paths, subjects, Depth.NORMAL)
        if len(names) > 1:
            text = _("{count} profiles: {budget}.", count=len(names), budget=_total_budget(plans))
            if not await confirm(self.app, _("Test all"), text, _("Test")):
                if not self._results.profiles:
                    self.answer(None)
                return
        if plans:
            await self._test(plans)

    @work(group="test")
    async def action_fix(self) -> None:
        profile = self._selected
        if profile is None or not profile.fix:
            return
        fix = dict(profile.fix)
        text = _(
            "Set {switches} in the profile {name}? If it is in use, the settings are updated too. "
            "Then it is tested again: {budget}.",
            switches=format_switches(fix),
            name=profile.profile,
            budget=_total_budget([profile.plan]),
        )
        if not await confirm(self.app, _("Fix"), text, _("Fix")):
            return
        with self.status.errors_shown():
            fixed = await self.busy.run(_("Saving …"), save_fixed_profile, self._paths, profile.profile, fix)
            remark = join_sentences(fixed_sentence(fix, profile.profile, fixed.targets), fixed.problem)
            await self._test([profile.plan], remark)

    @work(group="test")
    async def action_ask_claude_code(self) -> None:
        profile = self._selected
        if profile is None:
            return
        with self.status.errors_shown():
            budget = _("It is tested again first: {budget}.", budget=_total_budget([profile.plan]))
            if await confirm_real_client(FlowContext(self.app, self._paths, self.busy), budget):
                await self._test([profile.plan], with_real_client=True)

    async def _test(self, plans: Sequence[CheckPlan], remark: str = "", *, with_real_client: bool = False) -> None:
        if self.busy.is_busy:
            return
        self._results.begin(plans)
        self._table.moved_by_user = False
        self._redraw()
        self._table.follow(self._results.profiles[plans[0].name])
        self._show_status(_("Testing: {budget}.", budget=_total_budget(plans)))
        subjects = [plan.subject for plan in plans]
        watch = ResultsWatch(self._results, lambda apply: self.post_message(self.ResultsChanged(apply)))
        try:
            outcome = await self.busy.run(
                _("Testing …"), check_many, self._paths, subjects, Depth.NORMAL, watch, with_claude=with_real_client
            )
        except Interrupted:
            outcome = Outcome([plan.name for plan in plans], interrupted=True)
        self._conclude(outcome, remark)

    def _conclude(self, outcome: Outcome, remark: str) -> None:
        profiles = [self._results.profiles[name] for name in outcome.names]
        for profile in profiles:
            found = outcome.tested.get(profile.name) or outcome.problems.get(profile.name)
            if found is not None:
                profile.conclude(found)
            profile.is_running = False
        self.finished += 1
        self._redraw()
        self._table.follow(next((check for profile in profiles if (check := profile.worst)), profiles[0]))
        verdict, is_error = overall_verdict(profiles)
        stopped = _("The test was cancelled.") if outcome.interrupted and len(profiles) > 1 else ""
        self._show_status(join_sentences(stopped, verdict, remark), is_error=is_error)
        self._show_details()

    @on(ResultsChanged)
    def _results_changed(self, event: ResultsChanged) -> None:
        event.apply()
        if not self._redraw_is_due:
            self._redraw_is_due = True
            self.set_timer(REDRAW_DELAY_S, self._redraw_running)

    def _redraw_running(self) -> None:
        self._redraw_is_due = False
        self._redraw()
        running = [profile for profile in self._results.profiles.values() if profile.status == RUNNING]
        if len(running) == 1 and (check := next(running[0].checks_in(RUNNING), None)):
            self._table.follow(check)

    def on_table_highlighted(self) -> None:
        self._details.scroll_home(animate=False)
        self._show_details()

    @on(Table.Picked)
    def action_open(self) -> None:
        """Show the selected row on the whole screen, where it can be copied."""
        if node := self._table.selected:
            self.app.push_screen(ShowTextScreen(f"{node_title(node)}  {status_label(node)}", details(node).plain))

    def _redraw(self) -> None:
        before = _with_status(self._table.selected)
        self._table.update_results()
        checks = self._results.checks
        done = sum(check.result is not None for check in checks)
        self._table.border_subtitle = _("{ended} of {all} checks", ended=done, all=len(checks)) if checks else ""
        if _with_status(self._table.selected) != before:
            self._show_details()

    def _show_details(self) -> None:
        self.refresh_bindings()
        if node := self._table.selected:
            self._details.border_title = plain_title(node_title(node))
            self._details.border_subtitle = plain_title(status_label(node))
            self._details_text.update(details(node))

    def _show_status(self, text: str, *, is_error: bool = False) -> None:
        self.status.show(text, is_error=is_error)
        self.refresh_bindings()


def _with_status(node: Node | None) -> tuple[Node | None, str]:
    return node, node.status if node else ""


def _total_budget(plans: Sequence[CheckPlan]) -> str:
    return request_budget(sum(plan.planned for plan in plans), sum(plan.extra for plan in plans))
