"""``ccswitch launcher``: a script that starts a tool with a profile."""

import os
import subprocess
from pathlib import Path

import pytest

from ccswitch_py.cli.main import main
from ccswitch_py.core.paths import Paths
from tests.support.home import KEY_VARIABLE, add_profile

KEY = "made-up-key-0123456789abcdef"


@pytest.fixture
def claude(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A stand-in for the tool that prints its arguments, first on the PATH."""
    program = tmp_path / "bin" / "claude"
    program.parent.mkdir()
    program.write_text('#!/bin/sh\necho "$@"\n')
    program.chmod(0o700)
    monkeypatch.setenv("PATH", f"{program.parent}{os.pathsep}{os.environ['PATH']}")
    monkeypatch.setenv(KEY_VARIABLE, KEY)
    return program


def test_it_starts_the_tool_with_the_profile_and_can_be_removed(
    paths: Paths, claude: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    add_profile(paths, "work.it")
    assert main(["launcher", "claude-code", "work.it"]) == 0
    launcher = Path(os.environ["HOME"], ".local", "bin", "ccswitch-claude-code")
    assert str(launcher) in capsys.readouterr().out
    assert launcher.stat().st_mode & 0o777 == 0o700 and KEY not in launcher.read_text()
    done = subprocess.run([launcher, "--resume", "a b"], capture_output=True, text=True, check=True)
    assert done.stdout.startswith("--settings ") and done.stdout.endswith("--resume a b\n")
    assert main(["launcher", "claude-code", "--remove"]) == 0 and not launcher.exists()
    assert main(["launcher", "claude-code", "--remove"]) == 3


def test_another_file_of_that_name_is_left_alone(paths: Paths, claude: Path) -> None:
    add_profile(paths, "work")
    launcher = Path(os.environ["HOME"], ".local", "bin", "ccswitch-claude-code")
    launcher.parent.mkdir(parents=True)
    launcher.write_text("mine")
    assert main(["launcher", "claude-code", "work"]) == 2 and main(["launcher", "claude-code", "--remove"]) == 2
    assert launcher.read_text() == "mine"


def test_without_a_name_it_takes_the_profile_in_use(
    paths: Paths, claude: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    add_profile(paths, "work")
    assert main(["launcher", "claude-code"]) == 2
    assert main(["use", "work"]) == 0 and main(["launcher", "claude-code"]) == 0
    assert "with work" in capsys.readouterr().out


def test_a_tool_that_is_no_target_is_suggested_before_a_profile_is_asked_for(
    paths: Paths, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["launcher", "gemini"]) == 3
    assert "Did you mean 'gemini-cli'?" in capsys.readouterr().err
    assert main(["launcher", "gemini-cli"]) == 2
    assert (
        "No profile is in use in Gemini CLI. Name one: `ccswitch launcher gemini-cli NAME`." in capsys.readouterr().err
    )


@pytest.mark.parametrize(("command", "target"), [("codex", "codex"), ("gemini", "gemini-cli")])
def test_a_tool_in_place_of_a_command_is_explained(
    command: str, target: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([command]) == 2
    assert f"`ccswitch use NAME --target {target}`" in capsys.readouterr().err
