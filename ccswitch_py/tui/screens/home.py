"""The profiles: which there are, which is in use, whether they work, and what can be done with them."""

# Textual types the app of a screen only in part:
# pyright: reportUnknownMemberType=false, reportUnknownArgumentType=false

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING

from textual import events, on, work
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.widgets import Input, Static

from ccswitch_py.errors import CcswitchError, unexpected
from ccswitch_py.language import tr
from ccswitch_py.paths import Paths
from ccswitch_py.store.profile_files import profile_names
from ccswitch_py.tui.background import in_background
from ccswitch_py.tui.screens.base import CommandScreen
from ccswitch_py.tui.screens.home_commands import COMMANDS, NEED_A_PROFILE
from ccswitch_py.tui.widgets.key_bar import KeyBar
from ccswitch_py.tui.widgets.profile_details import ProfileDetails
from ccswitch_py.tui.widgets.profile_table import ProfileTable

if TYPE_CHECKING:
    from ccswitch_py.jobs.status import TargetStatus

WIDE = 120
"""From so many columns on the table has more use for the room than the details."""
ROWS_AT_ONCE = 100
REST_S = 0.15
"""How long the highlight must rest before the details of a profile are looked up."""

Flow = Callable[[], Awaitable[str]]


class HomeScreen(CommandScreen[None]):
    """The table of profiles, and beside it what the selected one is."""

    CSS_PATH = "home.tcss"
    AUTO_FOCUS = "ProfileTable"
    ACTIONS = COMMANDS

    def __init__(self, paths: Paths, said: str = "", *, key_hint: str = "") -> None:
        """``said`` is the first thing to tell the user; ``key_hint`` is for the setup form."""
        super().__init__()
        self.HORIZONTAL_BREAKPOINTS = [(0, "narrow"), (WIDE, "wide")]
        self._said = said
        self._key_hint = key_hint
        self._paths = paths
        self._names = profile_names(paths)
        self._haystack: dict[str, str] = {}
        self._targets: list[TargetStatus] = []

    def compose(self) -> ComposeResult:
        """The table, the selected profile, what is to be said, and the keys."""
        yield Static(id="state", markup=False)
        with Horizontal(id="parts"):
            with Vertical(id="left"):
                table = ProfileTable(self._names, empty=tr("There is no profile yet: press n to set one up."))
                table.border_title = tr("Profiles")
                table.border_subtitle = f"{len(self._names):,}"
                yield table
                yield Input(placeholder=tr("type to filter, Enter when done"), id="filter", compact=True)
            yield ProfileDetails()
        yield Static(self._said, id="said", markup=False)
        yield KeyBar()

    def on_mount(self) -> None:
        """The names are there; what belongs to them comes after the first paint."""
        self._details_timer = self.set_timer(REST_S, self._load_details, pause=True)
        self.call_after_refresh(self._load)
        self.call_after_refresh(self._load_details)

    def on_screen_resume(self) -> None:
        """Another screen may have changed the profiles."""
        if self.query(ProfileTable):
            self._load()
            self._load_details()

    @property
    def _table(self) -> ProfileTable:
        return self.query_one(ProfileTable)

    @property
    def _selected(self) -> str:
        return self._table.selected or ""

    @work(group="rows", exclusive=True)
    async def _load(self) -> None:
        """Read what belongs to the names: first the rows in view, then the others."""
        from ccswitch_py.jobs.status import status
        from ccswitch_py.tui.profile_rows import table_rows

        self._names = await in_background(profile_names, self._paths)
        self._show_names()
        self._targets = await in_background(status, self._paths)
        self._tell_state()
        waiting = dict.fromkeys(self._names)
        while waiting:
            in_view = [name for name in self._table.in_view if name in waiting]
            names = (in_view or list(waiting))[:ROWS_AT_ONCE]
            rows = await in_background(table_rows, self._paths, names, self._targets)
            for name in names:
                del waiting[name]
            self._haystack |= {name: "\n".join(map(str, row)).casefold() for name, row in rows.items()}
            self._table.put(rows)

    def _tell_state(self) -> None:
        from ccswitch_py.tui.screens.home_words import state_sentence

        sentence, wrong = state_sentence(self._targets)
        self.query_one("#state", Static).update(sentence)
        self.query_one("#state", Static).set_class(wrong, "wrong")
        self.refresh_bindings()

    def _show_names(self) -> None:
        wanted = self.query_one("#filter", Input).value.strip().casefold()
        names = [name for name in self._names if wanted in self._haystack.get(name, name.casefold())]
        if wanted:
            empty = tr("No profile has that in it: Escape shows all.")
            count = tr("{shown} of {all}", shown=f"{len(names):,}", all=f"{len(self._names):,}")
        else:
            empty = tr("There is no profile yet: press n to set one up.")
            count = f"{len(self._names):,}"
        self._table.show(names, empty=empty)
        self._table.border_subtitle = count
        if not names:
            self.query_one(ProfileDetails).clear()
        self.refresh_bindings()

    @on(ProfileTable.Highlighted)
    def _another_selected(self) -> None:
        self._details_timer.reset()
        self._details_timer.resume()
        self.refresh_bindings()

    @work(group="details", exclusive=True)
    async def _load_details(self) -> None:
        from ccswitch_py.jobs.details import details_of

        details, name = self.query_one(ProfileDetails), self._selected
        details.border_title = name or tr("Details")
        if not name:
            details.clear()
            return
        try:
            found = await in_background(details_of, self._paths, name)
        except CcswitchError as problem:
            details.border_subtitle = ""
            details.tell_problem(str(problem))
            return
        details.border_subtitle = tr("● in use") if found.used else ""
        details.tell(found)
        self._launch_command = found.launch_command

    @on(Input.Changed, "#filter")
    def _filter_typed(self) -> None:
        self._show_names()

    @on(Input.Submitted, "#filter")
    def _filter_done(self) -> None:
        self._table.focus()
        self.query_one("#filter").set_class(bool(self.query_one("#filter", Input).value), "shown")

    def on_key(self, event: events.Key) -> None:
        """In the filter the arrows move the highlight, so that one need not leave it."""
        if self.query_one("#filter").has_focus and event.key in ("up", "down", "pageup", "pagedown"):
            event.stop()
            event.prevent_default()
            by = -1 if event.key.endswith("up") else 1
            move = self._table.action_page if event.key.startswith("page") else self._table.action_move
            move(by)

    @on(ProfileTable.Picked)
    def _picked(self) -> None:
        self.action_use()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Only what does something now is in the key bar."""
        if action in NEED_A_PROFILE:
            return bool(self._selected)
        if action == "undo":
            return any(one.can_undo for one in self._targets)
        if action == "off":
            return any(one.profile for one in self._targets)
        if action == "leave_filter":
            return self.query_one("#filter").has_class("shown")
        return True

    def action_filter(self) -> None:
        """Show the line to type into."""
        self.query_one("#filter").add_class("shown")
        self.query_one("#filter").focus()
        self.refresh_bindings()

    def action_leave_filter(self) -> None:
        """Show all again."""
        self.query_one("#filter", Input).value = ""
        self.query_one("#filter").remove_class("shown")
        self._table.focus()
        self.refresh_bindings()

    def action_use(self) -> None:
        """Show what would be written, then write it."""
        from ccswitch_py.tui.apply_flow import apply_after_preview

        name = self._selected
        self._go(lambda: apply_after_preview(self.app, self._paths, name))

    def action_undo(self) -> None:
        """Take the last change of the live file back, after showing it."""
        from ccswitch_py.tui.apply_flow import undo_after_preview

        self._go(lambda: undo_after_preview(self.app, self._paths))

    def action_off(self) -> None:
        """Give the live file back as it was before ccswitch, after showing the change."""
        from ccswitch_py.tui.apply_flow import off_after_preview

        self._go(lambda: off_after_preview(self.app, self._paths))

    def action_new(self) -> None:
        """Open the setup form."""
        from ccswitch_py.tui.screens.setup import SetupScreen

        self.app.push_screen(SetupScreen(self._paths, key_hint=self._key_hint), self._say)

    def action_edit(self) -> None:
        """Open the form with the selected profile."""
        from ccswitch_py.tui.screens.setup import SetupScreen

        self.app.push_screen(SetupScreen(self._paths, profile_name=self._selected), self._say)

    def action_test(self) -> None:
        """Ask the gateway what Claude Code will ask."""
        from ccswitch_py.tui.screens.testing import TestScreen

        self.app.push_screen(TestScreen(self._paths, [self._selected]))

    def action_test_all(self) -> None:
        """Ask the gateways of all profiles."""
        from ccswitch_py.tui.screens.testing import TestScreen

        self.app.push_screen(TestScreen(self._paths, self._names))

    def action_duplicate(self) -> None:
        """Copy the selected profile under a name that is asked for."""
        from ccswitch_py.tui.profile_flows import duplicate_profile

        name = self._selected
        self._go(lambda: duplicate_profile(self.app, self._paths, name))

    def action_rename(self) -> None:
        """Give the selected profile another name."""
        from ccswitch_py.tui.profile_flows import rename_profile

        name = self._selected
        self._go(lambda: rename_profile(self.app, self._paths, name))

    def action_remove(self) -> None:
        """Remove the selected profile after a question."""
        from ccswitch_py.tui.profile_flows import remove_profile

        name = self._selected
        self._go(lambda: remove_profile(self.app, self._paths, name))

    def action_export(self) -> None:
        """Write the selected profile to a file, without its key."""
        from ccswitch_py.tui.profile_flows import export_profile

        name = self._selected
        self._go(lambda: export_profile(self.app, self._paths, name))

    def action_run(self) -> None:
        """Run the tool with the selected profile in this terminal, and come back when it ends."""
        from ccswitch_py.tui.profile_flows import run_tool

        name = self._selected
        self._go(lambda: run_tool(self.app, self._paths, name))

    @work(group="flow", exclusive=True)
    async def _go(self, flow: Flow) -> None:
        try:
            self._say(await flow())
        except (CcswitchError, OSError) as problem:
            self._say(str(problem if isinstance(problem, CcswitchError) else unexpected(problem)))
        self._load()
        self._load_details()

    def _say(self, text: str | None) -> None:
        if text is not None:
            self.query_one("#said", Static).update(text)
