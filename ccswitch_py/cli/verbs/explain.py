"""``ccswitch explain``: which address, key, headers and models Claude Code will use in a folder, and why."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Iterator

from ccswitch_py.cli.parser import add_json
from ccswitch_py.cli.result import Result, padded, width
from ccswitch_py.cli.terminal import Terminal
from ccswitch_py.jobs.explain import Explained, Explanation, explain
from ccswitch_py.jobs.explain_words import KINDS, file_name, in_new_terminals, shown, where
from ccswitch_py.language import later, sentence, tr
from ccswitch_py.layers.layer import Layer
from ccswitch_py.layers.winners import Place

LABELS = {"address": later("address"), "headers": later("headers")}
"""What is no name of a header or role is said in the user's language."""
_GAP = 2


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The arguments of ``explain``."""
    parser.add_argument(
        "folder", nargs="?", metavar="FOLDER", default=".", help=tr("where Claude Code starts (default: here)")
    )
    parser.add_argument("--settings", metavar="FILE", help=tr("a file that it would get with its own --settings"))
    add_json(parser)


def run(args: argparse.Namespace) -> Result:
    """The explanation; exit code 1 if Claude Code skips a settings file or would send its login elsewhere."""
    settings = os.path.abspath(args.settings) if args.settings is not None else None
    found = explain(args.folder, os.environ, settings)
    return Result("\n".join(_lines(found)), found.as_json(), 1 if found.is_wrong else 0)


def _lines(found: Explanation) -> Iterator[str]:
    terminal = Terminal(sys.stdout)
    yield tr("In {folder} Claude Code will use:", folder=file_name(found.folder))
    labels = [tr(LABELS.get(part.part, part.part)) for part in found.parts]
    indent = max(map(width, labels)) + _GAP
    for label, part in zip(labels, found.parts, strict=True):
        yield padded(label, indent) + part.value
        for line in _reasons(part):
            yield terminal.wrapped(line, " " * indent)
    if found.notes:
        yield ""
        yield tr("To know:")
        yield from (terminal.wrapped(note, "  ") for note in found.notes)
    for in_force, heading in (
        (True, tr("What holds now, the strongest first:")),
        (False, tr("What new terminals and sessions will have:")),
    ):
        layers = [layer for layer in found.layers if layer.in_force is in_force]
        if layers:
            yield from ("", heading)
            yield from (line for layer in layers for line in _layer(layer))


def _reasons(part: Explained) -> Iterator[str]:
    if part.winner:
        yield tr("{name} in {place}", name=part.winner.entry.name, place=where(part.winner))
    if part.winner or part.others:
        yield part.why
    for place in part.others:
        yield tr("beaten: {name} = {value} ({place})", name=place.entry.name, value=shown(place), place=where(place))
    now = [place for place in (part.winner, *part.others) if place]
    yield from (in_new_terminals(place, now) for place in part.later)


def _layer(layer: Layer) -> Iterator[str]:
    kind = sentence(tr(KINDS[layer.kind])).rstrip(".。")
    yield f"  {kind}" + (f": {file_name(layer.path)}" if layer.path else "")
    if layer.problem:
        yield f"    {layer.problem}"
    elif not layer.entries:
        yield "    " + tr("sets nothing of this")
    for entry in layer.entries:
        line = "" if entry.line is None else f"{entry.line:>4}  "
        yield f"    {line}{entry.name} = {shown(Place(layer, entry))}"
