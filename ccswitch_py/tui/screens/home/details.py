"""The details of a profile: its facts, how to start the tool with it, and what ``use`` would change."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, ClassVar
from urllib.parse import urlsplit

from rich.console import Group, RenderableType
from rich.style import Style
from rich.table import Table
from rich.text import Text
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.widgets import Static

from ccswitch_py.core.language import N_, _, join_list
from ccswitch_py.redact.printable import printable

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from ccswitch_py.services.details import Details

_STYLES = ("quiet", "error", "added", "removed", "command")
_DIFF_STYLES = {"+": "added", "-": "removed", "…": "quiet"}


class ProfileDetails(VerticalScroll):
    """One profile; empty at first."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {f"profile-details--{name}" for name in _STYLES}
    DEFAULT_CSS = """
    ProfileDetails {
        scrollbar-size-vertical: 1;
        & > Static { width: 1fr; height: auto; }
        & > .profile-details--quiet { color: $text-muted; }
        & > .profile-details--error { color: $text-error; }
        & > .profile-details--added { color: $text-success; }
        & > .profile-details--removed { color: $text-error; }
        & > .profile-details--command { text-style: bold; }
    }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up", "scroll_up", N_("Scroll up"), show=False),
        Binding("down", "scroll_down", N_("Scroll down"), show=False),
    ]

    def __init__(self) -> None:
        super().__init__()
        self._text = Static(markup=False)
        self._make: Callable[[], RenderableType] = str

    def compose(self) -> ComposeResult:
        yield self._text

    def on_mount(self) -> None:
        self.app.theme_changed_signal.subscribe(self, lambda _theme: self.call_after_refresh(self._draw_again))

    def _draw_again(self) -> None:
        """Draw with the colours of the present theme: those of a Rich text are fixed when it is made."""
        self._text.update(self._make())

    def show_details(self, details: Details | None) -> None:
        self._show(lambda: Group(self._table(details), *self._rest(details)) if details else "")

    def show_error(self, error: str) -> None:
        self._show(lambda: self._styled(error, "error"))

    def _show(self, make: Callable[[], RenderableType]) -> None:
        self._make = make
        self._text.update(make())
        self.scroll_home(animate=False)

    def _table(self, details: Details) -> Table:
        table = Table.grid(padding=(0, 2, 0, 0))
        table.add_column(no_wrap=True, style=self._style("quiet"))
        table.add_column(overflow="fold")
        for label, value in _facts(details):
            table.add_row(Text(label), Text(printable(value)))
        return table

    def _rest(self, details: Details) -> Iterator[Text]:
        file = details.live_file
        yield Text()
        yield self._styled(_("For one terminal only (press y to copy):"), "quiet")
        yield self._styled(details.launch_command, "command")
        yield Text()
        if details.problem:
            yield self._styled(details.problem, "error")
        elif details.difference is None:
            yield self._styled(_("Press Enter to preview the change. That needs a secret from the keyring."), "quiet")
        elif details.difference:
            if not details.used:
                heading = _("Enter changes {file}:", file=file)
            elif details.used[0].changed_by_others:
                heading = _("Another program has changed {file}. Enter writes it again:", file=file)
            else:
                heading = _("The profile was edited after it was used. Enter changes {file}:", file=file)
            yield self._styled(heading, "quiet")
            for line in details.difference:
                yield self._styled(line, _DIFF_STYLES.get(line[:1], ""))
        elif details.used:
            yield self._styled(_("{file} matches this profile.", file=file), "quiet")

    def _styled(self, text: str, style: str) -> Text:
        return Text(printable(text), self._style(style) if style else "", overflow="fold")

    def _style(self, name: str) -> Style:
        return self.get_component_rich_style(f"profile-details--{name}")


def _facts(details: Details) -> list[tuple[str, str]]:
    record = details.record
    facts = [
        (_("calls"), f"{record.base_url}/v1/messages"),
        (_("provider"), record.provider_name if record.provider else urlsplit(record.base_url).netloc),
        (_("key"), record.key.describe()),
    ]
    if record.delivery != "command":
        file = os.path.basename(details.live_file)
        facts.append(("", _("written to {file} in plain text", file=file)))
    facts += list(record.roles.items())
    shown = {record.base_url, *record.roles.values()}
    env: dict[str, str] = details.settings.get("env", {})
    facts += [(_("setting"), f"{name}={value}") for name, value in env.items() if value and value not in shown]
    facts.append((_("tested"), details.tested.in_full if details.tested else _("not yet (press t)")))
    if details.used:
        state = _("in use in {tools}", tools=join_list(one.name for one in details.used))
    else:
        state = _("unknown") if details.problem else _("not in use")
    facts.append((_("status"), state))
    return facts
