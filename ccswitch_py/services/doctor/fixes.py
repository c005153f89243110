"""Plan and apply the automatic fixes of findings: those that lose nothing."""

from __future__ import annotations

import os
from collections.abc import Iterable
from dataclasses import dataclass, field

from ccswitch_py.core.crash_report import error_text
from ccswitch_py.core.errors import CcswitchError
from ccswitch_py.core.files import remove_file
from ccswitch_py.core.language import _
from ccswitch_py.core.lock import folder_lock, state_lock
from ccswitch_py.core.paths import Paths, from_home
from ccswitch_py.model.doctor_finding import ApplyAgain, ChangeMode, Finding, Fix, RebuildLaunch, RemoveLeftover
from ccswitch_py.services.apply import ChangeSet, use
from ccswitch_py.services.doctor.leftovers import is_unneeded
from ccswitch_py.services.launch_builder import build_record
from ccswitch_py.services.preview import diff_lines


@dataclass
class FixPlan:
    """Each fix once, with the lines of its preview; ``problems`` are those that cannot be planned or applied.

    ``changes`` are the previewed ones of live files: exactly these are written, or nothing.
    """

    fixes: dict[Fix, list[str]] = field(default_factory=dict[Fix, list[str]])
    problems: list[str] = field(default_factory=list[str])
    changes: dict[Fix, ChangeSet] = field(default_factory=dict[Fix, ChangeSet])

    @property
    def lines(self) -> list[str]:
        """The preview of all fixes."""
        return [line for lines in self.fixes.values() for line in lines]


def plan_fixes(paths: Paths, findings: Iterable[Finding]) -> FixPlan:
    """Plan the automatic fixes in the order of the findings; nothing is changed."""
    plan = FixPlan()
    for fix in dict.fromkeys(finding.auto_fix for finding in findings if finding.auto_fix):
        try:
            if isinstance(fix, ApplyAgain):
                plan.changes[fix] = use(paths, fix.profile, [fix.target], dry_run=True)
            plan.fixes[fix] = _preview(fix, plan.changes.get(fix))
        except (CcswitchError, OSError) as error:
            plan.problems.append(error_text(error))
    return plan


def apply_fixes(paths: Paths, plan: FixPlan) -> FixPlan:
    """Apply all, and return those that succeeded and the problems; one that fails does not stop the others."""
    applied = FixPlan()
    for fix, lines in plan.fixes.items():
        try:
            _apply(paths, fix, plan.changes.get(fix))
        except (CcswitchError, OSError) as error:
            applied.problems.append(error_text(error))
        else:
            applied.fixes[fix] = lines
    return applied


def _preview(fix: Fix, changes: ChangeSet | None) -> list[str]:
    match fix:
        case ApplyAgain(profile):
            diffs = (line for change in (changes.changes if changes else ()) for line in diff_lines(change))
            return [f"ccswitch use {profile}", *diffs]
        case ChangeMode(path, mode):
            return [f"chmod {mode:o} {from_home(path)}"]
        case RemoveLeftover(path):
            return [_("remove {file}", file=from_home(path))]
        case RebuildLaunch(profile):
            return [_("rebuild the launch files of the profile '{profile}'", profile=profile)]


def _apply(paths: Paths, fix: Fix, changes: ChangeSet | None) -> None:
    match fix:
        case ApplyAgain(profile, target):
            use(paths, profile, [target], agreed=changes)
        case ChangeMode(path, mode):
            descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
            try:
                os.fchmod(descriptor, mode)
            finally:
                os.close(descriptor)
        case RemoveLeftover(path):
            with state_lock(paths), folder_lock(os.path.dirname(path)):
                if is_unneeded(paths, path):
                    remove_file(path)
        case RebuildLaunch(profile):
            with state_lock(paths):
                build_record(paths, profile)
