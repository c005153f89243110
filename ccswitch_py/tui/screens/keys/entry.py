"""The dialog that stores a key: a new one with its name and host, or a new secret for a known one."""

from __future__ import annotations

from typing import ClassVar

from textual import on, work
from textual.app import ComposeResult
from textual.containers import Grid, Vertical
from textual.widgets import Input, Label, Static

from ccswitch_py.core.language import N_, _, join_list, join_sentences
from ccswitch_py.core.paths import Paths
from ccswitch_py.model.key_ref import display_hosts
from ccswitch_py.model.listed_key import KeyLocation, ListedKey
from ccswitch_py.redact.secret import Secret
from ccswitch_py.services.keys.manage import add_key, replace_key, set_key
from ccswitch_py.tui.background import in_background
from ccswitch_py.tui.screens.base import Command, CommandModal, JobScreen, plain_title
from ccswitch_py.tui.screens.dialogs import confirm_discard
from ccswitch_py.tui.screens.texts import store_sentence
from ccswitch_py.tui.widgets.inputs import AddressInput, KeyField, PlainInput, key_in_plain_field
from ccswitch_py.tui.widgets.key_bar import KeyBar
from ccswitch_py.vault.pasted_key import clean_key


class KeyEntryScreen(CommandModal[str | None], JobScreen[str | None]):
    """Stores a key, and returns a message about it, or None if nothing was stored.

    ``key`` is one that is stored already, or that profiles miss (None: a new key).
    """

    CSS_PATH = "../dialog.tcss"
    ACTIONS = (
        Command("enter", "save", N_("Store"), N_("Store the key in the keyring"), priority=True),
        Command("escape", "leave", N_("Cancel"), N_("Cancel, without storing anything")),
    )
    AUTO_FOCUS: ClassVar[str | None] = "#name, KeyField"

    def __init__(self, paths: Paths, key: ListedKey | None = None) -> None:
        super().__init__(on_missing_key=lambda: self._key_field.focus())
        self._paths = paths
        self._key = key
        # Kept, because results arrive while the screen closes, when a query would find nothing.
        self._name_field = PlainInput(id="name", compact=True, placeholder=_("name for profiles to refer to"))
        hint = _("where the key may be sent, such as api.example.com")
        self._host_field = AddressInput(id="host", compact=True, placeholder=hint)
        self._key_field = KeyField(clean=clean_key, id="key")
        self._store = Static(id="store", markup=False)

    def compose(self) -> ComposeResult:
        key = self._key
        with Vertical(id="box") as box:
            if key is None:
                title = _("New key")
            elif key.kept_in is KeyLocation.NOWHERE:
                title = _("Store the key {name}", name=key.name)
            else:
                title = _("Replace the key {name}", name=key.name)
            box.border_title = plain_title(title)
            with Grid(id="fields"):
                if key is None:
                    yield Label(_("Name"))
                    yield self._name_field
                    yield Label(_("Host"))
                    yield self._host_field
                else:
                    yield Label(_("Allowed hosts"))
                    yield Static(join_list(display_hosts(key.hosts)), markup=False)
                yield Label(_("Key"))
                yield self._key_field
            yield self._store
            yield self.status
            yield self.busy
        yield KeyBar()

    def on_mount(self) -> None:
        self._describe_store()

    def on_key_field_cleaned(self, event: KeyField.Cleaned) -> None:
        self.status.show(join_sentences(*event.notes))

    def on_key_field_refused(self, event: KeyField.Refused) -> None:
        self.status.show(join_sentences(event.message, event.hint), is_error=True)

    @on(Input.Changed)
    def _field_changed(self) -> None:
        self.status.show("")

    @on(PlainInput.KeyRefused)
    def _key_in_plain_field(self) -> None:
        self.status.show(key_in_plain_field(), is_error=True)

    @property
    def is_dirty(self) -> bool:
        return not self._key_field.text_is_empty

    def action_leave(self) -> None:
        """Cancel what is running, or go back; confirm before discarding a pasted key."""
        if self.busy.stop():
            return
        if self.is_dirty:
            self._ask_to_leave()
        else:
            self.answer(None)

    @work(group="leave", exclusive=True)
    async def _ask_to_leave(self) -> None:
        if await confirm_discard(self.app):
            self.answer(None)

    def action_save(self) -> None:
        """Store the key, or focus the first field that is empty or invalid."""
        if self.busy.is_busy:
            return
        for field in (self._name_field, self._host_field) if self._key is None else ():
            if field.shows_dots:
                self.status.show(key_in_plain_field(), is_error=True)
            if field.shows_dots or not field.value.strip():
                field.focus()
                return
        with self.status.errors_shown():
            secret = self._key_field.secret
            if secret is None:
                self.status.show(_("Paste the key."), is_error=self._key_field.has_focus)
                self._key_field.focus()
            else:
                self._save(secret)

    @work(group="save")
    async def _save(self, secret: Secret) -> None:
        name = self._key.name if self._key else self._name_field.value.strip()
        host = self._host_field.value.strip()
        with self.status.errors_shown():
            self.answer(await self.busy.run(_("Storing …"), _store, self._paths, self._key, name, host, secret))

    @work(group="store", exclusive=True)
    async def _describe_store(self) -> None:
        self._store.update((await in_background(store_sentence, self._paths))[0])


def _store(paths: Paths, key: ListedKey | None, name: str, host: str, secret: Secret) -> str:
    unusable_in: list[str] = []
    if key is None:
        hosts = add_key(paths, name, secret, host)
    elif key.kept_in is KeyLocation.NOWHERE:
        hosts, unusable_in = set_key(paths, name, secret, None)
    else:
        hosts, unusable_in = key.hosts, replace_key(paths, name, secret)
    stored = _("Stored the key {name} for {hosts}.", name=name, hosts=join_list(display_hosts(hosts)))
    if not unusable_in:
        return stored
    warning = _("These profiles call other hosts and cannot use it: {names}.", names=join_list(unusable_in))
    return join_sentences(stored, warning)
