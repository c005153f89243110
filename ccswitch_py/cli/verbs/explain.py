"""``ccswitch explain``: which address, key, headers and models Claude Code will use in a folder, and why."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Iterator

from ccswitch_py.cli.columns import padded, width
from ccswitch_py.cli.parser import add_json
from ccswitch_py.cli.result import Result
from ccswitch_py.cli.terminal import Terminal
from ccswitch_py.jobs.explain import Explanation, explain
from ccswitch_py.jobs.explain_words import file_name, label, layer_lines, reasons
from ccswitch_py.language import tr
from ccswitch_py.paths import absolute

_GAP = 2


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The arguments of ``explain``."""
    parser.add_argument(
        "folder", nargs="?", metavar="FOLDER", default=".", help=tr("where Claude Code starts (default: here)")
    )
    parser.add_argument("--settings", metavar="FILE", help=tr("a file that it would get with its own --settings"))
    add_json(parser)


def run(args: argparse.Namespace) -> Result:
    """The explanation; exit code 1 for what is wrong: a settings file that does not count, a login sent elsewhere."""
    settings = absolute(args.settings) if args.settings is not None else None
    found = explain(args.folder, os.environ, settings)
    return Result("\n".join(_lines(found)), found.as_json(), 1 if found.faults else 0)


def _lines(found: Explanation) -> Iterator[str]:
    terminal = Terminal(sys.stdout)
    yield tr("In {folder} Claude Code will use:", folder=file_name(found.folder))
    labels = [label(part) for part in found.parts]
    indent = max(map(width, labels)) + _GAP
    for name, part in zip(labels, found.parts, strict=True):
        yield padded(name, indent) + terminal.wrapped(part.value, " " * indent).lstrip()
        for line in reasons(part):
            yield terminal.wrapped(line, " " * indent)
    for heading, remarks in ((tr("Wrong:"), found.faults), (tr("To know:"), found.notes)):
        if remarks:
            yield from ("", heading)
            yield from (terminal.wrapped(remark, "  ") for remark in remarks)
    for in_force, heading in (
        (True, tr("What holds now, the strongest first:")),
        (False, tr("What new terminals and sessions will have:")),
    ):
        layers = [layer for layer in found.layers if layer.in_force is in_force]
        if layers:
            yield from ("", heading)
            yield from (_indented(terminal, line) for layer in layers for line in layer_lines(layer))


def _indented(terminal: Terminal, line: str) -> str:
    words = line.lstrip()
    return terminal.wrapped(words, "  " + " " * (len(line) - len(words)))
