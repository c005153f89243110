"""The address, key, headers and models that Claude Code will use in a folder, each with its sources."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, ClassVar

from rich.cells import cell_len
from textual import work
from textual.app import ComposeResult
from textual.containers import Vertical, VerticalScroll
from textual.widgets import Static

from ccswitch_py.core.errors import CcswitchError
from ccswitch_py.core.language import N_, _, join_sentences, ngettext
from ccswitch_py.redact.printable import printable
from ccswitch_py.targets.explanation import ExplainedPart, file_name
from ccswitch_py.tui.screens.base import Command, JobScreen, plain_title
from ccswitch_py.tui.widgets.table import FittedColumn, Span, Table

if TYPE_CHECKING:
    from ccswitch_py.targets.explanation import Explanation

_NAME, _VALUE, _PLACE = N_("Setting"), N_("Value"), N_("Set in")
_NAME_WIDTH = 13
_VALUE_SHARE = 0.52
_GAP = 2


class ExplanationTable(Table[ExplainedPart]):
    MARGIN = 1

    def identity(self, row: ExplainedPart) -> object:
        return row.label

    def columns(self, width: int) -> Sequence[FittedColumn]:
        room = max(width - _NAME_WIDTH - 3 * _GAP, 2)
        value_width = int(room * _VALUE_SHARE)
        widths = {_NAME: _NAME_WIDTH, _VALUE: value_width, _PLACE: room - value_width}
        return [FittedColumn(_(title), width) for title, width in widths.items()]

    def cells(self, row: ExplainedPart) -> Sequence[Span]:
        place = printable(row.winner.short_location) if row.winner else ""
        return [
            Span(row.label),
            Span(printable(row.value), "text" if row.winner or row.unread else "quiet"),
            Span(_cut_in_middle(place, self.fitted[-1].width), "quiet"),
        ]


class ExplainScreen(JobScreen[None]):
    """The effective values in a table, and below it all sources of the selected one."""

    CSS_PATH = "explain.tcss"
    AUTO_FOCUS: ClassVar[str | None] = "ExplanationTable"
    ACTIONS = (
        Command("enter", "show_file", N_("Show file"), N_("Show the file that sets the value"), priority=True),
        Command("n", "show_remarks", N_("Problems"), N_("Show all problems and notes")),
        Command("r", "read", N_("Reload"), N_("Read all files again"), "explain"),
        Command("shift+up", "scroll(-1)", N_("Scroll up"), N_("Scroll the sources up"), shown=False),
        Command("shift+down", "scroll(1)", N_("Scroll down"), N_("Scroll the sources down"), shown=False),
        Command("escape", "leave", N_("Back"), N_("Cancel what is running, or go back")),
    )

    def __init__(self, folder: str, environ: Mapping[str, str]) -> None:
        super().__init__()
        self._folder = folder
        self._environ = environ
        self._table = ExplanationTable()
        self._effective = Vertical(id="effective")
        self._details = VerticalScroll(id="details", can_focus=False)
        self._reasons = Static(id="reasons", markup=False)
        self._notes = Static(id="notes", markup=False)
        self._remarks: list[str] = []
        self.is_read = False

    def compose(self) -> ComposeResult:
        with self._effective:
            self._effective.border_title = _("Effective settings")
            yield self._table
        with self._details:
            yield self._reasons
            yield self._notes
        yield from self._footer()

    def on_mount(self) -> None:
        self.action_read()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        if action == "show_remarks":
            return any(self._remarks)
        part = self._table.selected
        return action != "show_file" or bool(part and (part.winner or part.others or part.later))

    @work(group="read", exclusive=True)
    async def action_read(self) -> None:
        try:
            found = await self.busy.run(_("Reading …"), _explain, self._folder, self._environ)
        except CcswitchError as problem:
            self._show_problems([str(problem)], "")
            return
        count = sum(bool(layer.entries) for layer in found.layers)
        self._effective.border_subtitle = ngettext("{count} source", "{count} sources", count)
        self._effective.border_title = plain_title(_("Effective settings in {folder}", folder=file_name(found.folder)))
        self._table.show(found.parts)
        self._notes.update(_lines("!", found.notes))
        self._remarks = [_lines("✗", found.faults), _lines("!", found.notes)]
        self._show_problems(found.faults, join_sentences("" if found.faults else found.outcome, found.counts))
        self.refresh_bindings()
        self.is_read = True

    def on_table_highlighted(self, event: Table.Highlighted) -> None:
        part: ExplainedPart = event.row
        self._details.border_title = plain_title(part.label)
        self._reasons.update("\n".join(map(printable, (part.value, *part.reasons()))))
        self._details.scroll_home(animate=False)
        self.refresh_bindings()

    @work(group="show")
    async def action_show_file(self) -> None:
        from ccswitch_py.tui.screens.show_text import ShowTextScreen

        part = self._table.selected
        place = part and next(iter((*filter(None, [part.winner]), *part.others, *part.later)), None)
        if place:
            await self.app.push_screen_wait(ShowTextScreen(place.location, "\n".join(place.layer.lines())))

    @work(group="show")
    async def action_show_remarks(self) -> None:
        from ccswitch_py.tui.screens.show_text import ShowTextScreen

        text = "\n\n".join(filter(None, self._remarks))
        await self.app.push_screen_wait(ShowTextScreen(_("Problems and notes"), text))

    def action_scroll(self, lines: int) -> None:
        self._details.scroll_relative(y=lines, animate=False)

    def _show_problems(self, problems: Sequence[str], count: str) -> None:
        lines = filter(None, (printable(count), _lines("✗", problems)))
        self.status.show("\n".join(lines), is_error=bool(problems))


def _lines(sign: str, remarks: Sequence[str]) -> str:
    return "\n".join(printable(f"{sign} {remark}") for remark in remarks)


def _explain(folder: str, environ: Mapping[str, str]) -> Explanation:
    from ccswitch_py.services.explain import explain

    return explain(folder, environ)


def _cut_in_middle(text: str, width: int) -> str:
    """Keep the first word, which names the owner of the file, and the end, which has the line."""
    kept = text.find(" ") + 1
    while cell_len(text) > width and kept < len(text):
        text = text[:kept] + "…" + text[kept:].removeprefix("…")[1:]
    return text
