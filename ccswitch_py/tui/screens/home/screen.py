"""The home screen: which profiles exist, which is in use, whether they work, and what can be done with them."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import islice
from typing import TYPE_CHECKING

from textual import events, on, work
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.widgets import Input, Static

from ccswitch_py.core.language import N_, _
from ccswitch_py.core.paths import Paths
from ccswitch_py.services.watching import WatchedKind
from ccswitch_py.store.profile_files import profile_names
from ccswitch_py.tui.background import in_background
from ccswitch_py.tui.flows import FlowContext
from ccswitch_py.tui.screens.base import Command, JobScreen, plain_title
from ccswitch_py.tui.screens.home.details import ProfileDetails
from ccswitch_py.tui.screens.home.flows import ADDS_ONE, CHANGES_ALL, FLOWS
from ccswitch_py.tui.screens.home.table import ProfileTable, ToolState, fit_states, table_rows, tool_states
from ccswitch_py.tui.watcher import FilesChanged, Watcher
from ccswitch_py.tui.widgets.table import Table

if TYPE_CHECKING:
    from textual.timer import Timer

    from ccswitch_py.services.status import TargetStatus

WIDE = 110
"""From so many columns on the details stand beside the table, else below it."""
STATE_PADDING = 4
SCREEN_ROWS_PER_STATE = 8
"""The lines on the tools get a row for so many rows of the screen."""
BATCH = 100
REFRESH_AGES_S = 60
DETAILS_DELAY_S = 0.15
"""How long the cursor must rest before the details of a profile are read."""
COMMANDS = [
    Command("enter", "do('use')", N_("Use"), N_("Preview the change to the settings, then write it"), "use NAME"),
    Command("t", "do('test')", N_("Test"), N_("Send the requests that Claude Code will send"), "test NAME"),
    Command("e", "do('edit')", N_("Edit"), N_("Edit the profile"), "edit NAME ..."),
    Command("n", "do('new')", N_("New"), N_("Create a profile"), "add NAME ..."),
    Command("r", "do('run')", N_("Run"), N_("Run Claude Code with the profile in this terminal"), "run NAME"),
    Command("u", "do('undo')", N_("Undo"), N_("Undo the last use or off"), "undo"),
    Command("U", "do('use_everywhere')", N_("Use everywhere"), N_("Use it in all tools"), "use NAME --target all"),
    Command("K", "do('keys')", N_("Keys"), N_("Manage keys"), "keys"),
    Command("w", "do('explain')", N_("Explain"), N_("Show what Claude Code uses here, and why"), "explain"),
    Command("slash", "filter", N_("Filter"), N_("Filter profiles")),
    Command("escape", "stop", N_("Cancel"), N_("Cancel what is running")),
    Command("escape", "leave_filter", N_("All"), N_("Show all profiles")),
    Command("a", "do('test_all')", N_("Test all"), N_("Test all profiles"), "test --all"),
    Command("d", "do('duplicate')", N_("Duplicate"), N_("Copy the profile with its key"), "duplicate NAME NEW"),
    Command("x", "do('export')", N_("Export"), N_("Write the profile to a file, without its key"), "export NAME"),
    Command("f2", "do('rename')", N_("Rename"), N_("Rename the profile"), "rename NAME NEW"),
    Command("delete", "do('remove')", N_("Remove"), N_("Remove the profile and its unshared key"), "remove NAME"),
    Command("o", "do('off')", N_("Off"), N_("Restore the original settings"), "off"),
    Command("y", "do('copy_command')", N_("Copy command"), N_("Copy the command that runs the profile")),
    Command("Y", "do('show_command')", N_("Show command"), N_("Show that command in full"), shown=False),
    Command("shift+up", "scroll_details(-1)", N_("Scroll up"), N_("Scroll the details up"), shown=False),
    Command("shift+down", "scroll_details(1)", N_("Scroll down"), N_("Scroll the details down"), shown=False),
    Command("q", "app.quit", N_("Quit"), N_("Quit ccswitch")),
]


class HomeScreen(JobScreen[None]):
    CSS_PATH = "screen.tcss"
    AUTO_FOCUS = "ProfileTable"
    ACTIONS = COMMANDS

    def __init__(self, paths: Paths, message: str = "") -> None:
        super().__init__()
        self.HORIZONTAL_BREAKPOINTS = [(0, "narrow"), (WIDE, "wide")]
        self._paths = paths
        self._names = profile_names(paths)
        self._searched: dict[str, str] = {}
        self._targets: list[TargetStatus] = []
        self._states: list[ToolState] = []
        self._stale = set(self._names)
        self._shown_name: str | None = None
        self._details_timer: Timer | None = None
        self._watcher = Watcher(self, paths)
        self._state = Static(id="state", markup=False)
        self._table = ProfileTable(self._names, empty=_("No profiles yet. Press n to create one."))
        self._filter = Input(placeholder=_("type to filter, Enter when done"), id="filter", compact=True)
        self._details = ProfileDetails()
        self.status.show(message)
        self._flow_runs = False
        self._follows_new = False
        self._status_is_of_last_change = bool(message)

    def compose(self) -> ComposeResult:
        yield self._state
        with Horizontal(id="parts"):
            with Vertical(id="left"):
                self._table.border_title = _("Profiles")
                self._table.border_subtitle = f"{len(self._names):,}"
                yield self._table
                yield self._filter
            yield self._details
        yield from self._footer()

    def on_mount(self) -> None:
        """Paint the names first, and read the rest after that."""
        self.call_after_refresh(self._load)
        self.call_after_refresh(self._load_details)
        self.call_after_refresh(self._watcher.start)
        self.set_interval(REFRESH_AGES_S, lambda: self._reload(self._table.in_view))

    def on_screen_resume(self) -> None:
        if self.is_mounted:
            self._reload([self._selected])

    def on_files_changed(self, event: FilesChanged) -> None:
        """Reload what has changed, and clear a message that may be out of date."""
        if not self._status_is_of_last_change:
            self.status.show("")
        self._status_is_of_last_change = False
        self._reload(self._names if WatchedKind.KEYS in event.what else event.names)

    def _reload(self, names: Iterable[str]) -> None:
        self._stale |= set(names)
        self._load()
        self._load_details()

    @property
    def is_settled(self) -> bool:
        return not self._stale and self._shown_name == self._selected

    @property
    def _selected(self) -> str:
        return self._table.selected or ""

    @work(group="rows", exclusive=True)
    async def _load(self) -> None:
        """Read the stale rows: those in view first."""
        from ccswitch_py.services.status import status

        names = await in_background(profile_names, self._paths)
        added = set(names) - set(self._names)
        self._stale |= added
        self._names = names
        self._show_names()
        if self._follows_new and len(added) == 1:
            self._table.select(added.pop())
        before, self._targets = self._targets, await in_background(status, self._paths)
        if [one.profile for one in before] != [one.profile for one in self._targets]:
            self._stale |= {one.profile for one in [*before, *self._targets] if one.profile}
        self._states = tool_states(self._targets)
        self._state.set_class(any(state.warns for state in self._states), "warning")
        self._show_states()
        self.refresh_bindings()
        self._stale &= set(names)
        while self._stale:
            in_view = [name for name in self._table.in_view if name in self._stale]
            batch = in_view or list(islice(self._stale, BATCH))
            rows = await in_background(table_rows, self._paths, batch, self._targets)
            self._stale -= set(batch)
            self._searched |= {name: "\n".join(map(str, row)).casefold() for name, row in rows.items()}
            self._table.update_rows(rows)
            if self._filter.value:
                self._show_names()

    def _show_states(self) -> None:
        width, rows = self.size.width - STATE_PADDING, max(self.size.height // SCREEN_ROWS_PER_STATE, 1)
        self._state.update(fit_states(self._states, width, rows))

    def on_resize(self) -> None:
        self._show_states()

    def _show_names(self) -> None:
        wanted = self._filter.value.strip().casefold()
        names = [name for name in self._names if wanted in self._searched.get(name, name.casefold())]
        if wanted:
            empty = _("No matches. Press Escape to show all.")
            count = _("{shown} of {all}", shown=f"{len(names):,}", all=f"{len(self._names):,}")
        else:
            empty = _("No profiles yet. Press n to create one.")
            count = f"{len(self._names):,}"
        self._table.show(names, empty=empty)
        self._table.border_subtitle = count
        if not names:
            self._details.show_details(None)
        self.refresh_bindings()

    def on_table_highlighted(self) -> None:
        if self._details_timer:
            self._details_timer.stop()
        self._details_timer = self.set_timer(DETAILS_DELAY_S, self._load_details)
        self.refresh_bindings()

    @on(Table.Picked)
    def _picked(self) -> None:
        self.action_do("use")

    @work(group="details", exclusive=True)
    async def _load_details(self) -> None:
        from ccswitch_py.core.crash_report import error_text
        from ccswitch_py.core.errors import CcswitchError
        from ccswitch_py.services.details import details_of

        details, name = self._details, self._selected
        details.border_title = plain_title(name or _("Details"))
        details.border_subtitle = ""
        try:
            found = await in_background(details_of, self._paths, name) if name else None
        except (CcswitchError, OSError) as error:
            details.show_error(error_text(error))
        else:
            details.show_details(found)
            details.border_subtitle = _("● in use") if found and found.used else ""
        self._shown_name = name

    @on(Input.Changed, "#filter")
    def _filter_changed(self) -> None:
        self._show_names()

    @on(Input.Submitted, "#filter")
    def _filter_submitted(self) -> None:
        self._table.focus()
        self._filter.set_class(bool(self._filter.value), "shown")

    def on_key(self, event: events.Key) -> None:
        """Let the arrows move the cursor of the table while one types in the filter."""
        if self._filter.has_focus and event.key in ("up", "down", "pageup", "pagedown"):
            event.stop()
            event.prevent_default()
            move = self._table.action_page if event.key.startswith("page") else self._table.action_move
            move(-1 if event.key.endswith("up") else 1)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        match action, *parameters:
            case "do", "undo":
                return any(one.can_undo or one.problem for one in self._targets)
            case "do", "off":
                return any(one.profile or one.problem for one in self._targets)
            case "do", "new" | "keys":
                return True
            case "do", _:
                return bool(self._selected)
            case "stop", *_:
                return self.busy.is_busy
            case "leave_filter", *_:
                return not self.busy.is_busy and self._filter.has_class("shown")
            case _:
                return True

    def action_filter(self) -> None:
        self._filter.add_class("shown")
        self._filter.focus()
        self.refresh_bindings()

    def action_stop(self) -> None:
        self.busy.stop()

    def action_leave_filter(self) -> None:
        self._filter.value = ""
        self._filter.remove_class("shown")
        self._table.focus()
        self.refresh_bindings()

    def action_scroll_details(self, by: int) -> None:
        self._details.scroll_relative(y=2 * by, animate=False)

    def action_do(self, flow: str) -> None:
        if not self._flow_runs:
            self._flow_runs = True
            self._follows_new = flow in ADDS_ONE
            self._do(flow, self._selected)

    @work(group="flow")
    async def _do(self, flow: str, name: str) -> None:
        self.status.show("")
        with self.status.errors_shown():
            try:
                message = await FLOWS[flow](FlowContext(self.app, self._paths, self.busy), name)
                if message is not None:
                    self.status.show(message)
            finally:
                self._flow_runs, self._status_is_of_last_change = False, True
        self._reload(self._names if flow in CHANGES_ALL else [name])
