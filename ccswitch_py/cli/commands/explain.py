"""``ccswitch explain``: show which address, key, headers and models Claude Code will use in a folder, and why."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator

from ccswitch_py.cli.command import ArgumentParser, Namespace, Result, add_json
from ccswitch_py.cli.output.terminal import Terminal, padded, width
from ccswitch_py.core.language import _, join_list, ngettext
from ccswitch_py.core.paths import absolute
from ccswitch_py.services.explain import explain
from ccswitch_py.targets.explanation import Explanation, file_name
from ccswitch_py.targets.registry import find_target

_GAP = 2


def add_arguments(parser: ArgumentParser) -> None:
    parser.add_argument(
        "folder",
        nargs="?",
        metavar="FOLDER",
        default=".",
        help=_("where Claude Code starts (default: this folder)"),
    )
    parser.add_argument("--target", default="claude-code", metavar="T", help=_("the tool (default: claude-code)"))
    parser.add_argument("--settings", metavar="FILE", help=_("the file of Claude Code's option --settings"))
    parser.add_argument("--all", action="store_true", help=_("show reasons, overridden values and all sources"))
    add_json(parser)


def run(args: Namespace) -> Result:
    """Show the explanation; exit code 1 where it has faults."""
    settings = absolute(args.settings) if args.settings is not None else None
    found = explain(args.folder, os.environ, settings, args.target)
    return Result(
        "\n".join(_lines(found, find_target(args.target).name, everything=args.all)),
        found.as_json(),
        1 if found.faults else 0,
    )


def _lines(found: Explanation, tool: str, *, everything: bool) -> Iterator[str]:
    terminal = Terminal(sys.stdout)
    yield _("In {folder} {tool} will use:", folder=file_name(found.folder), tool=tool)
    yield from _every_reason(terminal, found) if everything else _table(terminal, found)
    if everything:
        yield from _layers(terminal, found)
    elif more := found.other_places:
        text = ngettext(
            "{count} more setting is overridden or not used: `ccswitch explain --all` shows all.",
            "{count} more settings are overridden or not used: `ccswitch explain --all` shows all.",
            more,
        )
        yield from ("", terminal.wrapped(text))
    for heading, remarks in ((_("Notes:"), found.notes), (_("Problems:"), found.faults)):
        if remarks:
            yield from ("", heading)
            yield from (terminal.wrapped(remark, "  ") for remark in remarks)
    yield from ("", terminal.wrapped(found.verdict))


def _table(terminal: Terminal, found: Explanation) -> Iterator[str]:
    """A row for each value that is set, then those that are not, grouped by value."""
    indent = max(width(part.label) for part in found.parts) + _GAP
    unset: dict[str, list[str]] = {}
    for part in found.parts:
        place = part.winner
        if place is None:
            unset.setdefault(part.value, []).append(part.label)
            continue
        name = place.entry.name
        if name in part.value:
            value = _("{value} ({place})", value=part.value, place=place.location)
        else:
            value = _("{value} ({name} in {place})", value=part.value, name=name, place=place.location)
        yield _row(terminal, part.label, value, indent)
    for value, names in unset.items():
        grouped = _("{names}: {value}", names=join_list(names), value=value)
        yield terminal.wrapped(grouped) if len(names) > 1 else _row(terminal, names[0], value, indent)


def _every_reason(terminal: Terminal, found: Explanation) -> Iterator[str]:
    indent = max(width(part.label) for part in found.parts) + _GAP
    for part in found.parts:
        yield _row(terminal, part.label, part.value, indent)
        yield from (terminal.wrapped(line, " " * indent) for line in part.reasons())


def _row(terminal: Terminal, label: str, value: str, indent: int) -> str:
    return padded(label, indent) + terminal.wrapped(value, " " * indent).lstrip()


def _layers(terminal: Terminal, found: Explanation) -> Iterator[str]:
    for in_force, heading in (
        (True, _("In effect now, highest precedence first:")),
        (False, _("In new terminals and sessions:")),
    ):
        layers = [layer for layer in found.layers if layer.in_force is in_force]
        if layers:
            yield from ("", heading)
            yield from (_indented(terminal, line) for layer in layers for line in layer.lines())


def _indented(terminal: Terminal, line: str) -> str:
    words = line.lstrip()
    return terminal.wrapped(words, "  " + " " * (len(line) - len(words)))
