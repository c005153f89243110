from __future__ import annotations

import json
import os
import shlex
import stat
import sys
from pathlib import Path

import pytest

from ccswitch_py.core.paths import Paths
from ccswitch_py.services.apply import off, use
from ccswitch_py.services.doctor.fixes import apply_fixes, plan_fixes
from ccswitch_py.targets import key_command_findings
from tests.services.doctor.conftest import Look
from tests.support.home import add_profile
from tests.support.programs import run_program


def moved_installation(folder: Path) -> Path:
    """Another way to this installation, which can vanish; its Python."""
    ours = Path(sys.prefix)
    (folder / "bin").mkdir(parents=True)
    (folder / "lib").symlink_to(ours / "lib")
    (folder / "pyvenv.cfg").write_text((ours / "pyvenv.cfg").read_text())
    (folder / "bin" / "python").symlink_to(os.path.realpath(sys.executable))
    return folder / "bin" / "python"


def test_a_helper_whose_installation_is_gone_is_mended_by_using_the_profile_again(
    look: Look, settings: Path, paths: Paths, tmp_path: Path
) -> None:
    add_profile(paths, "a")
    settings.write_text('{"theme": "dark"}')
    python = moved_installation(tmp_path / "moved")
    run_program(os.environ, str(python), "-m", "ccswitch_py", "use", "a")
    assert str(python) in settings.read_text()
    assert "helper_ready" in look()

    python.unlink()
    dead = look()["helper_dead"]
    assert "~/moved/bin/python no longer exists" in dead.sentence and "`ccswitch use a`" in dead.fix

    planned = plan_fixes(paths, [dead])
    assert planned.lines[0] == "ccswitch use a" and any(sys.executable in line for line in planned.lines)
    assert apply_fixes(paths, planned).problems == []
    assert {"helper_dead", "helper_ready"} & set(look()) == {"helper_ready"}
    off(paths)
    assert settings.read_text() == '{"theme": "dark"}'


def test_a_repair_that_would_write_something_else_than_was_shown_writes_nothing(
    look: Look, settings: Path, paths: Paths, tmp_path: Path
) -> None:
    add_profile(paths, "a")
    python = moved_installation(tmp_path / "moved")
    run_program(os.environ, str(python), "-m", "ccswitch_py", "use", "a")
    python.unlink()
    planned = plan_fixes(paths, [look()["helper_dead"]])
    add_profile(paths, "b")
    os.replace(paths.profile("b"), paths.profile("a"))
    before = settings.read_text()
    done = apply_fixes(paths, planned)
    assert "changed since you saw the preview" in " ".join(done.problems) and not done.fixes
    assert settings.read_text() == before


def test_a_python_that_has_lost_ccswitch_is_told(look: Look, paths: Paths, tmp_path: Path) -> None:
    add_profile(paths, "a")
    python = moved_installation(tmp_path / "moved")
    run_program(os.environ, str(python), "-m", "ccswitch_py", "use", "a")
    (tmp_path / "moved" / "lib").unlink()
    (tmp_path / "moved" / "lib").mkdir()
    lost = look()["helper_without_ccswitch"]
    assert lost.auto_fix is not None
    apply_fixes(paths, plan_fixes(paths, [lost]))
    assert "helper_without_ccswitch" not in look()


def test_a_python_that_hangs_is_given_up(
    look: Look, settings: Path, paths: Paths, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    add_profile(paths, "a")
    use(paths, "a")
    slow = tmp_path / "slow"
    slow.write_text("#!/bin/sh\nexec sleep 60\n")
    slow.chmod(slow.stat().st_mode | stat.S_IXUSR)
    content = json.loads(settings.read_text())
    content["apiKeyHelper"] = content["apiKeyHelper"].replace(shlex.quote(sys.executable), str(slow), 1)
    settings.write_text(json.dumps(content))
    with monkeypatch.context() as impatient:
        impatient.setattr(key_command_findings, "TIMEOUT_S", 2.0)
        assert "within 2 seconds" in look()["helper_hangs"].sentence
    use(paths, "a")
    assert "helper_hangs" not in look()


def test_a_helper_of_ours_that_others_edited_is_not_mended_without_the_user(
    look: Look, settings: Path, paths: Paths
) -> None:
    add_profile(paths, "a")
    use(paths, "a")
    settings.write_text(settings.read_text().replace(shlex.quote(sys.executable), "/gone/python"))
    found = look()
    assert found["helper_dead"].auto_fix is None
    assert "settings_changed_since" not in found, "one cause is told once"
    settings.write_text(settings.read_text().replace("a-main", "another"))
    assert "ANTHROPIC_MODEL" in look()["settings_changed_since"].sentence
    use(paths, "a")
    assert "helper_dead" not in look()


def test_a_helper_for_a_profile_that_is_not_ready_is_told(look: Look, paths: Paths) -> None:
    add_profile(paths, "a")
    use(paths, "a")
    os.unlink(paths.launch_record("a"))
    assert "'a'" in look()["helper_without_profile"].sentence
    use(paths, "a")
    assert "helper_without_profile" not in look()


def test_a_helper_of_somebody_elses_is_looked_for_and_never_run(look: Look, settings: Path, tmp_path: Path) -> None:
    program = tmp_path / "get-key"
    settings.write_text(json.dumps({"apiKeyHelper": f"{program} --now"}))
    missing = look()["foreign_helper_missing"]
    assert "~/get-key" in missing.sentence and "`ccswitch add`" in missing.fix
    program.write_text(f"#!/bin/sh\ntouch {tmp_path}/ran\n")
    program.chmod(program.stat().st_mode | stat.S_IXUSR)
    assert "foreign_helper_missing" not in look()
    assert not (tmp_path / "ran").exists()


def test_an_installation_that_only_this_users_python_sees_is_told(
    look: Look, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "not_importable" not in look()
    bare = tmp_path / "bare"
    (bare / "bin").mkdir(parents=True)
    (bare / "pyvenv.cfg").write_text((Path(sys.prefix) / "pyvenv.cfg").read_text())
    (bare / "bin" / "python").symlink_to(os.path.realpath(sys.executable))
    monkeypatch.setattr(sys, "executable", str(bare / "bin" / "python"))
    assert "pipx" in look()["not_importable"].fix
