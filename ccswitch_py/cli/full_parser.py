"""Parses any command line with argparse: options with values, help, and what is wrong with the rest."""

from __future__ import annotations

import argparse

from ccswitch_py.core.errors import BadInput
from ccswitch_py.core.language import N_, _, as_sentence

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import NoReturn

    from ccswitch_py.cli.command import AddArguments

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
"""argparse's own texts."""

# Otherwise argparse searches for a catalogue of its own for each text, which costs more than all the rest of a parser.
setattr(argparse, "_", _)  # noqa: B010


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        raise BadInput(as_sentence(message), _("See `{program} --help`.", program=self.prog))


class _Formatter(argparse.RawDescriptionHelpFormatter):
    """Help of a fixed width: to learn the terminal's, argparse would import shutil for every parser."""

    def __init__(self, prog: str) -> None:
        super().__init__(prog, width=100)


def nonempty(text: str) -> str:
    """Return the value of an option, or have the parser refuse it: for options where empty has no meaning."""
    if not text.strip():
        raise argparse.ArgumentTypeError(_("must not be empty"))
    return text


def wrong_argument(option: str, reason: str, command: str) -> BadInput:
    """Return an error about the value of an option, as argparse's own; ``reason`` is a phrase."""
    message = _("argument %(argument_name)s: %(message)s") % {"argument_name": option, "message": reason}
    return BadInput(as_sentence(message), _("See `{program} --help`.", program=f"ccswitch {command}"))


def parse_fully(
    command: str, summary: str, example: str, add_arguments: AddArguments, argv: list[str]
) -> argparse.Namespace:
    """Return the arguments of a command; raises ``BadInput``, and ``SystemExit`` after printing its help."""
    parser = _Parser(
        prog=f"ccswitch {command}",
        description=summary,
        epilog=_("example:") + f"\n  {example}",
        allow_abbrev=False,
        formatter_class=_Formatter,
    )
    add_arguments(parser)
    return parser.parse_args(argv)
