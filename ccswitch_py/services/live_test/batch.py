"""The live test of one or many profiles: hosts in parallel, one request at a time for each; cancellable."""

from __future__ import annotations

import asyncio
import contextlib
import threading
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from ccswitch_py.core.cancellation import cancellable_by, current_token
from ccswitch_py.core.crash_report import as_error
from ccswitch_py.core.errors import CcswitchError, Interrupted
from ccswitch_py.core.language import _
from ccswitch_py.core.paths import Paths
from ccswitch_py.model.base_url import BaseUrl
from ccswitch_py.model.diagnosis import Status, Verdict
from ccswitch_py.probe.plan import Depth, ProbePlan
from ccswitch_py.probe.report import WITH_CLAUDE, CheckResult, ProfileReport
from ccswitch_py.probe.runner import ProbeCancelled, run_probe
from ccswitch_py.services.live_test.interruptible import finish
from ccswitch_py.services.live_test.plans import Subject, cost_of, plan_of_subject, verdict_sentence
from ccswitch_py.services.live_test.real_client import ask_real_client
from ccswitch_py.services.live_test.results import remember
from ccswitch_py.targets.registry import find_target

SEVERITY = (Verdict.WORKS, Verdict.DEGRADED, Verdict.UNTESTABLE, Verdict.BROKEN)

HOSTS_AT_ONCE = 128
"""Each takes an open file, of which some systems allow a program no more than 256."""

STAGGER_S = 0.003
"""How far apart hosts start: if all answered at once, some would wait for us and be called slow."""

REAL_CLIENTS_AT_ONCE = 2
"""Each takes some hundred megabytes of memory."""


class ProgressListener:
    """What is reported while the tests run; this one ignores it."""

    def profile_started(self, plan: ProbePlan) -> None:
        """A profile's key is there and its test starts."""

    def check_started(self, name: str, check: str, model: str | None) -> None:
        """One of a profile's checks starts."""

    def check_finished(self, name: str, result: CheckResult) -> None:
        """One of a profile's checks has finished."""

    def profile_finished(self, name: str, found: Tested | CcswitchError) -> None:
        """A profile was tested, or could not be."""


@dataclass(frozen=True)
class Tested:
    """One profile's result; ``interrupted`` if it is incomplete, ``fixed`` are the switches set before the test."""

    report: ProfileReport
    interrupted: bool = False
    fixed: Mapping[str, str] = field(default_factory=dict[str, str])

    @property
    def sentence(self) -> str:
        """The verdict and the cost in a sentence."""
        if not self.interrupted:
            return verdict_sentence(self.report)
        return _("The test was interrupted ({cost}).", cost=cost_of(self.report))

    def as_json(self, *, with_evidence: bool = False) -> dict[str, Any]:
        """The profile as ``ccswitch test --json`` prints it."""
        more = {"interrupted": self.interrupted, "fixed": dict(self.fixed)}
        return self.report.as_json(with_evidence=with_evidence) | {name: value for name, value in more.items() if value}


@dataclass
class Outcome:
    """The results of all profiles, and the problems of those that could not be tested."""

    names: list[str]
    tested: dict[str, Tested] = field(default_factory=dict[str, Tested])
    problems: dict[str, CcswitchError] = field(default_factory=dict[str, CcswitchError])
    interrupted: bool = False

    @property
    def in_order(self) -> list[Tested]:
        """The tested profiles in the order of the names."""
        return [self.tested[name] for name in self.names if name in self.tested]

    @property
    def not_started(self) -> list[str]:
        """The profiles whose turn had not come when the user interrupted."""
        return [name for name in self.names if name not in self.tested and name not in self.problems]

    @property
    def all_good(self) -> bool:
        """Whether the tool will work with every profile."""
        good = {Verdict.WORKS, Verdict.DEGRADED}
        return not self.problems and all(tested.report.verdict in good for tested in self.tested.values())

    def update(self, again: Outcome, fixes: Mapping[str, Mapping[str, str]]) -> None:
        """Replace the results of fixed profiles by those of their second test; the cost of both is added."""
        self.interrupted = again.interrupted
        self.problems |= again.problems
        fixed = [name for name, tested in self.tested.items() if tested.report.name in fixes]
        before = {name: self.tested.pop(name).report for name in fixed}
        for name, tested in again.tested.items():
            first, second = before[name], tested.report
            elapsed_ms = first.elapsed_ms + second.elapsed_ms
            report = replace(second, requests=first.requests + second.requests, elapsed_ms=elapsed_ms)
            self.tested[name] = replace(tested, report=report, fixed=fixes[second.name])

    def as_json(self, *, with_evidence: bool = False) -> dict[str, Any]:
        """All as ``ccswitch test --json`` prints it."""
        profiles = [tested.as_json(with_evidence=with_evidence) for tested in self.in_order]
        facts: dict[str, Any] = {"profiles": profiles}
        if self.problems:
            facts["problems"] = [
                {"name": name, "message": one.message, "hint": one.hint, "exit_code": one.exit_code}
                for name in self.names
                if (one := self.problems.get(name)) is not None
            ]
        if self.interrupted:
            facts["interrupted"] = True
        return facts


def check_many(
    paths: Paths,
    subjects: Sequence[Subject],
    depth: Depth,
    listener: ProgressListener,
    *,
    with_claude: bool = False,
    read_s: float | None = None,
) -> Outcome:
    """Test the profiles until all are done or the user interrupts; problems of a profile are not raised."""
    unique = list(dict.fromkeys(subjects))
    outcome = Outcome([subject.name for subject in unique])
    run = _BatchRun(paths, unique, depth, listener, outcome, with_claude, read_s)
    try:
        finish(run.run())
    except (KeyboardInterrupt, Interrupted):
        outcome.interrupted = True
    return outcome


@dataclass
class _BatchRun:
    """One run: a daemon thread that fetches the keys one by one, as a keyring may hang, and a task for each host."""

    _paths: Paths
    _subjects: Sequence[Subject]
    _depth: Depth
    _listener: ProgressListener
    _outcome: Outcome
    _with_claude: bool
    _read_s: float | None

    def __post_init__(self) -> None:
        self._hosts: defaultdict[str, asyncio.Lock] = defaultdict(asyncio.Lock)
        self._free = asyncio.Semaphore(HOSTS_AT_ONCE)
        self._real_clients = asyncio.Semaphore(REAL_CLIENTS_AT_ONCE)
        self._is_closed = False
        self._reports: defaultdict[str, list[ProfileReport]] = defaultdict(list)

    async def run(self) -> None:
        plans: asyncio.Queue[tuple[str, ProbePlan | CcswitchError]] = asyncio.Queue()
        loop, token = asyncio.get_running_loop(), current_token()

        def make_plans() -> None:
            with cancellable_by(token):
                for subject in self._subjects:
                    plan = self._make_plan(subject)
                    if self._is_closed or isinstance(plan, Interrupted):
                        return
                    with contextlib.suppress(RuntimeError):  # the loop is closed: the user interrupts
                        loop.call_soon_threadsafe(plans.put_nowait, (subject.name, plan))

        threading.Thread(target=make_plans, daemon=True).start()
        try:
            async with asyncio.TaskGroup() as tests:
                for _unused in self._subjects:
                    name, plan = await plans.get()
                    if isinstance(plan, CcswitchError):
                        self._outcome.problems[name] = plan
                        self._listener.profile_finished(name, plan)
                    else:
                        tests.create_task(self._test_in_turn(plan))
                        await asyncio.sleep(STAGGER_S)
        finally:
            self._is_closed = True

    def _make_plan(self, subject: Subject) -> ProbePlan | CcswitchError:
        try:
            plan = plan_of_subject(self._paths, subject, self._depth)
            return replace(plan, timeouts=plan.timeouts.waiting(self._read_s)) if self._read_s else plan
        except Exception as error:
            return _as_problem(error)

    async def _test_in_turn(self, plan: ProbePlan) -> None:
        async with self._hosts[BaseUrl(plan.base_url).key_host], self._free:
            await self._test(plan)

    async def _test(self, plan: ProbePlan) -> None:
        name = plan.name
        try:
            self._listener.profile_started(plan)
            report = await run_probe(
                plan,
                lambda result: self._listener.check_finished(name, result),
                lambda check, model: self._listener.check_started(name, check, model),
            )
            if self._with_claude:
                report = await self._ask_real_client(plan, report)
            self._outcome.tested[name] = found = Tested(report)
            self._remember(plan, report)
        except ProbeCancelled as cancelled:
            self._outcome.tested[name] = found = _interrupted(cancelled.args[0])
            self._listener.profile_finished(name, found)
            raise
        except Exception as error:
            self._outcome.problems[name] = found = _as_problem(error)
        self._listener.profile_finished(name, found)

    def _remember(self, plan: ProbePlan, report: ProfileReport) -> None:
        """Store the worst result of a profile that is tested for several targets."""
        reports = self._reports[plan.profile]
        reports.append(report)
        if plan.fingerprint:
            worst = max(reports, key=lambda one: SEVERITY.index(one.verdict))
            remember(self._paths, worst, plan.fingerprint, quick=self._depth is Depth.QUICK)

    async def _ask_real_client(self, plan: ProbePlan, report: ProfileReport) -> ProfileReport:
        if not report.requests or find_target(plan.target).real_client() is None:
            return report
        try:
            async with self._real_clients:
                self._listener.check_started(plan.name, WITH_CLAUDE, None)
                result = await ask_real_client(self._paths, plan)
        except asyncio.CancelledError as cancelled:
            raise ProbeCancelled(report) from cancelled
        self._listener.check_finished(plan.name, result)
        return report.with_check(result)


def _as_problem(error: Exception) -> CcswitchError:
    return error if isinstance(error, CcswitchError) else as_error(error)


def _interrupted(report: ProfileReport) -> Tested:
    """Return an incomplete result, whose verdict is never ``works``: skipped checks are unknown."""
    failed = any(check.status is Status.FAIL for check in report.checks)
    return Tested(replace(report, verdict=Verdict.BROKEN if failed else Verdict.UNTESTABLE), interrupted=True)
