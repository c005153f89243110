"""The keys: where each is kept, where it may go and who uses it; new ones, other secrets, and no more of them."""

# Textual types the app of a screen only in part:
# pyright: reportUnknownMemberType=false, reportUnknownArgumentType=false

from __future__ import annotations

from collections.abc import Callable
from typing import ClassVar

from textual import work
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.widgets import Static

from ccswitch_py.core.crash_report import error_text
from ccswitch_py.core.errors import CcswitchError
from ccswitch_py.core.language import N_, _, ngettext
from ccswitch_py.core.paths import Paths
from ccswitch_py.model.listed_key import KeyDependents, KeyLocation, KeyState, ListedKey
from ccswitch_py.services.watching import WatchedKind
from ccswitch_py.tui.background import in_background
from ccswitch_py.tui.commands import Command
from ccswitch_py.tui.screens.base import CommandScreen
from ccswitch_py.tui.screens.keys.texts import asked_sentence, deleted_sentence, deletion_question, elsewhere, in_full
from ccswitch_py.tui.watcher import FilesChanged, Watcher
from ccswitch_py.tui.widgets.busy import Busy
from ccswitch_py.tui.widgets.key_bar import KeyBar
from ccswitch_py.tui.widgets.key_table import KeyTable
from ccswitch_py.tui.widgets.titled import titled


class KeysScreen(CommandScreen[None]):
    """All keys in a table, and all about the selected one below it; the keyring is asked only on demand."""

    CSS_PATH = "screen.tcss"
    AUTO_FOCUS: ClassVar[str | None] = "KeyTable"
    ACTIONS = (
        Command(
            "enter",
            "replace",
            N_("Replace"),
            N_("Enter another secret for the selected key; it may go to the same hosts"),
            "ccswitch keys set NAME",
            priority=True,
        ),
        Command("r", "replace", N_("Replace"), shown=False),
        Command("n", "new", N_("New"), N_("Store a key for a host"), "ccswitch keys set NAME --host HOST"),
        Command(
            "delete",
            "delete",
            N_("Delete"),
            N_("Delete the selected key from the keyring, once you have seen which profiles need it"),
            "ccswitch keys remove NAME",
        ),
        Command(
            "s",
            "ask",
            N_("Ask the keyring"),
            N_("Look whether each key is really in the keyring"),
            "ccswitch keys status",
        ),
        Command("escape", "leave", N_("Back"), N_("Stop what is waited for, or go back")),
    )

    def __init__(self, paths: Paths) -> None:
        super().__init__()
        self._paths = paths
        # Looking one up would fail when what was waited for comes as the program ends.
        self._table = KeyTable()
        self._keys = Vertical(id="keys")
        self._details = Static(id="details", markup=False)
        self._told_user = Static(id="said", markup=False)
        self._busy = Busy()
        self._watcher = Watcher(self, paths)
        self.is_read = False

    def compose(self) -> ComposeResult:
        """The table, the selected key in full, and what is to be said."""
        with self._keys:
            self._keys.border_title = _("Keys")
            yield self._table
            yield Static(_("There is no key yet. Press n to store one."), id="empty", markup=False)
        self._details.border_title = _("The selected key")
        yield self._details
        yield self._told_user
        yield self._busy
        yield KeyBar()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """What can be done with a key needs one."""
        return action not in ("replace", "delete", "ask") or self._table.selected is not None

    def on_mount(self) -> None:
        """Read the list, and follow what others do to it."""
        self.read_again()
        self._watcher.start()

    def on_files_changed(self, event: FilesChanged) -> None:
        """Somebody else has changed something that the list shows."""
        if event.what & {WatchedKind.KEYS, WatchedKind.PROFILES}:
            self.read_again()

    @work(group="read", exclusive=True)
    async def read_again(self) -> None:
        """Show what is on disk now."""
        await self._read()

    def on_key_table_selected(self, event: KeyTable.Selected) -> None:
        """Show the key under the cursor."""
        self._show(event.key, event.state)

    def action_leave(self) -> None:
        """Stop what is waited for, or go back."""
        if not self._busy.stop():
            self.answer(None)

    @work(group="enter", exclusive=True)
    async def action_new(self) -> None:
        """Enter a key for a host."""
        from ccswitch_py.tui.screens.keys.entry import KeyEntryScreen

        await self._take(await self.app.push_screen_wait(KeyEntryScreen(self._paths)))

    @work(group="enter", exclusive=True)
    async def action_replace(self) -> None:
        """Enter another secret for the selected key."""
        from ccswitch_py.tui.screens.keys.entry import KeyEntryScreen

        key = self._table.selected
        if key is None:
            return
        if key.kept_in in (KeyLocation.VARIABLE, KeyLocation.COMMAND):
            self._say(elsewhere(key))
            return
        await self._take(await self.app.push_screen_wait(KeyEntryScreen(self._paths, key)))

    @work(group="delete")
    async def action_delete(self) -> None:
        """Delete the selected key, after a question that says what would break."""
        from ccswitch_py.tui.screens.question import QuestionScreen

        key = self._table.selected
        if key is None or self._busy.is_busy:
            return
        if key.kept_in is not KeyLocation.KEYRING:
            self._say(elsewhere(key))
            return
        try:
            breaks = await self._busy.run(_("Looking who needs it …"), _what_would_break, self._paths, key.name)
            needed = bool(breaks.profiles or breaks.perhaps)
            answers = {"keep": _("Keep it"), "delete": _("Delete it all the same") if needed else _("Delete it")}
            title = _("Delete the key {name}", name=key.name)
            question = QuestionScreen(title, deletion_question(key.name, breaks), answers)
            if await self.app.push_screen_wait(question) != "delete":
                return
            without = await self._busy.run(_("Deleting …"), _delete, self._paths, key.name, even_if_used=needed)
            await self._take(deleted_sentence(key.name, without))
        except (CcswitchError, OSError) as problem:
            self._say(error_text(problem), wrong=True)

    @work(group="ask")
    async def action_ask(self) -> None:
        """Ask the keyring for each key, one after the other."""
        if self._busy.is_busy or not self._table.has_stored_keys:
            return

        def heard(state: KeyState) -> None:
            self.app.call_from_thread(self._table.take_state, state)

        self._say("")
        try:
            states = await self._busy.run(_("Asking the keyring …"), _check, self._paths, heard)
            self._say(asked_sentence(states))
        except (CcswitchError, OSError) as problem:
            self._say(error_text(problem), wrong=True)

    async def _take(self, said: str | None) -> None:
        if said:
            self._say(said)
            await self._read()

    async def _read(self) -> None:
        try:
            keys = await in_background(_read, self._paths)
        except (CcswitchError, OSError) as problem:
            self._say(error_text(problem), wrong=True)
            return
        self._table.show(keys)
        self.is_read = True
        self.refresh_bindings()
        self._keys.set_class(not keys, "empty")
        self._details.display = bool(keys)
        self._keys.border_subtitle = _counted(keys)

    def _show(self, key: ListedKey, state: KeyState | None) -> None:
        self._details.border_title = titled(key.name)
        self._details.update(in_full(key, state))

    def _say(self, text: str, *, wrong: bool = False) -> None:
        self._told_user.update(text)
        self._told_user.set_class(wrong, "wrong")


def _counted(keys: list[ListedKey]) -> str:
    if not keys:
        return ""
    unused = sum(key.is_unused for key in keys)
    count = ngettext("{count} key", "{count} keys", len(keys))
    return _("{count}, {unused} unused", count=count, unused=unused) if unused else count


def _read(paths: Paths) -> list[ListedKey]:
    from ccswitch_py.services.keys.listing import all_keys

    return all_keys(paths)


def _check(paths: Paths, heard: Callable[[KeyState], None]) -> list[KeyState]:
    from ccswitch_py.services.keys.check import check_keys

    return check_keys(paths, heard)


def _what_would_break(paths: Paths, name: str) -> KeyDependents:
    from ccswitch_py.services.keys.manage import what_would_break

    return what_would_break(paths, name)


def _delete(paths: Paths, name: str, *, even_if_used: bool) -> list[str]:
    from ccswitch_py.services.keys.manage import remove_key

    return remove_key(paths, name, even_if_used=even_if_used)
