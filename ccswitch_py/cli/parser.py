"""Reading the arguments of one verb; only that verb's parser is built, which is most of what makes it quick."""

from __future__ import annotations

import argparse

from ccswitch_py.cli.misplaced_key import refuse_key
from ccswitch_py.core.errors import BadInput
from ccswitch_py.core.language import N_, _, as_sentence

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import NoReturn

_TEXTS = (
    N_("usage: "),
    N_("positional arguments"),
    N_("options"),
    N_("show this help message and exit"),
    N_("argument %(argument_name)s: %(message)s"),
    N_("the following arguments are required: %s"),
    N_("one of the arguments %s is required"),
    N_("unrecognized arguments: %s"),
    N_("not allowed with argument %s"),
    N_("expected one argument"),
    N_("expected at most one argument"),
    N_("expected at least one argument"),
    N_("ignored explicit argument %r"),
    N_("invalid %(type)s value: %(value)r"),
    N_("invalid choice: %(value)r (choose from %(choices)s)"),
)
"""What argparse says by itself."""

# Otherwise argparse looks for a translation of its own for each text, which costs more than all the rest of a parser.
setattr(argparse, "_", _)  # noqa: B010


_FREE_TEXT = ("prompt", "system")


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        refuse_key(message)
        raise BadInput(as_sentence(message), _("See `{program} --help`.", program=self.prog))


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
        description=text,
        allow_abbrev=False,
        formatter_class=_Formatter,
    )
    add_arguments(parser)
    args = parser.parse_args(argv)
    for name, value in vars(args).items():
        if name not in _FREE_TEXT:
            for text in _texts(name, value):
                refuse_key(text, may_be_wild=name == "header" or "/" in text)
    return args


def _texts(name: str, value: str | list[str] | float | None) -> list[str]:
    """What is to be looked at of an argument; of a command to run only the program."""
    if not isinstance(value, list):
        return [value] if isinstance(value, str) else []
    return value[:1] if name == "command" else value


def add_json(parser: argparse.ArgumentParser) -> None:
    """``--json``, on every verb that reports."""
    parser.add_argument("--json", action="store_true", help=_("print the facts as JSON"))


def add_target(parser: argparse.ArgumentParser) -> None:
    """``--target``, once or several times."""
    parser.add_argument(
        "--target",
        action="append",
        metavar="T",
        help=_("a tool to set up (default: claude-code); see `ccswitch targets`"),
    )
