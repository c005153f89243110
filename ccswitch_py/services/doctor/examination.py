"""The whole examination: every area in turn; one that fails is a finding too."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace

from ccswitch_py.core.language import N_
from ccswitch_py.core.paths import Paths
from ccswitch_py.model.doctor_finding import Finding, FindingKind, Level, open_to_all
from ccswitch_py.services.doctor import folders, keyring, own_files, versions
from ccswitch_py.targets.claude_code.findings import helper, loopback, plaintext, project, variables
from ccswitch_py.targets.claude_code.findings import settings as claude_settings
from ccswitch_py.targets.claude_code.inspection import Inspection
from ccswitch_py.targets.claude_code.variables import HELPER

FAILED = FindingKind(
    "check_failed",
    Level.LOOK,
    N_("The doctor could not look at this: {area} ({reason})."),
    N_("Please report it, with what `ccswitch doctor --report` prints."),
)

AREAS: dict[str, Callable[[Inspection], Iterator[Finding]]] = {
    "keyring": keyring.examine,
    "settings": claude_settings.examine,
    "variables": variables.examine,
    "helper": helper.examine,
    "loopback": loopback.examine,
    "project": project.examine,
    "plaintext": plaintext.examine,
    "folders": folders.examine,
    "files": own_files.examine,
    "versions": versions.examine,
}


_DEAD_HELPERS = {helper.DEAD.code, helper.WITHOUT_US.code, helper.OTHER_PROFILE.code, helper.FOREIGN_GONE.code}


def examine(
    paths: Paths,
    folder: str,
    environ: Mapping[str, str] = os.environ,
    begins: Callable[[str], None] = lambda _area: None,
) -> list[Finding]:
    """Everything that there is to say, area by area; nothing is changed, and nothing sent beyond this machine.

    ``folder`` is where Claude Code would be started, and ``environ`` what it would be started with. ``begins`` hears of
    each area before it is looked at.
    """
    scene = Inspection(paths, folder, environ)
    found: list[Finding] = []
    for area, look in AREAS.items():
        begins(area)
        try:
            for finding in look(scene):
                kind = finding.kind
                if kind.first_fix and not scene.profiles:
                    kind = kind._replace(fix=kind.first_fix)
                found.append(replace(finding, kind=kind, area=area))
        except Exception as error:
            # Its text may hold anything, so only its kind and its place are told.
            told = {"area": open_to_all(area), "reason": open_to_all(_kind_and_place(error))}
            found.append(Finding(FAILED, told, area=area))
    return _each_cause_once(found)


def _each_cause_once(findings: list[Finding]) -> list[Finding]:
    """That somebody changed the way to the helper, and nothing else, is told by what is wrong with that helper."""
    dead = {finding.path for finding in findings if finding.kind.code in _DEAD_HELPERS}
    return [finding for finding in findings if not (finding.path in dead and _is_about_the_helper(finding))]


def _is_about_the_helper(finding: Finding) -> bool:
    return finding.kind == variables.CHANGED and finding.values["entries"].text == HELPER


def worst_first(findings: list[Finding]) -> list[Finding]:
    """What is broken, what is to be looked at, what is in order."""
    order = list(Level)
    return sorted(findings, key=lambda finding: order.index(finding.kind.level))


def _kind_and_place(error: Exception) -> str:
    trace = error.__traceback__
    while trace and trace.tb_next:
        trace = trace.tb_next
    place = f" {trace.tb_frame.f_globals.get('__name__', '?')}:{trace.tb_lineno}" if trace else ""
    return f"{type(error).__name__}{place}"
