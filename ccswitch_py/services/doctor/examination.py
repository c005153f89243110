"""Run all examinations; one that fails becomes a finding."""

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
from ccswitch_py.model.doctor_finding import Finding, Level, ok, public, warning
from ccswitch_py.services.doctor import folders, keyring, own_files
from ccswitch_py.targets.inspection import Inspection
from ccswitch_py.targets.registry import TARGETS

FAILED = warning(
    "check_failed",
    N_("The doctor could not check this area: {area} ({reason})."),
    N_("Please report it, with the output of `ccswitch doctor --report`."),
)
PYTHON_PATH = warning(
    "python_path_of_folder",
    N_("PYTHONPATH has an empty or relative entry, so Python programs run code from the folder they start in."),
    N_("Use only absolute folders in PYTHONPATH, or unset it."),
)
OURS = ok("ccswitch_version", N_("ccswitch {version} with Python {python}."))


def examine(
    paths: Paths,
    folder: str,
    environ: Mapping[str, str] = os.environ,
    begins: Callable[[str], None] = lambda _area: None,
) -> list[Finding]:
    """Examine every area without changing or sending anything; ``begins`` is called with each area first."""
    inspection = Inspection(paths, folder, environ)
    found: list[Finding] = []
    for area, examination in _areas(inspection):
        begins(area)
        try:
            for finding in examination():
                kind = finding.kind._replace(for_first_use=not inspection.profiles)
                found.append(replace(finding, kind=kind, area=area))
        except Exception as error:
            # Its message may hold anything, so only its type and its place are shown.
            found.append(Finding(FAILED, {"area": public(area), "reason": public(_type_and_place(error))}, area=area))
    causes = {(finding.kind.code, finding.path) for finding in found}
    return [finding for finding in found if not any((code, finding.path) in causes for code in finding.unless)]


def worst_first(findings: list[Finding]) -> list[Finding]:
    """Broken ones, warnings, then what is in order."""
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
    yield Finding(OURS, {"version": public(__version__), "python": public(platform.python_version())})


def _type_and_place(error: Exception) -> str:
    *_callers, (frame, line) = traceback.walk_tb(error.__traceback__)
    return f"{type(error).__name__} {frame.f_globals.get('__name__', '?')}:{line}"
