"""The fields of the setup form: what can be chosen, what was chosen, and what is wrong with it, beside the field."""

# Textual types the app of a widget only in part:
# pyright: reportUnknownMemberType=false, reportUnknownArgumentType=false

from __future__ import annotations

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
from ccswitch_py.tui.screens.setup.draft import SetupFields
from ccswitch_py.tui.screens.setup.options import MoreChanged
from ccswitch_py.tui.widgets.key_field import KeyField
from ccswitch_py.tui.widgets.model_select import ModelSelect
from ccswitch_py.tui.widgets.plain_input import PlainInput
from ccswitch_py.tui.widgets.titled import titled

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ccswitch_py.services.profiles.editing import Opened
    from ccswitch_py.services.profiles.setup import Draft

FIRST_PROVIDER = "mingyan"


class SetupForm(VerticalScroll, can_focus=False):
    """The fields for a new profile, or for the one named ``profile_name``."""

    class Said(Message):
        """Something for the user, which may be about something wrong."""

        def __init__(self, text: str, *, wrong: bool = False) -> None:
            super().__init__()
            self.text = text
            self.wrong = wrong

    class Gone(Message):
        """The profile that was to be edited was removed meanwhile."""

        def __init__(self, text: str) -> None:
            super().__init__()
            self.text = text

    def __init__(self, paths: Paths, *, profile_name: str | None, key_hint: str) -> None:
        super().__init__(id="form")
        self._paths = paths
        self._editing = profile_name
        self._key_hint = key_hint
        self._key_was_refused = False
        self.opened: Opened | None = None
        self.fields = SetupFields(self, profile_name)
        self._providers = Select[str]([], prompt=_("reading the providers …"), id="provider", compact=True)
        self._calls = Static(id="calls", classes="hint", markup=False)
        self._store = Static(_("Looking for the keyring …"), id="store", classes="hint", markup=False)
        self._grid = Grid(id="grid")
        self._tools = Horizontal(id="tools")
        self._buttons = Horizontal(id="buttons")
        self.test_button = Button(_("Test"), id="test", compact=True)
        fix = Button(_("Fix"), id="fix", compact=True, classes="remedy")
        ask = Button(_("Ask Claude Code"), id="ask-claude-code", compact=True, classes="remedy")
        self._remedies = {"fix": fix, "ask-claude-code": ask}
        self.border_title = titled(_("Edit {name}", name=profile_name) if profile_name else _("Set up a gateway"))

    def compose(self) -> ComposeResult:
        """The fields from top to bottom in the order in which one fills them in."""
        with self._grid:
            yield from self._fields()
        yield self._tools
        yield self._buttons

    def _fields(self) -> ComposeResult:
        fields = self.fields
        yield Label(_("Provider"))
        yield self._providers
        yield Label(_("Name"))
        yield fields.name
        yield Label(_("Base URL"))
        yield fields.address
        yield Label(_("Key"))
        yield fields.key
        yield self._store
        for role, field in fields.roles.items():
            yield Label(role.capitalize())
            yield field

    def on_mount(self) -> None:
        """Show the fields first; what they need from disk and keyring comes right after the first paint."""
        self.call_after_refresh(self._mount_rest)
        self.call_after_refresh(self._fill)
        if not self._editing:
            self.call_after_refresh(self._ask_store)

    def _mount_rest(self) -> None:
        """What Claude Code will call, and the buttons; some of them only a test can show."""
        self._grid.mount(self._calls, after=self.fields.address)
        same = Button(_("Same as main"), id="same-as-main", compact=True)
        listing = Button(_("List models"), id="list-models", compact=True)
        self._tools.mount(same, listing, self.fields.more_button)
        save = Button(_("Save"), id="save", compact=True)
        save_and_use = Button(_("Save and use"), id="save-and-use", variant="primary", compact=True)
        self._buttons.mount(self.test_button, *self._remedies.values(), save, save_and_use)

    def show_remedies(self, shown: Mapping[str, bool]) -> None:
        """Show those buttons whose ids are given with true; whoever stands on one that goes is taken to Test."""
        for button_id, is_shown in shown.items():
            button = self._remedies[button_id]
            if button.has_focus and not is_shown:
                self.test_button.focus()
            button.display = is_shown

    def take_saved(self, opened: Opened) -> None:
        """The profile that is edited was saved as this one; the fields stay as they are."""
        from ccswitch_py.services.profiles.setup import draft_of

        self.opened = opened
        self.fields.base = draft_of(self._editing or "", opened.profile)
        self.fields.settle()

    def show_opened(self, opened: Opened) -> None:
        """Show what the profile says now, in place of what was typed; a key in its field stays."""
        from ccswitch_py.services.profiles.setup import draft_of

        self.opened = opened
        self.fields.show(draft_of(self._editing or "", opened.profile))
        self._show_provider()

    def draft(self, http_agreed: str) -> Draft:
        """What the fields say, as ``SetupFields.draft`` does; raises also if the profile could not be read."""
        if self._editing and not self.opened:
            raise BadInput(
                _("The file of {name} cannot be read.", name=repr(self._editing)),
                _("Mend it in an editor, or remove the profile."),
            )
        return self.fields.draft(http_agreed)

    @work(group="fill", exclusive=True)
    async def _fill(self) -> None:
        broken = await in_background(self._load)
        names = [(Content(one.name), one.id) for one in self.fields.providers.values()]
        self._providers.set_options([*names, (Content(_("another gateway …")), "")])
        self._providers.prompt = _("choose a gateway")
        if self._editing and not self.opened:
            if isinstance(broken[-1], NotFound):
                self.post_message(self.Gone(str(broken[-1])))
            else:
                self._say(str(broken[-1]), wrong=True)
            return
        if self.opened is not None and self.fields.base is not None:
            from ccswitch_py.tui.screens.setup.texts import kept_key_sentence

            self.fields.show(self.fields.base)
            self._store.update(kept_key_sentence(self.opened.profile.key))
        else:
            first = FIRST_PROVIDER if FIRST_PROVIDER in self.fields.providers else next(iter(self.fields.providers), "")
            self.fields.choose_provider(first)
            self.fields.settle()
        self._show_provider()
        if broken:
            self._say(join_sentences(*map(str, broken)))
        if self.fields.more.is_used:
            await self.fields.open_more()

    def _load(self) -> list[CcswitchError]:
        from ccswitch_py.services.profiles.editing import open_profile
        from ccswitch_py.services.profiles.setup import draft_of
        from ccswitch_py.store.profile_files import profile_names
        from ccswitch_py.store.providers import load_providers

        usable, unusable = load_providers(self._paths)
        broken: list[CcswitchError] = [*unusable]
        self.fields.providers = {provider.id: provider for provider in usable}
        self.fields.names = frozenset(profile_names(self._paths))
        if self._editing:
            try:
                self.opened = open_profile(self._paths, self._editing)
                self.fields.base = draft_of(self._editing, self.opened.profile)
            except CcswitchError as problem:
                broken.append(problem)
        return broken

    def _show_provider(self) -> None:
        self._providers.value = self.fields.provider or ""

    @work(group="store", exclusive=True)
    async def _ask_store(self) -> None:
        from ccswitch_py.tui.screens.setup.texts import store_sentence

        sentence = await in_background(store_sentence, self._paths, self._key_hint)
        self._store.update(sentence)

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
            self._say(_("What you typed stays: {fields}.", fields=join_list(kept)))

    @on(Input.Changed, "#base-url")
    def _base_url_changed(self, event: Input.Changed) -> None:
        from ccswitch_py.tui.screens.setup.texts import calls_sentence, switches_words

        sentence, wrong = ("", False) if event.input.password else calls_sentence(event.value)
        self._calls.update(sentence)
        self._calls.set_class(wrong, "wrong")
        dropped = self.fields.address_changed(event.value)
        if dropped:
            words = switches_words(dropped)
            self._say(_("Not set any more, because the address is another one: {switches}.", switches=words))

    @on(Input.Submitted, "#base-url")
    @on(Input.Blurred, "#base-url")
    def _base_url_entered(self, event: Input.Submitted | Input.Blurred) -> None:
        from ccswitch_py.model.base_url import BaseUrl

        try:
            shorter = BaseUrl(event.value).without_tail
        except BadInput:
            return
        if shorter is not None:
            event.input.value = str(shorter)
            self._say(_("The base URL is without /v1 now: Claude Code adds it itself."))

    @on(Input.Changed)
    def _input_changed(self, event: Input.Changed) -> None:
        self.fields.typed(event.input.id or "")

    @on(ModelSelect.Changed)
    def _model_changed(self, event: ModelSelect.Changed) -> None:
        self.fields.typed(event.select.id or "")

    @on(MoreChanged)
    def _more_changed(self) -> None:
        self.fields.typed("headers")

    @on(PlainInput.KeyRefused)
    def _key_in_plain_field(self, event: PlainInput.KeyRefused) -> None:
        self.fields.refused_key(event.field)

    @on(KeyField.Edited)
    def _key_edited(self) -> None:
        self.fields.problems.show("key", "")

    @on(KeyField.Cleaned)
    def _key_cleaned(self, event: KeyField.Cleaned) -> None:
        self.fields.problems.show("key", "")
        if event.notes or self._key_was_refused:
            self._say(join_sentences(*event.notes))
        self._key_was_refused = False

    @on(KeyField.Refused)
    def _key_refused(self, event: KeyField.Refused) -> None:
        self._key_was_refused = True
        self._say(join_sentences(event.message, event.hint), wrong=True)

    def _say(self, text: str, *, wrong: bool = False) -> None:
        self.post_message(self.Said(text, wrong=wrong))
