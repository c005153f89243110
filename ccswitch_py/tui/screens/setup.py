"""The setup form: pick a gateway, paste a key, choose four models, test, save, use."""

# Textual types the app of a screen only in part:
# pyright: reportUnknownMemberType=false, reportUnknownArgumentType=false

from __future__ import annotations

import asyncio
from collections.abc import Generator
from contextlib import contextmanager
from importlib import import_module
from typing import TYPE_CHECKING, ClassVar

from textual import on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.message import Message
from textual.screen import Screen
from textual.widgets import Button, Footer, Input, Select, Static

from ccswitch_py.errors import CcswitchError, KeyUnavailable, unexpected
from ccswitch_py.model.base_url import BaseUrl
from ccswitch_py.paths import Paths
from ccswitch_py.tui.flow import Here
from ccswitch_py.tui.screens.setup_form import SetupForm
from ccswitch_py.tui.screens.setup_test import LiveTest
from ccswitch_py.tui.widgets.check_list import CheckList
from ccswitch_py.tui.widgets.key_field import KeyField
from ccswitch_py.tui.widgets.model_select import ModelSelect

if TYPE_CHECKING:
    from ccswitch_py.jobs.setup import Draft


class SetupScreen(Screen[str | None]):
    """One form for a new profile and for editing one; returns a sentence for the user once something was saved."""

    CSS_PATH = "setup.tcss"
    AUTO_FOCUS = "KeyField.first, .first Input"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+t", "test", "Test", priority=True),
        Binding("ctrl+f", "fix", "Fix", priority=True),
        Binding("ctrl+g", "ask_claude_code", "Ask Claude Code", priority=True),
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
        self._checks = CheckList(id="checks")
        self._live_test = LiveTest(paths, self._checks, self._say, self._show_remedies)

    def compose(self) -> ComposeResult:
        """The form, what is to be said, and the checks of the live test."""
        yield SetupForm(self._paths, profile_name=self._editing, key_hint=self._key_hint)
        yield Static(id="said", markup=False)
        yield self._checks
        yield Footer(compact=True)

    def on_setup_form_filled(self) -> None:
        """Begin the test that was asked for."""
        if self._test_now:
            # Who came for a test does not type: no key may change a model by mistake.
            self.query_one("#test").focus()
            self.action_test()

    def on_setup_form_said(self, event: SetupForm.Said) -> None:
        """Say what a field has to say."""
        self._say(event.text, wrong=event.wrong)

    @on(KeyField.Cleaned)
    @on(KeyField.Edited)
    @on(Select.Changed, "#provider")
    @on(Input.Changed, "#base-url")
    @on(ModelSelect.Changed)
    def _field_changed(self) -> None:
        if not self._live_test.has_rows:
            return
        try:
            if self._live_test.is_of(self.query_one(SetupForm).draft(self._http_agreed)):
                return
        except CcswitchError:
            pass  # what cannot be asked is not what was asked
        if self._is_testing:
            self._stop_test("The test was stopped: what it tests has changed.")
        self._live_test.forget()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """The remedies are there only while there is something that they mend."""
        shown = {"fix": bool(self._live_test.fix), "ask_claude_code": self._live_test.needs_claude_code}
        return shown.get(action, True)

    def _show_remedies(self) -> None:
        shown = {"fix": bool(self._live_test.fix), "ask-claude-code": self._live_test.needs_claude_code}
        self.query_one(SetupForm).show_remedies(shown)
        self.refresh_bindings()

    @property
    def _is_testing(self) -> bool:
        return any(one.node is self and one.group == "test" and not one.is_finished for one in self.workers)

    def _stop_test(self, said: str) -> None:
        self.workers.cancel_group(self, "test")
        self._live_test.stop(said)

    @on(Button.Pressed)
    def _button_pressed(self, event: Button.Pressed) -> None:
        actions = {
            "test": self.action_test,
            "fix": self.action_fix,
            "ask-claude-code": self.action_ask_claude_code,
            "save": self.action_save,
            "save-and-use": self.action_save_and_use,
            "same-as-main": self.action_same_as_main,
        }
        actions[event.button.id or ""]()

    def action_same_as_main(self) -> None:
        """Give the other three roles the main model."""
        self.query_one(SetupForm).same_as_main()

    def action_leave(self) -> None:
        """Stop the test that runs, or go back without saving; a key in the first form is not given up without a yes."""
        if self._is_testing:
            self._stop_test("The test was stopped.")
            return
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
        self._live_test.forget()
        with self._problems_said():
            draft = await self._agreed_draft()
            if draft is not None:
                self._say("Testing …")
                await asyncio.to_thread(import_module, "ccswitch_py.jobs.check")
                await self._live_test.run(draft)

    @work(group="test", exclusive=True)
    async def _test_again(self, remark: str, saved_as: str | None = None) -> None:
        with self._problems_said(remark):
            draft = self.query_one(SetupForm).draft(self._http_agreed)
            await self._live_test.run(draft, saved_as=saved_as, remark=remark)

    @work(group="save", exclusive=True)
    async def action_fix(self) -> None:
        """Set the switches that mend what was found, and test again; a profile that is edited is saved with them."""
        from ccswitch_py.jobs.fix import save_fixed
        from ccswitch_py.tui.screens.setup_words import fixed_in_form_sentence, fixed_sentence

        fix, form = self._live_test.fix, self.query_one(SetupForm)
        with self._problems_said():
            draft = await self._agreed_draft()
            if draft is None:
                return
            if self._editing is None:
                form.take_switches(fix)
                self._test_again(fixed_in_form_sentence(fix))
                return
            self._say("Saving …")
            fixed = await asyncio.to_thread(save_fixed, self._paths, draft, fix)
            form.take_saved(fixed.profile)
            remark = fixed_sentence(fix, draft.name, fixed.targets)
            self._test_again(f"{remark} {fixed.problem}".rstrip(), fixed.fingerprint)

    @work(group="test", exclusive=True)
    async def action_ask_claude_code(self) -> None:
        """Ask the user's own Claude Code, after a yes, what no test of ours can tell."""
        from ccswitch_py.jobs.real_claude import find_claude
        from ccswitch_py.tui.screens.question import QuestionScreen
        from ccswitch_py.tui.screens.setup_words import ASK_AFTER_SAVING, WHOLE_REQUEST

        if not self._live_test.is_of_saved_profile:
            self._say(ASK_AFTER_SAVING)
            return
        with self._problems_said():
            await asyncio.to_thread(find_claude)
            question = QuestionScreen("Ask Claude Code", WHOLE_REQUEST, {"back": "Go back", "ask": "Ask it"})
            if await self.app.push_screen_wait(question) == "ask":
                await self._live_test.ask_claude_code()

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
            said = await apply_after_preview(Here(self.app, self._paths), name)
            self._leave(f"The profile {name} is saved. {said}")

    async def _save(self) -> str | None:
        with self._problems_said():
            draft = await self._agreed_draft()
            if draft is None:
                return None
            self._say("Saving …")
            from ccswitch_py.jobs.setup import save_draft

            replaces = self._editing is not None
            record = await asyncio.to_thread(save_draft, self._paths, draft, replace_existing=replaces)
            await asyncio.to_thread(self._live_test.remember_as, draft, record)
            self._editing = draft.name
            return draft.name
        return None

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

    @contextmanager
    def _problems_said(self, before: str = "") -> Generator[None]:
        try:
            yield
        except (CcswitchError, OSError) as problem:
            known = problem if isinstance(problem, CcswitchError) else unexpected(problem)
            self._say(f"{before} {known}".lstrip(), wrong=True)
            if isinstance(known, KeyUnavailable):
                # What is pasted next is the key, and must not land in a field that shows it.
                self.query_one(KeyField).focus()

    def _say(self, text: str, *, wrong: bool = False) -> None:
        said = self.query_one("#said", Static)
        said.update(text)
        said.set_class(wrong, "wrong")
