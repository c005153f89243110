"""What a verb gives back: the same facts for people and for programs."""

from __future__ import annotations

from ccswitch_py.cli.columns import padded, width

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


class Result:
    """``text`` is for people, ``data`` for ``--json``; ``notes`` go to standard error in both cases."""

    def __init__(
        self, text: str = "", data: dict[str, Any] | None = None, exit_code: int = 0, notes: list[str] | None = None
    ) -> None:
        self.text = text
        self.data: dict[str, Any] = data or {}
        self.exit_code = exit_code
        self.notes = notes or []


def table(rows: list[list[str]], heading: list[str]) -> str:
    """Rows in aligned columns, wide (CJK) characters counted as two."""
    lines = [heading, *rows]
    widths = [max(width(line[column]) for line in lines) for column in range(len(heading))]
    return "\n".join(
        "  ".join(padded(cell, size) for cell, size in zip(line, widths, strict=True)).rstrip() for line in lines
    )
