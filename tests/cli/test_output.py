"""What is printed arrives, wherever it goes; and where it cannot go, that is said without a traceback."""

from __future__ import annotations

import os
import shlex
from pathlib import Path

import pytest

from tests.support.programs import BIN, run_program


def in_a_shell(home: Path, line: str, code: int) -> tuple[str, str]:
    """What a shell line with the real program prints to both streams; its output is buffered, as users have it."""
    environ = {"HOME": str(home), "PATH": os.environ["PATH"], "CCSWITCH_LANG": "en"}
    program = shlex.quote(str(BIN / "ccswitch"))
    done = run_program(environ, "sh", "-c", line.replace("ccswitch", program, 1), code=code)
    return done.stdout, done.stderr


@pytest.mark.parametrize("asked", ["--version", "--help", "help", "", "list", "list --help", "targets --json"])
def test_everything_that_is_asked_for_goes_through_a_pipe(tmp_path: Path, asked: str) -> None:
    out, err = in_a_shell(tmp_path, f"ccswitch {asked} | cat", 0)
    assert len(out) > 14 and err == ""


@pytest.mark.parametrize("asked", ["--version", "list", "list --help", "targets --json"])
def test_a_full_disk_is_said_in_one_line(tmp_path: Path, asked: str) -> None:
    out, err = in_a_shell(tmp_path, f"ccswitch {asked} > /dev/full", 5)
    assert (out, err.count("\n")) == ("", 1)
    assert "The output cannot be written (no space left on device)." in err


@pytest.mark.parametrize(
    ("line", "code"),
    [
        ("ccswitch list >&-", 0),
        ("ccswitch show nobody 2>&-", 3),
        ("ccswitch show nobody 2> /dev/full", 3),
        ("ccswitch list >&- 2>&-", 0),
        ("ccswitch --help | true", 0),
    ],
)
def test_a_stream_that_is_not_there_changes_nothing_in_the_exit_code(tmp_path: Path, line: str, code: int) -> None:
    assert in_a_shell(tmp_path, line, code) == ("", "")
