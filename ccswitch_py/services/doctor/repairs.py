"""Doing what can be mended without losing anything."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from ccswitch_py.core.crash_report import error_text
from ccswitch_py.core.errors import CcswitchError
from ccswitch_py.model.doctor_finding import Finding, Repair


@dataclass
class Planned:
    """The repairs, each once, with the lines that say what it will do; and what cannot be planned."""

    repairs: dict[Repair, list[str]] = field(default_factory=dict[Repair, list[str]])
    problems: list[str] = field(default_factory=list[str])

    @property
    def lines(self) -> list[str]:
        """All that will be done."""
        return [line for lines in self.repairs.values() for line in lines]


def plan(findings: Iterable[Finding]) -> Planned:
    """Every repair once, in the order of the findings."""
    planned = Planned()
    for repair in dict.fromkeys(finding.repair for finding in findings if finding.repair):
        try:
            planned.repairs[repair] = repair.preview()
        except (CcswitchError, OSError) as error:
            planned.problems.append(error_text(error))
    return planned


def mend(planned: Planned) -> Planned:
    """Do them all, and return what was done and what went wrong; one that fails does not stop the others."""
    done = Planned()
    for repair, lines in planned.repairs.items():
        try:
            repair.run()
        except (CcswitchError, OSError) as error:
            done.problems.append(error_text(error))
        else:
            done.repairs[repair] = lines
    return done
