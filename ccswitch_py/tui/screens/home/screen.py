"""The profiles: which there are, which is in use, whether they work, and what can be done with them."""

# Textual types the app of a screen only in part:
# pyright: reportUnknownMemberType=false, reportUnknownArgumentType=false

from __future__ import annotations

from collections.abc import Iterable
from itertools import islice
from typing import TYPE_CHECKING

from textual import events, on, work
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.widgets import Input, Static

from ccswitch_py.core.crash_report import error_text
from ccswitch_py.core.errors import CcswitchError
from ccswitch_py.core.language import _
from ccswitch_py.core.paths import Paths
from ccswitch_py.redact.printable import printable
from ccswitch_py.services.watching import WatchedKind
from ccswitch_py.store.profile_files import profile_names
from ccswitch_py.tui.background import in_background
from ccswitch_py.tui.flows.flow import Here
from ccswitch_py.tui.screens.base import CommandScreen
from ccswitch_py.tui.screens.home.commands import COMMANDS
from ccswitch_py.tui.watcher import FilesChanged, Watcher
from ccswitch_py.tui.widgets.busy import Busy
from ccswitch_py.tui.widgets.key_bar import KeyBar
from ccswitch_py.tui.widgets.profile_details import ProfileDetails
from ccswitch_py.tui.widgets.profile_table import ProfileTable
from ccswitch_py.tui.widgets.titled import titled

if TYPE_CHECKING:
    from textual.timer import Timer

    from ccswitch_py.services.status import TargetStatus

WIDE = 110
"""From so many columns on the details stand beside the table, else below it."""
ROWS_AT_ONCE = 100
AGE_S = 60
REST_S = 0.15
"""How long the highlight must rest before the details of a profile are looked up."""


class HomeScreen(CommandScreen[None]):
    """The table of profiles, and beside it what the selected one is."""

    CSS_PATH = "screen.tcss"
    AUTO_FOCUS = "ProfileTable"
    ACTIONS = COMMANDS

    def __init__(self, paths: Paths, said: str = "") -> None:
        """``said`` is the first thing to tell the user."""
        super().__init__()
        self.HORIZONTAL_BREAKPOINTS = [(0, "narrow"), (WIDE, "wide")]
        self._paths = paths
        self._names = profile_names(paths)
        self._haystack: dict[str, str] = {}
        self._targets: list[TargetStatus] = []
        self._stale = set(self._names)
        self._told: str | None = None
        self._resting: Timer | None = None
        self._watcher = Watcher(self, paths)
        # Looking one up would fail when what was waited for comes as the program ends.
        self._state = Static(id="state", markup=False)
        self._table = ProfileTable(self._names, empty=_("There is no profile yet: press n to set one up."))
        self._filter = Input(placeholder=_("type to filter, Enter when done"), id="filter", compact=True)
        self._details = ProfileDetails()
        self._told_user = Static(said, id="said", markup=False)
        self._told_user.display = bool(said)
        self._busy = Busy()
        self._has_flow = False
        self._said_of_last_change = bool(said)

    def compose(self) -> ComposeResult:
        """The table, the selected profile, what is to be said, and the keys."""
        yield self._state
        with Horizontal(id="parts"):
            with Vertical(id="left"):
                self._table.border_title = _("Profiles")
                self._table.border_subtitle = f"{len(self._names):,}"
                yield self._table
                yield self._filter
            yield self._details
        yield self._told_user
        yield self._busy
        yield KeyBar()

    def on_mount(self) -> None:
        """The names are there; what belongs to them comes after the first paint."""
        self.call_after_refresh(self._load)
        self.call_after_refresh(self._load_details)
        self.call_after_refresh(self._watcher.start)
        self.set_interval(AGE_S, self._age)

    def on_screen_resume(self) -> None:
        """Another screen may have changed the selected profile."""
        if self.is_mounted:
            self._look_again([self._selected])

    def on_files_changed(self, event: FilesChanged) -> None:
        """Something that is shown has changed; what was said before that may not hold any more."""
        if not self._said_of_last_change:
            self._say("")
        self._said_of_last_change = False
        self._look_again(self._names if WatchedKind.KEYS in event.what else event.names)

    def _age(self) -> None:
        """A minute later the tests are a minute older."""
        self._look_again(self._table.in_view)

    def _look_again(self, names: Iterable[str]) -> None:
        self._stale |= set(names)
        self._load()
        self._load_details()

    @property
    def is_settled(self) -> bool:
        """Whether all that is to be shown has been read."""
        return not self._stale and self._told == self._selected

    @property
    def _selected(self) -> str:
        return self._table.selected or ""

    @work(group="rows", exclusive=True)
    async def _load(self) -> None:
        """Read what is stale: first the rows in view, then the others."""
        from ccswitch_py.services.status import status
        from ccswitch_py.tui.screens.home.rows import table_rows

        names = await in_background(profile_names, self._paths)
        self._stale |= set(names) - set(self._names)
        self._names = names
        self._show_names()
        before, self._targets = self._targets, await in_background(status, self._paths)
        if [one.profile for one in before] != [one.profile for one in self._targets]:
            self._stale |= {one.profile for one in [*before, *self._targets] if one.profile}
        self._tell_state()
        self._stale &= set(names)
        while self._stale:
            in_view = [name for name in self._table.in_view if name in self._stale]
            some = in_view or list(islice(self._stale, ROWS_AT_ONCE))
            rows = await in_background(table_rows, self._paths, some, self._targets)
            self._stale -= set(some)
            self._haystack |= {name: "\n".join(map(str, row)).casefold() for name, row in rows.items()}
            self._table.put(rows)
            if self._filter.value:
                self._show_names()

    def _tell_state(self) -> None:
        from ccswitch_py.tui.screens.home.texts import state_sentence

        sentence, wrong = state_sentence(self._targets)
        self._state.update(sentence)
        self._state.set_class(wrong, "wrong")
        self.refresh_bindings()

    def _show_names(self) -> None:
        wanted = self._filter.value.strip().casefold()
        names = [name for name in self._names if wanted in self._haystack.get(name, name.casefold())]
        if wanted:
            empty = _("No profile has that in it: Escape shows all.")
            count = _("{shown} of {all}", shown=f"{len(names):,}", all=f"{len(self._names):,}")
        else:
            empty = _("There is no profile yet: press n to set one up.")
            count = f"{len(self._names):,}"
        self._table.show(names, empty=empty)
        self._table.border_subtitle = count
        if not names:
            self._details.tell(None)
        self.refresh_bindings()

    @on(ProfileTable.Highlighted)
    def _another_selected(self) -> None:
        if self._resting:
            self._resting.stop()
        self._resting = self.set_timer(REST_S, self._load_details)
        self.refresh_bindings()

    @work(group="details", exclusive=True)
    async def _load_details(self) -> None:
        from ccswitch_py.services.details import details_of

        details, name = self._details, self._selected
        details.border_title = titled(name or _("Details"))
        details.border_subtitle = ""
        try:
            found = await in_background(details_of, self._paths, name) if name else None
        except (CcswitchError, OSError) as problem:
            details.tell_problem(error_text(problem))
        else:
            details.tell(found)
            details.border_subtitle = _("● in use") if found and found.used else ""
        self._told = name

    @on(Input.Changed, "#filter")
    def _filter_typed(self) -> None:
        self._show_names()

    @on(Input.Submitted, "#filter")
    def _filter_done(self) -> None:
        self._table.focus()
        self._filter.set_class(bool(self._filter.value), "shown")

    def on_key(self, event: events.Key) -> None:
        """In the filter the arrows move the highlight, so that one need not leave it."""
        if self._filter.has_focus and event.key in ("up", "down", "pageup", "pagedown"):
            event.stop()
            event.prevent_default()
            by = -1 if event.key.endswith("up") else 1
            move = self._table.action_page if event.key.startswith("page") else self._table.action_move
            move(by)

    @on(ProfileTable.Picked)
    def _picked(self) -> None:
        self.action_do("use")

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Only what does something now is in the key bar."""
        match action, *parameters:
            case "do", "undo":
                return any(one.can_undo for one in self._targets)
            case "do", "off":
                return any(one.profile for one in self._targets)
            case "do", "new" | "keys":
                return True
            case "do", _:
                return bool(self._selected)
            case "stop", *_:
                return self._busy.is_busy
            case "leave_filter", *_:
                return not self._busy.is_busy and self._filter.has_class("shown")
            case _:
                return True

    def action_filter(self) -> None:
        """Show the line to type into."""
        self._filter.add_class("shown")
        self._filter.focus()
        self.refresh_bindings()

    def action_stop(self) -> None:
        """Stop what is waited for."""
        self._busy.stop()

    def action_leave_filter(self) -> None:
        """Show all profiles again."""
        self._filter.value = ""
        self._filter.remove_class("shown")
        self._table.focus()
        self.refresh_bindings()

    def action_scroll_details(self, by: int) -> None:
        """Scroll the details from wherever one is."""
        self._details.scroll_relative(y=2 * by, animate=False)

    def action_do(self, flow: str) -> None:
        """Do one of ``FLOWS`` with the selected profile."""
        if not self._has_flow:
            self._has_flow = True
            self._do(flow, self._selected)

    @work(group="flow")
    async def _do(self, flow: str, name: str) -> None:
        from ccswitch_py.tui.screens.home.flows import CHANGES_ALL, FLOWS

        self._say("")
        try:
            self._say(await FLOWS[flow](Here(self.app, self._paths, self._busy.run), name))
        except (CcswitchError, OSError) as problem:
            self._say(error_text(problem))
        finally:
            self._has_flow, self._said_of_last_change = False, True
        self._look_again(self._names if flow in CHANGES_ALL else [name])

    def _say(self, text: str | None) -> None:
        if text is not None:
            self._told_user.update(printable(text))
            self._told_user.display = bool(text)
