"""``ccswitch doctor``: whether all that ccswitch and Claude Code rely on is in order, and how to mend what is not."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING, Any

from ccswitch_py.cli.columns import padded
from ccswitch_py.cli.parser import add_json
from ccswitch_py.cli.result import Result
from ccswitch_py.cli.terminal import GREEN, RED, YELLOW, Terminal, say
from ccswitch_py.errors import BadInput, NotFound
from ccswitch_py.jobs.doctor.examination import examine, worst_first
from ccswitch_py.jobs.doctor.finding import Finding, Level
from ccswitch_py.jobs.doctor.repairs import Planned, mend, plan
from ccswitch_py.jobs.doctor.report import report
from ccswitch_py.language import later, together, tr, tr_count
from ccswitch_py.paths import Paths, find_paths

if TYPE_CHECKING:
    import argparse

SIGNS = {
    Level.BROKEN: later("✗ broken"),
    Level.LOOK: later("! look"),
    Level.OK: later("✓ ok"),
}
COLOURS = {Level.BROKEN: RED, Level.LOOK: YELLOW, Level.OK: GREEN}
_INDENT = " " * 11


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The arguments of ``doctor``."""
    parser.add_argument("folder", nargs="?", default=".", help=tr("the project's folder (default: this one)"))
    what = parser.add_mutually_exclusive_group()
    what.add_argument("--fix", action="store_true", help=tr("mend what can be mended without loss, after a look at it"))
    what.add_argument("--report", action="store_true", help=tr("print a text that can be shown to everybody"))
    parser.add_argument("--yes", action="store_true", help=tr("with --fix: do not ask"))
    add_json(parser)


def run(args: argparse.Namespace) -> Result:
    """Look at everything; exit code 1 if something is broken."""
    if not os.path.isdir(args.folder):
        raise NotFound(tr("There is no folder {folder}.", folder=args.folder), tr("Name one that there is."))
    paths = find_paths()
    findings = _examined(paths, args.folder)
    if args.report:
        text = report(findings)
        return Result(text, {"report": text}, _code(findings))
    facts: dict[str, Any] = {}
    problems: list[str] = []
    if args.fix:
        planned = plan(findings)
        problems = planned.problems
        facts["done"] = []
        if _agreed(planned, args):
            problems += mend(planned)
            facts["done"] = planned.done
            findings = _examined(paths, args.folder)
    facts["findings"] = [finding.as_json() for finding in findings]
    return Result(_text(findings), facts, 1 if problems else _code(findings), problems, painted=True)


def _examined(paths: Paths, folder: str) -> list[Finding]:
    return worst_first(list(examine(paths, folder)))


def _code(findings: list[Finding]) -> int:
    return 1 if any(finding.kind.level is Level.BROKEN for finding in findings) else 0


def _agreed(planned: Planned, args: argparse.Namespace) -> bool:
    """Show what would be done, and ask; raises ``BadInput`` where nobody can answer."""
    if not planned.repairs:
        if not args.json:
            say(tr("There is nothing that could be mended without you."))
        return False
    if not args.json:
        say(tr("This will be done:"))
        for line in planned.lines:
            say(f"  {line}")
    if args.yes:
        return True
    if not sys.stdin.isatty():
        raise BadInput(tr("Nobody can be asked here whether that shall be done."), tr("Say --yes."))
    say(tr("Do it? [y/N]"), end=" ")
    if sys.stdin.readline().strip().lower() in ("y", "yes"):
        return True
    say(tr("Nothing was done."))
    return False


def _text(findings: list[Finding]) -> str:
    terminal = Terminal(sys.stdout)
    lines: list[str] = []
    for finding in findings:
        sign = terminal.painted(padded(tr(SIGNS[finding.kind.level]), 8), COLOURS[finding.kind.level])
        lines.append(f"{sign} {finding.kind.code}" + (f"  {finding.place}" if finding.place else ""))
        fix = f"→ {finding.fix}" if finding.fix else ""
        lines += [terminal.wrapped(text, _INDENT) for text in (finding.sentence, fix) if text]
    return "\n".join([*lines, "", _summary(findings)])


def _summary(findings: list[Finding]) -> str:
    """How many of each, and what can be mended without the user."""
    broken, look = (sum(one.kind.level is level for one in findings) for level in (Level.BROKEN, Level.LOOK))
    if not broken and not look:
        return tr("All is in order.")
    counts = tr("Broken: {broken}. To look at: {look}.", broken=broken, look=look)
    mendable = len({finding.repair for finding in findings if finding.repair})
    if not mendable:
        return counts
    return together(
        counts,
        tr_count(
            "`ccswitch doctor --fix` can mend {count} thing.",
            "`ccswitch doctor --fix` can mend {count} things.",
            mendable,
        ),
    )
