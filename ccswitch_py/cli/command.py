"""What commands share: the types of their arguments, common options, and the result."""

from __future__ import annotations

from ccswitch_py.core.language import _

TYPE_CHECKING = False
if TYPE_CHECKING:
    from argparse import ArgumentParser as ArgumentParser
    from argparse import Namespace as Namespace
    from collections.abc import Callable
    from typing import Any

    AddArguments = Callable[[ArgumentParser], None]
else:
    ArgumentParser = Namespace = object  # importing argparse takes a tenth of the time of ``use``


class Result:
    """The outcome of a command: ``text`` for people, ``data`` for ``--json``, ``notes`` for stderr.

    A text ``for_programs`` is piped unchanged; on a terminal it is made printable like all others. A ``painted`` one
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


def add_json(parser: ArgumentParser) -> None:
    parser.add_argument("--json", action="store_true", help=_("output JSON"))
