"""The selected profile: where it sends what, what ``use`` would change, and how to start the tool with it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from rich.cells import cell_len
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.widgets import Static

from ccswitch_py.language import later, listed, tr
from ccswitch_py.tui.widgets.printable import printable

if TYPE_CHECKING:
    from ccswitch_py.jobs.details import Details

_QUIET, _WRONG = "$text-muted", "$text-error"
_DIFF_STYLES = {"+": "$text-success", "-": "$text-error"}


class ProfileDetails(VerticalScroll):
    """What is known of one profile; empty until it is told."""

    DEFAULT_CSS = """
    ProfileDetails {
        scrollbar-size-vertical: 1;
        & > Static { width: 1fr; height: auto; }
    }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up", "scroll_up", later("Scroll up"), show=False),
        Binding("down", "scroll_down", later("Scroll down"), show=False),
    ]

    def __init__(self) -> None:
        super().__init__()
        self._text = Static(markup=False)

    def compose(self) -> ComposeResult:
        """One text."""
        yield self._text

    def tell(self, details: Details | None) -> None:
        """Show this profile; None is none."""
        self._show(Content("\n").join(_lines(details)) if details else Content())

    def tell_problem(self, problem: str) -> None:
        """Show why this profile cannot be used."""
        self._show(Content.styled(printable(problem), _WRONG))

    def _show(self, content: Content) -> None:
        self._text.update(content)
        self.scroll_home(animate=False)


def _lines(details: Details) -> list[Content]:
    facts = _facts(details)
    width = max(cell_len(label) for label, _ in facts)
    lines = [
        Content.assemble((f"{label}{' ' * (width - cell_len(label))}  ", _QUIET), printable(value))
        for label, value in facts
    ]
    command = Content.styled(printable(details.launch_command), "bold")
    lines += [Content(), Content.styled(tr("In one terminal only (y copies it):"), _QUIET), command, Content()]
    if details.problem:
        lines.append(Content.styled(printable(details.problem), _WRONG))
    elif details.difference is None:
        lines.append(
            Content.styled(tr("Enter shows what would change; that needs a secret, usually from the keyring."), _QUIET)
        )
    elif details.difference:
        lines.append(Content.styled(_difference_heading(details), _QUIET))
        shown = [line for line in details.difference if not line.startswith(("--- ", "+++ "))]
        lines += [Content.styled(printable(line), _DIFF_STYLES.get(line[:1], "")) for line in shown]
    elif details.used:
        lines.append(Content.styled(tr("{file} says just this.", file=printable(details.live_file)), _QUIET))
    return lines


def _difference_heading(details: Details) -> str:
    file = printable(details.live_file)
    if not details.used:
        return tr("Enter would change {file}:", file=file)
    if details.used[0].changed_by_others:
        return tr("Another program has changed {file} since; Enter would write it again:", file=file)
    return tr("The profile was edited since it was put in use; Enter would change {file}:", file=file)


def _facts(details: Details) -> list[tuple[str, str]]:
    """Label and value."""
    from ccswitch_py.jobs.status import key_words

    record = details.record
    facts = [
        (tr("calls"), f"{record.base_url}/v1/messages"),
        (tr("provider"), record.provider_name),
        (tr("key"), key_words(record.key.get("name") or record.key)),
    ]
    if record.delivery != "helper":
        facts.append(("", tr("written into settings.json in clear text")))
    facts += list(record.roles.items())
    facts += [(tr("setting"), text) for text in _extras(details.settings, set(record.roles.values()))]
    tested = details.tested.in_full if details.tested else tr("not yet: press t")
    facts.append((tr("tested"), tested))
    used = listed(one.name for one in details.used)
    facts.append((tr("in use"), used or tr("nowhere")))
    return facts


def _extras(settings: dict[str, Any], models: set[str]) -> list[str]:
    """What the tool gets besides address, key and models."""
    env: dict[str, str] = settings.get("env", {})
    return [f"{name}={value}" for name, value in env.items() if value and not _is_told(name, value, models)]


def _is_told(name: str, value: str, models: set[str]) -> bool:
    return name == "ANTHROPIC_BASE_URL" or (value in models and name.endswith("_MODEL"))
