"""The live test of the setup form: it runs one test at a time, shows the checks, and offers remedies."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

from ccswitch_py.core.language import _, join_sentences
from ccswitch_py.core.paths import Paths
from ccswitch_py.tui.background import preload
from ccswitch_py.tui.screens.texts import format_switches

if TYPE_CHECKING:
    from ccswitch_py.model.launch import LaunchRecord
    from ccswitch_py.probe.plan import ProbePlan
    from ccswitch_py.probe.report import CheckResult
    from ccswitch_py.services.live_test.draft import DraftOutcome
    from ccswitch_py.services.profiles.setup import Draft
    from ccswitch_py.tui.screens.setup.check_list import CheckList
    from ccswitch_py.tui.screens.setup.screen import SetupScreen


class FormLiveTest:
    """Runs on ``screen``; ``remedies_changed`` is called when other remedies are on offer."""

    def __init__(self, paths: Paths, screen: SetupScreen, remedies_changed: Callable[[], None]) -> None:
        self._paths = paths
        self._screen = screen
        self._remedies_changed = remedies_changed
        self._checks: CheckList | None = None
        self._run_id = object()
        self._tested: Draft | None = None
        self._outcome: DraftOutcome | None = None
        self._remark = ""

    @property
    def fix(self) -> dict[str, str]:
        if self._outcome is None:
            return {}
        from ccswitch_py.services.live_test.fix import fix_of

        return fix_of(self._outcome.report)

    @property
    def needs_real_client(self) -> bool:
        """Whether only the tool itself can tell."""
        return self._outcome is not None and self._outcome.report.verdict == "untestable"

    @property
    def is_of_saved_profile(self) -> bool:
        return self._outcome is not None and bool(self._outcome.plan.fingerprint)

    @property
    def has_results(self) -> bool:
        return self._tested is not None

    def is_of(self, draft: Draft) -> bool:
        """Whether the last test sent what this draft would send."""
        return self._tested is not None and _requests(self._tested) == _requests(draft)

    def reset(self) -> None:
        self._run_id = object()
        self._tested = None
        self._remark = ""
        if self._checks:
            self._checks.reset()
        self._set_outcome(None)

    def stop(self, reason: str) -> None:
        """Show that the test was cancelled; keep the results so far."""
        self._run_id = object()
        if self._checks:
            self._checks.drop_running()
        self._screen.status.show(join_sentences(reason, self._remark))

    async def run(self, draft: Draft, *, saved_as: str | None = None, remark: str = "") -> None:
        """Test a draft; show each check as it ends, then the verdict and ``remark``.

        ``saved_as`` is the fingerprint of the saved profile if that is known to be this draft (None: look it up);
        the result for a saved profile is remembered. Raises as ``plan_of_draft`` does.
        """
        self.reset()
        self._tested, self._remark, run_id = draft, remark, self._run_id
        await preload("ccswitch_py.services.live_test.draft", "ccswitch_py.tui.screens.setup.check_list")
        from ccswitch_py.services.live_test.draft import plan_check, run_check
        from ccswitch_py.tui.screens.setup.check_list import check_row

        plan = await self._screen.busy.run(_("Testing …"), plan_check, self._paths, draft, saved_as)
        self._screen.status.show(_("Testing: {requests}.", requests=_budget(plan)))
        checks = await self._mounted_checks()

        def ended(result: CheckResult) -> None:
            checks.call_later(self._if_current, run_id, lambda: checks.finish(check_row(result)))

        def began(check: str, model: str | None) -> None:
            checks.call_later(self._if_current, run_id, lambda: checks.start(check, model))

        outcome = await self._screen.busy.run(_("Testing …"), run_check, self._paths, plan, ended, began)
        # Events that are still queued have nothing to add.
        self._run_id = object()
        checks.show_checks(check_row(result) for result in outcome.report.checks)
        self._conclude(outcome)

    async def ask_real_client(self) -> None:
        """Let the user's own client ask with the saved profile that was tested; raises as that job does."""
        from ccswitch_py.model.role import Role
        from ccswitch_py.services.live_test.draft import check_with_claude
        from ccswitch_py.tui.screens.setup.check_list import check_row

        if self._outcome is None:
            return
        self._remark = ""
        self._screen.status.show("")
        checks = await self._mounted_checks()
        checks.start("with_claude", self._outcome.plan.models[Role.MAIN])
        try:
            asking = _("Asking with Claude Code …")
            outcome = await self._screen.busy.run(asking, check_with_claude, self._paths, self._outcome)
        finally:
            checks.drop_running()
        checks.finish(check_row(outcome.report.checks[-1]))
        self._conclude(outcome)

    def remember_as(self, draft: Draft, record: LaunchRecord) -> None:
        """Store the result for a profile that was just saved, if this is what was tested."""
        if self._outcome is None or not self.is_of(draft):
            return
        from ccswitch_py.services.live_test.results import remember
        from ccswitch_py.store.last_tests import fingerprint_of

        remember(self._paths, replace(self._outcome.report, name=draft.name), fingerprint_of(record))

    def _conclude(self, outcome: DraftOutcome) -> None:
        from ccswitch_py.services.live_test.plans import verdict_sentence

        report = outcome.report
        self._set_outcome(outcome)
        remedy = remedy_sentence(self.fix, needs_real_client=self.needs_real_client)
        text = join_sentences(verdict_sentence(report), self._remark, remedy)
        self._screen.status.show(text, is_error=report.verdict in ("broken", "untestable"))

    def _set_outcome(self, outcome: DraftOutcome | None) -> None:
        self._outcome = outcome
        self._remedies_changed()

    def _if_current(self, run_id: object, update: Callable[[], None]) -> None:
        if run_id is self._run_id:
            update()

    async def _mounted_checks(self) -> CheckList:
        from ccswitch_py.tui.screens.setup.check_list import CheckList

        if self._checks is None:
            self._checks = CheckList(id="checks")
            await self._screen.mount(self._checks)
        return self._checks


def _requests(draft: Draft) -> Draft:
    return replace(draft, name="", allow_http=False)


def _budget(plan: ProbePlan) -> str:
    from ccswitch_py.probe.checks.table import planned_requests
    from ccswitch_py.probe.plan import extra_requests
    from ccswitch_py.services.live_test.plans import request_budget

    return request_budget(planned_requests(plan), extra_requests(plan))


def remedy_sentence(fix: Mapping[str, str], *, needs_real_client: bool) -> str:
    if fix:
        return _("Fix (ctrl+f) sets {switches}.", switches=format_switches(fix))
    return _("Ask Claude Code (ctrl+g) can tell.") if needs_real_client else ""
