"""Parses the arguments of one command: the simple command lines by itself, the others with argparse.

A command declares its arguments once, in ``add_arguments``, in argparse's terms. Importing argparse and building one
of its parsers takes a tenth of the time of ``use``.
"""

from __future__ import annotations

from ccswitch_py.core.errors import BadInput
from ccswitch_py.core.language import _
from ccswitch_py.redact.key_patterns import SHORTEST_KEY, contains_key, looks_like_key

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

        try:
            args = parse_fully(command, summary, example, add_arguments, argv)
        except BadInput as error:  # it quotes the argument
            refuse_key(error.message)
            raise
    values: dict[str, Any] = vars(args)
    if to_run:
        values["command"] = [*values["command"], *to_run]
    for name, value in values.items():
        if name not in _FREE_TEXT:
            for text in _texts(name, value):
                refuse_key(text, marked_only=name == "header" or "/" in text)
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
        elif text and (text == "-" or text[0] != "-") and positionals:
            setattr(simple, positionals.pop(0), text)
        else:
            return None
    return None if positionals else simple


class SimpleArguments:
    """The arguments by name, as in ``argparse.Namespace``."""


class _NotSimple(Exception):
    """An argument that only argparse can parse."""


class _Declarations:
    """Records what ``add_arguments`` declares, in place of an argparse parser."""

    def __init__(self, defaults: SimpleArguments) -> None:
        self.positionals: list[str] = []
        self.switches: dict[str, str] = {}
        self._defaults = defaults

    def add_argument(self, *names: str, action: object = "store", **options: object) -> None:
        """Record an argument; an optional or repeated positional is not simple."""
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
    """Return the texts to check for keys; of a command to run only the program."""
    if not isinstance(value, list):
        return [value] if isinstance(value, str) else []
    return value[:1] if name == "command" else value


def refuse_key(text: str, *, marked_only: bool = False) -> None:
    """Raise ``BadInput``, which does not quote it, for an argument that looks like a key: others can read arguments.

    ``marked_only``: refuse only what is marked as a key, in a header, path or address that may contain long ids.
    """
    if len(text) < SHORTEST_KEY or not (" " in text or any(map(str.isdigit, text))):
        return  # without importing re
    if contains_key(text) if marked_only else looks_like_key(text):
        raise BadInput(
            _("An argument looks like a key. Others on this machine can read arguments, so nothing was done."),
            _("Pass the key on stdin (--key-stdin, `ccswitch keys set NAME`), or paste it into the setup form."),
        )
