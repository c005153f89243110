"""``ccswitch test``: ask the gateway what the tool will ask, for real."""

from __future__ import annotations

import argparse
import sys
from dataclasses import dataclass

from ccswitch_py.cli.findings import EachCheck, counted, last_line, summary
from ccswitch_py.cli.parser import add_json
from ccswitch_py.cli.progress import progress_line
from ccswitch_py.cli.result import Result
from ccswitch_py.errors import BadInput, FileNotChanged, Interrupted
from ccswitch_py.jobs.check_many import Outcome, Watch, check_many, requests_at_most
from ccswitch_py.paths import Paths, find_paths
from ccswitch_py.probe.plan import Depth
from ccswitch_py.store.profile_files import profile_names, read_profile_bytes


@dataclass(frozen=True)
class Options:
    """How much to ask, and what to make of the answers."""

    depth: Depth = Depth.NORMAL
    as_json: bool = False
    junit: str | None = None


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The arguments of ``test``."""
    parser.add_argument("names", nargs="*", metavar="NAME", help="the profiles")
    parser.add_argument("--all", action="store_true", help="all profiles, those of different hosts at the same time")
    depth = parser.add_mutually_exclusive_group()
    depth.add_argument("--quick", action="store_true", help="only url to model")
    depth.add_argument("--full", action="store_true", help="all checks there are")
    parser.add_argument("--junit", metavar="FILE", help="write the results there as JUnit XML, too")
    add_json(parser)


def run(args: argparse.Namespace) -> Result:
    """Test the profiles; exit code 1 if one does not work."""
    paths = find_paths()
    names: list[str] = profile_names(paths) if args.all else args.names
    if args.all and not names:
        raise BadInput(
            "There is no profile yet.", "Make one with `ccswitch add`, or start `ccswitch` for the setup form."
        )
    if not names:
        raise BadInput("It is not clear which profile to test.", "Name one or more, or say --all.")
    depth = Depth.QUICK if args.quick else Depth.FULL if args.full else Depth.NORMAL
    return run_tests(paths, names, Options(depth, args.json, args.junit))


def run_tests(paths: Paths, names: list[str], options: Options) -> Result:
    """Test the profiles: of one, people see each check as it ends; of several, a table at the end."""
    for name in names:
        read_profile_bytes(paths, name)
    if options.junit is not None:
        from ccswitch_py.cli.junit import check_place

        check_place(options.junit)
    alone = len(set(names)) == 1
    if alone:
        outcome = check_many(paths, names, options.depth, Watch() if options.as_json else EachCheck())
    else:
        outcome = _test_several(paths, names, options)
    text = summary(outcome) if not alone else "\n".join(map(last_line, outcome.in_order))
    exit_code = Interrupted.exit_code if outcome.interrupted else 0 if outcome.all_good else 1
    result = Result(text, outcome.as_json(), exit_code)
    if options.junit is not None:
        _write_junit(options.junit, outcome, result)
    if alone and outcome.problems:
        raise outcome.problems[names[0]]
    return result


def _test_several(paths: Paths, names: list[str], options: Options) -> Outcome:
    count = len(set(names))
    requests = requests_at_most(paths, names, options.depth)
    print(f"{counted(count, 'profile')}, at most {counted(requests, 'request')} in all", file=sys.stderr, flush=True)
    with progress_line(count) as watch:
        return check_many(paths, names, options.depth, watch)


def _write_junit(path: str, outcome: Outcome, result: Result) -> None:
    """What was found is shown even if it cannot be written."""
    from ccswitch_py.cli.junit import write_junit

    try:
        write_junit(path, outcome)
    except FileNotChanged as problem:
        result.notes.append(f"ccswitch: {problem}")
        result.exit_code = problem.exit_code
