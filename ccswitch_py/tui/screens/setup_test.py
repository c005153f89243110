"""The live test of the setup form: what was asked last, what it found, and what can be done about that."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple, Protocol

from ccswitch_py.errors import CcswitchError
from ccswitch_py.language import together, tr
from ccswitch_py.paths import Paths
from ccswitch_py.tui.background import in_background
from ccswitch_py.tui.screens.setup_words import check_row
from ccswitch_py.tui.widgets.check_list import CheckList

if TYPE_CHECKING:
    from ccswitch_py.jobs.setup import Draft
    from ccswitch_py.model.launch import LaunchRecord
    from ccswitch_py.probe.plan import ProbePlan
    from ccswitch_py.probe.report import CheckResult, ProfileReport


class Say(Protocol):
    """Tells the user something, which may be that something is wrong."""

    def __call__(self, text: str, *, wrong: bool = False) -> None: ...


class Found(NamedTuple):
    """What a whole test has found, and of what; the plan has a fingerprint if that was the saved profile."""

    plan: ProbePlan
    report: ProfileReport


class LiveTest:
    """One test after the other of what stands in the form.

    ``say`` tells the user how far it is, ``changed`` is called when there is another remedy or none.
    """

    def __init__(self, paths: Paths, checks: CheckList, say: Say, changed: Callable[[], None]) -> None:
        self._paths = paths
        self._checks = checks
        self._say = say
        self._changed = changed
        self._asked: Draft | None = None
        self._found: Found | None = None
        self._remark = ""

    @property
    def fix(self) -> dict[str, str]:
        """The switches that mend what was found; none if there is nothing that they mend."""
        if self._found is None:
            return {}
        from ccswitch_py.jobs.fix import fix_of

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
        self._asked = None
        self._remark = ""
        self._checks.reset()
        self._know(None)

    def stop(self, said: str) -> None:
        """The test will not go on; what is known stays."""
        self._checks.drop_running()
        self._say(together(said, self._remark))

    async def run(self, draft: Draft, *, saved_as: str | None = None, remark: str = "") -> None:
        """Ask what Claude Code would ask; each check appears as it ends, ``remark`` after the verdict.

        ``saved_as`` is the fingerprint of the saved profile if that is known to be this draft (None: look), and
        what is found of a saved profile is remembered. Raises as ``plan_of_draft`` does.
        """
        from ccswitch_py.jobs.check import budget, plan_of_draft
        from ccswitch_py.probe.checks.table import requests_planned
        from ccswitch_py.probe.ladder import run_ladder
        from ccswitch_py.probe.plan import spare_requests

        self.forget()
        self._asked, self._remark = draft, remark
        plan = await in_background(plan_of_draft, self._paths, draft)
        fingerprint = await in_background(_fingerprint, self._paths, draft) if saved_as is None else saved_as
        plan = replace(plan, fingerprint=fingerprint)
        self._say(tr("Testing: {requests}.", requests=budget(requests_planned(plan), spare_requests(plan))))
        report = await run_ladder(plan, self._check_ended, self._checks.start)
        await self._conclude(Found(plan, report))

    async def ask_claude_code(self) -> None:
        """Let the user's own Claude Code ask with the saved profile that was tested; raises as that job does."""
        from ccswitch_py.jobs.real_claude import ask_claude_code
        from ccswitch_py.model.role import Role
        from ccswitch_py.probe.report import WITH_CLAUDE

        if self._found is None:
            return
        plan, report = self._found
        self._remark = ""
        self._checks.start(WITH_CLAUDE, plan.models[Role.MAIN])
        self._say(tr("Claude Code is asking …"))
        try:
            result = await ask_claude_code(self._paths, plan)
        finally:
            self._checks.drop_running()
        self._check_ended(result)
        await self._conclude(Found(plan, report.with_check(result)))

    def remember_as(self, draft: Draft, record: LaunchRecord) -> None:
        """Keep what was found for a profile that was just saved, if just this was tested."""
        if self._found is None or not self.is_of(draft):
            return
        from ccswitch_py.jobs.last_tests import remember
        from ccswitch_py.store.last_tests import fingerprint_of

        remember(self._paths, replace(self._found.report, name=draft.name), fingerprint_of(record))

    async def _conclude(self, found: Found) -> None:
        from ccswitch_py.jobs.check import verdict_sentence
        from ccswitch_py.jobs.last_tests import remember
        from ccswitch_py.tui.screens.setup_words import remedy_sentence

        report = found.report
        self._know(found)
        remedy = remedy_sentence(self.fix, needs_claude_code=self.needs_claude_code)
        said = together(verdict_sentence(report), self._remark, remedy)
        self._say(said, wrong=report.verdict in ("broken", "untestable"))
        if found.plan.fingerprint:
            await in_background(remember, self._paths, report, found.plan.fingerprint)

    def _know(self, found: Found | None) -> None:
        self._found = found
        self._changed()

    def _check_ended(self, result: CheckResult) -> None:
        self._checks.finish(check_row(result))


def list_models(paths: Paths, draft: Draft) -> list[str]:
    """The ids that the gateway of a draft lists; raises as ``models_for_draft`` does."""
    from ccswitch_py.jobs.models import models_for_draft

    return models_for_draft(paths, draft)


def _question(draft: Draft) -> Draft:
    return replace(draft, name="", allow_http=False)


def _fingerprint(paths: Paths, draft: Draft) -> str:
    """The fingerprint of the saved profile if it is exactly this draft, else nothing."""
    from ccswitch_py.jobs.setup import draft_of
    from ccswitch_py.store.last_tests import fingerprint_of
    from ccswitch_py.store.launches import load_record
    from ccswitch_py.store.profiles import load_profile

    try:
        is_saved = draft_of(draft.name, load_profile(paths, draft.name)) == draft
        return fingerprint_of(load_record(paths, draft.name)) if is_saved else ""
    except CcswitchError:  # it is no error of the test that nothing usable is saved
        return ""
