"""``ccswitch test``: send the tool's requests to the gateway, and report what works."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import Any

from ccswitch_py.cli.command import ArgumentParser, Namespace, Result, add_json
from ccswitch_py.cli.output.live_test import CheckPrinter, CostNotice, ProgressLine, summary, verdict_lines
from ccswitch_py.cli.output.terminal import print_note
from ccswitch_py.core.errors import BadInput, CcswitchError, FileNotChanged, Interrupted
from ccswitch_py.core.language import _, join_clauses, join_list, labelled, ngettext
from ccswitch_py.core.paths import Paths, find_paths
from ccswitch_py.probe.plan import Depth
from ccswitch_py.services.live_test.batch import Outcome, check_many
from ccswitch_py.services.live_test.plans import Subject, count_requests, request_budget, subjects_of
from ccswitch_py.services.status import overridden
from ccswitch_py.store.profile_files import profile_names, read_profile_bytes
from ccswitch_py.targets.registry import DEFAULT_TARGET

MAX_TIMEOUT_S = 3_600


@dataclass(frozen=True)
class Options:
    depth: Depth = Depth.NORMAL
    as_json: bool = False
    junit: str | None = None
    with_claude: bool = False
    fix: bool = False
    verbose: bool = False
    read_s: float | None = None
    target: str | None = None


def add_arguments(parser: ArgumentParser) -> None:
    parser.parse_args = parser.parse_intermixed_args  # as in ask
    parser.add_argument("names", nargs="*", metavar="NAME", help=_("the profiles"))
    parser.add_argument("--all", action="store_true", help=_("all profiles, different hosts in parallel"))
    parser.add_argument(
        "--target", metavar="T", help=_("the tool to test for (default: those that use the profile, else the first)")
    )
    depth = parser.add_mutually_exclusive_group()
    depth.add_argument("--quick", action="store_true", help=_("only the checks from url to model"))
    depth.add_argument("--full", action="store_true", help=_("all checks"))
    parser.add_argument(
        "--with-claude", action="store_true", help=_("also ask your own Claude Code (about 20,000 tokens)")
    )
    parser.add_argument(
        "--timeout", type=int, metavar="SECONDS", help=_("how long to wait for a first byte (default: 30)")
    )
    parser.add_argument("--fix", action="store_true", help=_("set the switches that fix a profile, and test it again"))
    parser.add_argument(
        "--verbose", action="store_true", help=_("show requests and responses, with credentials masked")
    )
    parser.add_argument("--junit", metavar="FILE", help=_("also write the results as JUnit XML"))
    add_json(parser)


def run(args: Namespace) -> Result:
    """Test the profiles; exit code 1 if one does not work."""
    paths = find_paths()
    names: list[str] = profile_names(paths) if args.all else args.names
    if args.all and not names:
        raise BadInput(
            _("There is no profile yet."), _("Add one with `ccswitch add`, or run `ccswitch` for the setup form.")
        )
    if not names:
        raise BadInput(_("No profile was given."), _("Pass one or more profiles, or --all."))
    if args.timeout is not None and not 1 <= args.timeout <= MAX_TIMEOUT_S:
        raise BadInput(_("The timeout is out of range."), _("Pass 1 to {limit} seconds.", limit=MAX_TIMEOUT_S))
    depth = Depth.QUICK if args.quick else Depth.FULL if args.full else Depth.NORMAL
    wanted = (args.junit, args.with_claude, args.fix, args.verbose, args.timeout, args.target)
    return run_tests(paths, names, Options(depth, args.json, *wanted))


def run_tests(paths: Paths, names: list[str], options: Options) -> Result:
    """Test the profiles; a single one is printed check by check, several as a table."""
    for name in names:
        read_profile_bytes(paths, name)
    if options.junit is not None:
        from ccswitch_py.cli.output.junit import check_report_path

        check_report_path(options.junit)
    subjects = subjects_of(paths, names, options.target)
    if options.with_claude:
        from ccswitch_py.services.live_test.real_client import find_real_client

        find_real_client(options.target or DEFAULT_TARGET)
    alone = len(subjects) == 1
    outcome = _test(paths, subjects, options, alone=alone)
    if options.fix and not outcome.interrupted:
        _fix(paths, outcome, options, alone=alone)
    text = verdict_lines(outcome) if alone else summary(outcome, verbose=options.verbose)
    ignored = overridden(paths, names)
    text = "\n".join([text, *(labelled(name, one) for name, found in ignored.items() for one in found)])
    exit_code = Interrupted.exit_code if outcome.interrupted else 0 if outcome.all_good else 1
    facts = outcome.as_json(with_evidence=options.verbose) | ({"overridden": ignored} if ignored else {})
    result = Result(text, facts, exit_code)
    if options.junit is not None:
        _write_junit(options.junit, outcome, result)
    if alone and outcome.problems:
        raise outcome.problems[subjects[0].name]
    return result


def _test(paths: Paths, subjects: list[Subject], options: Options, *, alone: bool) -> Outcome:
    """Test the profiles, after saying what it will cost."""
    more: dict[str, Any] = {"with_claude": options.with_claude, "read_s": options.read_s}
    check = partial(check_many, paths, subjects, options.depth, **more)
    count = len({subject.profile for subject in subjects})
    requests = request_budget(*count_requests(paths, subjects, options.depth))
    if options.with_claude:
        requests = ngettext(
            "{requests}; and {count} request of Claude Code, each of about 20,000 tokens",
            "{requests}; and {count} requests of Claude Code, each of about 20,000 tokens",
            count,
            requests=requests,
        )
    if alone:
        listener = CostNotice(requests) if options.as_json else CheckPrinter(requests, verbose=options.verbose)
        outcome = check(listener)
        if isinstance(listener, CheckPrinter) and listener.output_error is not None:
            raise listener.output_error
        return outcome
    print_note(ngettext("{count} profile: {requests}", "{count} profiles: {requests}", count, requests=requests))
    progress = ProgressLine(count)
    try:
        return check(progress)
    finally:
        progress.clear()


def _fix(paths: Paths, outcome: Outcome, options: Options, *, alone: bool) -> None:
    """Fix the profiles that can be fixed, and replace their results by those of a second test."""
    from ccswitch_py.services.live_test.fix import fix_of, save_fixed_profile

    found = {tested.report.name: fix for tested in outcome.in_order if (fix := fix_of(tested.report))}
    fixes: dict[str, dict[str, str]] = {}
    for name, fix in found.items():
        try:
            fixed = save_fixed_profile(paths, name, fix)
        except CcswitchError as problem:
            print_note(f"ccswitch: {problem}")
            continue
        if fixed.problem:
            print_note(f"ccswitch: {fixed.problem}")
            continue
        fixes[name] = fix
        settings = join_list(f"{switch}={value}" for switch, value in fix.items())
        done = _("set {settings}", settings=settings)
        written = _("applied to {targets}", targets=join_list(fixed.targets)) if fixed.targets else ""
        print_note(labelled(name, join_clauses(done, written, _("testing again"))))
    if fixes:
        again = subjects_of(paths, fixes, options.target)
        outcome.update(_test(paths, again, options, alone=alone), fixes)
    elif not found and not outcome.all_good:
        print_note(_("No switch fixes this."))


def _write_junit(path: str, outcome: Outcome, result: Result) -> None:
    """Write the report; if that fails, the result is still printed."""
    from ccswitch_py.cli.output.junit import write_junit

    try:
        write_junit(path, outcome)
    except FileNotChanged as problem:
        result.notes.append(f"ccswitch: {problem}")
        result.exit_code = problem.exit_code
