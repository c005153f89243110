"""Carries out the repairs of findings: what can be mended without losing anything."""

from __future__ import annotations

import os
from collections.abc import Iterable
from dataclasses import dataclass, field

from ccswitch_py.core.crash_report import error_text
from ccswitch_py.core.errors import CcswitchError
from ccswitch_py.core.files import is_leftover, remove_file
from ccswitch_py.core.language import _
from ccswitch_py.core.lock import folder_lock, state_lock
from ccswitch_py.core.paths import Paths, from_home
from ccswitch_py.live_files.journal import is_damaged_pending
from ccswitch_py.model.doctor_finding import ApplyAgain, ChangeMode, Finding, RebuildLaunch, RemoveLeftover, Repair
from ccswitch_py.services.apply.apply import ChangeSet, use
from ccswitch_py.services.apply.preview import diff_lines
from ccswitch_py.services.launch_builder import build_record


@dataclass
class Planned:
    """The repairs, each once, with the lines that say what it will do; and what cannot be planned.

    ``changes`` are the previewed ones of live files: what was previewed is what is written, or nothing.
    """

    repairs: dict[Repair, list[str]] = field(default_factory=dict[Repair, list[str]])
    problems: list[str] = field(default_factory=list[str])
    changes: dict[Repair, ChangeSet] = field(default_factory=dict[Repair, ChangeSet])

    @property
    def lines(self) -> list[str]:
        """All that will be done."""
        return [line for lines in self.repairs.values() for line in lines]


def plan(paths: Paths, findings: Iterable[Finding]) -> Planned:
    """Every repair once, in the order of the findings."""
    planned = Planned()
    for repair in dict.fromkeys(finding.repair for finding in findings if finding.repair):
        try:
            if isinstance(repair, ApplyAgain):
                planned.changes[repair] = use(paths, repair.profile, [repair.target], dry_run=True)
            planned.repairs[repair] = _preview(repair, planned.changes.get(repair))
        except (CcswitchError, OSError) as error:
            planned.problems.append(error_text(error))
    return planned


def mend(paths: Paths, planned: Planned) -> Planned:
    """Do them all, and return what was done and what went wrong; one that fails does not stop the others."""
    done = Planned()
    for repair, lines in planned.repairs.items():
        try:
            _carry_out(paths, repair, planned.changes.get(repair))
        except (CcswitchError, OSError) as error:
            done.problems.append(error_text(error))
        else:
            done.repairs[repair] = lines
    return done


def _preview(repair: Repair, change: ChangeSet | None) -> list[str]:
    match repair:
        case ApplyAgain(profile):
            return [
                _("ccswitch use {profile}", profile=profile),
                *(line for one in (change.changes if change else ()) for line in diff_lines(one)),
            ]
        case ChangeMode(path, mode):
            return [f"chmod {mode:o} {from_home(path)}"]
        case RemoveLeftover(path):
            return [_("remove {file}", file=from_home(path))]
        case RebuildLaunch(profile):
            return [_("make what is derived from the profile '{profile}' anew", profile=profile)]


def _carry_out(paths: Paths, repair: Repair, change: ChangeSet | None) -> None:
    match repair:
        case ApplyAgain(profile, target):
            use(paths, profile, [target], agreed=change)
        case ChangeMode(path, mode):
            descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
            try:
                os.fchmod(descriptor, mode)
            finally:
                os.close(descriptor)
        case RemoveLeftover(path):
            with state_lock(paths), folder_lock(os.path.dirname(path)):
                if is_leftover(path) or is_damaged_pending(path):
                    remove_file(path)
        case RebuildLaunch(profile):
            with state_lock(paths):
                build_record(paths, profile)
