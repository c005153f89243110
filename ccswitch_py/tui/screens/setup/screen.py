"""The setup form: pick a gateway, paste a key, choose four models, test, save, use."""

# Textual types the app of a screen only in part:
# pyright: reportUnknownMemberType=false, reportUnknownArgumentType=false

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

from textual import on, work
from textual.app import ComposeResult
from textual.widgets import Button, Input, Select
from textual.worker import Worker

from ccswitch_py.core.errors import CcswitchError
from ccswitch_py.core.language import _, join_sentences, ngettext
from ccswitch_py.core.paths import Paths
from ccswitch_py.model.base_url import BaseUrl
from ccswitch_py.tui.background import in_background
from ccswitch_py.tui.screens.setup.commands import COMMANDS
from ccswitch_py.tui.screens.setup.form import SetupForm
from ccswitch_py.tui.screens.setup.host import FormScreen
from ccswitch_py.tui.screens.setup.live_test import FormLiveTest, list_models
from ccswitch_py.tui.screens.setup.options import MoreChanged
from ccswitch_py.tui.widgets.key_bar import KeyBar
from ccswitch_py.tui.widgets.key_field import KeyField
from ccswitch_py.tui.widgets.model_select import ModelSelect

if TYPE_CHECKING:
    from ccswitch_py.services.profiles.setup import Draft

TALL = 40
"""From so many rows on the form has room between its fields."""


class SetupScreen(FormScreen):
    """One form for a new profile, and for editing one.

    Returns a sentence for the user once something was saved.
    """

    CSS_PATH = "screen.tcss"
    AUTO_FOCUS = "KeyField.first, .first Input"
    ACTIONS = COMMANDS

    def __init__(self, paths: Paths, *, profile_name: str | None = None, key_hint: str = "") -> None:
        self._form = SetupForm(paths, profile_name=profile_name, key_hint=key_hint)
        super().__init__(self._form.fields.key)
        self.VERTICAL_BREAKPOINTS = [(TALL, "tall")]
        self._paths = paths
        self._editing = profile_name
        self._http_agreed = ""
        self._live_test = FormLiveTest(paths, self, self._show_remedies)

    def compose(self) -> ComposeResult:
        """The form, what is to be said, and the keys; what is waited for and the checks come when there are any."""
        yield self._form
        yield self.said_line
        yield KeyBar()

    def on_setup_form_gone(self, event: SetupForm.Gone) -> None:
        """There is nothing to edit any more."""
        self.leave(event.text)

    def on_setup_form_said(self, event: SetupForm.Said) -> None:
        """Say what a field has to say."""
        self.said_line.say(event.text, wrong=event.wrong)

    @on(KeyField.Cleaned)
    @on(KeyField.Edited)
    @on(Select.Changed, "#provider")
    @on(Input.Changed)
    @on(ModelSelect.Changed)
    @on(MoreChanged)
    def _field_changed(self) -> None:
        if not self._live_test.has_rows:
            return
        try:
            if self._live_test.is_of(self._form.draft(self._http_agreed)):
                return
        except CcswitchError:
            pass  # what cannot be asked is not what was asked
        if self._is_testing:
            self._stop_test(_("The test was stopped: what it tests has changed."))
        self._live_test.forget()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """One thing after the other; the remedies are there only while there is something that they mend."""
        match action:
            case "fix":
                return bool(self._live_test.fix) and not self._is_at_work
            case "ask_claude_code":
                return self._live_test.needs_claude_code and not self._is_at_work
            case "test" | "save" | "save_and_use" | "list_models":
                return not self._is_at_work
            case "leave":
                return not self._is_at_work and not self._is_running("leave")
            case "stop":
                return self._is_at_work
            case _:
                return True

    def on_worker_state_changed(self, event: Worker.StateChanged) -> None:
        """Say in the key bar whether Escape stops something."""
        self.refresh_bindings()

    def _show_remedies(self) -> None:
        shown = {"fix": bool(self._live_test.fix), "ask-claude-code": self._live_test.needs_claude_code}
        self._form.show_remedies(shown)
        self.refresh_bindings()

    @property
    def _is_testing(self) -> bool:
        return self._is_running("test")

    @property
    def _is_at_work(self) -> bool:
        return self._is_running("test", "list", "save") or self.is_busy

    def _is_running(self, *groups: str) -> bool:
        return any(one.node is self and one.group in groups and not one.is_finished for one in self.workers)

    def _stop_test(self, said: str) -> None:
        self.workers.cancel_group(self, "test")
        self._live_test.stop(said)

    @on(Button.Pressed)
    async def _button_pressed(self, event: Button.Pressed) -> None:
        await self.run_action((event.button.id or "").replace("-", "_"))

    def action_same_as_main(self) -> None:
        """Give the other three roles the main model."""
        self._form.fields.same_as_main()

    @work(group="more", exclusive=True)
    async def action_more(self) -> None:
        """Show the part More, or hide it; what stands in it holds all the same."""
        if self._form.fields.close_more():
            self._form.fields.more_button.focus()
        else:
            await self._form.fields.open_more()
            self._form.fields.go_to("fable")

    def action_stop(self) -> None:
        """Stop the test, or whatever else is waited for."""
        if self._is_testing:
            self._stop_test(_("The test was stopped."))
        elif self.busy:
            self.busy.stop()

    def action_leave(self) -> None:
        """Go back without saving; what was typed is not given up without a yes."""
        if self._form.fields.is_dirty:
            self._ask_to_leave()
        else:
            self.leave(None)

    @work(group="leave", exclusive=True)
    async def _ask_to_leave(self) -> None:
        from ccswitch_py.tui.screens.question import is_to_be_thrown_away

        if await is_to_be_thrown_away(self.app):
            self.leave(None)

    @work(group="list")
    async def action_list_models(self) -> None:
        """Ask the gateway which models it lists, and offer them beside the catalogue."""
        with self.said_line.problems():
            draft = await self._agreed_draft(models_too=False)
            if draft is None:
                return
            asking = _("Asking {host} for its models …", host=BaseUrl(draft.base_url).host)
            ids = await self.wait_for(asking, list_models, self._paths, draft)
            if not self._form.fields.take_listed(draft.base_url, ids):
                self.said_line.say(_("The address is another one now: list its models again."))
                return
            said = ngettext("The gateway lists {count} model.", "The gateway lists {count} models.", len(ids))
            self.said_line.say(join_sentences(said, _("It is a hint: a test tells what this key really gets.")))

    @work(group="test", exclusive=True)
    async def action_test(self) -> None:
        """Ask the gateway what Claude Code will ask; each check appears as it ends."""
        self._live_test.forget()
        with self.said_line.problems():
            draft = await self._agreed_draft()
            if draft is not None:
                await self._live_test.run(draft)

    @work(group="test", exclusive=True)
    async def _test_again(self, remark: str, saved_as: str | None = None) -> None:
        with self.said_line.problems(remark):
            draft = self._form.draft(self._http_agreed)
            await self._live_test.run(draft, saved_as=saved_as, remark=remark)

    @work(group="save")
    async def action_fix(self) -> None:
        """Set the switches that mend what was found, and test again; a profile that is edited is saved with them."""
        from ccswitch_py.services.live_test.fix import save_fixed
        from ccswitch_py.tui.screens.setup.texts import fixed_in_form_sentence, fixed_sentence

        fix, form = self._live_test.fix, self._form
        with self.said_line.problems():
            draft = await self._agreed_draft()
            if draft is None:
                return
            if self._editing is None:
                form.fields.take_switches(fix)
                self._test_again(fixed_in_form_sentence(fix))
                return
            fixed = await self.wait_for(_("Saving …"), save_fixed, self._paths, draft, fix, form.opened)
            form.fields.take_switches(fix)
            form.take_saved(fixed.opened)
            remark = fixed_sentence(fix, draft.name, fixed.targets)
            self._test_again(join_sentences(remark, fixed.problem), fixed.fingerprint)

    @work(group="test", exclusive=True)
    async def action_ask_claude_code(self) -> None:
        """Ask the user's own Claude Code, after a yes, what no test of ours can tell."""
        from ccswitch_py.services.live_test.tool import find_real_client
        from ccswitch_py.tui.screens.question import QuestionScreen
        from ccswitch_py.tui.screens.setup.texts import ASK_AFTER_SAVING, WHOLE_REQUEST

        if not self._live_test.is_of_saved_profile:
            self.said_line.say(_(ASK_AFTER_SAVING))
            return
        with self.said_line.problems():
            await in_background(find_real_client)
            answers = {"back": _("Go back"), "ask": _("Ask it")}
            question = QuestionScreen(_("Ask Claude Code"), _(WHOLE_REQUEST), answers)
            if await self.app.push_screen_wait(question) == "ask":
                await self._live_test.ask_claude_code()

    @work(group="save")
    async def action_save(self) -> None:
        """Save the profile and go back."""
        if name := await self._save():
            self.leave(_("The profile {name} is saved.", name=name))

    @work(group="save")
    async def action_save_and_use(self) -> None:
        """Save the profile, show the exact change of the live file, and write it."""
        from ccswitch_py.tui.flows.apply import apply_after_preview
        from ccswitch_py.tui.flows.flow import Here

        if name := await self._save():
            said = await apply_after_preview(Here(self.app, self._paths, self.wait_for), name)
            self.leave(join_sentences(_("The profile {name} is saved.", name=name), said))

    async def _save(self) -> str | None:
        from ccswitch_py.tui.screens.setup.save import Saving, save_or_ask

        with self.said_line.problems():
            draft = await self._agreed_draft()
            if draft is None:
                return None
            saving = Saving(self._paths, draft, self._form.opened, is_new=self._editing is None)
            saved = await save_or_ask(self.app, saving, self.wait_for)
            if saved.shown is not None:
                self._form.show_opened(saved.shown)
                self.said_line.say(_("This is what the file says now; what you typed is gone, apart from a key."))
            if saved.record is None:
                return None
            await in_background(self._live_test.remember_as, draft, saved.record)
            self._editing = draft.name
            return draft.name
        return None

    async def _agreed_draft(self, *, models_too: bool = True) -> Draft | None:
        """What the form says, once the user has agreed to plain http where it is that; None for "not yet"."""
        await in_background(import_module, "ccswitch_py.services.profiles.setup")
        form = self._form
        if self._editing is None or form.opened is not None:
            wrong = form.fields.first_problem(models_too=models_too)
            if wrong is not None:
                field_id, problem = wrong
                form.fields.go_to(field_id)
                self.said_line.say(problem, wrong=True)
                return None
        draft = form.draft(self._http_agreed)
        url = BaseUrl(draft.base_url)
        if not url.is_plain_http or draft.allow_http:
            return draft
        from ccswitch_py.tui.screens.setup.plain_http import agreed_base_url

        agreed = await agreed_base_url(self.app, url, self.wait_for)
        if agreed is None:
            self.said_line.say(_("Nothing was sent."))
            return None
        self._http_agreed = agreed
        self._form.fields.address.value = agreed
        return form.draft(agreed)
