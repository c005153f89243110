"""What the doctor found, and what it would mend, as lines for a terminal."""

from __future__ import annotations

import math
import shutil
import sys
from typing import TYPE_CHECKING

from ccswitch_py.cli.output.columns import padded, width
from ccswitch_py.cli.output.terminal import GREEN, RED, YELLOW, Terminal
from ccswitch_py.core.language import N_, _, join_sentences, ngettext
from ccswitch_py.model.doctor_finding import Level

if TYPE_CHECKING:
    from ccswitch_py.model.doctor_finding import Finding
    from ccswitch_py.services.doctor.repairs import Planned

SIGNS = {Level.BROKEN: N_("✗ broken"), Level.LOOK: N_("! look"), Level.OK: N_("✓ ok")}
COLOURS = {Level.BROKEN: RED, Level.LOOK: YELLOW, Level.OK: GREEN}
_INDENT = " " * 11
_AROUND_CHANGES = 5
"""Lines that stand around the changes: what will be done, what is left, the question, and the prompt before all."""


def findings_text(findings: list[Finding]) -> str:
    """Each finding, and a line that counts them; what is in order has one line, what repeats itself too."""
    terminal = Terminal(sys.stdout)
    lines: list[str] = []
    seen: set[str] = set()
    for finding in findings:
        sign = terminal.painted(padded(_(SIGNS[finding.kind.level]), 8), COLOURS[finding.kind.level])
        if finding.kind.level is Level.OK:
            lines.append(f"{sign}   {finding.sentence}")
            continue
        lines.append(f"{sign} {finding.kind.code}" + (f"  {finding.place}" if finding.place else ""))
        if finding.repair and finding.kind.code in seen:
            continue
        seen.add(finding.kind.code)
        fix = f"→ {finding.fix}" if finding.fix else ""
        lines += [terminal.wrapped(text, _INDENT) for text in (finding.brief, fix) if text]
    return "\n".join([*lines, *([""] if lines else []), summary(findings)])


def summary(findings: list[Finding]) -> str:
    """How many of each, and what can be mended without the user."""
    broken, look = (sum(one.kind.level is level for one in findings) for level in (Level.BROKEN, Level.LOOK))
    if not broken and not look:
        return _("All is in order.")
    counts = _("Broken: {broken}. To look at: {look}.", broken=broken, look=look)
    mendable = len({finding.repair for finding in findings if finding.repair})
    if not mendable:
        return counts
    return join_sentences(
        counts,
        ngettext(
            "`ccswitch doctor --fix` can mend {count} thing.",
            "`ccswitch doctor --fix` can mend {count} things.",
            mendable,
        ),
    )


def changes_text(planned: Planned, findings: list[Finding]) -> list[str]:
    """What will be done, and how much is left then, in as many lines as the terminal has above a question."""
    left = sum(1 for one in findings if one.kind.level is not Level.OK and one.repair not in planned.repairs)
    needs_user = ngettext(
        "{count} finding needs you; it is listed afterwards.",
        "{count} findings need you; they are listed afterwards.",
        left,
    )
    return [_("This will be done:"), *_changes(planned), *([needs_user] if left else [])]


def _changes(planned: Planned) -> list[str]:
    all_lines = [f"  {line}" for line in planned.lines]
    if not sys.stderr.isatty():
        return all_lines
    columns, rows = shutil.get_terminal_size()
    room = max(rows - _AROUND_CHANGES, 3)
    if sum(max(1, math.ceil(width(line) / columns)) for line in all_lines) <= room:
        return all_lines
    heads = [_head(lines) for lines in planned.repairs.values()]
    too_large = "  " + _("A larger window shows the lines of the files.")
    shown = heads if len(heads) < room else heads[: room - 2]
    hidden = len(heads) - len(shown)
    more = ngettext(
        "and {count} more, which `ccswitch doctor` lists", "and {count} more, which `ccswitch doctor` lists", hidden
    )
    return [*shown, *([f"  {more}"] if hidden else []), too_large]


def _head(lines: list[str]) -> str:
    """The first line of a change, with how many lines of a file it adds and removes."""
    added, removed = (sum(line.startswith(sign) and line[:3] != sign * 3 for line in lines[1:]) for sign in "+-")
    return f"  {lines[0]}" + (f" (+{added} -{removed})" if added or removed else "")
