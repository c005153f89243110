"""What a verb gives back: the same facts for people and for programs."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


class Result:
    """``text`` is for people, ``data`` for ``--json``; ``find_notes`` go to standard error in both cases.

    A text ``for_programs`` goes to them as it is; a terminal gets it safe to look at, like all others. The colours of
    one that is ``painted`` stay.
    """

    def __init__(
        self,
        text: str = "",
        data: dict[str, Any] | None = None,
        exit_code: int = 0,
        notes: list[str] | None = None,
        *,
        for_programs: bool = False,
        painted: bool = False,
    ) -> None:
        self.text = text
        self.data: dict[str, Any] = data or {}
        self.exit_code = exit_code
        self.notes = notes or []
        self.for_programs = for_programs
        self.painted = painted


def table(rows: list[list[str]], heading: list[str]) -> str:
    """Rows in aligned columns, wide (CJK) characters counted as two."""
    from ccswitch_py.cli.output.columns import padded, width

    lines = [heading, *rows]
    widths = [max(width(line[column]) for line in lines) for column in range(len(heading))]
    return "\n".join(
        "  ".join(padded(cell, size) for cell, size in zip(line, widths, strict=True)).rstrip() for line in lines
    )
