"""The setup form: pick a gateway, paste a key, choose four models, test, save, use."""

# Textual types the app of a screen only in part:
# pyright: reportUnknownMemberType=false, reportUnknownArgumentType=false

from __future__ import annotations

import asyncio
from importlib import import_module
from typing import TYPE_CHECKING, ClassVar

from textual import on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.message import Message
from textual.screen import Screen
from textual.widgets import Button, Footer, Static

from ccswitch_py.errors import CcswitchError
from ccswitch_py.model.base_url import BaseUrl
from ccswitch_py.paths import Paths
from ccswitch_py.tui.screens.setup_form import SetupForm
from ccswitch_py.tui.widgets.check_list import CheckList, CheckRow
from ccswitch_py.tui.widgets.key_field import KeyField

if TYPE_CHECKING:
    from ccswitch_py.jobs.setup import Draft
    from ccswitch_py.probe.report import CheckResult


class SetupScreen(Screen[str | None]):
    """One form for a new profile and for editing one; returns a sentence for the user once something was saved."""

    CSS_PATH = "setup.tcss"
    AUTO_FOCUS = "KeyField.first, .first Input"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+t", "test", "Test", priority=True),
        Binding("ctrl+o", "save", "Save", priority=True),
        Binding("ctrl+r", "save_and_use", "Save and use", priority=True),
        Binding("ctrl+e", "same_as_main", "Same as main", priority=True),
        Binding("escape", "leave", "Back"),
    ]

    class Left(Message):
        """The form was left while it was the first screen."""

        def __init__(self, said: str | None) -> None:
            super().__init__()
            self.said = said

    def __init__(
        self, paths: Paths, *, profile_name: str | None = None, test_now: bool = False, key_hint: str = ""
    ) -> None:
        super().__init__()
        self._paths = paths
        self._editing = profile_name
        self._test_now = test_now
        self._key_hint = key_hint
        self._http_agreed = ""

    def compose(self) -> ComposeResult:
        """The form, what is to be said, and the checks of the live test."""
        yield SetupForm(self._paths, profile_name=self._editing, key_hint=self._key_hint)
        yield Static(id="said", markup=False)
        yield CheckList(id="checks")
        yield Footer(compact=True)

    def on_setup_form_filled(self) -> None:
        """Begin the test that was asked for."""
        if self._test_now:
            self.action_test()

    def on_setup_form_said(self, event: SetupForm.Said) -> None:
        """Say what a field has to say."""
        self._say(event.text, wrong=event.wrong)

    @on(KeyField.Cleaned)
    def _key_changed(self) -> None:
        # What was found out with another key says nothing about this one.
        self.query_one(CheckList).reset()

    @on(Button.Pressed)
    def _button_pressed(self, event: Button.Pressed) -> None:
        actions = {
            "test": self.action_test,
            "save": self.action_save,
            "save-and-use": self.action_save_and_use,
            "same-as-main": self.action_same_as_main,
        }
        actions[event.button.id or ""]()

    def action_same_as_main(self) -> None:
        """Give the other three roles the main model."""
        self.query_one(SetupForm).same_as_main()

    def action_leave(self) -> None:
        """Go back without saving; what would end the program with a key in the field needs a yes."""
        self.workers.cancel_group(self, "test")
        if self.app.screen_stack[0] is self and not self.query_one(KeyField).text_is_empty:
            self._ask_to_leave()
        else:
            self._leave(None)

    @work(group="leave", exclusive=True)
    async def _ask_to_leave(self) -> None:
        from ccswitch_py.tui.screens.question import QuestionScreen

        answers = {"stay": "Stay", "leave": "Leave"}
        question = QuestionScreen("Leave", "Leave without saving what you have entered?", answers)
        if await self.app.push_screen_wait(question) == "leave":
            self._leave(None)

    @work(group="test", exclusive=True)
    async def action_test(self) -> None:
        """Ask the gateway what Claude Code will ask; each check appears as it ends."""
        checks = self.query_one(CheckList)
        checks.reset()
        try:
            draft = await self._agreed_draft()
            if draft is None:
                return
            self._say("Testing …")
            await asyncio.to_thread(import_module, "ccswitch_py.jobs.check")
            from ccswitch_py.jobs.check import plan_of_draft, verdict_sentence
            from ccswitch_py.probe.ladder import run_ladder
            from ccswitch_py.probe.plan import requests_planned

            plan = await asyncio.to_thread(plan_of_draft, self._paths, draft)
            self._say(f"Testing with at most {requests_planned(plan)} requests …")
            report = await run_ladder(plan, self._check_ended, checks.start)
            self._say(verdict_sentence(report), wrong=report.verdict in ("broken", "untestable"))
        except CcswitchError as problem:
            self._say(str(problem), wrong=True)

    def _check_ended(self, result: CheckResult) -> None:
        # The address that is called stands in the form already, right above.
        detail = "" if (result.check, result.status) == ("url", "pass") else result.detail
        elapsed_ms = result.elapsed_ms or None
        row = CheckRow(result.check, result.model or "", result.status, detail, result.advice, elapsed_ms)
        self.query_one(CheckList).finish(row)

    @work(group="save", exclusive=True)
    async def action_save(self) -> None:
        """Save the profile and go back."""
        if name := await self._save():
            self._leave(f"The profile {name} is saved.")

    @work(group="save", exclusive=True)
    async def action_save_and_use(self) -> None:
        """Save the profile, show the exact change of settings.json, and write it."""
        from ccswitch_py.tui.apply_flow import apply_after_preview

        if name := await self._save():
            said = await apply_after_preview(self.app, self._paths, name)
            self._leave(f"The profile {name} is saved. {said}")

    async def _save(self) -> str | None:
        try:
            draft = await self._agreed_draft()
            if draft is None:
                return None
            self._say("Saving …")
            from ccswitch_py.jobs.setup import save_draft

            await asyncio.to_thread(save_draft, self._paths, draft, replace_existing=self._editing is not None)
        except CcswitchError as problem:
            self._say(str(problem), wrong=True)
            return None
        self._editing = draft.name
        return draft.name

    async def _agreed_draft(self) -> Draft | None:
        """What the form says, once the user has agreed to plain http where it is that; None for "go back"."""
        await asyncio.to_thread(import_module, "ccswitch_py.jobs.setup")
        form = self.query_one(SetupForm)
        draft = form.draft(self._http_agreed)
        url = BaseUrl(draft.base_url)
        if not url.is_plain_http or draft.allow_http:
            return draft
        from ccswitch_py.tui.screens.plain_http import agreed_base_url

        agreed = await agreed_base_url(self.app, url)
        if agreed is None:
            self._say("Nothing was sent.")
            return None
        self._http_agreed = agreed
        form.set_base_url(agreed)
        return form.draft(agreed)

    def _leave(self, said: str | None) -> None:
        if self.app.screen_stack[0] is self:
            self.post_message(self.Left(said))
        else:
            self.dismiss(said)

    def _say(self, text: str, *, wrong: bool = False) -> None:
        said = self.query_one("#said", Static)
        said.update(text)
        said.set_class(wrong, "wrong")
