"""The doctor's findings, its plan of fixes and its progress, for a terminal."""

from __future__ import annotations

import math
import shutil
import sys
from contextlib import contextmanager, suppress
from threading import Timer
from typing import TYPE_CHECKING

from ccswitch_py.cli.output.terminal import GREEN, RED, YELLOW, Terminal, padded, width
from ccswitch_py.core.language import N_, _, join_sentences, ngettext
from ccswitch_py.model.doctor_finding import Level

if TYPE_CHECKING:
    from collections.abc import Callable, Generator

    from ccswitch_py.model.doctor_finding import Finding
    from ccswitch_py.services.doctor.fixes import FixPlan

SIGNS = {Level.BROKEN: N_("✗ broken"), Level.WARNING: N_("! warning"), Level.OK: N_("✓ ok")}
COLOURS = {Level.BROKEN: RED, Level.WARNING: YELLOW, Level.OK: GREEN}
_INDENT = " " * 12
SLOW_AFTER_S = 1.0
_OTHER_LINES = 5
"""Lines on the screen beside the plan: its heading, what is left, the question, and the shell's prompt above."""


def findings_text(findings: list[Finding]) -> str:
    """Each finding, and a summary; what is in order, or repeats an advice, takes one line."""
    terminal = Terminal(sys.stdout)
    lines: list[str] = []
    seen: set[str] = set()
    for finding in findings:
        sign = terminal.painted(padded(_(SIGNS[finding.kind.level]), 9), COLOURS[finding.kind.level])
        if finding.kind.level is Level.OK:
            lines.append(f"{sign}   {terminal.wrapped(finding.sentence, _INDENT).lstrip()}")
            continue
        lines.append(f"{sign} {finding.kind.code}" + (f"  {finding.place}" if finding.place else ""))
        if finding.auto_fix and finding.kind.code in seen:
            continue
        seen.add(finding.kind.code)
        fix = f"→ {finding.fix}" if finding.fix else ""
        lines += [terminal.wrapped(text, _INDENT) for text in (finding.brief, fix) if text]
    return "\n".join([*lines, *([""] if lines else []), summary(findings)])


def summary(findings: list[Finding]) -> str:
    """How many of each level, and how many can be fixed automatically."""
    broken, warnings = (sum(one.kind.level is level for one in findings) for level in (Level.BROKEN, Level.WARNING))
    if not broken and not warnings:
        return _("No problems found.")
    counts = _("Broken: {broken}. Warnings: {warnings}.", broken=broken, warnings=warnings)
    fixable = len({finding.auto_fix for finding in findings if finding.auto_fix})
    if not fixable:
        return counts
    return join_sentences(
        counts,
        ngettext(
            "`ccswitch doctor --fix` can fix {count} problem.",
            "`ccswitch doctor --fix` can fix {count} problems.",
            fixable,
        ),
    )


def plan_text(plan: FixPlan, findings: list[Finding]) -> list[str]:
    """The plan, and how much it leaves, in as many lines as fit above the question."""
    left = sum(1 for one in findings if one.kind.level is not Level.OK and one.auto_fix not in plan.fixes)
    needs_user = ngettext(
        "{count} finding needs a manual fix; it is listed afterwards.",
        "{count} findings need a manual fix; they are listed afterwards.",
        left,
    )
    return [_("Fixes to apply:"), *_fixes(plan), *([needs_user] if left else [])]


def _fixes(plan: FixPlan) -> list[str]:
    all_lines = [f"  {line}" for line in plan.lines]
    if not sys.stderr.isatty():
        return all_lines
    columns, rows = shutil.get_terminal_size()
    room = max(rows - _OTHER_LINES, 3)
    if sum(max(1, math.ceil(width(line) / columns)) for line in all_lines) <= room:
        return all_lines
    heads = [_summary_line(lines) for lines in plan.fixes.values()]
    too_large = "  " + _("Enlarge the window to see the changed lines.")
    shown = heads if len(heads) < room else heads[: room - 2]
    hidden = len(heads) - len(shown)
    more = ngettext(
        "and {count} more, which `ccswitch doctor` lists", "and {count} more, which `ccswitch doctor` lists", hidden
    )
    return [*shown, *([f"  {more}"] if hidden else []), too_large]


def _summary_line(lines: list[str]) -> str:
    """The first line of a fix, with the numbers of added and removed lines."""
    added, removed = (sum(line.startswith(sign) and line[:3] != sign * 3 for line in lines[1:]) for sign in "+-")
    return f"  {lines[0]}" + (f" (+{added} -{removed})" if added or removed else "")


@contextmanager
def shown_when_slow() -> Generator[Callable[[str], None]]:
    """Yield a function that sets the text to show on the terminal's stderr once the block takes a moment."""
    terminal, current = Terminal(sys.stderr), ""

    def show() -> None:
        with suppress(OSError):
            print(terminal.passing(current), end="", file=sys.stderr, flush=True)

    def set_text(text: str) -> None:
        nonlocal current
        current = text
        if timer.finished.is_set():
            show()

    timer = Timer(SLOW_AFTER_S, show)
    timer.daemon = True
    timer.start()
    try:
        yield set_text
    finally:
        timer.cancel()
        timer.join()
        set_text("")
