"""The list of a model field: models under the headings of their families, then the typed text as a free id."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from rich.cells import cell_len

from ccswitch_py.core.language import _
from ccswitch_py.redact.printable import printable
from ccswitch_py.tui.widgets.model_select.catalog import ModelChoice
from ccswitch_py.tui.widgets.table import Span, Table, fit


class Heading(NamedTuple):
    """A family's name, or a hint; it cannot be chosen."""

    text: str


class FreeText(NamedTuple):
    id: str


ModelRow = Heading | ModelChoice | FreeText


class ModelList(Table[ModelRow]):
    """The rows; the field keeps the focus, moves the cursor and takes the row."""

    FOCUS_ON_CLICK = False  # can_focus all the same: else a click would focus a scrolling container around it
    CLICKS_TO_PICK = 1
    CENTERED = True
    DEFAULT_CSS = """
    ModelList {
        overlay: screen;
        constrain: inside none;
        background: $panel;
        & > .table--heading { color: $text-muted; }
        & > .table--hovered { background: $foreground 10%; }
        & > .table--cursor { color: $block-cursor-foreground; background: $block-cursor-background; }
    }
    """

    def __init__(self) -> None:
        super().__init__()
        self.current = ""

    @property
    def choice(self) -> ModelChoice | FreeText | None:
        return None if isinstance(self.selected, Heading) else self.selected

    def is_heading(self, row: ModelRow) -> bool:
        return isinstance(row, Heading)

    def heading_index(self, index: int) -> int:
        return index - 1 if index and self.is_heading(self.rows[index - 1]) else index

    def spans(self, row: ModelRow, width: int) -> Sequence[Span]:
        note = ""
        match row:
            case Heading(text):
                return [Span(fit(f" {printable(text)}", width), "heading")]
            case FreeText(text):
                text = f" {self._mark(text)} " + _("use '{id}' as typed", id=printable(text))
            case ModelChoice():
                text, note = f" {self._mark(row.id)} {printable(row.id)}", f" {printable(row.summary)} "
        return [Span(fit(text, max(width - cell_len(note), 0))), Span(note, "quiet")]

    def _mark(self, model_id: str) -> str:
        return "●" if model_id == self.current else " "


def rows_under_headings(
    choices: Sequence[ModelChoice], picked: ModelChoice | None, none: str
) -> tuple[list[ModelRow], int]:
    """Return the choices under the headings of their families, and the index of the picked one.

    ``none`` is the only row where there is no choice.
    """
    if not choices:
        return [Heading(none)], 0
    rows: list[ModelRow] = []
    cursor = -1
    family = None
    for choice in choices:
        if choice.family != family:
            family = choice.family
            rows.append(Heading(family or _("other")))
        if choice is picked or (picked is None and cursor < 0):
            cursor = len(rows)
        rows.append(choice)
    return rows, cursor
