"""The setup form: its fields with their suggestions and checks, and what the user does in them."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from textual import on, work
from textual.app import ComposeResult
from textual.containers import Grid, Horizontal, VerticalScroll
from textual.content import Content
from textual.message import Message
from textual.widget import Widget
from textual.widgets import Button, Input, Label, Select, Static

from ccswitch_py.core.errors import BadInput, CcswitchError, KeyUnavailable, NotFound
from ccswitch_py.core.language import _, join_list, join_sentences
from ccswitch_py.core.paths import Paths
from ccswitch_py.model.base_url import BaseUrl, with_scheme
from ccswitch_py.model.protocol import MAIN_ROLES
from ccswitch_py.tui.background import in_background
from ccswitch_py.tui.screens.base import plain_title
from ccswitch_py.tui.screens.setup.values import (
    SWITCH,
    AdvancedChanged,
    FieldValues,
    advanced_values,
    field_label,
    only_set,
    switch_values,
    with_advanced,
)
from ccswitch_py.tui.screens.texts import format_switches, free_name, store_sentence
from ccswitch_py.tui.widgets.inputs import AddressInput, KeyField, PlainInput, key_in_plain_field
from ccswitch_py.tui.widgets.model_select.catalog import ModelChoice
from ccswitch_py.tui.widgets.model_select.field import ModelSelect

if TYPE_CHECKING:
    from ccswitch_py.model.key_ref import KeyRef
    from ccswitch_py.model.provider import Provider
    from ccswitch_py.redact.secret import Secret
    from ccswitch_py.services.profiles.editing import Opened
    from ccswitch_py.services.profiles.setup import Draft
    from ccswitch_py.tui.screens.setup.advanced import AdvancedFields, HeaderLines, SignCheckbox


ROLES = MAIN_ROLES
ADVANCED = ("fable", "subagent", "context-window", "max-output-tokens", "headers")


def _clean(text: str) -> tuple[Secret, list[str]]:
    from ccswitch_py.vault.pasted_key import clean_key

    return clean_key(text)


class SetupFields:
    """The fields of ``form``, which mounts them; ``base`` is the draft of the profile that is edited.

    A suggestion replaces only an earlier suggestion, never what the user typed.
    """

    def __init__(self, form: Widget, editing: str | None) -> None:
        # Kept here: a query would fail before the first paint, and for results that arrive while the form is left.
        self.name = PlainInput(editing or "", id="name", compact=True, disabled=editing is not None)
        self.address = AddressInput(placeholder=_("https://host/prefix, without /v1"), id="base-url", compact=True)
        # The focus of an edited profile is elsewhere, so that nothing typed blindly replaces its key.
        self.key = KeyField(clean=_clean, id="key", classes=None if editing else "first")
        self.roles = {role: ModelSelect([], id=role) for role in ROLES}
        self.roles[ROLES[0]].set_class(editing is not None, "first")
        self.advanced_button = Button(_("▸ More"), id="more", compact=True)
        self.key_ref: KeyRef | None = None
        self.base: Draft | None = None
        self.provider: str | None = None
        self.providers: dict[str, Provider] = {}
        self.names: frozenset[str] = frozenset()
        self._form = form
        self._plain: dict[str, PlainInput | ModelSelect] = {"name": self.name, "base-url": self.address, **self.roles}
        self._suggestable = ("base-url", *ROLES) if editing else ("name", "base-url", *ROLES)
        self._suggested: dict[str, str] = {}
        self._error_lines: dict[str, Static] = {}
        self._advanced_values: FieldValues = {}
        self._advanced: AdvancedFields | None = None
        self._fixed: Mapping[str, str] = {}
        self._fixed_for = ""
        self._listed: list[str] | None = None
        self._listed_for = ""
        self._clean_state: object = None

    def text(self, field_id: str) -> str:
        return str(self._inputs[field_id].value).strip()

    @property
    def advanced(self) -> FieldValues:
        return self._advanced.values if self._advanced else self._advanced_values

    @property
    def key_source(self) -> Secret | KeyRef | None:
        """Where the key comes from; None if it is typed here, and so belongs into the keyring."""
        if not self.key.text_is_empty:
            return None
        return self.key_ref or (self.base.key if self.base else None)

    def key_changed(self) -> None:
        """Drop the error, and tell the advanced part where the key comes from."""
        self.show_error("key", "")
        if self._advanced:
            self._advanced.show_key_source(self.key_source)

    @property
    def typed(self) -> object:
        """What the user sees in the fields, to be compared: the key by its length."""
        return (self._state(), self.text("name"), self.key.length)

    @property
    def is_dirty(self) -> bool:
        return not self.key.text_is_empty or self._clean_state not in (None, self._state())

    def mark_clean(self) -> None:
        """Compare with the present state from now on."""
        self._clean_state = self._state()

    def show(self, draft: Draft) -> None:
        """Replace everything but the key by a draft."""
        self.base = draft
        self._suggested = {field_id: self.text(field_id) for field_id in self._suggestable}
        self._set_advanced(advanced_values(draft))
        self.key_changed()
        self.choose_provider(draft.provider or "")
        self.mark_clean()

    def choose_provider(self, provider_id: str) -> list[str]:
        """Suggest the values of a provider; return the labels of the fields that keep what the user typed."""
        self.provider = provider_id
        values = suggestions(self.base, self.providers.get(provider_id), provider_id)
        if "name" in self._suggestable:
            values = {"name": free_name(self.names, provider_id), **values}
        kept: list[str] = []
        for field_id, value in values.items():
            now = self.text(field_id)
            before, self._suggested[field_id] = self._suggested.get(field_id, ""), value
            if now in ("", before):
                self._plain[field_id].value = value
            elif now != value:
                kept.append(field_label(field_id))
        self._update_choices()
        return kept

    def same_as_main(self) -> None:
        for role in ROLES[1:]:
            self.roles[role].value = self.text(ROLES[0])

    def set_switches(self, switches: Mapping[str, str]) -> None:
        """Set switches for as long as the address stays the same."""
        self._fixed = {**self._fixed, **switches}
        self._fixed_for = normalized_address(self.text("base-url"))
        self._set_advanced({**self.advanced, **switch_values(switches)})

    def offer_listed(self, base_url: str, ids: list[str]) -> bool:
        """Offer the models that a gateway lists; return False if the address is a different one by now."""
        if normalized_address(self.text("base-url")) != base_url:
            return False
        self._listed, self._listed_for = ids, base_url
        self._update_choices()
        return True

    def address_changed(self, address: str) -> Mapping[str, str]:
        """Drop what belongs to another address; return the switches that were unset."""
        normalized = normalized_address(address)
        if self._listed is not None and normalized != self._listed_for:
            self._listed = None
            self._update_choices()
        if not self._fixed or normalized == self._fixed_for:
            return {}
        dropped, self._fixed = self._fixed, {}
        self._set_advanced({**self.advanced, **switch_values(dict.fromkeys(dropped, ""))})
        return dropped

    async def open_advanced(self) -> None:
        """Show the advanced part, which is mounted when it is first opened."""
        from ccswitch_py.tui.screens.setup.advanced import AdvancedFields

        is_new = self._advanced is None
        self._advanced = self._advanced or AdvancedFields(self._advanced_values, self._choices(), self.key_source)
        self._show_advanced(True)
        if is_new:
            await self._form.mount(self._advanced, after="#tools")

    def close_advanced(self) -> bool:
        if self._advanced is None or not self._advanced.display:
            return False
        self._show_advanced(False)
        return True

    def validate_edited(self, field_id: str) -> None:
        if field_id in self._suggestable:
            is_suggested = self.text(field_id) == self._suggested.get(field_id, "")
            self._show_field_error(field_id, "" if is_suggested else self._error(field_id))
        elif field_id in ADVANCED or field_id.startswith(SWITCH):
            self.show_error(field_id, self._error(field_id))

    def reject_key_in(self, field: Widget) -> None:
        field_id = next(one.id for one in field.ancestors_with_self if one.id)
        self.show_error(field_id, key_in_plain_field())

    def validate(self, *, with_models: bool = True) -> tuple[str, str] | None:
        """Show the errors of all fields; return the first invalid one and its error."""
        checked = [*self._suggestable, *(ADVANCED if self._advanced else ())] if with_models else ["base-url"]
        checked.insert(checked.index("base-url") + 1, "key")
        errors = {field_id: self._key_error() if field_id == "key" else self._error(field_id) for field_id in checked}
        for field_id, error in errors.items():
            self._show_field_error(field_id, error)
        return next(((field_id, error) for field_id, error in errors.items() if error), None)

    def show_error(self, field_id: str, error: str) -> None:
        """Show an error below its field, in a line that is mounted when it is first needed."""
        line = self._error_lines.get(field_id)
        if line is None and error:
            line = self._error_lines[field_id] = Static(classes="hint error", markup=False)
            field = self._form.query_one(f"#{field_id}")
            (field.parent if isinstance(field.parent, Widget) else self._form).mount(line, after=field)
        if line is not None:
            line.update(f"✗ {error}" if error else "")
            line.display = bool(error)

    def shown_error(self, field_id: str) -> str:
        line = self._error_lines.get(field_id)
        return str(line.content).removeprefix("✗ ") if line else ""

    def focus(self, field_id: str) -> None:
        """Focus a field; open the advanced part for one of its fields."""
        if field_id in ADVANCED:
            self._show_advanced(True)
        (self.key if field_id == "key" else self._inputs[field_id]).focus()

    def draft(self, http_agreed: str) -> Draft:
        """Make the draft; name and models may be missing. ``http_agreed`` is the http address the user agreed to.

        Raises ``BadInput`` and ``KeyUnavailable``.
        """
        from dataclasses import replace

        from ccswitch_py.services.profiles.setup import Draft, check_key_is_for

        base = self.base
        url = BaseUrl(self.text("base-url"))
        url = url.without_tail or url
        draft = base or Draft("", None, "", {})
        was_agreed = base is not None and base.allow_http and base.base_url == str(url)
        draft = replace(
            draft,
            name=self.text("name"),
            provider=self.provider or None,
            base_url=str(url),
            models={**draft.models, **{role: self.text(role) for role in MAIN_ROLES}},
            key=self.key.secret or self.key_ref or draft.key,
            allow_http=was_agreed or http_agreed == str(url),
        )
        draft = with_advanced(draft, self.advanced)
        if draft.key is None:
            raise KeyUnavailable(_("There is no key yet."), _("Paste it into the key field."))
        if base:
            check_key_is_for(base, draft, self.providers, said_again=self.key_ref is not None)
        return draft

    def _choices(self) -> list[ModelChoice]:
        return model_choices(self.providers.get(self.provider or ""), self._listed)

    def _update_choices(self) -> None:
        choices = self._choices()
        for field in (*self.roles.values(), *([self._advanced] if self._advanced else [])):
            field.set_choices(choices)

    def _error(self, field_id: str) -> str:
        text, field = self.text(field_id), self._inputs[field_id]
        shows_dots = isinstance(field, PlainInput | ModelSelect) and field.shows_dots
        if shows_dots or self.key.occurs_in(text):
            return key_in_plain_field()
        return field_error(field_id, text, self.names)

    def _show_field_error(self, field_id: str, error: str) -> None:
        if field_id == "base-url" and self.text(field_id) and error != key_in_plain_field():
            error = ""  # the hint with the request URL has it
        self.show_error(field_id, error)

    def _key_error(self) -> str:
        try:
            key = self.key.secret
        except BadInput as error:
            return str(error)
        has_key = key is not None or self.key_ref is not None or (self.base is not None and self.base.key is not None)
        return "" if has_key else _("There is no key yet. Paste it here.")

    def _set_advanced(self, values: FieldValues) -> None:
        self._advanced_values = only_set(values)
        if self._advanced:
            self._advanced.show(values)

    def _show_advanced(self, is_open: bool) -> None:
        if self._advanced:
            self._advanced.display = is_open
        self.advanced_button.label = _("▾ More") if is_open else _("▸ More")

    @property
    def _inputs(self) -> Mapping[str, PlainInput | ModelSelect | HeaderLines | SignCheckbox]:
        return {**self._plain, **(self._advanced.fields if self._advanced else {})}

    def _state(self) -> tuple[object, ...]:
        return (self.provider, self.key_ref, [self.text(field_id) for field_id in self._suggestable], self.advanced)


def field_error(field_id: str, text: str, names: frozenset[str]) -> str:
    """Validate a field as saving will, and return the error; ``names`` are taken."""
    from ccswitch_py.model.names import check_model_id, check_name
    from ccswitch_py.targets.claude_code.options import typed_headers, typed_tokens

    try:
        match field_id:
            case "name":
                check_name(text)
                if text.casefold() in {name.casefold() for name in names}:
                    return _("A profile with that name already exists.")
            case "base-url":
                BaseUrl(text)
            case "context-window" | "max-output-tokens":
                typed_tokens(text)
            case "headers":
                typed_headers(text.splitlines())
            case "fable" | "subagent" if not text:
                return ""
            case "main" | "haiku" | "sonnet" | "opus" if not text:
                return _("Choose a model or type its id.")
            case "main" | "haiku" | "sonnet" | "opus" | "fable" | "subagent":
                check_model_id(text)
            case _:
                return ""
    except BadInput as error:
        return error.message if field_id == "headers" else str(error)
    return ""


def normalized_address(text: str) -> str:
    """Return the address as a profile has it; any other text as it is."""
    try:
        url = BaseUrl(text)
    except BadInput:
        return text
    return str(url.without_tail or url)


def model_choices(provider: Provider | None, listed: list[str] | None) -> list[ModelChoice]:
    """Return the models of the catalogue and, if the gateway was asked, those that it lists."""
    from ccswitch_py.model.provider import model_choices

    other, notes = _("listed by the gateway only"), {True: "", None: "", False: _("not listed")}
    return [
        ModelChoice(
            one.id,
            one.family or other,
            one.version_label,
            one.images,
            notes[one.is_listed] if one.in_catalogue else _("from the gateway"),
        )
        for one in model_choices(provider, listed)
    ]


def suggestions(base: Draft | None, provider: Provider | None, provider_id: str) -> dict[str, str]:
    """Return address and models of a provider, or those of the draft ``base`` if it has that provider."""
    if base and (base.provider or "") == provider_id:
        return {"base-url": base.base_url, **{role: base.models.get(role, "") for role in MAIN_ROLES}}
    models = {role: (provider and provider.default(role)) or "" for role in MAIN_ROLES}
    return {"base-url": provider.base_url if provider else "", **models}


_MOUNT_POLL_S = 0.01


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
        while not self._providers.is_mounted:  # as on a slow machine; the options need its parts
            await asyncio.sleep(_MOUNT_POLL_S)
        offered = [one for one in self.fields.providers.values() if "messages" in one.endpoints or self._editing]
        names = [(Content(one.name), one.id) for one in offered]
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
            self.fields.choose_provider(next(iter(self.fields.providers), ""))
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
        instead = _("the key can also come from a variable (F6) or a command (F7)")
        sentence, is_ready = await in_background(store_sentence, self._paths, self._key_hint, instead)
        if self.fields.key_ref is None:
            self._store.update(sentence)
        if not is_ready:
            variable = Button(_("Key from a variable"), id="key-from-variable", compact=True)
            command = Button(_("Key from a command"), id="key-from-command", compact=True)
            await self.query_one("#grid").mount(Horizontal(variable, command, id="key-sources"), after=self._store)

    def use_key_ref(self, ref: KeyRef) -> None:
        """Take the key from a variable or a command; a key that is pasted later replaces it."""
        self.fields.key_ref = ref
        self.fields.key.action_clear()
        self.fields.key_changed()
        self._store.update(key_source_sentence(ref))

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
        try:
            shorter = BaseUrl(event.value).without_tail
        except BadInput:
            complete = None if event.input.password else with_scheme(event.value)
            if complete is not None and (complete.is_loopback or "." in complete.host):
                event.input.value = str(complete)
                self._show_status(_("Completed the base URL: {url}", url=complete))
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
        self.fields.key_changed()

    @on(KeyField.Cleaned)
    def _key_cleaned(self, event: KeyField.Cleaned) -> None:
        self.fields.key_changed()
        if event.notes or self._key_was_refused:
            self._show_status(join_sentences(*event.notes))
        self._key_was_refused = False

    @on(KeyField.Refused)
    def _key_refused(self, event: KeyField.Refused) -> None:
        self._key_was_refused = True
        self._show_status(join_sentences(event.message, event.hint), is_error=True)

    def _show_status(self, text: str, *, is_error: bool = False) -> None:
        self.post_message(self.StatusChanged(text, is_error))


def request_url_hint(text: str) -> tuple[str, bool]:
    """Return the URL that a base URL leads to, and whether it has to be corrected."""
    if not text.strip():
        return "", False
    try:
        url = BaseUrl(text)
    except BadInput as error:
        return f"✗ {error}", True
    if url.without_tail is not None:
        return _("! Claude Code adds /v1/messages itself. Press Enter to use {url}", url=url.without_tail), True
    if url.is_plain_http:
        return _("Not encrypted. Claude Code will call {url}", url=url.messages_url), False
    return _("Claude Code will call {url}", url=url.messages_url), False


def key_source_sentence(ref: KeyRef) -> str:
    if ref.command:
        return _("The key is what `{program}` prints. It is run when a tool needs the key.", program=ref.label)
    if os.environ.get(ref.env):
        return _("The key is the value of ${variable}, which is set.", variable=ref.env)
    return _("The key is the value of ${variable}, which is not set here yet.", variable=ref.env)


def kept_key_sentence(key: KeyRef) -> str:
    if key.name:
        return _("Leave the field empty to keep the stored key {name}.", name=repr(key.name))
    return _("Leave the field empty to keep the key {key}.", key=key.describe())
