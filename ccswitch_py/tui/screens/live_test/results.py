"""The state of live tests that run or ran: a node for each profile, and under it one for each check."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from ccswitch_py.core.errors import CcswitchError
from ccswitch_py.model.diagnosis import Diagnosis, Verdict
from ccswitch_py.services.live_test.batch import ProgressListener, Tested
from ccswitch_py.targets.registry import DEFAULT_TARGET

if TYPE_CHECKING:
    from ccswitch_py.probe.evidence import Evidence
    from ccswitch_py.probe.plan import ProbePlan
    from ccswitch_py.probe.report import CheckResult
    from ccswitch_py.services.live_test.plans import CheckPlan

WAITING, RUNNING, STOPPED, NOT_TESTED = "waiting", "running", "stopped", "problem"


@dataclass(eq=False)
class CheckNode:
    """One check; without a result it waits or runs."""

    parent: ProfileNode
    check: str
    model: str = ""
    result: CheckResult | None = None
    is_running: bool = False

    @property
    def status(self) -> str:
        """A ``Status``, or ``running`` or ``waiting``."""
        if self.result is not None:
            return self.result.status.value
        return RUNNING if self.is_running else WAITING

    @property
    def evidence(self) -> Evidence | None:
        return self.result.evidence if self.result else None

    @property
    def elapsed_ms(self) -> int:
        """How long it took; 0 where nothing was measured."""
        return self.result.elapsed_ms if self.result else 0


@dataclass(eq=False)
class ProfileNode:
    """One profile; ``outcome`` is why it could not be tested, or what the test found."""

    plan: CheckPlan
    checks: list[CheckNode] = field(default_factory=list[CheckNode])
    outcome: Tested | CcswitchError | None = None
    is_running: bool = False

    def __post_init__(self) -> None:
        self.checks = [CheckNode(self, check, model or "") for check, model in self.plan.checks]

    @property
    def name(self) -> str:
        return self.plan.name

    @property
    def profile(self) -> str:
        return self.plan.subject.profile

    @property
    def status(self) -> str:
        """A ``Verdict``, or ``problem`` (not tested), ``stopped``, ``running`` or ``waiting``."""
        match self.outcome:
            case Tested(report=report, interrupted=interrupted):
                return STOPPED if interrupted and report.verdict is not Verdict.BROKEN else report.verdict.value
            case None:
                return RUNNING if self.is_running else WAITING
            case _:
                return NOT_TESTED

    @property
    def fix(self) -> Mapping[str, str]:
        if not isinstance(self.outcome, Tested):
            return {}
        from ccswitch_py.services.live_test.fix import fix_of

        return fix_of(self.outcome.report)

    @property
    def needs_real_client(self) -> bool:
        """Whether only the tool itself can tell."""
        return self.status == Verdict.UNTESTABLE and self.plan.subject.target == DEFAULT_TARGET

    @property
    def worst(self) -> CheckNode | None:
        return next((check for status in ("fail", "untestable", "warn") for check in self.checks_in(status)), None)

    def checks_in(self, status: str) -> Iterator[CheckNode]:
        return (check for check in self.checks if check.status == status)

    def start(self, check: str, model: str | None) -> None:
        if self.outcome is None:
            self.is_running = True
            self._node(check, model or "").is_running = True

    def finish(self, result: CheckResult) -> None:
        self._node(result.check, result.model or "").result = result

    def conclude(self, outcome: Tested | CcswitchError) -> None:
        self.outcome = outcome
        if isinstance(outcome, Tested):
            for result in outcome.report.checks:
                self.finish(result)
        for check in self.checks:
            check.is_running = False

    def _node(self, check: str, model: str) -> CheckNode:
        """Find the node of a check, or add it; one that was planned without a model gets this one."""
        for node in self.checks:
            if node.check == check and (node.model in ("", model) or not model):
                node.model = model or node.model
                return node
        self.checks.append(CheckNode(self, check, model))
        return self.checks[-1]


Node = ProfileNode | CheckNode


class LiveResults:
    """The tests of all profiles on the screen, in their order."""

    def __init__(self) -> None:
        self.profiles: dict[str, ProfileNode] = {}

    @property
    def checks(self) -> list[CheckNode]:
        return [check for profile in self.profiles.values() for check in profile.checks]

    @property
    def nodes(self) -> list[Node]:
        return [node for profile in self.profiles.values() for node in (profile, *profile.checks)]

    @property
    def slowest_ms(self) -> int:
        """The time of the slowest answered check, or of all if none was answered."""
        timed = [check for check in self.checks if check.elapsed_ms]
        answered = [one.elapsed_ms for one in timed if one.result and one.result.diagnosis is not Diagnosis.TIMEOUT]
        return max(answered or [one.elapsed_ms for one in timed], default=0)

    def begin(self, plans: Iterable[CheckPlan]) -> None:
        self.profiles |= {plan.name: ProfileNode(plan) for plan in plans}


class ResultsWatch(ProgressListener):
    """Observes the tests on their threads; ``post`` runs each change on the thread of the screen."""

    def __init__(self, results: LiveResults, post: Callable[[Callable[[], None]], object]) -> None:
        # A profile that is tested again gets a new node, which this watch must not change.
        self._profiles = dict(results.profiles)
        self._post = post

    def profile_started(self, plan: ProbePlan) -> None:
        profile = self._profiles[plan.name]
        self._post(lambda: setattr(profile, "is_running", True))

    def check_started(self, name: str, check: str, model: str | None) -> None:
        self._post(lambda: self._profiles[name].start(check, model))

    def check_finished(self, name: str, result: CheckResult) -> None:
        self._post(lambda: self._profiles[name].finish(result))

    def profile_finished(self, name: str, found: Tested | CcswitchError) -> None:
        self._post(lambda: self._profiles[name].conclude(found))
