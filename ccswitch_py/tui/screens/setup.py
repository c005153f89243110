"""The setup form: pick a gateway, paste a key, choose four models, test, save, use."""

# Textual types the app of a screen only in part:
# pyright: reportUnknownMemberType=false, reportUnknownArgumentType=false

from __future__ import annotations

import asyncio
from importlib import import_module
from typing import TYPE_CHECKING, ClassVar, cast

from textual import on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Grid, Horizontal
from textual.message import Message
from textual.screen import Screen
from textual.widgets import Button, Footer, Input, Label, Select, Static

from ccswitch_py.errors import BadInput, CcswitchError
from ccswitch_py.model.base_url import BaseUrl
from ccswitch_py.model.role import MAIN_ROLES, Role
from ccswitch_py.paths import Paths
from ccswitch_py.tui.widgets.check_list import CheckList, CheckRow
from ccswitch_py.tui.widgets.key_field import KeyField
from ccswitch_py.tui.widgets.model_select import ModelChoice, ModelSelect
from ccswitch_py.vault.pasted_key import clean_key

if TYPE_CHECKING:
    from ccswitch_py.jobs.setup import Draft
    from ccswitch_py.model.profile import Profile
    from ccswitch_py.model.provider import Provider
    from ccswitch_py.probe.report import CheckResult

FIRST_PROVIDER = "mingyan"
OTHER = ""
"""The choice for a gateway that no provider file describes."""


class SetupScreen(Screen[str | None]):
    """One form for a new profile and for editing one; returns a sentence for the user once something was saved."""

    CSS_PATH = "setup.tcss"
    AUTO_FOCUS = "#key"
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
        self._providers: dict[str, Provider] = {}
        self._old: Profile | None = None
        self._http_agreed = ""
        self._chosen_provider: str | None = None

    def compose(self) -> ComposeResult:
        """The fields from top to bottom in the order in which one fills them in."""
        with Grid(id="form") as form:
            form.border_title = f"Edit {self._editing}" if self._editing else "Set up a gateway"
            yield Label("Provider")
            yield Select[str]([], prompt="reading the providers …", id="provider", compact=True)
            yield Label("Name")
            yield Input(self._editing or "", id="name", compact=True, disabled=self._editing is not None)
            yield Label("Base URL")
            yield Input(placeholder="https://host/prefix, without /v1", id="base-url", compact=True)
            yield Static(id="calls", classes="hint", markup=False)
            yield Label("Key")
            yield KeyField(clean=clean_key, id="key")
            yield Static("Looking for the keyring …", id="store", classes="hint", markup=False)
            for role in MAIN_ROLES:
                yield Label(role.value.capitalize())
                yield ModelSelect([], id=role.value)
            with Horizontal(id="buttons"):
                yield Button("Test", id="test", compact=True)
                yield Button("Save", id="save", compact=True)
                yield Button("Save and use", id="save-and-use", variant="primary", compact=True)
                yield Button("Same as main", id="same-as-main", compact=True)
        yield Static(id="said", markup=False)
        yield CheckList(id="checks")
        yield Footer(compact=True)

    def on_mount(self) -> None:
        """Show the form first; what it needs from disk and keyring comes right after the first paint."""
        self.call_after_refresh(self._fill)
        self.call_after_refresh(self._ask_store)

    @work(group="fill", exclusive=True)
    async def _fill(self) -> None:
        broken = await asyncio.to_thread(self._load)
        select = cast("Select[str]", self.query_one("#provider"))
        select.set_options([*((one.name, one.id) for one in self._providers.values()), ("another gateway …", OTHER)])
        if self._old:
            self._show_profile(self._old)
        elif FIRST_PROVIDER in self._providers:
            select.value = FIRST_PROVIDER
        else:
            select.value = next(iter(self._providers), OTHER)
        if broken:
            self._say(" ".join(map(str, broken)))
        if self._test_now:
            self.action_test()

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
        if isinstance(profile.key, str):
            self.query_one("#store", Static).update(f"Leave the field empty to keep the stored key {profile.key!r}.")

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
        if event.value is Select.NULL or event.value == self._chosen_provider:
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
        from ccswitch_py.tui.screens.setup_words import calls_sentence

        sentence, wrong = calls_sentence(event.value)
        self.query_one("#calls", Static).update(sentence)
        self.query_one("#calls", Static).set_class(wrong, "wrong")

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
        self._say(" ".join(event.notes))

    @on(KeyField.Refused)
    def _key_refused(self, event: KeyField.Refused) -> None:
        self._say(f"{event.message} {event.hint}", wrong=True)

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
        main = self.query_one("#main", ModelSelect).value
        for role in (Role.HAIKU, Role.SONNET, Role.OPUS):
            self.query_one(f"#{role.value}", ModelSelect).value = main

    def action_leave(self) -> None:
        """Go back without saving."""
        self.workers.cancel_group(self, "test")
        self._leave(None)

    @work(group="test", exclusive=True)
    async def action_test(self) -> None:
        """Ask the gateway what Claude Code will ask; each check appears as it ends."""
        from ccswitch_py.tui.screens.setup_words import verdict_sentence

        checks = self.query_one(CheckList)
        checks.reset()
        try:
            draft = await self._agreed_draft()
            if draft is None:
                return
            self._say("Testing …")
            await asyncio.to_thread(import_module, "ccswitch_py.jobs.check")
            from ccswitch_py.jobs.check import plan_of_draft
            from ccswitch_py.probe.ladder import run_ladder
            from ccswitch_py.probe.plan import requests_planned

            plan = await asyncio.to_thread(plan_of_draft, self._paths, draft)
            self._say(f"Testing with at most {requests_planned(plan)} requests …")
            report = await run_ladder(plan, self._check_ended, checks.start)
            self._say(verdict_sentence(report), wrong=report.verdict in ("broken", "untestable"))
        except CcswitchError as problem:
            self._say(str(problem), wrong=True)

    def _check_ended(self, result: CheckResult) -> None:
        row = CheckRow(
            result.check, result.model or "", result.status, result.detail, result.advice, result.elapsed_ms or None
        )
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
        draft = self._draft()
        url = BaseUrl(draft.base_url)
        if not url.is_plain_http or draft.allow_http:
            return draft
        from ccswitch_py.tui.screens.plain_http import agreed_base_url

        agreed = await agreed_base_url(self.app, url)
        if agreed is None:
            self._say("Nothing was sent.")
            return None
        self._http_agreed = agreed
        self.query_one("#base-url", Input).value = agreed
        return self._draft()

    def _draft(self) -> Draft:
        from dataclasses import replace

        from ccswitch_py.jobs.setup import Draft, checked_profile, draft_of

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
            allow_http=known or self._http_agreed == str(url),
        )
        checked_profile(replace(draft, allow_http=True))
        return draft

    def _leave(self, said: str | None) -> None:
        if self.app.screen_stack[0] is self:
            self.post_message(self.Left(said))
        else:
            self.dismiss(said)

    def _say(self, text: str, *, wrong: bool = False) -> None:
        said = self.query_one("#said", Static)
        said.update(text)
        said.set_class(wrong, "wrong")
