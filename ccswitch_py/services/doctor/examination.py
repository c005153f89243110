"""Run the whole examination area by area; one that fails is a finding too."""

from __future__ import annotations

import os
import platform
import traceback
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from functools import partial

from ccswitch_py import __version__
from ccswitch_py.core.language import N_
from ccswitch_py.core.paths import Paths
from ccswitch_py.model.doctor_finding import Finding, Level, ok, open_to_all, warning
from ccswitch_py.services.doctor import folders, keyring, own_files
from ccswitch_py.targets.inspection import Inspection
from ccswitch_py.targets.registry import TARGETS

FAILED = warning(
    "check_failed",
    N_("The doctor could not look at this: {area} ({reason})."),
    N_("Please report it, with what `ccswitch doctor --report` prints."),
)
PYTHON_PATH = warning(
    "python_path_of_folder",
    N_("PYTHONPATH has an empty or relative entry, so Python programs run code from the folder they start in."),
    N_("Write only absolute folders in PYTHONPATH, or unset it."),
)
OURS = ok("ccswitch_version", N_("ccswitch {version} with Python {python}."))


def examine(
    paths: Paths,
    folder: str,
    environ: Mapping[str, str] = os.environ,
    begins: Callable[[str], None] = lambda _area: None,
) -> list[Finding]:
    """Everything that there is to say; nothing is changed or sent. ``begins`` hears of each area before it is done."""
    inspection = Inspection(paths, folder, environ)
    found: list[Finding] = []
    for area, look in _areas(inspection):
        begins(area)
        try:
            for finding in look():
                kind = finding.kind if inspection.profiles else finding.kind.for_first_use
                found.append(replace(finding, kind=kind, area=area))
        except Exception as error:
            # Its text may hold anything, so only its kind and its place are told.
            told = {"area": open_to_all(area), "reason": open_to_all(_kind_and_place(error))}
            found.append(Finding(FAILED, told, area=area))
    causes = {(finding.kind.code, finding.path) for finding in found}
    return [finding for finding in found if not any((code, finding.path) in causes for code in finding.unless)]


def worst_first(findings: list[Finding]) -> list[Finding]:
    """What is broken, what is to be looked at, what is in order."""
    order = list(Level)
    return sorted(findings, key=lambda finding: order.index(finding.kind.level))


def _areas(inspection: Inspection) -> Iterator[tuple[str, Callable[[], Iterator[Finding]]]]:
    yield "keyring", partial(keyring.examine, inspection)
    for target in TARGETS.values():
        yield from target.examinations(inspection).items()
    yield "folders", partial(folders.examine, inspection)
    yield "files", partial(own_files.examine, inspection)
    yield "ccswitch", partial(_program, inspection)


def _program(inspection: Inspection) -> Iterator[Finding]:
    python_path = inspection.environ.get("PYTHONPATH")
    if python_path and not all(map(os.path.isabs, python_path.split(os.pathsep))):
        yield Finding(PYTHON_PATH)
    yield Finding(OURS, {"version": open_to_all(__version__), "python": open_to_all(platform.python_version())})


def _kind_and_place(error: Exception) -> str:
    *_callers, (frame, line) = traceback.walk_tb(error.__traceback__)
    return f"{type(error).__name__} {frame.f_globals.get('__name__', '?')}:{line}"
