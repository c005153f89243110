"""Parses any command line with argparse: options with values, help, and what is wrong with the rest."""

from __future__ import annotations

import argparse

from ccswitch_py.cli.misplaced_key import refuse_key
from ccswitch_py.core.errors import BadInput
from ccswitch_py.core.language import N_, _, as_sentence

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import NoReturn

    from ccswitch_py.cli.parser import AddArguments

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

EXAMPLES = {
    "add": "ccswitch add work --provider mingyan --key-stdin < key.txt",
    "list": "ccswitch list --json",
    "show": "ccswitch show work",
    "edit": "ccswitch edit work --opus glm-5.1",
    "rename": "ccswitch rename work office",
    "duplicate": "ccswitch duplicate work experiment",
    "remove": "ccswitch remove work --keep-key",
    "use": "ccswitch use work",
    "off": "ccswitch off --dry-run",
    "undo": "ccswitch undo",
    "status": "ccswitch status",
    "test": "ccswitch test work --full",
    "explain": "ccswitch explain ~/src/project",
    "ask": 'ccswitch ask work "What is a monad?"',
    "run": "ccswitch run work -- claude --continue",
    "env": 'eval "$(ccswitch env work)"',
    "export": "ccswitch export work -o work.toml",
    "keys": "ccswitch keys set work --host api.example.com",
    "providers": "ccswitch providers",
    "models": "ccswitch models work --refresh",
    "targets": "ccswitch targets",
    "doctor": "ccswitch doctor --fix",
    "completion": 'eval "$(ccswitch completion bash)"',
    "demo": "ccswitch demo",
}


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        refuse_key(message)
        raise BadInput(as_sentence(message), _("See `{program} --help`.", program=self.prog))


class _Formatter(argparse.RawDescriptionHelpFormatter):
    """Help of a fixed width: to learn the terminal's, argparse would import shutil for every parser."""

    def __init__(self, prog: str) -> None:
        super().__init__(prog, width=100)


def parse_fully(command: str, summary: str, add_arguments: AddArguments, argv: list[str]) -> argparse.Namespace:
    """Return the arguments of a command; raises ``BadInput``, and ``SystemExit`` after printing its help."""
    parser = _Parser(
        prog=f"ccswitch {command}",
        description=summary,
        epilog=_("example:") + f"\n  {EXAMPLES[command]}",
        allow_abbrev=False,
        formatter_class=_Formatter,
    )
    add_arguments(parser)
    return parser.parse_args(argv)
