"""``ccswitch doctor``: whether all that ccswitch and Claude Code rely on is in order, and how to mend what is not."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING, Any

from ccswitch_py.cli.output.doctor import changes_text, findings_text
from ccswitch_py.cli.output.result import Result
from ccswitch_py.cli.output.terminal import say
from ccswitch_py.cli.output.waiting import said_when_slow
from ccswitch_py.cli.parser import add_json
from ccswitch_py.core.errors import BadInput, NotFound
from ccswitch_py.core.language import N_, _
from ccswitch_py.core.paths import Paths, find_paths
from ccswitch_py.model.doctor_finding import Finding, Level
from ccswitch_py.services.doctor.examination import examine, worst_first
from ccswitch_py.services.doctor.repairs import Planned, mend, plan
from ccswitch_py.services.doctor.report import report

if TYPE_CHECKING:
    import argparse

_WAITING = {
    "keyring": N_("Asking the keyring …"),
    "helper": N_("Starting the command that fetches the key …"),
    "loopback": N_("Looking whether something listens on this machine …"),
    "versions": N_("Asking claude for its version …"),
}
_LOOKING = N_("Looking …")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("folder", nargs="?", default=".", help=_("the project's folder (default: this one)"))
    what = parser.add_mutually_exclusive_group()
    what.add_argument("--fix", action="store_true", help=_("fix what can be fixed without loss, after showing it"))
    what.add_argument("--report", action="store_true", help=_("print a text that can be shown to everybody"))
    parser.add_argument("--yes", action="store_true", help=_("with --fix: do not ask"))
    add_json(parser)


def run(args: argparse.Namespace) -> Result:
    """Look at everything; exit code 1 if something is broken."""
    if not os.path.isdir(args.folder):
        raise NotFound(_("There is no folder {folder}.", folder=args.folder), _("Name one that there is."))
    paths = find_paths()
    findings = _examined(paths, args.folder)
    if args.report:
        text = report(findings)
        return Result(text, {"report": text}, _code(findings))
    facts: dict[str, Any] = {}
    problems: list[str] = []
    shown = findings
    if args.fix:
        planned = plan(paths, findings)
        problems = planned.problems
        facts["done"] = []
        if _agreed(planned, findings, args):
            done = mend(paths, planned)
            problems += done.problems
            facts["done"] = done.lines
            if not args.json:
                _say_done(done)
            findings = _examined(paths, args.folder)
            shown = [finding for finding in findings if finding.kind.level is not Level.OK]
    facts["findings"] = [finding.as_json() for finding in findings]
    return Result(findings_text(shown), facts, 1 if problems else _code(findings), problems, painted=True)


def _examined(paths: Paths, folder: str) -> list[Finding]:
    with said_when_slow() as tell:
        return worst_first(examine(paths, folder, begins=lambda area: tell(_(_WAITING.get(area, _LOOKING)))))


def _code(findings: list[Finding]) -> int:
    return 1 if any(finding.kind.level is Level.BROKEN for finding in findings) else 0


def _agreed(planned: Planned, findings: list[Finding], args: argparse.Namespace) -> bool:
    """Show what would be done, and ask; raises ``BadInput`` where nobody can answer."""
    if not planned.repairs:
        if not args.json:
            say(_("Nothing can be fixed automatically."))
        return False
    if not args.json:
        for line in changes_text(planned, findings):
            say(line)
    if args.yes:
        return True
    if not sys.stdin.isatty():
        raise BadInput(_("Nobody can be asked here whether that shall be done."), _("Say --yes."))
    say(_("Do it? [y/N]"), end=" ")
    if sys.stdin.readline().strip().lower() in ("y", "yes"):
        return True
    say(_("Nothing was done."))
    return False


def _say_done(done: Planned) -> None:
    for lines in done.repairs.values():
        say(_("Done: {change}", change=lines[0]))
