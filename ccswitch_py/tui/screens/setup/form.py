"""The setup form: it mounts the fields, fills them from disk, and reacts to what the user does in them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from textual import on, work
from textual.app import ComposeResult
from textual.containers import Grid, Horizontal, VerticalScroll
from textual.content import Content
from textual.message import Message
from textual.widgets import Button, Input, Label, Select, Static

from ccswitch_py.core.errors import BadInput, CcswitchError, NotFound
from ccswitch_py.core.language import _, join_list, join_sentences
from ccswitch_py.core.paths import Paths
from ccswitch_py.tui.background import in_background
from ccswitch_py.tui.screens.base import plain_title
from ccswitch_py.tui.screens.setup.advanced_values import AdvancedChanged
from ccswitch_py.tui.screens.setup.fields import SetupFields
from ccswitch_py.tui.screens.setup.texts import field_label, kept_key_sentence, request_url_hint
from ccswitch_py.tui.screens.texts import format_switches, store_sentence
from ccswitch_py.tui.widgets.key_field import KeyField
from ccswitch_py.tui.widgets.model_select.field import ModelSelect
from ccswitch_py.tui.widgets.plain_input import PlainInput

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ccswitch_py.services.profiles.editing import Opened
    from ccswitch_py.services.profiles.setup import Draft

DEFAULT_PROVIDER = "mingyan"


class SetupForm(VerticalScroll, can_focus=False):
    """The fields for a new profile, or for the one named ``profile_name``."""

    @dataclass
    class StatusChanged(Message):
        """Asks the screen to show a message."""

        text: str
        is_error: bool

    @dataclass
    class ProfileRemoved(Message):
        """The profile to edit does not exist any more."""

        text: str

    def __init__(self, paths: Paths, *, profile_name: str | None, key_hint: str) -> None:
        super().__init__(id="form")
        self._paths = paths
        self._editing = profile_name
        self._key_hint = key_hint
        self._key_was_refused = False
        self.opened: Opened | None = None
        self.fields = SetupFields(self, profile_name)
        self._providers = Select[str]([], prompt=_("loading providers …"), id="provider", compact=True)
        self._request_url = Static(id="calls", classes="hint", markup=False)
        self._store = Static(_("Checking the keyring …"), id="store", classes="hint", markup=False)
        self._tools = Horizontal(id="tools")
        self._buttons = Horizontal(id="buttons")
        self._test_button = Button(_("Test"), id="test", compact=True)
        fix = Button(_("Fix"), id="fix", compact=True, classes="remedy")
        ask = Button(_("Ask Claude Code"), id="ask-claude-code", compact=True, classes="remedy")
        self._remedies = {"fix": fix, "ask-claude-code": ask}
        self.border_title = plain_title(_("Edit {name}", name=profile_name) if profile_name else _("New profile"))

    def compose(self) -> ComposeResult:
        fields = self.fields
        with Grid(id="grid"):
            for field in (self._providers, fields.name, fields.address, fields.key, *fields.roles.values()):
                yield Label(field_label(str(field.id)))
                yield field
                if field is fields.key:
                    yield self._store
        yield self._tools
        yield self._buttons

    def on_mount(self) -> None:
        """Paint the fields first; mount and read the rest right after that."""
        self.call_after_refresh(self._mount_rest)
        self.call_after_refresh(self._fill)
        if not self._editing:
            self.call_after_refresh(self._describe_store)

    def _mount_rest(self) -> None:
        self.query_one("#grid").mount(self._request_url, after=self.fields.address)
        same = Button(_("Same as main"), id="same-as-main", compact=True)
        listing = Button(_("List models"), id="list-models", compact=True)
        self._tools.mount(same, listing, self.fields.advanced_button)
        save = Button(_("Save"), id="save", compact=True)
        save_and_use = Button(_("Save and use"), id="save-and-use", variant="primary", compact=True)
        self._buttons.mount(self._test_button, *self._remedies.values(), save, save_and_use)

    def show_remedies(self, shown: Mapping[str, bool]) -> None:
        """Show or hide buttons by id; the focus of one that is hidden goes to the test button."""
        for button_id, is_shown in shown.items():
            button = self._remedies[button_id]
            if button.has_focus and not is_shown:
                self._test_button.focus()
            button.display = is_shown

    def mark_saved(self, opened: Opened) -> None:
        from ccswitch_py.services.profiles.setup import draft_of

        self.opened = opened
        self.fields.base = draft_of(self._editing or "", opened.profile)
        self.fields.mark_clean()

    def load(self, opened: Opened) -> None:
        """Replace the fields, except the key, by the profile as it is now."""
        from ccswitch_py.services.profiles.setup import draft_of

        self.opened = opened
        self.fields.show(draft_of(self._editing or "", opened.profile))
        self._show_provider()

    def draft(self, http_agreed: str) -> Draft:
        """Make the draft, as ``SetupFields.draft`` does; raises also if the profile could not be read."""
        if self._editing and not self.opened:
            raise BadInput(
                _("The file of {name} cannot be read.", name=repr(self._editing)),
                _("Fix it in an editor, or remove the profile."),
            )
        return self.fields.draft(http_agreed)

    @work(group="fill", exclusive=True)
    async def _fill(self) -> None:
        errors = await in_background(self._load)
        names = [(Content(one.name), one.id) for one in self.fields.providers.values()]
        self._providers.set_options([*names, (Content(_("other gateway …")), "")])
        self._providers.prompt = _("choose a provider")
        if self._editing and not self.opened:
            if isinstance(errors[-1], NotFound):
                self.post_message(self.ProfileRemoved(str(errors[-1])))
            else:
                self._show_status(str(errors[-1]), is_error=True)
            return
        if self.opened is not None and self.fields.base is not None:
            self.fields.show(self.fields.base)
            self._store.update(kept_key_sentence(self.opened.profile.key))
        else:
            first = next(iter(self.fields.providers), "")
            self.fields.choose_provider(DEFAULT_PROVIDER if DEFAULT_PROVIDER in self.fields.providers else first)
            self.fields.mark_clean()
        self._show_provider()
        if errors:
            self._show_status(join_sentences(*map(str, errors)))
        if self.fields.advanced:
            await self.fields.open_advanced()

    def _load(self) -> list[CcswitchError]:
        from ccswitch_py.services.profiles.editing import open_profile
        from ccswitch_py.services.profiles.setup import draft_of
        from ccswitch_py.store.profile_files import profile_names
        from ccswitch_py.store.providers import load_providers

        usable, unusable = load_providers(self._paths)
        errors: list[CcswitchError] = [*unusable]
        self.fields.providers = {provider.id: provider for provider in usable}
        self.fields.names = frozenset(profile_names(self._paths))
        if self._editing:
            try:
                self.opened = open_profile(self._paths, self._editing)
                self.fields.base = draft_of(self._editing, self.opened.profile)
            except CcswitchError as error:
                errors.append(error)
        return errors

    def _show_provider(self) -> None:
        self._providers.value = self.fields.provider or ""

    @work(group="store", exclusive=True)
    async def _describe_store(self) -> None:
        self._store.update(await in_background(store_sentence, self._paths, self._key_hint))

    @on(Select.Changed, "#provider")
    def _provider_chosen(self, event: Select.Changed) -> None:
        if event.value == self.fields.provider:
            return
        if event.value is Select.NULL:
            if self.fields.provider is not None:
                self._show_provider()
            return
        kept = self.fields.choose_provider(str(event.value))
        if kept:
            self._show_status(_("Kept what you typed in {fields}.", fields=join_list(kept)))

    @on(Input.Changed, "#base-url")
    def _address_changed(self, event: Input.Changed) -> None:
        hint, is_error = ("", False) if event.input.password else request_url_hint(event.value)
        self._request_url.update(hint)
        self._request_url.set_class(is_error, "error")
        if dropped := self.fields.address_changed(event.value):
            switches = format_switches(dropped)
            self._show_status(_("Unset for the new address: {switches}.", switches=switches))

    @on(Input.Submitted, "#base-url")
    @on(Input.Blurred, "#base-url")
    def _address_entered(self, event: Input.Submitted | Input.Blurred) -> None:
        from ccswitch_py.model.base_url import BaseUrl

        try:
            shorter = BaseUrl(event.value).without_tail
        except BadInput:
            return
        if shorter is not None:
            event.input.value = str(shorter)
            self._show_status(_("Removed /v1 from the base URL: Claude Code adds it itself."))

    @on(Input.Changed)
    def _input_changed(self, event: Input.Changed) -> None:
        self.fields.validate_edited(event.input.id or "")

    @on(ModelSelect.ModelChanged)
    def _model_changed(self, event: ModelSelect.ModelChanged) -> None:
        self.fields.validate_edited(event.select.id or "")

    @on(AdvancedChanged)
    def _advanced_changed(self) -> None:
        self.fields.validate_edited("headers")

    @on(PlainInput.KeyRefused)
    def _key_in_plain_field(self, event: PlainInput.KeyRefused) -> None:
        self.fields.reject_key_in(event.field)

    @on(KeyField.Edited)
    def _key_edited(self) -> None:
        self.fields.show_error("key", "")

    @on(KeyField.Cleaned)
    def _key_cleaned(self, event: KeyField.Cleaned) -> None:
        self.fields.show_error("key", "")
        if event.notes or self._key_was_refused:
            self._show_status(join_sentences(*event.notes))
        self._key_was_refused = False

    @on(KeyField.Refused)
    def _key_refused(self, event: KeyField.Refused) -> None:
        self._key_was_refused = True
        self._show_status(join_sentences(event.message, event.hint), is_error=True)

    def _show_status(self, text: str, *, is_error: bool = False) -> None:
        self.post_message(self.StatusChanged(text, is_error))
