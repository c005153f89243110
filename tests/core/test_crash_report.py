"""What is left of an error that nobody foresaw, here one in a module of the standard library."""

from __future__ import annotations

import os
import re
import subprocess
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ccswitch_py.core.crash_report import MAX_REPORTS, format_report, write_report
from ccswitch_py.core.paths import Paths
from tests.support.home import add_profile
from tests.support.programs import BIN
from tests.support.tmux import tmux

CANARY = "sk-canary-of-a-crash-71c0ffee"
BREAKS = """
import {module} as broken
def fails(*_, **__):
    secret = "{canary}"
    raise RuntimeError(secret)
broken.{function} = fails
"""


@pytest.fixture
def environ(paths: Paths, tmp_path: Path) -> dict[str, str]:
    return {**os.environ, "PYTHONPATH": str(tmp_path / "site"), "PYTHONDONTWRITEBYTECODE": "1"}


def break_function(tmp_path: Path, module: str, function: str) -> None:
    """From now on this function fails in every program that is started."""
    site = tmp_path / "site"
    site.mkdir()
    (site / "sitecustomize.py").write_text(BREAKS.format(module=module, function=function, canary=CANARY))


def run(environ: dict[str, str], *argv: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([str(BIN / argv[0]), *argv[1:]], env=environ, capture_output=True, text=True, check=False)


def reports(paths: Paths) -> list[Path]:
    return sorted(Path(paths.state, "crashes").iterdir())


@pytest.mark.parametrize(
    ("verb", "broken"),
    [
        (["use", "work"], "_json.encode_basestring_ascii"),
        (["use", "work", "--json"], "_json.encode_basestring_ascii"),
        (["test", "work"], "_json.make_scanner"),
    ],
)
def test_one_line_with_the_path_of_a_report_and_the_files_as_they_were(
    paths: Paths, settings: Path, tmp_path: Path, environ: dict[str, str], verb: list[str], broken: str
) -> None:
    settings.write_text('{"theme": "dark"}')
    add_profile(paths, "work")
    break_function(tmp_path, *broken.split("."))
    done = run(environ, "ccswitch", *verb)
    [report] = reports(paths)
    assert done.returncode == 1
    assert "Traceback" not in done.stderr and CANARY not in done.stdout + done.stderr
    assert str(report) in done.stdout + done.stderr
    assert len((done.stdout if "--json" not in verb else done.stderr or "one").splitlines()) <= 1
    assert "builtins.RuntimeError" in report.read_text() and "ccswitch_py." in report.read_text()
    assert CANARY not in report.read_text() and str(tmp_path) not in report.read_text()
    assert report.stat().st_mode & 0o777 == 0o600
    assert settings.read_text() == '{"theme": "dark"}'
    (tmp_path / "site" / "sitecustomize.py").unlink()
    assert run(environ, "ccswitch", "use", "work").returncode == 0


def test_the_key_command_prints_no_key_and_one_line(paths: Paths, tmp_path: Path, environ: dict[str, str]) -> None:
    add_profile(paths, "work")
    break_function(tmp_path, "posixpath", "basename")
    done = run(environ, "ccswitch-key", "work")
    assert done.returncode == 4
    assert done.stdout == ""
    assert len(done.stderr.splitlines()) == 1 and str(reports(paths)[0]) in done.stderr


def test_the_screen_ends_with_that_line(paths: Paths, tmp_path: Path, environ: dict[str, str]) -> None:
    add_profile(paths, "work")
    break_function(tmp_path, "ccswitch_py.core.quoting", "posix")
    with tmux() as terminal:
        terminal.shell({**environ, "TERM": "xterm-256color"}, tmp_path, 120, 30)
        terminal.type(f"{BIN / 'ccswitch'}; echo ended with $?\n")
        seen = terminal.until_screen("\nended with 1")
    assert "Unexpected error: RuntimeError at" in seen
    assert "Traceback" not in seen and CANARY not in seen
    assert re.sub(r"\s", "", str(reports(paths)[0])) in re.sub(r"\s", "", seen)


@given(st.text(min_size=4), st.text(min_size=4))
def test_no_text_of_an_error_or_its_cause_is_in_the_report(text: str, cause: str) -> None:
    def fails(value: str) -> None:
        raise OSError(5, f"«{cause}»", f"/home/«{value}»")

    try:
        try:
            fails(text)
        except OSError as error:
            raise ValueError(f"«{text}»") from error
    except ValueError as error:
        report = format_report(error)
    assert "«" not in report and "caused by builtins.OSError" in report
    assert len(re.findall(r"^  tests\.core\.test_crash_report:\d+ in \w+$", report, re.MULTILINE)) == 3


def test_only_the_latest_reports_are_kept(paths: Paths) -> None:
    folder = Path(paths.state, "crashes")
    folder.mkdir(parents=True)
    for number in range(MAX_REPORTS + 5):
        (folder / f"19990101T0000{number:02}Z-1.txt").write_text("old")
    kept = write_report(ValueError("x"))
    assert len(reports(paths)) == MAX_REPORTS
    assert str(reports(paths)[-1]) == kept
