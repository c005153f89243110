"""The screen of all keys: list, store, replace, delete, and check them against the keyring."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import ClassVar, NamedTuple

from rich.cells import set_cell_size
from textual import work
from textual.app import ComposeResult
from textual.widgets import Static

from ccswitch_py.core.language import N_, _, join_list, join_sentences, ngettext
from ccswitch_py.core.paths import Paths
from ccswitch_py.model.key_ref import display_hosts
from ccswitch_py.model.listed_key import KeyDependents, KeyLocation, KeyState, ListedKey, Presence
from ccswitch_py.redact.printable import printable
from ccswitch_py.services.keys.listing import all_keys, check_keys
from ccswitch_py.services.keys.manage import remove_key, what_would_break
from ccswitch_py.services.watching import WatchedKind
from ccswitch_py.tui.background import in_background
from ccswitch_py.tui.screens.base import Command, JobScreen, plain_title
from ccswitch_py.tui.screens.dialogs import confirm
from ccswitch_py.tui.screens.keys.entry import KeyEntryScreen
from ccswitch_py.tui.watcher import FilesChanged, Watcher
from ccswitch_py.tui.widgets.table import FittedColumn, Span, Table

LOCATIONS = {
    KeyLocation.KEYRING: N_("keyring"),
    KeyLocation.NOWHERE: N_("missing"),
    KeyLocation.VARIABLE: N_("variable"),
    KeyLocation.COMMAND: N_("command"),
}
_PRESENCE = {
    Presence.THERE: ("✓", "good", N_("found")),
    Presence.ABSENT: ("✗", "bad", N_("not found")),
    Presence.UNKNOWN: ("?", "warning", N_("unknown")),
}
_MAX_NAMES = 12
_LABEL_WIDTH = 15


def key_status(key: ListedKey, state: KeyState | None) -> tuple[str, str, str]:
    """Return a sign, a style of ``Table`` (empty: neutral) and a word for the state of a key."""
    match key.kept_in:
        case KeyLocation.NOWHERE:
            return "✗", "bad", _("not stored")
        case KeyLocation.VARIABLE:
            return ("✓", "good", _("set")) if key.is_set else ("!", "warning", _("not set"))
        case KeyLocation.COMMAND:
            return " ", "", _("not run")
        case KeyLocation.KEYRING:
            if state is None:
                return " ", "", _("not checked")
            sign, style, words = _PRESENCE[state.presence]
            return sign, style, _(words)


def user_names(key: ListedKey) -> str:
    if key.is_unused:
        return _("unused")
    perhaps = [_("{name} (cannot be read)", name=name) for name in key.may_be_used_by]
    return join_list([*key.profiles, *perhaps])


def key_details(key: ListedKey, state: KeyState | None) -> str:
    facts = [
        (_("stored in"), _location(key)),
        (_("allowed hosts"), printable(join_list(display_hosts(key.hosts))) or _("none")),
        (_("used by"), user_names(key)),
    ]
    if key.stored:
        facts.append((_("stored"), f"{key.stored.astimezone():%Y-%m-%d}"))
    if key.kept_in is KeyLocation.KEYRING:
        facts.append((_("keyring"), _presence(state)))
    return "\n".join(f"{set_cell_size(label, _LABEL_WIDTH)}{words}" for label, words in facts)


def unmanaged_hint(key: ListedKey) -> str:
    """Explain why a key outside the keyring can be neither replaced nor deleted here."""
    name = printable(key.name)
    if key.kept_in is KeyLocation.VARIABLE:
        return _(
            "{name} is a variable. Set it in the shell that starts the tool, or choose another key for its profiles.",
            name=name,
        )
    if key.kept_in is KeyLocation.COMMAND:
        return _("{name} is a command that prints the key. Change the key where the command reads it.", name=name)
    return _("{name} is not stored. Press Enter to store it.", name=name)


def deletion_question(name: str, dependents: KeyDependents) -> str:
    """Ask for a yes: what deleting a key would break, and that it cannot be undone."""
    lines = [_dependents(dependents)] if dependents.profiles else []
    if dependents.perhaps:
        lines.append(
            ngettext(
                "{count} profile cannot be read and may use it: {names}.",
                "{count} profiles cannot be read and may use it: {names}.",
                len(dependents.perhaps),
                names=_names(dependents.perhaps),
            )
        )
    if not lines:
        lines.append(_("No profile uses the key {name}.", name=name))
    lines.append(_("This cannot be undone: you would have to get the key from the gateway again."))
    return "\n\n".join(lines)


def deleted_sentence(name: str, broken: Sequence[str]) -> str:
    deleted = _("Deleted the key {name}.", name=name)
    return join_sentences(deleted, _("Profiles without a key: {names}.", names=_names(broken))) if broken else deleted


def check_summary(states: Sequence[KeyState]) -> str:
    failed = next((state for state in states if state.presence is Presence.UNKNOWN), None)
    if failed:
        return join_sentences(failed.trouble, failed.hint)
    absent = [state.name for state in states if state.presence is Presence.ABSENT]
    if absent:
        return _("Not in the keyring: {names}. Select one and press Enter to store it again.", names=_names(absent))
    return ngettext("The key is in the keyring.", "All {count} keys are in the keyring.", len(states))


def _location(key: ListedKey) -> str:
    match key.kept_in:
        case KeyLocation.NOWHERE:
            return _("not stored, but a profile uses it (press Enter to store it)")
        case KeyLocation.VARIABLE if key.is_set:
            return _("the variable {name}, which is set", name=key.name)
        case KeyLocation.VARIABLE:
            return _("the variable {name}, which is not set", name=key.name)
        case KeyLocation.COMMAND:
            return _("the output of `{name}`, which is not run here", name=printable(key.name))
        case KeyLocation.KEYRING:
            return _("the keyring")


def _presence(state: KeyState | None) -> str:
    if state is None:
        return _("not checked yet (press s)")
    sign, _unused, words = _PRESENCE[state.presence]
    result = f"{sign} {_(words)}"
    return join_sentences(_("{words}.", words=result), state.trouble) if state.trouble else result


def _dependents(dependents: KeyDependents) -> str:
    names = [
        _("{name} (in use in {tools})", name=name, tools=join_list(tools)) if tools else name
        for name in dependents.profiles
        for tools in [dependents.in_use.get(name, [])]
    ]
    return ngettext(
        "{count} profile uses it and cannot be used without it: {names}.",
        "{count} profiles use it and cannot be used without it: {names}.",
        len(names),
        names=_names(names),
    )


def _names(names: Sequence[str]) -> str:
    shown, rest = names[:_MAX_NAMES], len(names) - _MAX_NAMES
    more = [ngettext("{count} more", "{count} more", rest)] if rest > 0 else []
    return join_list([*shown, *more])


_NAME, _KEPT_IN, _HOSTS, _USERS = N_("Name"), N_("Location"), N_("Allowed hosts"), N_("Used by")
_STORED, _STATE = N_("Stored"), N_("State")
_WIDTHS = {"": 1, _KEPT_IN: 8, _STORED: 10, _STATE: 14}
_SHARES = {_NAME: 3, _HOSTS: 4, _USERS: 4}
_COLUMNS = ("", _NAME, _KEPT_IN, _HOSTS, _USERS, _STORED, _STATE)
_WIDTH_FOR_STATE = 100
_GAP = 2


class KeyRow(NamedTuple):
    """A key and its state in the keyring (None: not checked since its secret was stored)."""

    key: ListedKey
    state: KeyState | None = None


class KeyTable(Table[KeyRow]):
    MARGIN = 1

    def __init__(self, *, empty: str) -> None:
        super().__init__(empty=empty)
        self._states: dict[str, tuple[datetime | None, KeyState]] = {}

    def show_keys(self, keys: Sequence[ListedKey]) -> None:
        self.show([KeyRow(key, self._state(key)) for key in keys])

    def add_state(self, state: KeyState) -> None:
        keys = [row.key for row in self.rows]
        for key in keys:
            if key.name == state.name and key.kept_in is KeyLocation.KEYRING:
                self._states[key.name] = key.stored, state
        self.show_keys(keys)

    def identity(self, row: KeyRow) -> object:
        return row.key.name, row.key.kept_in

    def columns(self, width: int) -> Sequence[FittedColumn]:
        width -= 1  # of the scrollbar, which would else move the columns
        titles = _COLUMNS if width >= _WIDTH_FOR_STATE else _COLUMNS[:-1]
        shared = width - sum(_WIDTHS.get(title, 0) + _GAP for title in titles)
        share = {title: max(shared * part // sum(_SHARES.values()), 1) for title, part in _SHARES.items()}
        return [FittedColumn(_(title) if title else "", {**_WIDTHS, **share}[title]) for title in titles]

    def cells(self, row: KeyRow) -> Sequence[Span]:
        key, (sign, style, status) = row.key, key_status(row.key, row.state)
        return [
            Span(sign, style or "text"),
            Span(printable(key.name)),
            Span(_(LOCATIONS[key.kept_in]), "bad" if key.kept_in is KeyLocation.NOWHERE else "text"),
            Span(printable(join_list(display_hosts(key.hosts)))),
            Span(user_names(key), "quiet" if key.is_unused else "text"),
            Span(f"{key.stored.astimezone():%Y-%m-%d}" if key.stored else "", "quiet"),
            Span(status, style or "quiet"),
        ]

    def _state(self, key: ListedKey) -> KeyState | None:
        stored, state = self._states.get(key.name, (None, None))
        return state if stored == key.stored else None


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
