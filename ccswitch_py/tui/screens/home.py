"""The profiles: which there are, which is in use, and what can be done with them."""

# Textual types the app of a screen only in part:
# pyright: reportUnknownMemberType=false, reportUnknownArgumentType=false

from __future__ import annotations

from typing import Any, ClassVar

from rich.text import Text
from textual import work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.screen import Screen
from textual.widgets import Footer, OptionList, Static
from textual.widgets.option_list import Option

from ccswitch_py.errors import CcswitchError
from ccswitch_py.jobs.apply import Change, off, undo
from ccswitch_py.jobs.last_tests import LastTest
from ccswitch_py.jobs.status import key_words, list_profiles
from ccswitch_py.paths import Paths


class HomeScreen(Screen[None]):
    """The list of profiles; Enter uses the selected one after showing the change."""

    CSS_PATH = "home.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "use", "Use", priority=True),
        Binding("n", "new", "New"),
        Binding("e", "edit", "Edit"),
        Binding("t", "test", "Test"),
        Binding("d", "remove", "Remove"),
        Binding("u", "undo", "Undo"),
        Binding("o", "off", "Off"),
        Binding("q", "app.quit", "Quit"),
    ]

    def __init__(self, paths: Paths, said: str = "", *, key_hint: str = "") -> None:
        """``said`` is the first thing to tell the user; ``key_hint`` is for the setup form."""
        super().__init__()
        self._said = said
        self._key_hint = key_hint
        self._paths = paths
        self._rows: dict[str, dict[str, Any]] = {}

    def compose(self) -> ComposeResult:
        """The list, the selected profile, and the keys."""
        profiles = OptionList(id="profiles", markup=False)
        profiles.border_title = "Profiles"
        yield profiles
        details = Static(id="details", markup=False)
        details.border_title = "What Claude Code gets"
        yield details
        yield Static(id="said", markup=False)
        yield Footer(compact=True)

    def on_mount(self) -> None:
        """Fill the list."""
        self._say(self._said)
        self._reload()

    def on_screen_resume(self) -> None:
        """Another screen may have changed the profiles."""
        self._reload()

    def on_option_list_option_highlighted(self, event: OptionList.OptionHighlighted) -> None:
        """Show the selected profile."""
        self._show(event.option.id or "")

    def action_use(self) -> None:
        """Show what would be written, then write it."""
        if name := self._selected():
            self._apply(name)

    def action_new(self) -> None:
        """Open the setup form."""
        from ccswitch_py.tui.screens.setup import SetupScreen

        self.app.push_screen(SetupScreen(self._paths, key_hint=self._key_hint), self._say_saved)

    def action_edit(self) -> None:
        """Open the setup form with the selected profile."""
        from ccswitch_py.tui.screens.setup import SetupScreen

        if name := self._selected():
            self.app.push_screen(SetupScreen(self._paths, profile_name=name), self._say_saved)

    def action_test(self) -> None:
        """Open the setup form with the selected profile and test it at once."""
        from ccswitch_py.tui.screens.setup import SetupScreen

        if name := self._selected():
            self.app.push_screen(SetupScreen(self._paths, profile_name=name, test_now=True), self._say_saved)

    @work(group="remove", exclusive=True)
    async def action_remove(self) -> None:
        """Remove the selected profile after a question."""
        from ccswitch_py.tui.screens.question import QuestionScreen

        if not (name := self._selected()):
            return
        question = f"Remove the profile {name}, and its key from the keyring unless another profile uses it?"
        answers = {"keep": "Keep it", "remove": "Remove it"}
        if await self.app.push_screen_wait(QuestionScreen("Remove", question, answers)) == "remove":
            self._remove(name)

    def action_undo(self) -> None:
        """Take the last change of settings.json back."""
        self._go_back(lambda: undo(self._paths), "Taken back.", "There is nothing to undo.")

    def action_off(self) -> None:
        """Give settings.json back as it was before ccswitch."""
        self._go_back(
            lambda: off(self._paths), "The settings are as they were before ccswitch.", "No profile is in use."
        )

    @work(group="apply", exclusive=True)
    async def _apply(self, name: str) -> None:
        from ccswitch_py.tui.apply_flow import apply_after_preview

        self._say(await apply_after_preview(self.app, self._paths, name))
        self._reload()

    @work(group="apply", exclusive=True, thread=True)
    def _go_back(self, job: Any, done: str, nothing: str) -> None:
        try:
            change: Change = job()
            said = " ".join([done, *change.notes]) if change.changed else nothing
        except CcswitchError as problem:
            said = str(problem)
        self.app.call_from_thread(self._say, said)
        self.app.call_from_thread(self._reload)

    @work(group="apply", exclusive=True, thread=True)
    def _remove(self, name: str) -> None:
        from ccswitch_py.jobs.profiles import remove

        try:
            remove(self._paths, name)
            said = f"{name} was removed."
        except CcswitchError as problem:
            said = str(problem)
        self.app.call_from_thread(self._say, said)
        self.app.call_from_thread(self._reload)

    def _say_saved(self, said: str | None) -> None:
        if said:
            self._say(said)

    def _say(self, text: str) -> None:
        self.query_one("#said", Static).update(text)

    def _selected(self) -> str | None:
        profiles = self.query_one("#profiles", OptionList)
        if profiles.highlighted is None:
            return None
        return profiles.get_option_at_index(profiles.highlighted).id

    def _reload(self) -> None:
        profiles = self.query_one("#profiles", OptionList)
        selected = self._selected()
        self._rows = {row["name"]: row for row in list_profiles(self._paths)}
        profiles.clear_options()
        profiles.add_options(Option(_line(row), id=name) for name, row in self._rows.items())
        if self._rows:
            names = list(self._rows)
            profiles.highlighted = names.index(selected) if selected in names else 0
        else:
            self._say("There is no profile yet: press n to set one up.")

    def _show(self, name: str) -> None:
        row = self._rows.get(name, {})
        if "problem" in row:
            text = f"{row['problem']}\n{row['hint']}"
        else:
            key = key_words(row["key"])
            models = "\n".join(f"{role:<9}{model}" for role, model in row["roles"].items())
            tested = row["last_test"].in_full if row["last_test"] else "not yet: press t"
            text = f"calls    {row['base_url']}/v1/messages\nkey      {key}\n{models}\ntested   {tested}"
        self.query_one("#details", Static).update(text)


def _line(row: dict[str, Any]) -> Text:
    sign = "●" if row["active_in"] else "!" if "problem" in row else " "
    state = "in use" if row["active_in"] else "cannot be used" if "problem" in row else ""
    test: LastTest | None = row["last_test"]
    tested = f"{test.sign} {test.age}" if test else ""
    return Text.assemble(f"{sign} {row['name']}  ", ("  ".join(filter(None, (state, tested))), "dim"))
