"""The live test of one or many profiles as it runs, and for each check what was sent and what came back."""

# Textual types the app of a screen only in part:
# pyright: reportUnknownMemberType=false, reportUnknownArgumentType=false

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import ClassVar

from textual import on, work
from textual.app import ComposeResult
from textual.containers import Container, VerticalScroll
from textual.message import Message
from textual.widgets import Static

from ccswitch_py.core.crash_report import error_text
from ccswitch_py.core.errors import CcswitchError, Interrupted
from ccswitch_py.core.language import _, join_sentences
from ccswitch_py.core.paths import Paths
from ccswitch_py.probe.plan import Depth
from ccswitch_py.services.live_test.batch import Outcome, check_many
from ccswitch_py.services.live_test.plans import CheckPlan, plan_all_checks, request_budget
from ccswitch_py.store.profile_files import profile_names
from ccswitch_py.tui.background import in_background
from ccswitch_py.tui.screens.base import CommandScreen
from ccswitch_py.tui.screens.live_test.board import RUNNING, Board, BoardListener, Group, Row
from ccswitch_py.tui.screens.live_test.commands import COMMANDS
from ccswitch_py.tui.screens.live_test.texts import as_text, in_full, state_of, title_of, verdicts_of
from ccswitch_py.tui.widgets.busy import Busy
from ccswitch_py.tui.widgets.check_table import CheckTable
from ccswitch_py.tui.widgets.key_bar import KeyBar
from ccswitch_py.tui.widgets.titled import titled

WIDE = 120
"""From so many columns on the selected row stands beside the table."""
CATCH_UP_S = 0.04
"""How long what the tests tell is gathered before it is drawn: many at once tell much."""


class LiveTestScreen(CommandScreen[None]):
    """Tests as soon as it is there; several profiles only after a yes. ``ended`` counts the tests that are over."""

    CSS_PATH = "screen.tcss"
    AUTO_FOCUS: ClassVar[str | None] = "CheckTable"
    ACTIONS = COMMANDS

    class Told(Message):
        """The test has something to tell, on its own thread; ``take`` puts it on the board."""

        def __init__(self, take: Callable[[], None]) -> None:
            super().__init__()
            self.take = take

    def __init__(self, paths: Paths, names: Sequence[str]) -> None:
        super().__init__()
        self.HORIZONTAL_BREAKPOINTS = [(0, "narrow"), (WIDE, "wide")]
        self._paths = paths
        self._names = list(dict.fromkeys(names))
        self._board = Board()
        self._table = CheckTable(self._board)
        self._busy = Busy()
        self._is_behind = False
        self.ended = 0

    def compose(self) -> ComposeResult:
        """The table, the selected row in full, what is to be said, and the keys."""
        with Container(id="parts"):
            self._table.border_title = _("Test")
            yield self._table
            with VerticalScroll(id="details"):
                yield Static(id="whole", markup=False)
        yield Static(id="said", markup=False)
        yield self._busy
        yield KeyBar()

    def on_mount(self) -> None:
        """Begin."""
        self.test(self._names)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """One test at a time; a remedy is there only where it mends something."""
        group = self._selected
        match action:
            case "open":
                return group is not None
            case "again":
                return group is not None and not self._busy.is_busy
            case "all":
                return not self._busy.is_busy
            case "fix":
                return group is not None and bool(group.fix) and not self._busy.is_busy
            case "ask_claude_code":
                return group is not None and group.needs_claude_code and not self._busy.is_busy
            case _:
                return True

    @property
    def _selected(self) -> Group | None:
        row = self._table.selected
        return row if row is None or isinstance(row, Group) else row.group

    def action_leave(self) -> None:
        """Stop what runs, or go back."""
        if not self._busy.stop():
            self.answer(None)

    def action_again(self) -> None:
        """Test the selected profile."""
        if group := self._selected:
            self.test([group.name])

    @work(group="all", exclusive=True)
    async def action_all(self) -> None:
        """Test all profiles, those as well that are not here yet."""
        self.test(await in_background(profile_names, self._paths))

    @work(group="test")
    async def test(self, names: Sequence[str], remark: str = "") -> None:
        """Say what it will cost, and test; each check appears as it ends, ``remark`` after the verdict."""
        outlines = await in_background(plan_all_checks, self._paths, names, Depth.NORMAL)
        if not outlines:
            return
        if len(outlines) > 1 and not await self._is_wanted(outlines):
            if not self._board.groups:
                self.answer(None)
            return
        await self._test(outlines, remark)

    @work(group="test")
    async def action_fix(self) -> None:
        """Set the switches in the profile, after a yes, and test it again."""
        from ccswitch_py.services.live_test.fix import save_fixed_profile
        from ccswitch_py.tui.screens.question import QuestionScreen
        from ccswitch_py.tui.screens.setup.texts import fixed_sentence, switches_words

        group = self._selected
        if group is None or not group.fix:
            return
        fix = dict(group.fix)
        text = _(
            "{switches} will be set in the profile {name}. Where the profile is in use, its settings are written "
            "again. Then it is tested again: {budget}.",
            switches=switches_words(fix),
            name=group.name,
            budget=_budget([group.outline]),
        )
        answers = {"back": _("Go back"), "fix": _("Fix it")}
        if await self.app.push_screen_wait(QuestionScreen(_("Fix"), text, answers)) != "fix":
            return
        try:
            fixed = await self._busy.run(_("Saving …"), save_fixed_profile, self._paths, group.name, fix)
        except (CcswitchError, OSError) as problem:
            self._say(error_text(problem), wrong=True)
            return
        remark = join_sentences(fixed_sentence(fix, group.name, fixed.targets), fixed.problem)
        await self._test([group.outline], remark)

    @work(group="test")
    async def action_ask_claude_code(self) -> None:
        """Ask the user's own Claude Code, after a yes, what no test of ours can tell."""
        from ccswitch_py.services.live_test.tool import find_real_client
        from ccswitch_py.tui.screens.question import QuestionScreen
        from ccswitch_py.tui.screens.setup.texts import WHOLE_REQUEST

        group = self._selected
        if group is None:
            return
        try:
            await in_background(find_real_client)
        except (CcswitchError, OSError) as problem:
            self._say(error_text(problem), wrong=True)
            return
        before = _("Before that it is tested again: {budget}.", budget=_budget([group.outline]))
        answers = {"back": _("Go back"), "ask": _("Ask it")}
        question = QuestionScreen(_("Ask Claude Code"), join_sentences(_(WHOLE_REQUEST), before), answers)
        if await self.app.push_screen_wait(question) == "ask":
            await self._test([group.outline], with_claude=True)

    async def _is_wanted(self, outlines: Sequence[CheckPlan]) -> bool:
        from ccswitch_py.tui.screens.question import QuestionScreen

        text = _("{count} profiles: {budget}.", count=len(outlines), budget=_budget(outlines))
        answers = {"back": _("Go back"), "test": _("Test them")}
        return await self.app.push_screen_wait(QuestionScreen(_("Test all"), text, answers)) == "test"

    async def _test(self, outlines: Sequence[CheckPlan], remark: str = "", *, with_claude: bool = False) -> None:
        if self._busy.is_busy:
            return
        self._board.begin(outlines)
        self._table.is_led = True
        self._show()
        self._table.lead_to(self._board.groups[outlines[0].name])
        self._say(_("Testing: {budget}.", budget=_budget(outlines)))
        names = [outline.name for outline in outlines]
        watch = BoardListener(self._board, lambda take: self.post_message(self.Told(take)))
        try:
            outcome = await self._busy.run(
                _("Testing …"), check_many, self._paths, names, Depth.NORMAL, watch, with_claude=with_claude
            )
        except Interrupted:
            outcome = Outcome(names, interrupted=True)
        self._conclude(outcome, remark)

    def _conclude(self, outcome: Outcome, remark: str) -> None:
        groups = [self._board.groups[name] for name in outcome.names]
        for group in groups:
            found = outcome.tested.get(group.name) or outcome.problems.get(group.name)
            if found is not None:
                group.conclude(found)
            group.is_running = False
        self.ended += 1
        self._show()
        worst = next((line for group in groups if (line := group.worst)), groups[0])
        self._table.lead_to(worst)
        said, is_wrong = verdicts_of(groups)
        stopped = _("The test was stopped.") if outcome.interrupted and len(groups) > 1 else ""
        self._say(join_sentences(stopped, said, remark), wrong=is_wrong)
        self._tell_selected()

    @on(Told)
    def _told(self, event: Told) -> None:
        event.take()
        if not self._is_behind:
            self._is_behind = True
            self.set_timer(CATCH_UP_S, self._catch_up)

    def _catch_up(self) -> None:
        self._is_behind = False
        self._show()
        running = [group for group in self._board.groups.values() if group.status == RUNNING]
        if len(running) == 1 and (line := next(running[0].lines_of(RUNNING), None)):
            self._table.lead_to(line)

    @on(CheckTable.Highlighted)
    def _another_selected(self) -> None:
        self.query_one("#details").scroll_home(animate=False)
        self._tell_selected()

    @on(CheckTable.Picked)
    def action_open(self) -> None:
        """Show the selected row over the whole screen, from where it can be copied."""
        from ccswitch_py.tui.screens.show_text import ShowTextScreen

        if row := self._table.selected:
            self.app.push_screen(ShowTextScreen(f"{title_of(row)}  {state_of(row)}", as_text(row)))

    def _show(self) -> None:
        before = _state(self._table.selected)
        self._table.show()
        lines = [line for group in self._board.groups.values() for line in group.lines]
        ended = sum(line.result is not None for line in lines)
        self._table.border_subtitle = _("{ended} of {all} checks", ended=ended, all=len(lines)) if lines else ""
        if _state(self._table.selected) != before:
            self._tell_selected()

    def _tell_selected(self) -> None:
        row, details = self._table.selected, self.query_one("#details")
        self.refresh_bindings()
        if row is None:
            return
        details.border_title, details.border_subtitle = titled(title_of(row)), titled(state_of(row))
        self.query_one("#whole", Static).update(in_full(row))

    def _say(self, text: str, *, wrong: bool = False) -> None:
        said = self.query_one("#said", Static)
        said.update(text)
        said.set_class(wrong, "wrong")
        self.refresh_bindings()


def _state(row: Row | None) -> tuple[Row | None, str]:
    return row, row.status if row else ""


def _budget(outlines: Sequence[CheckPlan]) -> str:
    return request_budget(sum(one.planned for one in outlines), sum(one.extra for one in outlines))
