"""Fixes a profile with the switches that its live test has found."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from ccswitch_py.core.errors import CcswitchError, FileNotChanged
from ccswitch_py.core.language import _, quoted
from ccswitch_py.core.paths import Paths
from ccswitch_py.probe.checks.full_request import OUTPUT_LIMIT
from ccswitch_py.probe.report import ProfileReport
from ccswitch_py.services.apply import use
from ccswitch_py.services.profiles.editing import Opened, open_profile
from ccswitch_py.services.profiles.setup import Draft, draft_of, save_draft
from ccswitch_py.services.status import status
from ccswitch_py.store.last_tests import fingerprint_of
from ccswitch_py.targets.claude_code.options import checked_options
from ccswitch_py.targets.claude_code.target import ClaudeCode


def fix_of(report: ProfileReport) -> dict[str, str]:
    """The switches with which the failed checks would pass; empty if there are none."""
    return {name: value for check in report.checks for name, value in check.fix.items()}


class Fixed(NamedTuple):
    """A fixed profile: the targets it was applied to again, and the problem with that, if any."""

    opened: Opened
    fingerprint: str
    targets: list[str]
    problem: str


def save_fixed(paths: Paths, draft: Draft, switches: Mapping[str, str], opened: Opened | None = None) -> Fixed:
    """Save an existing profile with these switches or this output limit, and apply it where it is in use.

    Raises as ``save_draft``.
    """
    options, wanted = dict(draft.options_for(ClaudeCode.id)), dict(switches)
    if limit := wanted.pop(OUTPUT_LIMIT, ""):
        options[OUTPUT_LIMIT] = int(limit)
    changed = checked_options({**options, "switches": {**options.get("switches", {}), **wanted}})
    record = save_draft(paths, draft.with_options_for(ClaudeCode.id, changed), replace_existing=True, opened=opened)
    targets, problem = list[str](), ""
    try:
        targets = _apply_where_in_use(paths, draft.name)
    except CcswitchError as error:
        problem = str(error)
    return Fixed(open_profile(paths, draft.name), fingerprint_of(record), targets, problem)


def save_fixed_profile(paths: Paths, name: str, switches: Mapping[str, str]) -> Fixed:
    """The same for a profile on disk; raises ``EditedMeanwhile`` if it is edited at the same time."""
    opened = open_profile(paths, name)
    return save_fixed(paths, draft_of(name, opened.profile), switches, opened)


def _apply_where_in_use(paths: Paths, name: str) -> list[str]:
    """Apply the profile to each target that uses it, and return these; raises ``FileNotChanged`` if that is unknown."""
    found = status(paths)
    problem = next((one.problem for one in found if one.problem), None)
    if problem:
        hint = _("The profile '{name}' is saved; fix that, then use it again.", name=quoted(name))
        raise FileNotChanged(problem, hint)
    targets = [one.target for one in found if one.profile == name]
    if targets:
        use(paths, name, targets)
    return targets
