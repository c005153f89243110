"""Entering a key: a new one with its name and host, or another secret for one that is known."""

# Textual types the app of a screen only in part:
# pyright: reportUnknownMemberType=false, reportUnknownArgumentType=false

from __future__ import annotations

from typing import ClassVar

from textual import on, work
from textual.app import ComposeResult
from textual.containers import Grid, Vertical
from textual.widgets import Input, Label, Static

from ccswitch_py.core.language import N_, _, join_list, join_sentences
from ccswitch_py.core.paths import Paths
from ccswitch_py.model.hosts import display_hosts
from ccswitch_py.model.listed_key import KeyLocation, ListedKey
from ccswitch_py.redact.secret import Secret
from ccswitch_py.tui.background import in_background
from ccswitch_py.tui.commands import Command
from ccswitch_py.tui.screens.base import CommandModal
from ccswitch_py.tui.widgets.busy import Busy
from ccswitch_py.tui.widgets.key_bar import KeyBar
from ccswitch_py.tui.widgets.key_field import KeyField
from ccswitch_py.tui.widgets.plain_input import AddressInput, PlainInput, key_in_plain_field
from ccswitch_py.tui.widgets.said_line import SaidLine
from ccswitch_py.tui.widgets.titled import titled
from ccswitch_py.vault.pasted_key import clean_key


class KeyEntryScreen(CommandModal[str | None]):
    """Asks for a key and stores it; returns what is to be said, or None if nothing was stored.

    ``key`` is one that is stored already, or that profiles miss; without it the key is a new one.
    """

    CSS_PATH = "entry.tcss"
    ACTIONS = (
        Command("enter", "save", N_("Store it"), N_("Put the key into the keyring"), priority=True),
        Command("escape", "leave", N_("Back"), N_("Go back without storing anything")),
    )
    AUTO_FOCUS: ClassVar[str | None] = "#name, KeyField"

    def __init__(self, paths: Paths, key: ListedKey | None = None) -> None:
        super().__init__()
        self._paths = paths
        self._key = key
        # Looking one up would fail when what was waited for comes as the screen goes.
        self._name_field = PlainInput(id="name", compact=True, placeholder=_("what profiles call it"))
        hint = _("where it may be sent, such as api.example")
        self._host_field = AddressInput(id="host", compact=True, placeholder=hint)
        self._key_field = KeyField(clean=clean_key, placeholder=_("paste the key"), id="key")
        self._store = Static(id="store", markup=False)
        self._said = SaidLine(self._key_field)
        self._busy = Busy()

    def compose(self) -> ComposeResult:
        """The fields, where the key will be kept, and what is to be said."""
        with Vertical(id="entry") as box:
            title = _("Replace the key {name}", name=self._key.name) if self._key else _("A new key")
            box.border_title = titled(title)
            if self._key and self._key.kept_in is KeyLocation.NOWHERE:
                box.border_title = titled(_("Store the key {name}", name=self._key.name))
            with Grid(id="fields"):
                yield from self._fields()
                yield Label(_("Key"))
                yield self._key_field
            yield self._store
            yield self._said
            yield self._busy
        yield KeyBar()

    def _fields(self) -> ComposeResult:
        if self._key:
            yield Label(_("May go to"))
            yield Static(join_list(display_hosts(self._key.hosts)), markup=False)
            return
        yield Label(_("Name"))
        yield self._name_field
        yield Label(_("Host"))
        yield self._host_field

    def on_mount(self) -> None:
        """Say where the key will be kept."""
        self._ask_store()

    def on_key_field_cleaned(self, event: KeyField.Cleaned) -> None:
        """Say what was dropped around the key."""
        self._said.say(join_sentences(*event.notes))

    def on_key_field_refused(self, event: KeyField.Refused) -> None:
        """Say why that is no key."""
        self._said.say(join_sentences(event.message, event.hint), wrong=True)

    @on(Input.Changed)
    def _field_changed(self) -> None:
        self._said.say("")

    @on(PlainInput.KeyRefused)
    def _key_in_plain_field(self) -> None:
        self._said.say(key_in_plain_field(), wrong=True)

    def action_leave(self) -> None:
        """Stop what is waited for, or go back; a pasted key is not given up without a yes."""
        if self._busy.stop():
            return
        if self._key_field.text_is_empty:
            self.answer(None)
        else:
            self._ask_to_leave()

    @work(group="leave", exclusive=True)
    async def _ask_to_leave(self) -> None:
        from ccswitch_py.tui.screens.question import is_to_be_thrown_away

        if await is_to_be_thrown_away(self.app):
            self.answer(None)

    def action_save(self) -> None:
        """Store the key, or go to the field that is still empty or holds what it must not."""
        if self._busy.is_busy:
            return
        for field in (self._name_field, self._host_field) if self._key is None else ():
            if field.shows_dots:
                self._said.say(key_in_plain_field(), wrong=True)
            if field.shows_dots or not field.value.strip():
                field.focus()
                return
        with self._said.problems():
            secret = self._key_field.secret
            if secret is None:
                self._said.say(_("Paste the key."), wrong=self._key_field.has_focus)
                self._key_field.focus()
            else:
                self._save(secret)

    @work(group="save")
    async def _save(self, secret: Secret) -> None:
        name, host = (
            (self._key.name, "") if self._key else (self._name_field.value.strip(), self._host_field.value.strip())
        )
        with self._said.problems():
            self.answer(await self._busy.run(_("Storing …"), _store, self._paths, self._key, name, host, secret))

    @work(group="store", exclusive=True)
    async def _ask_store(self) -> None:
        from ccswitch_py.tui.screens.setup.texts import store_sentence

        self._store.update(await in_background(store_sentence, self._paths, ""))


def _store(paths: Paths, key: ListedKey | None, name: str, host: str, secret: Secret) -> str:
    from ccswitch_py.services.keys.manage import add_key, replace_key, set_key

    stranded: list[str] = []
    if key is None:
        hosts = add_key(paths, name, secret, host)
    elif key.kept_in is KeyLocation.NOWHERE:
        hosts, stranded = set_key(paths, name, secret, None)
    else:
        hosts, stranded = key.hosts, replace_key(paths, name, secret)
    said = _("The key {name} is stored, for {hosts}.", name=name, hosts=join_list(display_hosts(hosts)))
    if not stranded:
        return said
    return join_sentences(
        said, _("These profiles call other hosts and cannot use it: {names}.", names=join_list(stranded))
    )
