"""Parses the arguments of one command: the simple command lines by itself, the others with argparse.

A command declares its arguments once, in ``add_arguments``, in argparse's terms. Importing argparse and building one
of its parsers takes a tenth of the time of ``use``.
"""

from __future__ import annotations

from ccswitch_py.cli.misplaced_key import refuse_key
from ccswitch_py.core.language import _

TYPE_CHECKING = False
if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace
    from collections.abc import Callable
    from typing import Any

    AddArguments = Callable[[ArgumentParser], None]

_FREE_TEXT = ("prompt", "system")


def parse(
    command: str, summary: str, example: str, add_arguments: AddArguments, argv: list[str]
) -> Namespace | SimpleArguments:
    """Return the arguments of a command; raises ``BadInput``, and ``SystemExit`` after printing its help."""
    to_run: list[str] = []
    if command == "run" and "--" in argv:  # argparse would take a second "--" out of the command
        argv, to_run = argv[: argv.index("--")], argv[argv.index("--") + 1 :]
    args: Namespace | SimpleArguments | None = parse_simple(add_arguments, argv)
    if args is None:
        from ccswitch_py.cli.full_parser import parse_fully

        args = parse_fully(command, summary, example, add_arguments, argv)
    values: dict[str, Any] = vars(args)
    if to_run:
        values["command"] = [*values["command"], *to_run]
    for name, value in values.items():
        if name not in _FREE_TEXT:
            for text in _texts(name, value):
                refuse_key(text, may_be_wild=name == "header" or "/" in text)
    return args


def parse_simple(add_arguments: AddArguments, argv: list[str]) -> SimpleArguments | None:
    """Parse a command line of plain names and switches; None where only argparse knows what it means."""
    simple = SimpleArguments()
    declared = _Declarations(simple)
    try:
        add_arguments(declared)  # pyright: ignore[reportArgumentType]
    except _NotSimple:
        return None
    positionals = list(declared.positionals)
    for text in argv:
        if text in declared.switches:
            setattr(simple, declared.switches[text], True)
        elif text and not text.startswith("-") and positionals:
            setattr(simple, positionals.pop(0), text)
        else:
            return None
    return None if positionals else simple


class SimpleArguments:
    """The arguments by name, as in ``argparse.Namespace``."""


class _NotSimple(Exception):
    """An argument that only argparse can parse."""


class _Declarations:
    """What ``add_arguments`` declares: takes the place of a parser of argparse."""

    def __init__(self, defaults: SimpleArguments) -> None:
        self.positionals: list[str] = []
        self.switches: dict[str, str] = {}
        self._defaults = defaults

    def add_argument(self, *names: str, action: object = "store", **options: object) -> None:
        """Record one argument; a positional that can be left out or repeated is not simple."""
        dest = str(options.get("dest", names[-1].lstrip("-").replace("-", "_")))
        if not names[0].startswith("-"):
            if not {"help", "metavar"}.issuperset(options):
                raise _NotSimple
            self.positionals.append(dest)
            return
        if action == "store_true":
            self.switches |= dict.fromkeys(names, dest)
        setattr(self._defaults, dest, options.get("default", False if action == "store_true" else None))

    def __getattr__(self, name: str) -> object:
        raise _NotSimple


def _texts(name: str, value: str | list[str] | float | None) -> list[str]:
    """Return what to look at of an argument; of a command to run only the program."""
    if not isinstance(value, list):
        return [value] if isinstance(value, str) else []
    return value[:1] if name == "command" else value


def add_json(parser: ArgumentParser) -> None:
    parser.add_argument("--json", action="store_true", help=_("output JSON"))


def add_dry_run(parser: ArgumentParser) -> None:
    parser.add_argument("--dry-run", action="store_true", help=_("show the change without writing it"))


def add_target(parser: ArgumentParser) -> None:
    parser.add_argument(
        "--target",
        action="append",
        metavar="T",
        help=_("a tool to set up (default: claude-code); see `ccswitch targets`"),
    )
