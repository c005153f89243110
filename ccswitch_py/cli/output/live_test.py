"""Prints the results of live tests."""

from __future__ import annotations

import asyncio
import sys
from textwrap import indent

from ccswitch_py.cli.output.terminal import DIM, GREEN, RED, YELLOW, Terminal, padded, print_note, width
from ccswitch_py.core.errors import CcswitchError
from ccswitch_py.core.language import N_, _, join_clauses, join_list, labelled, ngettext
from ccswitch_py.model.diagnosis import Status, Verdict
from ccswitch_py.probe.evidence import evidence_text
from ccswitch_py.probe.plan import ProbePlan
from ccswitch_py.probe.report import NOT_ASKED, CheckResult, deciding_check
from ccswitch_py.redact.printable import printable
from ccswitch_py.services.live_test.batch import Outcome, ProgressListener, Tested

SIGNS = {
    Status.PASS: N_("✓ pass"),
    Status.WARN: N_("! warn"),
    Status.FAIL: N_("✗ FAIL"),
    Status.SKIP: N_("- skip"),
    Status.UNTESTABLE: N_("? untestable"),
}
VERDICT_SIGNS = {
    Verdict.WORKS: N_("✓ works"),
    Verdict.DEGRADED: N_("! degraded"),
    Verdict.BROKEN: N_("✗ broken"),
    Verdict.UNTESTABLE: N_("? untestable"),
}
COLOURS = {Status.PASS: GREEN, Status.WARN: YELLOW, Status.FAIL: RED, Status.SKIP: DIM, Status.UNTESTABLE: YELLOW}
WORTH_READING = ("model", "stream", "cache", "with_claude")
"""Checks whose detail is printed even when they pass."""

IN_MODEL_ROW = ("reach", "protocol", "key", "stream")
"""Checks that the answer of a model decides; when they pass, only the row of that model shows the evidence."""

NOT_TESTED = N_("? not tested")


class CostNotice(ProgressListener):
    """Says on standard error what the test of a single profile will send."""

    def __init__(self, requests: str) -> None:
        self._requests = requests

    def profile_started(self, plan: ProbePlan) -> None:
        print_note(labelled(plan.name, self._requests))


class CheckPrinter(ProgressListener):
    """Prints each check of a single profile; ``output_error`` is why printing failed, which cancels the test."""

    def __init__(self, requests: str, *, verbose: bool = False) -> None:
        """``requests`` says what the test will send; ``verbose`` prints the evidence."""
        self._requests = requests
        self._verbose = verbose
        self._terminal = Terminal(sys.stdout)
        self._sign_width = max(width(_(sign)) for sign in SIGNS.values())
        self._indent = " " * (self._sign_width + 3)
        self._not_asked: list[str] = []
        self.output_error: OSError | None = None

    def profile_started(self, plan: ProbePlan) -> None:
        line = labelled(printable(plan.name), join_clauses(plan.base_url, self._requests))
        self._print(self._terminal.wrapped(line))

    def check_started(self, name: str, check: str, model: str | None) -> None:
        self._print(self._terminal.passing(f"  … {check} {model or ''}"), end="")

    def check_finished(self, name: str, result: CheckResult) -> None:
        """Print a row with its advice; what was not asked is collected for one row at the end."""
        subject = f"{result.check} {result.model}" if result.model else result.check
        if result.not_asked:
            return self._not_asked.append(subject)
        if result.check == "model":
            subject = _("{check} for {roles}", check=subject, roles=join_list(result.roles))
        time = "  " + _("{time} ms", time=result.elapsed_ms) if result.elapsed_ms else ""
        self._print_row(result.status, f"{subject}{time}")
        if result.status is not Status.PASS or result.check in WORTH_READING:
            advice = f"→ {result.advice}" if result.advice else ""
            for text in filter(None, (result.detail, advice)):
                self._print(self._terminal.wrapped(text, self._indent))
        if self._verbose and result.evidence and (result.status is not Status.PASS or result.check not in IN_MODEL_ROW):
            self._print(indent(evidence_text(result.evidence), self._indent))
        return None

    def profile_finished(self, name: str, found: Tested | CcswitchError) -> None:
        if self._not_asked:
            self._print_row(Status.SKIP, join_list(self._not_asked))
            self._print(self._terminal.wrapped(_(NOT_ASKED), self._indent))

    def _print_row(self, status: Status, subject: str) -> None:
        sign = self._terminal.painted(padded(_(SIGNS[status]), self._sign_width), COLOURS[status])
        self._print(f"{self._terminal.passing('')}  {sign} {subject}")

    def _print(self, line: str, end: str = "\n") -> None:
        try:
            if line or end:
                print(line, end=end, flush=True)
        except OSError as error:
            self.output_error = error
            raise asyncio.CancelledError from error


class ProgressLine(ProgressListener):
    """Shows on a terminal's stderr how many profiles are done, and which one has been running longest."""

    def __init__(self, count: int) -> None:
        self._count = count
        self._done = 0
        self._running: dict[str, None] = {}
        self._terminal = Terminal(sys.stderr)

    def profile_started(self, plan: ProbePlan) -> None:
        self._running[plan.name] = None
        self._show()

    def profile_finished(self, name: str, found: Tested | CcswitchError) -> None:
        self._running.pop(name, None)
        self._done += 1
        self._show()

    def _show(self) -> None:
        done = _("Testing {done}/{count}", done=self._done, count=self._count)
        self._print(join_clauses(done, printable(next(iter(self._running), ""))))

    def clear(self) -> None:
        """Erase the line."""
        self._print("")

    def _print(self, text: str) -> None:
        print(self._terminal.passing(text), end="", file=sys.stderr, flush=True)


def verdict_lines(outcome: Outcome) -> str:
    """The verdict on a single profile, or why there is none."""
    not_started = [
        labelled(name, _("Nothing was sent: the key had not been fetched yet.")) for name in outcome.not_started
    ]
    verdicts = [labelled(tested.report.title, tested.sentence) for tested in outcome.in_order]
    return "\n".join([*verdicts, *not_started])


def summary(outcome: Outcome, *, verbose: bool = False) -> str:
    """A table of all profiles, then remarks on those that do not simply work; ``verbose`` adds the evidence."""
    rows: list[list[str]] = []
    remarks: list[str] = []
    evidence: list[str] = []
    for name in outcome.names:
        problem = outcome.problems.get(name)
        if problem is not None:
            rows.append([_(NOT_TESTED), name, "", "0", ""])
            remarks += _remark(name, problem.message, problem.hint)
        elif name in outcome.tested:
            rows.append(_row(outcome.tested[name]))
            remarks += _remark_on(outcome.tested[name])
            evidence += _evidence_of(outcome.tested[name]) if verbose else []
    if outcome.not_started:
        remarks.append(_("Not started: {names}.", names=join_list(outcome.not_started)))
    terminal = Terminal(sys.stdout)
    below = (terminal.wrapped(line.lstrip(), "  " if line.startswith(" ") else "") for line in remarks)
    heading = [_("VERDICT"), _("NAME"), _("FINDING"), _("REQUESTS"), _("TIME")]
    return "\n".join([terminal.table(rows, heading), *([""] if remarks else []), *below, *evidence])


def _row(tested: Tested) -> list[str]:
    report, found, skipped = tested.report, deciding_check(tested.report.checks), _("skipped")
    finding = [labelled(found.check, found.diagnosis or skipped)] if found else []
    if tested.interrupted:
        finding.append(_("interrupted"))
    return [
        _(VERDICT_SIGNS[report.verdict]),
        report.title,
        join_clauses(*finding),
        str(report.requests),
        _("{seconds} s", seconds=f"{report.elapsed_ms / 1000:.1f}"),
    ]


def _remark_on(tested: Tested) -> list[str]:
    report, found = tested.report, deciding_check(tested.report.checks)
    if report.verdict is Verdict.WORKS:
        return []
    if tested.interrupted and report.verdict is not Verdict.BROKEN:
        made = ngettext("Interrupted after {count} check.", "Interrupted after {count} checks.", len(report.checks))
        return _remark(report.title, made, _("Test it with `ccswitch test {name}`.", name=report.name))
    return _remark(report.title, found.detail, found.advice) if found else []


def _evidence_of(tested: Tested) -> list[str]:
    """The evidence of each check that did not pass."""
    return [
        f"\n{tested.report.title}: {check.check} {check.model or ''}".rstrip() + f"\n{indent(text, '  ')}"
        for check in tested.report.checks
        if check.evidence and check.status is not Status.PASS and (text := evidence_text(check.evidence))
    ]


def _remark(name: str, detail: str, advice: str) -> list[str]:
    return [labelled(name, detail), *([f"  {advice}"] if advice else [])]
