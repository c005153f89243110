"""The selected profile: where it sends what, what ``use`` would change, and how to start the tool with it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

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
    from collections.abc import Iterator

    from ccswitch_py.services.details import Details

_DIFF_STYLES = {"+": "comes", "-": "goes"}


class ProfileDetails(VerticalScroll):
    """What is known of one profile; empty until it is told."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {
        "profile-details--quiet",
        "profile-details--wrong",
        "profile-details--comes",
        "profile-details--goes",
        "profile-details--command",
    }
    DEFAULT_CSS = """
    ProfileDetails {
        scrollbar-size-vertical: 1;
        & > Static { width: 1fr; height: auto; }
        & > .profile-details--quiet { color: $text-muted; }
        & > .profile-details--wrong { color: $text-error; }
        & > .profile-details--comes { color: $text-success; }
        & > .profile-details--goes { color: $text-error; }
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

    def compose(self) -> ComposeResult:
        """One text."""
        yield self._text

    def tell(self, details: Details | None) -> None:
        """Show this profile; None is none."""
        self._show(Group(self._table(details), *self._rest(details)) if details else "")

    def tell_problem(self, problem: str) -> None:
        """Show why this profile cannot be used."""
        self._show(self._styled(problem, "wrong"))

    def _show(self, content: RenderableType) -> None:
        self._text.update(content)
        self.scroll_home(animate=False)

    def _table(self, details: Details) -> Table:
        """Labels and values; a value that wraps stays in its column."""
        table = Table.grid(padding=(0, 2, 0, 0))
        table.add_column(no_wrap=True, style=self._style("quiet"))
        table.add_column(overflow="fold")
        for label, value in _facts(details):
            table.add_row(Text(label), Text(printable(value)))
        return table

    def _rest(self, details: Details) -> Iterator[Text]:
        """How to start the tool with it, and what ``use`` would change."""
        yield Text()
        yield self._styled(_("In one terminal only (y copies it):"), "quiet")
        yield self._styled(details.launch_command, "command")
        yield Text()
        if details.problem:
            yield self._styled(details.problem, "wrong")
        elif details.difference is None:
            needs = _("Enter shows what would change; that needs a secret, usually from the keyring.")
            yield self._styled(needs, "quiet")
        elif details.difference:
            yield self._styled(_difference_heading(details), "quiet")
            for line in details.difference:
                yield self._styled(line, _DIFF_STYLES.get(line[:1], ""))
        elif details.used:
            yield self._styled(_("{file} says just this.", file=details.live_file), "quiet")

    def _styled(self, text: str, style: str) -> Text:
        return Text(printable(text), self._style(style) if style else "", overflow="fold")

    def _style(self, name: str) -> Style:
        return self.get_component_rich_style(f"profile-details--{name}")


def _difference_heading(details: Details) -> str:
    file = details.live_file
    if not details.used:
        return _("Enter would change {file}:", file=file)
    if details.used[0].changed_by_others:
        return _("Another program has changed {file} since; Enter would write it again:", file=file)
    return _("The profile was edited since it was put in use; Enter would change {file}:", file=file)


def _facts(details: Details) -> list[tuple[str, str]]:
    """Label and value."""
    from ccswitch_py.services.status import key_words, shown_key

    record = details.record
    facts = [
        (_("calls"), f"{record.base_url}/v1/messages"),
        (_("provider"), record.provider_name),
        (_("key"), key_words(shown_key(record))),
    ]
    if record.delivery != "helper":
        facts.append(("", _("written into settings.json in clear text")))
    facts += list(record.roles.items())
    facts += [(_("setting"), text) for text in _extras(details.settings, set(record.roles.values()))]
    tested = details.tested.in_full if details.tested else _("not yet: press t")
    facts.append((_("tested"), tested))
    used = join_list(one.name for one in details.used)
    facts.append((_("in use"), used or (_("not known") if details.problem else _("nowhere"))))
    return facts


def _extras(settings: dict[str, Any], models: set[str]) -> list[str]:
    """What the tool gets besides address, key and models."""
    env: dict[str, str] = settings.get("env", {})
    return [f"{name}={value}" for name, value in env.items() if value and not _is_told(name, value, models)]


def _is_told(name: str, value: str, models: set[str]) -> bool:
    return name == "ANTHROPIC_BASE_URL" or (value in models and name.endswith("_MODEL"))
