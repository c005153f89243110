from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from ccswitch_py.core.paths import Paths
from ccswitch_py.model.doctor_finding import Finding, FindingKind, Level
from ccswitch_py.services.apply import use
from ccswitch_py.services.doctor import examination, folders, keyring, own_files
from ccswitch_py.services.doctor.report import report
from ccswitch_py.targets import file_findings, key_command_findings
from ccswitch_py.targets.claude_code.findings import AREAS
from ccswitch_py.targets.inspection import Inspection
from tests.services.doctor.conftest import KEY, Look
from tests.support.home import add_profile

MODULES = [
    examination,
    file_findings,
    key_command_findings,
    folders,
    keyring,
    own_files,
    *(sys.modules[look.__module__] for look in AREAS.values()),
]
KINDS = {value.code: value for module in MODULES for value in vars(module).values() if isinstance(value, FindingKind)}


def test_every_finding_has_a_test_that_makes_it_appear() -> None:
    tests = "".join(file.read_text() for file in Path(__file__).parent.glob("test_*.py"))
    assert len(KINDS) > 40
    assert not [code for code in KINDS if f'"{code}"' not in tests]


def test_what_is_not_in_order_has_a_fix_and_what_is_has_none() -> None:
    for kind in KINDS.values():
        assert bool(kind.fix) is (kind.level is not Level.OK), kind.code
        assert re.fullmatch(r"[a-z_]+", kind.code)


def test_a_look_that_fails_is_a_finding_and_the_others_go_on(look: Look, monkeypatch: pytest.MonkeyPatch) -> None:
    def failing(inspection: Inspection) -> Iterator[Finding]:
        raise RuntimeError(KEY)

    monkeypatch.setattr(keyring, "examine", failing)
    found = look()
    failed = found["check_failed"]
    assert "keyring (RuntimeError" in failed.sentence and "ccswitch_version" in found
    assert KEY not in failed.sentence + report(found.values())


def test_looking_changes_nothing(look: Look, paths: Paths, tmp_path: Path) -> None:
    def everything() -> dict[str, tuple[float, int]]:
        return {str(file): (file.stat().st_mtime, file.stat().st_mode) for file in tmp_path.rglob("*")}

    add_profile(paths, "a")
    use(paths, "a")
    Path(paths.profile("a")).write_text(Path(paths.profile("a")).read_text() + "# mine\n")
    before = everything()
    look()
    assert everything() == before


def test_an_empty_home_is_examined_without_a_complaint_about_files(look: Look) -> None:
    found = look()
    assert {one.kind.level for one in found.values() if one.area == "files"} == {Level.OK}
    assert "check_failed" not in found
