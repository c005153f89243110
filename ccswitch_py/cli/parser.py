"""Reading the arguments of one verb; only that verb's parser is built, which is most of what makes it quick."""

from __future__ import annotations

import argparse

from ccswitch_py.errors import BadInput

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import NoReturn

# argparse looks for a translation of each of its texts anew, which costs more than all the rest of a small parser.
setattr(argparse, "_", str)  # noqa: B010


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        raise BadInput(f"{message[:1].upper()}{message[1:]}.", f"See `{self.prog} --help`.")


class _Formatter(argparse.HelpFormatter):
    """Help of a fixed width: to learn the terminal's, argparse would import shutil for every parser."""

    def __init__(self, prog: str) -> None:
        super().__init__(prog, width=100)


def parse(
    verb: str, text: str, add_arguments: Callable[[argparse.ArgumentParser], None], argv: list[str]
) -> argparse.Namespace:
    """The arguments of a verb; raises ``BadInput``, and ``SystemExit`` after printing help."""
    parser = _Parser(
        prog=f"ccswitch {verb}",
        description=f"{text[:1].upper()}{text[1:]}.",
        allow_abbrev=False,
        formatter_class=_Formatter,
    )
    add_arguments(parser)
    return parser.parse_args(argv)


def add_json(parser: argparse.ArgumentParser) -> None:
    """``--json``, on every verb that reports."""
    parser.add_argument("--json", action="store_true", help="print the facts as JSON")


def add_target(parser: argparse.ArgumentParser) -> None:
    """``--target``, once or several times."""
    parser.add_argument(
        "--target", action="append", metavar="T", help="a tool to set up (default: claude-code); see `ccswitch targets`"
    )
