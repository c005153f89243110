"""``ccswitch test``: ask the gateway what the tool will ask, for real."""

from __future__ import annotations

import argparse
import asyncio
import sys
from collections.abc import Callable

from ccswitch_py.cli.parser import add_json
from ccswitch_py.cli.result import Result
from ccswitch_py.errors import BadInput, CcswitchError
from ccswitch_py.jobs.check import plan_of_profile, verdict_sentence
from ccswitch_py.model.diagnosis import Status, Verdict
from ccswitch_py.paths import Paths, find_paths
from ccswitch_py.probe.depth import Depth
from ccswitch_py.probe.ladder import run_ladder
from ccswitch_py.probe.plan import ProbePlan, requests_planned
from ccswitch_py.probe.report import CheckResult, ProfileReport
from ccswitch_py.store.profile_files import profile_names, read_profile_bytes

SIGNS = {
    Status.PASS: "✓ pass",
    Status.WARN: "! warn",
    Status.FAIL: "✗ FAIL",
    Status.SKIP: "- skip",
    Status.UNTESTABLE: "? untestable",
}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The arguments of ``test``."""
    parser.add_argument("names", nargs="*", metavar="NAME", help="the profiles")
    parser.add_argument("--all", action="store_true", help="all profiles, one after the other")
    parser.add_argument("--quick", action="store_true", help="only url to model")
    add_json(parser)


def run(args: argparse.Namespace) -> Result:
    """Test each profile; exit code 1 if one does not work."""
    paths = find_paths()
    names: list[str] = profile_names(paths) if args.all else args.names
    if not names:
        raise BadInput("It is not clear which profile to test.", "Name one or more, or say --all.")
    return run_tests(paths, names, depth=Depth.QUICK if args.quick else Depth.NORMAL, as_json=args.json)


def run_tests(paths: Paths, names: list[str], *, depth: Depth = Depth.NORMAL, as_json: bool) -> Result:
    """Test the profiles one after the other; people see each check as it ends."""
    for name in names:
        read_profile_bytes(paths, name)
    reports: list[ProfileReport] = []
    problems: list[str] = []
    for name in names:
        try:
            plan = plan_of_profile(paths, name, depth)
        except CcswitchError as problem:
            if len(names) == 1:
                raise
            problems.append(f"{name}: {problem}")
            continue
        reports.append(_silently(plan) if as_json else _aloud(plan))
    good = {Verdict.WORKS, Verdict.DEGRADED}
    all_good = not problems and all(report.verdict in good for report in reports)
    facts = {"profiles": [report.as_json() for report in reports], **({"problems": problems} if problems else {})}
    return Result("\n".join(problems), facts, 0 if all_good else 1)


def _silently(plan: ProbePlan) -> ProfileReport:
    return asyncio.run(run_ladder(plan, lambda result: None))


def _aloud(plan: ProbePlan) -> ProfileReport:
    count = requests_planned(plan)
    print(f"{plan.profile}: {plan.base_url}, at most {count} {'request' if count == 1 else 'requests'}")
    report = asyncio.run(run_ladder(plan, _print_check(sys.stdout.isatty())))
    print(f"{plan.profile}: {verdict_sentence(report)}", flush=True)
    return report


def _print_check(to_terminal: bool) -> Callable[[CheckResult], None]:
    def print_check(result: CheckResult) -> None:
        roles = f" for {', '.join(result.roles)}" if result.roles else ""
        subject = f"{result.check} {result.model}{roles}" if result.model else result.check
        time = f"  {result.elapsed_ms} ms" if result.elapsed_ms else ""
        print(f"  {SIGNS[result.status]:<8} {subject}{time}", flush=to_terminal)
        if result.status not in (Status.PASS, Status.SKIP):
            for text in (result.detail, result.advice):
                if text:
                    print(f"           {text}", flush=to_terminal)

    return print_check
