"""What is known of live tests that run or ran: a group for each profile, and in it a line for each check."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from ccswitch_py.core.errors import CcswitchError
from ccswitch_py.model.diagnosis import Diagnosis, Verdict
from ccswitch_py.services.live_test.batch import Tested, Watch

if TYPE_CHECKING:
    from ccswitch_py.probe.evidence import Evidence
    from ccswitch_py.probe.plan import ProbePlan
    from ccswitch_py.probe.report import CheckResult
    from ccswitch_py.services.live_test.check_plan import CheckPlan

WAITING, RUNNING, STOPPED = "waiting", "running", "stopped"


@dataclass(eq=False)
class Line:
    """One check; without a result it waits or runs."""

    group: Group
    check: str
    model: str = ""
    result: CheckResult | None = None
    is_running: bool = False

    @property
    def status(self) -> str:
        """``pass``, ``warn``, ``fail``, ``skip``, ``untestable``, ``running`` or ``waiting``."""
        if self.result is not None:
            return self.result.status.value
        return RUNNING if self.is_running else WAITING

    @property
    def evidence(self) -> Evidence | None:
        """What was sent for it, and what came back."""
        return self.result.evidence if self.result else None

    @property
    def elapsed_ms(self) -> int:
        """How long it took; 0 where that says nothing."""
        return self.result.elapsed_ms if self.result else 0


@dataclass(eq=False)
class Group:
    """One profile: its test waits, runs, or was ``found`` to be something."""

    outline: CheckPlan
    lines: list[Line] = field(default_factory=list[Line])
    found: Tested | CcswitchError | None = None
    is_running: bool = False

    def __post_init__(self) -> None:
        self.lines = [Line(self, check, model or "") for check, model in self.outline.checks]

    @property
    def name(self) -> str:
        """The profile's."""
        return self.outline.name

    @property
    def status(self) -> str:
        """Its verdict, or ``problem`` where it could not be tested, ``stopped``, ``running`` or ``waiting``."""
        if isinstance(self.found, Tested):
            verdict = self.found.report.verdict
            return STOPPED if self.found.interrupted and verdict is not Verdict.BROKEN else verdict.value
        if self.found is not None:
            return "problem"
        return RUNNING if self.is_running else WAITING

    @property
    def fix(self) -> Mapping[str, str]:
        """The switches that mend what was found; none if there is nothing that they mend."""
        if not isinstance(self.found, Tested):
            return {}
        from ccswitch_py.services.live_test.fix import fix_of

        return fix_of(self.found.report)

    @property
    def needs_claude_code(self) -> bool:
        """Whether only Claude Code itself can tell."""
        return self.status == Verdict.UNTESTABLE

    @property
    def worst(self) -> Line | None:
        """The line that decided the verdict, if it is not good."""
        return next((line for status in ("fail", "untestable", "warn") for line in self.lines_of(status)), None)

    def lines_of(self, status: str) -> Iterator[Line]:
        """The lines that have this status."""
        return (line for line in self.lines if line.status == status)

    def began(self, check: str, model: str | None) -> None:
        """One of its checks begins."""
        if self.found is None:
            self.is_running = True
            self._line(check, model or "").is_running = True

    def ended(self, result: CheckResult) -> None:
        """One of its checks has ended."""
        self._line(result.check, result.model or "").result = result

    def conclude(self, found: Tested | CcswitchError) -> None:
        """Nothing more comes."""
        self.found = found
        if isinstance(found, Tested):
            for result in found.report.checks:
                self.ended(result)
        for line in self.lines:
            line.is_running = False

    def _line(self, check: str, model: str) -> Line:
        """The line of a check; one that was planned without a model gets it now."""
        for line in self.lines:
            if line.check == check and (line.model in ("", model) or not model):
                line.model = model or line.model
                return line
        self.lines.append(Line(self, check, model))
        return self.lines[-1]


Row = Group | Line


class Board:
    """All profiles that are shown, in their order."""

    def __init__(self) -> None:
        self.groups: dict[str, Group] = {}

    @property
    def rows(self) -> list[Row]:
        """Each group, followed by its lines."""
        return [row for group in self.groups.values() for row in (group, *group.lines)]

    @property
    def slowest_ms(self) -> int:
        """What the longest bar stands for: the slowest check that got its answer, or of all if none did."""
        times = [line for group in self.groups.values() for line in group.lines if line.elapsed_ms]
        answered = [line.elapsed_ms for line in times if line.result and line.result.diagnosis is not Diagnosis.TIMEOUT]
        return max(answered or [line.elapsed_ms for line in times], default=0)

    def begin(self, outlines: Iterable[CheckPlan]) -> None:
        """These will be tested now, anew if they were already."""
        self.groups |= {outline.name: Group(outline) for outline in outlines}


class BoardWatch(Watch):
    """Hears the tests on their thread, and hands each change to the thread of the screen."""

    def __init__(self, board: Board, hand_over: Callable[[Callable[[], None]], object]) -> None:
        # The groups of this test: one that is tested again is another group.
        self._groups = dict(board.groups)
        self._hand_over = hand_over

    def begins(self, plan: ProbePlan) -> None:
        """Its key is there."""
        group = self._groups[plan.profile]
        self._hand_over(lambda: setattr(group, "is_running", True))

    def check_began(self, name: str, check: str, model: str | None) -> None:
        """A line runs."""
        self._hand_over(lambda: self._groups[name].began(check, model))

    def check_ended(self, name: str, result: CheckResult) -> None:
        """A line has its result."""
        self._hand_over(lambda: self._groups[name].ended(result))

    def ended(self, name: str, found: Tested | CcswitchError) -> None:
        """A profile has its verdict."""
        self._hand_over(lambda: self._groups[name].conclude(found))
