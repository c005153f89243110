"""Doing what can be mended without losing anything."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from ccswitch_py.crash import words_of
from ccswitch_py.errors import CcswitchError
from ccswitch_py.jobs.doctor.finding import Finding, Repair


@dataclass
class Planned:
    """The repairs, each once, with what each will do; and what cannot be planned."""

    repairs: list[Repair] = field(default_factory=list[Repair])
    lines: list[str] = field(default_factory=list[str])
    problems: list[str] = field(default_factory=list[str])


def plan(findings: Iterable[Finding]) -> Planned:
    """Every repair once, in the order of the findings."""
    planned = Planned()
    for repair in dict.fromkeys(finding.repair for finding in findings if finding.repair):
        try:
            planned.lines += repair.preview()
        except (CcswitchError, OSError) as error:
            planned.problems.append(words_of(error))
        else:
            planned.repairs.append(repair)
    return planned


def mend(planned: Planned) -> list[str]:
    """Do them all, and return what went wrong; one that fails does not stop the others."""
    problems: list[str] = []
    for repair in planned.repairs:
        try:
            repair.run()
        except (CcswitchError, OSError) as error:
            problems.append(words_of(error))
    return problems
