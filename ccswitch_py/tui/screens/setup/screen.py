"""The setup screen: pick a gateway, paste a key, choose four models, test, save, use."""

from __future__ import annotations

import shlex
from dataclasses import dataclass
from typing import TYPE_CHECKING

from textual import events, on, work
from textual.app import ComposeResult
from textual.message import Message
from textual.widgets import Button, Input, Select
from textual.worker import Worker

from ccswitch_py.core.errors import CcswitchError
from ccswitch_py.core.language import N_, _, join_sentences, ngettext
from ccswitch_py.core.paths import Paths
from ccswitch_py.model.base_url import BaseUrl
from ccswitch_py.redact.key_patterns import looks_like_key
from ccswitch_py.redact.secret import Secret
from ccswitch_py.tui.background import in_background, preload
from ccswitch_py.tui.flows import FlowContext, agree_on_scheme, confirm_real_client, save, use_profile
from ccswitch_py.tui.screens.base import Command, JobScreen
from ccswitch_py.tui.screens.setup.form import SetupForm
from ccswitch_py.tui.screens.setup.live_test import FormLiveTest
from ccswitch_py.tui.screens.setup.values import AdvancedChanged
from ccswitch_py.tui.screens.texts import fixed_sentence, format_switches
from ccswitch_py.tui.widgets.inputs import KeyField
from ccswitch_py.tui.widgets.model_select.field import ModelSelect

if TYPE_CHECKING:
    from ccswitch_py.services.profiles.setup import Draft

TALL = 40
"""From so many rows on there is space between the fields."""


class SetupScreen(JobScreen[str | None]):
    """The form for a new profile, or for one that is edited; returns a message once something was saved."""

    CSS_PATH = "screen.tcss"
    AUTO_FOCUS = "KeyField.first, .first Input"
    ACTIONS = (
        Command("escape", "stop", N_("Cancel"), N_("Cancel what is running")),
        Command("ctrl+t", "test", N_("Test"), N_("Send the requests that Claude Code will send"), "test NAME"),
        Command("ctrl+f", "fix", N_("Fix"), N_("Leave out what the gateway refuses"), "test NAME --fix"),
        Command("ctrl+g", "ask_claude_code", N_("Ask Claude Code"), N_("Run Claude Code"), "test NAME --with-claude"),
        Command("ctrl+o", "save", N_("Save"), N_("Store the key and save the profile"), "add NAME ..."),
        Command("ctrl+r", "save_and_use", N_("Save and use"), N_("Save, then preview the change"), "use NAME"),
        Command("ctrl+l", "list_models", N_("List models"), N_("List the gateway's models"), "models NAME --refresh"),
        Command("f4", "more", N_("More"), N_("Models, limits, headers, switches"), "edit NAME --header NAME:VALUE"),
        Command("f6", "key_from_variable", N_("Key from a variable"), N_("Read the key from a variable"), shown=False),
        Command("f7", "key_from_command", N_("Key from a command"), N_("Run a command for the key"), shown=False),
        Command("escape", "leave", N_("Back"), N_("Go back; confirm before discarding changes")),
        Command(
            "ctrl+e", "same_as_main", N_("Same as main"), N_("Use one model"), "edit NAME --same-as-main", shown=False
        ),
    )

    @dataclass
    class Left(Message):
        """The form was left while it was the first screen."""

        message: str | None

    def __init__(self, paths: Paths, *, profile_name: str | None = None, key_hint: str = "") -> None:
        # What is pasted next after "There is no key" is the key, which must not land in a plain field.
        super().__init__(on_missing_key=lambda: self._fields.key.focus())
        self.VERTICAL_BREAKPOINTS = [(TALL, "tall")]
        self._paths = paths
        self._editing = profile_name
        self._http_agreed = ""
        self._typed: object = None
        self._form = SetupForm(paths, profile_name=profile_name, key_hint=key_hint)
        self._fields = self._form.fields
        self._live_test = FormLiveTest(paths, self, self._show_remedies)

    def compose(self) -> ComposeResult:
        yield self._form
        yield from self._footer()

    def on_setup_form_profile_removed(self, event: SetupForm.ProfileRemoved) -> None:
        self._leave(event.text)

    def on_setup_form_status_changed(self, event: SetupForm.StatusChanged) -> None:
        self._typed = self._fields.typed
        self.status.show(event.text, is_error=event.is_error)

    def on_paste(self, event: events.Paste) -> None:
        """Take a key that is pasted where no field has the focus."""
        if looks_like_key(event.text):
            self._fields.key.focus()
            self._fields.key.paste(Secret(event.text))
        else:
            self.status.show(_("Nothing was pasted: no field has the focus."))

    @on(KeyField.Cleaned)
    @on(KeyField.Edited)
    @on(Select.Changed, "#provider")
    @on(Input.Changed)
    @on(ModelSelect.ModelChanged)
    @on(AdvancedChanged)
    def _field_changed(self) -> None:
        """Drop what the status line says of another input, and the results of a test that would not be repeated."""
        before, self._typed = self._typed, self._fields.typed
        if not self._live_test.has_results:
            if before not in (None, self._typed) and not self._is_running("test", "list", "save"):
                self.status.show("")
            return
        try:
            if self._live_test.is_of(self._form.draft(self._http_agreed)):
                return
        except CcswitchError:
            pass  # an invalid form is a different one, too
        if self._is_running("test"):
            self._stop_test(_("The test was cancelled: the form has changed."))
        else:
            self.status.show("")
        self._live_test.reset()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        is_working = self._is_running("test", "list", "save")
        match action:
            case "fix":
                return bool(self._live_test.fix) and not is_working
            case "ask_claude_code":
                return self._live_test.needs_real_client and not is_working
            case "test" | "save" | "save_and_use" | "list_models":
                return not is_working
            case "leave":
                return not is_working and not self._is_running("leave")
            case "stop":
                return is_working
            case _:
                return True

    def on_worker_state_changed(self, event: Worker.StateChanged) -> None:
        self.refresh_bindings()

    def _show_remedies(self) -> None:
        shown = {"fix": bool(self._live_test.fix), "ask-claude-code": self._live_test.needs_real_client}
        self._form.show_remedies(shown)
        self.refresh_bindings()

    def _is_running(self, *groups: str) -> bool:
        return any(one.node is self and one.group in groups and not one.is_finished for one in self.workers)

    def _stop_test(self, reason: str) -> None:
        self.workers.cancel_group(self, "test")
        self._live_test.stop(reason)

    @property
    def is_dirty(self) -> bool:
        return self._fields.is_dirty

    def _leave(self, message: str | None) -> None:
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
            # Below the results of a test there is room for little more than the buttons.
            part = self._form.query_one("#more-fields")
            self.call_after_refresh(self._form.scroll_to_widget, part, animate=False, top=True)

    @work(group="key", exclusive=True)
    async def action_key_from_variable(self) -> None:
        from ccswitch_py.model.key_ref import KeyRef
        from ccswitch_py.tui.screens.dialogs import KeyVariableScreen

        if variable := await self.app.push_screen_wait(KeyVariableScreen()):
            self._form.use_key_ref(KeyRef(env=variable))

    @work(group="key", exclusive=True)
    async def action_key_from_command(self) -> None:
        from ccswitch_py.model.key_ref import KeyRef
        from ccswitch_py.tui.screens.dialogs import KeyCommandScreen

        if line := await self.app.push_screen_wait(KeyCommandScreen()):
            self._form.use_key_ref(KeyRef(command=tuple(shlex.split(line))))

    def action_stop(self) -> None:
        if self._is_running("test"):
            self._stop_test(_("The test was cancelled."))
        else:
            self.busy.stop()

    @work(group="leave", exclusive=True)
    async def action_leave(self) -> None:
        from ccswitch_py.tui.screens.dialogs import confirm_discard

        if not self.is_dirty or await confirm_discard(self.app):
            self._leave(None)

    @work(group="list")
    async def action_list_models(self) -> None:
        with self.status.errors_shown():
            draft = await self._agreed_draft(with_models=False)
            if draft is None:
                return
            await preload("ccswitch_py.services.live_test.models")
            from ccswitch_py.services.live_test.models import models_for_draft

            asking = _("Asking {host} for its models …", host=BaseUrl(draft.base_url).host)
            ids = await self.busy.run(asking, models_for_draft, self._paths, draft)
            if not self._fields.offer_listed(draft.base_url, ids):
                self.status.show(_("The base URL has changed. List the models again."))
                return
            count = ngettext("The gateway lists {count} model.", "The gateway lists {count} models.", len(ids))
            self.status.show(join_sentences(count, _("Test to see which of them this key can use.")))

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
        """Set the switches that fix what the test found, and test again; an edited profile is saved with them."""
        from ccswitch_py.services.live_test.fix import save_fixed

        fix = self._live_test.fix
        with self.status.errors_shown():
            draft = await self._agreed_draft()
            if draft is None:
                return
            if self._editing is None:
                self._fields.set_switches(fix)
                self._test_again(_("Set in this form, not saved yet: {switches}.", switches=format_switches(fix)))
                return
            fixed = await self.busy.run(_("Saving …"), save_fixed, self._paths, draft, fix, self._form.opened)
            self._fields.set_switches(fix)
            self._form.mark_saved(fixed.opened)
            remark = fixed_sentence(fix, draft.name, fixed.targets)
            self._test_again(join_sentences(remark, fixed.problem), fixed.fingerprint)

    @work(group="test", exclusive=True)
    async def action_ask_claude_code(self) -> None:
        if not self._live_test.is_of_saved_profile:
            text = _(
                "Claude Code can only be asked with a saved profile: "
                "save this one, then test it from the list of profiles (t)."
            )
            self.status.show(text)
            return
        with self.status.errors_shown():
            if await confirm_real_client(self._flow_context):
                await self._live_test.ask_real_client()

    @work(group="save")
    async def action_save(self) -> None:
        if name := await self._save():
            self._leave(_("Saved {name}.", name=name))

    @work(group="save")
    async def action_save_and_use(self) -> None:
        if name := await self._save():
            try:
                result = await use_profile(self._flow_context, name)
            except CcswitchError as error:
                result = str(error)
            self._leave(join_sentences(_("Saved {name}.", name=name), result))

    @property
    def _flow_context(self) -> FlowContext:
        return FlowContext(self.app, self._paths, self.busy)

    async def _save(self) -> str | None:
        with self.status.errors_shown():
            draft = await self._agreed_draft()
            if draft is None:
                return None
            from ccswitch_py.services.profiles.editing import Opened

            saved = await save(self._flow_context, draft, self._form.opened, is_new=self._editing is None)
            if isinstance(saved, Opened):
                self._form.load(saved)
                self._typed = self._fields.typed
                self.status.show(_("Loaded the other version. Your changes are discarded, except a key."))
            elif saved is not None:
                await in_background(self._live_test.remember_as, draft, saved)
                self._editing = draft.name
                self._fields.key.action_clear()
                self._fields.mark_clean()
                return draft.name
        return None

    async def _agreed_draft(self, *, with_models: bool = True) -> Draft | None:
        """Return the draft once the form is valid and the user has agreed to plain http, if it is that."""
        self.status.show("")
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
        agreed = await agree_on_scheme(self._flow_context, url)
        if agreed is None:
            self.status.show(_("Nothing was sent."))
            return None
        self._http_agreed = agreed
        self._fields.address.value = agreed
        return self._form.draft(agreed)
