"""The screen of all keys: list, store, replace, delete, and check them against the keyring."""

from __future__ import annotations

from typing import ClassVar

from textual import work
from textual.app import ComposeResult
from textual.widgets import Static

from ccswitch_py.core.language import N_, _, ngettext
from ccswitch_py.core.paths import Paths
from ccswitch_py.model.listed_key import KeyLocation, ListedKey
from ccswitch_py.services.keys.check import check_keys
from ccswitch_py.services.keys.listing import all_keys
from ccswitch_py.services.keys.manage import remove_key, what_would_break
from ccswitch_py.services.watching import WatchedKind
from ccswitch_py.tui.background import in_background
from ccswitch_py.tui.commands import Command
from ccswitch_py.tui.screens.base import JobScreen, plain_title
from ccswitch_py.tui.screens.keys.entry import KeyEntryScreen
from ccswitch_py.tui.screens.keys.table import KeyRow, KeyTable
from ccswitch_py.tui.screens.keys.texts import (
    check_summary,
    deleted_sentence,
    deletion_question,
    key_details,
    unmanaged_hint,
)
from ccswitch_py.tui.screens.question import confirm
from ccswitch_py.tui.watcher import FilesChanged, Watcher
from ccswitch_py.tui.widgets.table import Table


class KeysScreen(JobScreen[None]):
    """A table of the keys over the details of the selected one; the keyring is asked only on demand."""

    CSS_PATH = "screen.tcss"
    AUTO_FOCUS: ClassVar[str | None] = "KeyTable"
    ACTIONS = (
        Command("enter", "replace", N_("Replace"), N_("Replace the selected key"), "keys set NAME", priority=True),
        Command("r", "replace", N_("Replace"), shown=False),
        Command("n", "new", N_("New"), N_("Store a key for a host"), "keys set NAME --host HOST"),
        Command("delete", "delete", N_("Delete"), N_("Delete the selected key"), "keys remove NAME"),
        Command("s", "check", N_("Check"), N_("Check that the keyring has each key"), "keys status"),
        Command("escape", "leave", N_("Back"), N_("Cancel what is running, or go back")),
    )

    def __init__(self, paths: Paths) -> None:
        super().__init__()
        self._paths = paths
        self._table = KeyTable(empty="\n" + _("No keys yet. Press n to store one."))
        self._details = Static(id="details", markup=False)
        self._watcher = Watcher(self, paths)
        self.is_read = False

    def compose(self) -> ComposeResult:
        self._table.border_title = _("Keys")
        self._details.border_title = _("Selected key")
        yield self._table
        yield self._details
        yield from self._footer()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        return action not in ("replace", "delete", "check") or self._selected is not None

    def on_mount(self) -> None:
        self.read_again()
        self._watcher.start()

    def on_files_changed(self, event: FilesChanged) -> None:
        if event.what & {WatchedKind.KEYS, WatchedKind.PROFILES}:
            self.read_again()

    def on_table_highlighted(self, event: Table.Highlighted) -> None:
        row: KeyRow | None = event.row
        if row:
            self._details.border_title = plain_title(row.key.name)
            self._details.update(key_details(row.key, row.state))

    @property
    def _selected(self) -> ListedKey | None:
        return self._table.selected.key if self._table.selected else None

    @work(group="read", exclusive=True)
    async def read_again(self) -> None:
        await self._read()

    @work(group="enter", exclusive=True)
    async def action_new(self) -> None:
        await self._show_stored(await self.app.push_screen_wait(KeyEntryScreen(self._paths)))

    @work(group="enter", exclusive=True)
    async def action_replace(self) -> None:
        key = self._selected
        if key is None:
            return
        if key.kept_in in (KeyLocation.VARIABLE, KeyLocation.COMMAND):
            self.status.show(unmanaged_hint(key))
            return
        await self._show_stored(await self.app.push_screen_wait(KeyEntryScreen(self._paths, key)))

    @work(group="delete")
    async def action_delete(self) -> None:
        key = self._selected
        if key is None or self.busy.is_busy:
            return
        if key.kept_in is not KeyLocation.KEYRING:
            self.status.show(unmanaged_hint(key))
            return
        with self.status.errors_shown():
            dependents = await self.busy.run(_("Loading …"), what_would_break, self._paths, key.name)
            is_needed = bool(dependents.profiles or dependents.perhaps)
            title, text = _("Delete the key {name}", name=key.name), deletion_question(key.name, dependents)
            if not await confirm(self.app, title, text, _("Delete anyway") if is_needed else _("Delete")):
                return
            broken = await self.busy.run(_("Deleting …"), remove_key, self._paths, key.name, even_if_used=is_needed)
            await self._show_stored(deleted_sentence(key.name, broken))

    @work(group="check")
    async def action_check(self) -> None:
        if self.busy.is_busy or not any(row.key.kept_in is KeyLocation.KEYRING for row in self._table.rows):
            return
        self.status.show("")
        with self.status.errors_shown():
            states = await self.busy.run(
                _("Checking the keyring …"),
                check_keys,
                self._paths,
                lambda state: self.app.call_from_thread(self._table.add_state, state),
            )
            self.status.show(check_summary(states))

    async def _show_stored(self, result: str | None) -> None:
        if result:
            self.status.show(result)
            await self._read()

    async def _read(self) -> None:
        with self.status.errors_shown():
            keys = await in_background(all_keys, self._paths)
            self._table.show_keys(keys)
            self.is_read = True
            self.refresh_bindings()
            self._details.display = bool(keys)
            self._table.border_subtitle = _count(keys)


def _count(keys: list[ListedKey]) -> str:
    if not keys:
        return ""
    unused = sum(key.is_unused for key in keys)
    count = ngettext("{count} key", "{count} keys", len(keys))
    return _("{count}, {unused} unused", count=count, unused=unused) if unused else count
