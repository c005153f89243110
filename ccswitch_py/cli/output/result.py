"""What a command returns: the same facts for people and for programs."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


class Result:
    """``text`` is for people, ``data`` for ``--json``; ``notes`` go to stderr in both cases.

    A text ``for_programs`` is piped as it is; on a terminal it is made printable like all others. A ``painted`` one
    keeps its colours.
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
