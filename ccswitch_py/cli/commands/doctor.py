"""``ccswitch doctor``: check the setup, and fix what can be fixed without loss."""

from __future__ import annotations

import os
import sys
from typing import Any

from ccswitch_py.cli.command import ArgumentParser, Namespace, Result, add_json
from ccswitch_py.cli.output.doctor import findings_text, plan_text, shown_when_slow
from ccswitch_py.cli.output.terminal import confirmed, print_note
from ccswitch_py.core.errors import BadInput, NotFound
from ccswitch_py.core.language import N_, _
from ccswitch_py.core.paths import Paths, find_paths
from ccswitch_py.model.doctor_finding import Finding, Level
from ccswitch_py.services.doctor.examination import examine, worst_first
from ccswitch_py.services.doctor.fixes import FixPlan, apply_fixes, plan_fixes
from ccswitch_py.services.doctor.report import report

_WAITING = {
    "keyring": N_("Checking the keyring …"),
    "helper": N_("Starting the key command …"),
    "loopback": N_("Checking for listeners on this machine …"),
    "versions": N_("Asking claude for its version …"),
}
_CHECKING = N_("Checking …")


def add_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("folder", nargs="?", default=".", help=_("the project's folder (default: this one)"))
    what = parser.add_mutually_exclusive_group()
    what.add_argument("--fix", action="store_true", help=_("show and apply the fixes that lose nothing"))
    what.add_argument("--report", action="store_true", help=_("print a shareable report"))
    parser.add_argument("--yes", action="store_true", help=_("apply fixes without asking"))
    add_json(parser)


def run(args: Namespace) -> Result:
    """Check everything; exit code 1 if something is broken."""
    if not os.path.isdir(args.folder):
        raise NotFound(_("There is no folder {folder}.", folder=args.folder), _("Choose an existing folder."))
    if args.yes and not args.fix:
        raise BadInput(_("{option} needs {other}.", option="--yes", other="--fix"), _("See `ccswitch doctor --help`."))
    paths = find_paths()
    findings = _examine(paths, args.folder)
    if args.report:
        text = report(findings)
        return Result(text, {"report": text}, _code(findings))
    facts: dict[str, Any] = {}
    problems: list[str] = []
    shown = findings
    if args.fix:
        plan = plan_fixes(paths, findings)
        problems = plan.problems
        facts["done"] = []
        if _is_confirmed(plan, findings, args):
            applied = apply_fixes(paths, plan)
            problems += applied.problems
            facts["done"] = applied.lines
            for lines in () if args.json else applied.fixes.values():
                print_note(_("Fixed: {change}", change=lines[0]))
            findings = _examine(paths, args.folder)
            shown = [finding for finding in findings if finding.kind.level is not Level.OK]
    facts["findings"] = [finding.as_json() for finding in findings]
    return Result(findings_text(shown), facts, 1 if problems else _code(findings), problems, painted=True)


def _examine(paths: Paths, folder: str) -> list[Finding]:
    with shown_when_slow() as show:
        return worst_first(examine(paths, folder, begins=lambda area: show(_(_WAITING.get(area, _CHECKING)))))


def _code(findings: list[Finding]) -> int:
    return 1 if any(finding.kind.level is Level.BROKEN for finding in findings) else 0


def _is_confirmed(plan: FixPlan, findings: list[Finding], args: Namespace) -> bool:
    """Show the plan, and ask; raises ``BadInput`` without a terminal."""
    if not plan.fixes:
        if not args.json:
            print_note(_("Nothing can be fixed automatically."))
        return False
    if not args.json:
        for line in plan_text(plan, findings):
            print_note(line)
    if args.yes:
        return True
    if not sys.stdin.isatty():
        raise BadInput(_("Fixes need a confirmation, and this is not a terminal."), _("Pass --yes."))
    if confirmed(_("Apply? [y/N]")):
        return True
    print_note(_("Nothing was changed."))
    return False
