from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest

from ccswitch_py import __version__
from ccswitch_py.services.doctor.report import report
from ccswitch_py.targets.claude_code.findings import versions
from tests.services.doctor.conftest import KEY, Look
from tests.support.programs import CLAUDE_CODE_VERSION, claude_code


def program(folder: Path, script: str) -> None:
    folder.mkdir(exist_ok=True)
    file = folder / "claude"
    file.write_text(f"#!/bin/sh\n{script}\n")
    file.chmod(file.stat().st_mode | stat.S_IXUSR)


@pytest.mark.real
def test_the_real_claude_code_says_its_version(look: Look) -> None:
    found = look(PATH=f"{os.path.dirname(claude_code())}:{os.environ['PATH']}")
    assert f"Claude Code {CLAUDE_CODE_VERSION} " in found["claude_version"].sentence


def test_ccswitch_names_itself_and_a_missing_claude_code(look: Look, tmp_path: Path) -> None:
    found = look()
    assert __version__ in found["ccswitch_version"].sentence
    assert "claude_missing" in found
    program(tmp_path / "bin", "echo '2.1.330 (Claude Code)'")
    assert {"claude_missing", "claude_version"} & set(look()) == {"claude_version"}


def test_an_old_claude_code_is_to_be_looked_at(look: Look, tmp_path: Path) -> None:
    program(tmp_path / "bin", "echo '2.1.96 (Claude Code)'")
    assert "2.1.96" in look()["claude_old"].sentence
    program(tmp_path / "bin", "echo '2.1.197 (Claude Code)'")
    assert "claude_old" not in look()


def test_a_claude_code_that_says_nothing_in_time_is_given_up(
    look: Look, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(versions, "PATIENCE_S", 0.5)
    program(tmp_path / "bin", "exec sleep 60")
    assert "0.5 seconds" in look(PATH=f"{tmp_path}/bin:{os.environ['PATH']}")["claude_does_not_start"].sentence


@pytest.mark.parametrize(
    ("script", "said"),
    [
        ("exit 1", "it exited with code 1."),
        (
            f"echo; echo 'Error: no native binary, {KEY}; run install.cjs.' >&2; echo more; exit 3",
            "it exited with code 3: Error: no native binary, ••••••••; run install.cjs.",
        ),
        ("printf 'hello \\033[31m'", "it exited with code 0: hello \N{REPLACEMENT CHARACTER}[31m."),
    ],
)
def test_what_a_claude_code_says_that_cannot_start_is_told_without_a_key(
    look: Look, tmp_path: Path, script: str, said: str
) -> None:
    program(tmp_path / "bin", script)
    found = look()["claude_does_not_start"]
    assert found.sentence.endswith(said)
    assert "binary" not in report([found]) and "hello" not in report([found])


def test_a_claude_code_for_another_machine_cannot_be_run(look: Look, tmp_path: Path) -> None:
    program(tmp_path / "bin", "")
    (tmp_path / "bin" / "claude").write_bytes(b"\x7fELF of another machine")
    assert "it cannot be run" in look()["claude_does_not_start"].sentence
    program(tmp_path / "bin", "echo 9.0.0")
    assert "claude_does_not_start" not in look()


def test_a_second_claude_code_that_the_first_one_hides_is_named(look: Look, tmp_path: Path) -> None:
    for folder in ("bin", "other"):
        program(tmp_path / folder, "echo 2.1.330")
    environ = {"PATH": f"{tmp_path}/bin:{tmp_path}/other"}
    assert look(**environ)["claude_several"].place == "~/other/claude"
    (tmp_path / "other" / "claude").unlink()
    (tmp_path / "other" / "claude").symlink_to(tmp_path / "bin" / "claude")
    assert "claude_several" not in look(**environ)
