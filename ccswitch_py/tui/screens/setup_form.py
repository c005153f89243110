"""The fields of the setup form: what can be chosen, what was chosen, and what is wrong with it, beside the field."""

# Textual types the app of a widget only in part:
# pyright: reportUnknownMemberType=false, reportUnknownArgumentType=false

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, cast

from textual import on, work
from textual.app import ComposeResult
from textual.containers import Grid, Horizontal
from textual.content import Content
from textual.message import Message
from textual.widgets import Button, Input, Label, Select, Static

from ccswitch_py.errors import BadInput, KeyUnavailable
from ccswitch_py.model.base_url import BaseUrl
from ccswitch_py.model.role import MAIN_ROLES, Role
from ccswitch_py.paths import Paths
from ccswitch_py.tui.widgets.key_field import KeyField
from ccswitch_py.tui.widgets.model_select import ModelChoice, ModelSelect
from ccswitch_py.vault.pasted_key import clean_key

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ccswitch_py.jobs.setup import Draft
    from ccswitch_py.model.profile import Profile
    from ccswitch_py.model.provider import Provider

FIRST_PROVIDER = "mingyan"
OTHER = ""
"""The choice for a gateway that no provider file describes."""


class SetupForm(Grid):
    """The fields for a new profile, or for the one named ``profile_name``."""

    class Said(Message):
        """Something for the user, which may be about something wrong."""

        def __init__(self, text: str, *, wrong: bool = False) -> None:
            super().__init__()
            self.text = text
            self.wrong = wrong

    class Filled(Message):
        """Providers and profile have been read; the fields show them."""

    def __init__(self, paths: Paths, *, profile_name: str | None, key_hint: str) -> None:
        super().__init__(id="form")
        self._paths = paths
        self._editing = profile_name
        self._key_hint = key_hint
        self._providers: dict[str, Provider] = {}
        self._old: Profile | None = None
        self._chosen_provider: str | None = None
        self._switches: dict[str, str] = {}
        self._switches_for = ""
        self._key_was_refused = False
        self.border_title = f"Edit {profile_name}" if profile_name else "Set up a gateway"

    def compose(self) -> ComposeResult:
        """The fields from top to bottom in the order in which one fills them in."""
        yield Label("Provider")
        yield Select[str]([], prompt="reading the providers …", id="provider", compact=True)
        yield Label("Name")
        yield Input(self._editing or "", id="name", compact=True, disabled=self._editing is not None)
        yield Label("Base URL")
        yield Input(placeholder="https://host/prefix, without /v1", id="base-url", compact=True)
        yield Static(id="calls", classes="hint", markup=False)
        yield Label("Key")
        # A stored key is not to be overwritten by whatever is typed first.
        yield KeyField(clean=clean_key, id="key", classes=None if self._editing else "first")
        yield Static("Looking for the keyring …", id="store", classes="hint", markup=False)
        for role in MAIN_ROLES:
            yield Label(role.value.capitalize())
            is_first = role is Role.MAIN and self._editing
            yield ModelSelect([], id=role.value, classes="first" if is_first else None)
        with Horizontal(id="buttons"):
            yield Button("Test", id="test", compact=True)
            yield Button("Save", id="save", compact=True)
            yield Button("Save and use", id="save-and-use", variant="primary", compact=True)
            yield Button("Same as main", id="same-as-main", compact=True)

    def on_mount(self) -> None:
        """Show the fields first; what they need from disk and keyring comes right after the first paint."""
        self.call_after_refresh(self._mount_remedies)
        self.call_after_refresh(self._fill)
        if not self._editing:
            self.call_after_refresh(self._ask_store)

    def _mount_remedies(self) -> None:
        """The buttons that only a test can show."""
        fix = Button("Fix", id="fix", compact=True, classes="remedy")
        ask = Button("Ask Claude Code", id="ask-claude-code", compact=True, classes="remedy")
        self.query_one("#buttons").mount(fix, ask, after="#test")

    def same_as_main(self) -> None:
        """Give the other three roles the main model."""
        main = self.query_one("#main", ModelSelect).value
        for role in (Role.HAIKU, Role.SONNET, Role.OPUS):
            self.query_one(f"#{role.value}", ModelSelect).value = main

    def set_base_url(self, base_url: str) -> None:
        """Show another address."""
        self.query_one("#base-url", Input).value = base_url

    def show_remedies(self, shown: Mapping[str, bool]) -> None:
        """Show those buttons whose ids are given with true; whoever stands on one that goes is taken to Test."""
        for button_id, is_shown in shown.items():
            button = self.query_one(f"#{button_id}", Button)
            if button.has_focus and not is_shown:
                self.query_one("#test").focus()
            button.display = is_shown

    def take_switches(self, switches: Mapping[str, str]) -> None:
        """Set these in a new profile as well, for as long as it has this address."""
        self._switches |= switches
        self._switches_for = _bare(self.query_one("#base-url", Input).value)

    def take_saved(self, profile: Profile) -> None:
        """The profile that is edited was saved as this one; the fields stay as they are."""
        self._old = profile

    def draft(self, http_agreed: str) -> Draft:
        """What the fields say; ``http_agreed`` is the plain address that the user has said yes to.

        Raises ``BadInput`` and ``KeyUnavailable`` for what is missing or wrong.
        """
        from dataclasses import replace

        from ccswitch_py.jobs.fix import with_switches
        from ccswitch_py.jobs.setup import Draft, check_key_is_for, checked_profile, draft_of

        if self._editing and not self._old:
            raise BadInput(
                f"The file of {self._editing!r} cannot be read.", "Mend it in an editor, or remove the profile."
            )
        url = BaseUrl(self.query_one("#base-url", Input).value)
        url = url.without_tail or url
        models = {role: self.query_one(f"#{role.value}", ModelSelect).value for role in MAIN_ROLES}
        name = self.query_one("#name", Input).value.strip()
        draft = draft_of(name, self._old) if self._old else Draft(name, None, "", {})
        known = self._old is not None and self._old.allow_http and self._old.base_url == str(url)
        draft = replace(
            draft,
            provider=self._chosen_provider or None,
            base_url=str(url),
            models={**draft.models, **models},
            key=self.query_one("#key", KeyField).secret or draft.key,
            allow_http=known or http_agreed == str(url),
        )
        draft = with_switches(draft, self._switches)
        if draft.key is None:
            raise KeyUnavailable("There is no key yet.", "Paste it into the key field.")
        checked_profile(replace(draft, allow_http=True))
        if self._old:
            check_key_is_for(self._old, draft, said_again=False)
        return draft

    @work(group="fill", exclusive=True)
    async def _fill(self) -> None:
        broken = await asyncio.to_thread(self._load)
        select = cast("Select[str]", self.query_one("#provider"))
        names = [(Content(one.name), one.id) for one in self._providers.values()]
        select.set_options([*names, (Content("another gateway …"), OTHER)])
        select.prompt = "choose a gateway"
        if self._old:
            self._show_profile(self._old)
        elif self._editing:
            self._say(f"{broken[-1]}", wrong=True)
            return
        elif FIRST_PROVIDER in self._providers:
            select.value = FIRST_PROVIDER
        else:
            select.value = next(iter(self._providers), OTHER)
        if broken:
            self._say(" ".join(map(str, broken)))
        self.post_message(self.Filled())

    def _load(self) -> list[BadInput]:
        from ccswitch_py.store.profiles import load_profile
        from ccswitch_py.store.providers import load_providers

        usable, broken = load_providers(self._paths)
        self._providers = {provider.id: provider for provider in usable}
        if self._editing:
            try:
                self._old = load_profile(self._paths, self._editing)
            except BadInput as problem:
                broken.append(problem)
        return broken

    @work(group="store", exclusive=True)
    async def _ask_store(self) -> None:
        from ccswitch_py.tui.screens.setup_words import store_sentence

        self.query_one("#store", Static).update(await asyncio.to_thread(store_sentence, self._paths, self._key_hint))

    def _show_profile(self, profile: Profile) -> None:
        self._chosen_provider = profile.provider or OTHER
        self.query_one("#provider", Select).value = self._chosen_provider
        self.query_one("#base-url", Input).value = profile.base_url
        self._show_choices(self._providers.get(profile.provider or ""))
        for role in MAIN_ROLES:
            self.query_one(f"#{role.value}", ModelSelect).value = profile.models[role]
        from ccswitch_py.tui.screens.setup_words import kept_key_sentence

        self.query_one("#store", Static).update(kept_key_sentence(profile.key))

    def _show_choices(self, provider: Provider | None) -> None:
        from ccswitch_py.model.provider import VERSION_LABELS

        models = provider.models if provider else []
        choices = [ModelChoice(one.id, one.family, VERSION_LABELS[one.version], one.images) for one in models]
        for role in MAIN_ROLES:
            field = self.query_one(f"#{role.value}", ModelSelect)
            field.set_choices(choices)
            field.value = (provider.default(role) if provider else None) or ""

    @on(Select.Changed, "#provider")
    def _provider_chosen(self, event: Select.Changed) -> None:
        if event.value == self._chosen_provider:
            return
        if event.value is Select.NULL:
            if self._chosen_provider is not None:
                cast("Select[str]", event.select).value = self._chosen_provider
            return
        from ccswitch_py.tui.screens.setup_words import free_name

        self._chosen_provider = str(event.value)
        provider = self._providers.get(self._chosen_provider)
        self.query_one("#base-url", Input).value = provider.base_url if provider else ""
        if not self._editing:
            self.query_one("#name", Input).value = free_name(self._paths, provider.id if provider else "")
        self._show_choices(provider)

    @on(Input.Changed, "#base-url")
    def _base_url_changed(self, event: Input.Changed) -> None:
        from ccswitch_py.tui.screens.setup_words import calls_sentence, switches_words

        sentence, wrong = calls_sentence(event.value)
        self.query_one("#calls", Static).update(sentence)
        self.query_one("#calls", Static).set_class(wrong, "wrong")
        if self._switches and _bare(event.value) != self._switches_for:
            self._say(f"Not set any more, because the address is another one: {switches_words(self._switches)}.")
            self._switches.clear()

    @on(Input.Submitted, "#base-url")
    @on(Input.Blurred, "#base-url")
    def _base_url_entered(self, event: Input.Submitted | Input.Blurred) -> None:
        try:
            shorter = BaseUrl(event.value).without_tail
        except BadInput:
            return
        if shorter is not None:
            event.input.value = str(shorter)
            self._say("The base URL is without /v1 now: Claude Code adds it itself.")

    @on(KeyField.Cleaned)
    def _key_cleaned(self, event: KeyField.Cleaned) -> None:
        if event.notes or self._key_was_refused:
            self._say(" ".join(event.notes))
        self._key_was_refused = False

    @on(KeyField.Refused)
    def _key_refused(self, event: KeyField.Refused) -> None:
        self._key_was_refused = True
        self._say(f"{event.message} {event.hint}", wrong=True)

    def _say(self, text: str, *, wrong: bool = False) -> None:
        self.post_message(self.Said(text, wrong=wrong))


def _bare(address: str) -> str:
    """The address as a profile has it, if it is one."""
    try:
        url = BaseUrl(address)
    except BadInput:
        return address
    return str(url.without_tail or url)
