"""The live test of the setup form: what was asked last, what it found, and what can be done about that."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

from ccswitch_py.core.language import _, join_sentences
from ccswitch_py.core.paths import Paths
from ccswitch_py.tui.screens.setup.host import FormScreen

if TYPE_CHECKING:
    from ccswitch_py.model.launch import LaunchRecord
    from ccswitch_py.probe.plan import ProbePlan
    from ccswitch_py.probe.report import CheckResult
    from ccswitch_py.services.live_test.draft import DraftOutcome
    from ccswitch_py.services.profiles.setup import Draft
    from ccswitch_py.tui.widgets.check_list import CheckList


class FormLiveTest:
    """One test after the other of what stands in the form.

    ``screen`` waits for it and shows the checks; ``changed`` is called when there is another remedy or none.
    """

    def __init__(self, paths: Paths, screen: FormScreen, changed: Callable[[], None]) -> None:
        self._paths = paths
        self._checks: CheckList | None = None
        self._screen = screen
        self._say = screen.said_line.say
        self._changed = changed
        self._run = object()
        self._asked: Draft | None = None
        self._found: DraftOutcome | None = None
        self._remark = ""

    @property
    def fix(self) -> dict[str, str]:
        """The switches that mend what was found; none if there is nothing that they mend."""
        if self._found is None:
            return {}
        from ccswitch_py.services.live_test.fix import fix_of

        return fix_of(self._found.report)

    @property
    def needs_claude_code(self) -> bool:
        """Whether only Claude Code itself can tell."""
        return self._found is not None and self._found.report.verdict == "untestable"

    @property
    def is_of_saved_profile(self) -> bool:
        """Whether what was tested is what is saved."""
        return self._found is not None and bool(self._found.plan.fingerprint)

    @property
    def has_rows(self) -> bool:
        """Whether something was asked that is still shown."""
        return self._asked is not None

    def is_of(self, draft: Draft) -> bool:
        """Whether the last test asked what this draft would ask; a name changes nothing in that."""
        return self._asked is not None and _question(self._asked) == _question(draft)

    def forget(self) -> None:
        """Nothing is known any more."""
        self._run = object()
        self._asked = None
        self._remark = ""
        if self._checks:
            self._checks.reset()
        self._know(None)

    def stop(self, said: str) -> None:
        """The test will not go on; what is known stays."""
        self._run = object()
        if self._checks:
            self._checks.drop_running()
        self._say(join_sentences(said, self._remark))

    async def run(self, draft: Draft, *, saved_as: str | None = None, remark: str = "") -> None:
        """Ask what Claude Code would ask; each check appears as it ends, ``remark`` after the verdict.

        ``saved_as`` is the fingerprint of the saved profile if that is known to be this draft (None: look), and
        what is found of a saved profile is remembered. Raises as ``plan_of_draft`` does.
        """
        from ccswitch_py.tui.screens.setup.texts import check_row

        self.forget()
        self._asked, self._remark, run = draft, remark, self._run
        plan = await self._screen.wait_for(_("Testing …"), _plan_check, self._paths, draft, saved_as)
        said = _("Testing: {requests}.", requests=_budget(plan))
        self._say(said)
        checks = await self._mounted_checks()

        def ended(result: CheckResult) -> None:
            checks.call_later(self._in_run, run, lambda: checks.finish(check_row(result)))

        def began(check: str, model: str | None) -> None:
            checks.call_later(self._in_run, run, lambda: checks.start(check, model))

        found = await self._screen.run_beside(said, _run_check, self._paths, plan, ended, began)
        # Whatever is still under way to the list says nothing that is not known now.
        self._run = object()
        checks.show(check_row(result) for result in found.report.checks)
        self._conclude(found)

    async def ask_claude_code(self) -> None:
        """Let the user's own Claude Code ask with the saved profile that was tested; raises as that job does."""
        from ccswitch_py.model.role import Role
        from ccswitch_py.probe.report import WITH_CLAUDE
        from ccswitch_py.tui.screens.setup.texts import check_row

        if self._found is None:
            return
        self._remark = ""
        checks = await self._mounted_checks()
        checks.start(WITH_CLAUDE, self._found.plan.models[Role.MAIN])
        said = _("Claude Code is asking …")
        self._say(said)
        try:
            found = await self._screen.run_beside(said, _check_with_claude, self._paths, self._found)
        finally:
            checks.drop_running()
        checks.finish(check_row(found.report.checks[-1]))
        self._conclude(found)

    def remember_as(self, draft: Draft, record: LaunchRecord) -> None:
        """Keep what was found for a profile that was just saved, if just this was tested."""
        if self._found is None or not self.is_of(draft):
            return
        from ccswitch_py.services.live_test.results import remember
        from ccswitch_py.store.last_tests import fingerprint_of

        remember(self._paths, replace(self._found.report, name=draft.name), fingerprint_of(record))

    def _conclude(self, found: DraftOutcome) -> None:
        from ccswitch_py.services.live_test.plans import verdict_sentence
        from ccswitch_py.tui.screens.setup.texts import remedy_sentence

        report = found.report
        self._know(found)
        remedy = remedy_sentence(self.fix, needs_claude_code=self.needs_claude_code)
        said = join_sentences(verdict_sentence(report), self._remark, remedy)
        self._say(said, wrong=report.verdict in ("broken", "untestable"))

    def _know(self, found: DraftOutcome | None) -> None:
        self._found = found
        self._changed()

    def _in_run(self, run: object, show: Callable[[], None]) -> None:
        if run is self._run:
            show()

    async def _mounted_checks(self) -> CheckList:
        """The list, which is made with the first test, so that it does not delay the form."""
        from ccswitch_py.tui.widgets.check_list import CheckList

        if self._checks is None:
            self._checks = CheckList(id="checks")
            await self._screen.mount(self._checks)
        return self._checks


def list_models(paths: Paths, draft: Draft) -> list[str]:
    """The ids that the gateway of a draft lists; raises as ``models_for_draft`` does."""
    from ccswitch_py.services.live_test.models import models_for_draft

    return models_for_draft(paths, draft)


def _question(draft: Draft) -> Draft:
    return replace(draft, name="", allow_http=False)


def _budget(plan: ProbePlan) -> str:
    from ccswitch_py.probe.checks.table import planned_requests
    from ccswitch_py.probe.plan import extra_requests
    from ccswitch_py.services.live_test.plans import request_budget

    return request_budget(planned_requests(plan), extra_requests(plan))


def _plan_check(paths: Paths, draft: Draft, saved_as: str | None) -> ProbePlan:
    from ccswitch_py.services.live_test.draft import plan_check

    return plan_check(paths, draft, saved_as)


def _run_check(
    paths: Paths,
    plan: ProbePlan,
    ended: Callable[[CheckResult], None],
    began: Callable[[str, str | None], None],
) -> DraftOutcome:
    from ccswitch_py.services.live_test.draft import run_check

    return run_check(paths, plan, ended, began)


def _check_with_claude(paths: Paths, found: DraftOutcome) -> DraftOutcome:
    from ccswitch_py.services.live_test.draft import check_with_claude

    return check_with_claude(paths, found)
