"""The setup screen: pick a gateway, paste a key, choose four models, test, save, use."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, ParamSpec, TypeVar

from textual import on, work
from textual.app import ComposeResult
from textual.message import Message
from textual.widgets import Button, Input, Select
from textual.worker import Worker

from ccswitch_py.core.errors import CcswitchError
from ccswitch_py.core.language import N_, _, join_sentences, ngettext
from ccswitch_py.core.paths import Paths
from ccswitch_py.model.base_url import BaseUrl
from ccswitch_py.tui.background import in_background, preload
from ccswitch_py.tui.commands import Command
from ccswitch_py.tui.flows.flow import FlowContext
from ccswitch_py.tui.screens.base import CommandScreen
from ccswitch_py.tui.screens.setup.advanced_values import AdvancedChanged
from ccswitch_py.tui.screens.setup.form import SetupForm
from ccswitch_py.tui.screens.setup.live_test import FormLiveTest
from ccswitch_py.tui.screens.setup.texts import SAVE_BEFORE_ASKING
from ccswitch_py.tui.screens.texts import REAL_CLIENT_NOTICE, fixed_sentence, format_switches
from ccswitch_py.tui.widgets.busy import Busy
from ccswitch_py.tui.widgets.key_bar import KeyBar
from ccswitch_py.tui.widgets.key_field import KeyField
from ccswitch_py.tui.widgets.model_select.field import ModelSelect
from ccswitch_py.tui.widgets.status_line import StatusLine

if TYPE_CHECKING:
    from ccswitch_py.services.profiles.setup import Draft

Arguments = ParamSpec("Arguments")
Result = TypeVar("Result")
TALL = 40
"""From so many rows on there is space between the fields."""


class SetupScreen(CommandScreen[str | None]):
    """The form for a new profile, or for one that is edited; returns a message once something was saved."""

    CSS_PATH = "screen.tcss"
    AUTO_FOCUS = "KeyField.first, .first Input"
    ACTIONS = (
        Command("escape", "stop", N_("Stop"), N_("Stop the test, or whatever is waited for")),
        Command(
            "ctrl+t", "test", N_("Test"), N_("Ask the gateway what Claude Code will ask"), "test NAME", priority=True
        ),
        Command(
            "ctrl+f",
            "fix",
            N_("Fix"),
            N_("Set the switches that leave out what the gateway refuses"),
            "test NAME --fix",
            priority=True,
        ),
        Command(
            "ctrl+g",
            "ask_claude_code",
            N_("Ask Claude Code"),
            N_("Let your own Claude Code ask a gateway that serves no other program"),
            "test NAME --with-claude",
            priority=True,
        ),
        Command(
            "ctrl+o",
            "save",
            N_("Save"),
            N_("Put the key into the keyring and write the profile"),
            "add NAME ...",
            priority=True,
        ),
        Command(
            "ctrl+r",
            "save_and_use",
            N_("Save and use"),
            N_("Save, show what changes in the settings, and write it after a yes"),
            "use NAME",
            priority=True,
        ),
        Command(
            "ctrl+l",
            "list_models",
            N_("List models"),
            N_("Ask the gateway which models it lists to this key"),
            "models NAME --refresh",
            priority=True,
        ),
        Command(
            "f4",
            "more",
            N_("More"),
            N_("Fable and subagent models, limits, headers, how the key is sent, compatibility switches"),
            "edit NAME --header NAME:VALUE --switch NAME=VALUE ...",
            priority=True,
        ),
        Command("escape", "leave", N_("Back"), N_("Go back; what is not saved is lost only after a yes")),
        Command(
            "ctrl+e",
            "same_as_main",
            N_("Same as main"),
            N_("Give the other three roles the main model"),
            "edit NAME --same-as-main",
            shown=False,
            priority=True,
        ),
    )

    @dataclass
    class Left(Message):
        """The form was left while it was the first screen."""

        message: str | None

    def __init__(self, paths: Paths, *, profile_name: str | None = None, key_hint: str = "") -> None:
        super().__init__()
        self.VERTICAL_BREAKPOINTS = [(TALL, "tall")]
        self._paths = paths
        self._editing = profile_name
        self._http_agreed = ""
        self._form = SetupForm(paths, profile_name=profile_name, key_hint=key_hint)
        self._fields = self._form.fields
        # What is pasted next after "There is no key" is the key, which must not land in a plain field.
        self.status = StatusLine(on_missing_key=self._fields.key.focus)
        self._busy: Busy | None = None
        self._live_test = FormLiveTest(paths, self, self._show_remedies)

    def compose(self) -> ComposeResult:
        yield self._form
        yield self.status
        yield KeyBar()

    def on_setup_form_profile_removed(self, event: SetupForm.ProfileRemoved) -> None:
        self._leave(event.text)

    def on_setup_form_status_changed(self, event: SetupForm.StatusChanged) -> None:
        self.status.show(event.text, is_error=event.is_error)

    @on(KeyField.Cleaned)
    @on(KeyField.Edited)
    @on(Select.Changed, "#provider")
    @on(Input.Changed)
    @on(ModelSelect.ModelChanged)
    @on(AdvancedChanged)
    def _field_changed(self) -> None:
        """Drop the results of a test that the form would not make any more."""
        if not self._live_test.has_results:
            return
        try:
            if self._live_test.is_of(self._form.draft(self._http_agreed)):
                return
        except CcswitchError:
            pass  # an invalid form is another one, too
        if self._is_running("test"):
            self._stop_test(_("The test was stopped: what it tests has changed."))
        self._live_test.reset()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        match action:
            case "fix":
                return bool(self._live_test.fix) and not self._is_working
            case "ask_claude_code":
                return self._live_test.needs_real_client and not self._is_working
            case "test" | "save" | "save_and_use" | "list_models":
                return not self._is_working
            case "leave":
                return not self._is_working and not self._is_running("leave")
            case "stop":
                return self._is_working
            case _:
                return True

    def on_worker_state_changed(self, event: Worker.StateChanged) -> None:
        self.refresh_bindings()

    def _show_remedies(self) -> None:
        shown = {"fix": bool(self._live_test.fix), "ask-claude-code": self._live_test.needs_real_client}
        self._form.show_remedies(shown)
        self.refresh_bindings()

    @property
    def _is_working(self) -> bool:
        return self._is_running("test", "list", "save") or (self._busy is not None and self._busy.is_busy)

    def _is_running(self, *groups: str) -> bool:
        return any(one.node is self and one.group in groups and not one.is_finished for one in self.workers)

    def _stop_test(self, reason: str) -> None:
        self.workers.cancel_group(self, "test")
        self._live_test.stop(reason)

    async def run_job(
        self, text: str, job: Callable[Arguments, Result], /, *arguments: Arguments.args, **options: Arguments.kwargs
    ) -> Result:
        """Return or raise what the job does; show ``text`` in place of the status meanwhile."""
        self.status.show("")
        self.add_class("waits")
        return await self.run_reporting_job(text, job, *arguments, **options)

    async def run_reporting_job(
        self, text: str, job: Callable[Arguments, Result], /, *arguments: Arguments.args, **options: Arguments.kwargs
    ) -> Result:
        """Do the same for a job that reports its progress itself; the status stays."""
        if self._busy is None:
            self._busy = Busy()
            await self.mount(self._busy, after=self.status)
        self.call_next(self.refresh_bindings)
        try:
            return await self._busy.run(text, job, *arguments, **options)
        finally:
            self.remove_class("waits")
            self.refresh_bindings()

    def _leave(self, message: str | None) -> None:
        """Go back; the key leaves its field."""
        self._fields.key.action_clear()
        if self.app.screen_stack[0] is self:
            self.post_message(self.Left(message))
        else:
            self.answer(message)

    @on(Button.Pressed)
    async def _button_pressed(self, event: Button.Pressed) -> None:
        await self.run_action((event.button.id or "").replace("-", "_"))

    def action_same_as_main(self) -> None:
        self._fields.same_as_main()

    @work(group="more", exclusive=True)
    async def action_more(self) -> None:
        if self._fields.close_advanced():
            self._fields.advanced_button.focus()
        else:
            await self._fields.open_advanced()
            self._fields.focus("fable")

    def action_stop(self) -> None:
        if self._is_running("test"):
            self._stop_test(_("The test was stopped."))
        elif self._busy:
            self._busy.stop()

    @work(group="leave", exclusive=True)
    async def action_leave(self) -> None:
        """Go back without saving; discard what was typed only after a yes."""
        from ccswitch_py.tui.screens.question import confirm_discard

        if not self._fields.is_dirty or await confirm_discard(self.app):
            self._leave(None)

    @work(group="list")
    async def action_list_models(self) -> None:
        """Ask the gateway which models it lists, and offer them beside those of the catalogue."""
        with self.status.errors_shown():
            draft = await self._agreed_draft(with_models=False)
            if draft is None:
                return
            await preload("ccswitch_py.services.live_test.models")
            from ccswitch_py.services.live_test.models import models_for_draft

            asking = _("Asking {host} for its models …", host=BaseUrl(draft.base_url).host)
            ids = await self.run_job(asking, models_for_draft, self._paths, draft)
            if not self._fields.offer_listed(draft.base_url, ids):
                self.status.show(_("The address is another one now: list its models again."))
                return
            count = ngettext("The gateway lists {count} model.", "The gateway lists {count} models.", len(ids))
            self.status.show(join_sentences(count, _("It is a hint: a test tells what this key really gets.")))

    @work(group="test", exclusive=True)
    async def action_test(self) -> None:
        self._live_test.reset()
        with self.status.errors_shown():
            draft = await self._agreed_draft()
            if draft is not None:
                await self._live_test.run(draft)

    @work(group="test", exclusive=True)
    async def _test_again(self, remark: str, saved_as: str | None = None) -> None:
        with self.status.errors_shown(remark):
            draft = self._form.draft(self._http_agreed)
            await self._live_test.run(draft, saved_as=saved_as, remark=remark)

    @work(group="save")
    async def action_fix(self) -> None:
        """Set the switches that repair what was found, and test again; an edited profile is saved with them."""
        from ccswitch_py.services.live_test.fix import save_fixed

        fix = self._live_test.fix
        with self.status.errors_shown():
            draft = await self._agreed_draft()
            if draft is None:
                return
            if self._editing is None:
                self._fields.set_switches(fix)
                self._test_again(_("Set here, and saving keeps it: {switches}.", switches=format_switches(fix)))
                return
            fixed = await self.run_job(_("Saving …"), save_fixed, self._paths, draft, fix, self._form.opened)
            self._fields.set_switches(fix)
            self._form.mark_saved(fixed.opened)
            remark = fixed_sentence(fix, draft.name, fixed.targets)
            self._test_again(join_sentences(remark, fixed.problem), fixed.fingerprint)

    @work(group="test", exclusive=True)
    async def action_ask_claude_code(self) -> None:
        """Let the user's own client ask, after a yes: it finds out what no test of ours can."""
        from ccswitch_py.services.live_test.tool import find_real_client
        from ccswitch_py.tui.screens.question import QuestionScreen

        if not self._live_test.is_of_saved_profile:
            self.status.show(_(SAVE_BEFORE_ASKING))
            return
        with self.status.errors_shown():
            await in_background(find_real_client)
            answers = {"back": _("Go back"), "ask": _("Ask it")}
            question = QuestionScreen(_("Ask Claude Code"), _(REAL_CLIENT_NOTICE), answers)
            if await self.app.push_screen_wait(question) == "ask":
                await self._live_test.ask_real_client()

    @work(group="save")
    async def action_save(self) -> None:
        if name := await self._save():
            self._leave(_("The profile {name} is saved.", name=name))

    @work(group="save")
    async def action_save_and_use(self) -> None:
        from ccswitch_py.tui.flows.apply import apply_after_preview

        if name := await self._save():
            result = await apply_after_preview(self._flow_context, name)
            self._leave(join_sentences(_("The profile {name} is saved.", name=name), result))

    @property
    def _flow_context(self) -> FlowContext:
        return FlowContext(self.app, self._paths, self.run_job)

    async def _save(self) -> str | None:
        """Save the profile, and return its name; None if it was not saved."""
        with self.status.errors_shown():
            draft = await self._agreed_draft()
            if draft is None:
                return None
            await preload("ccswitch_py.tui.screens.setup.dialogs")
            from ccswitch_py.tui.screens.setup.dialogs import SaveRequest, save

            request = SaveRequest(draft, self._form.opened, is_new=self._editing is None)
            result = await save(self._flow_context, request)
            if result.loaded is not None:
                self._form.load(result.loaded)
                self.status.show(_("This is what the file says now; what you typed is gone, apart from a key."))
            if result.record is None:
                return None
            await in_background(self._live_test.remember_as, draft, result.record)
            self._editing = draft.name
            return draft.name
        return None

    async def _agreed_draft(self, *, with_models: bool = True) -> Draft | None:
        """Return the draft once the form is valid and the user has agreed to plain http where it is that."""
        await preload("ccswitch_py.services.profiles.setup")
        if self._editing is None or self._form.opened is not None:
            invalid = self._fields.validate(with_models=with_models)
            if invalid is not None:
                field_id, error = invalid
                self._fields.focus(field_id)
                self.status.show(error, is_error=True)
                return None
        draft = self._form.draft(self._http_agreed)
        url = BaseUrl(draft.base_url)
        if not url.is_plain_http or draft.allow_http:
            return draft
        await preload("ccswitch_py.tui.screens.setup.dialogs")
        from ccswitch_py.tui.screens.setup.dialogs import agree_on_scheme

        agreed = await agree_on_scheme(self._flow_context, url)
        if agreed is None:
            self.status.show(_("Nothing was sent."))
            return None
        self._http_agreed = agreed
        self._fields.address.value = agreed
        return self._form.draft(agreed)
