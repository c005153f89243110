"""Running a program for a key: found where the user installed it, without a shell, and ended when it takes too long."""

from __future__ import annotations

import os
import subprocess
import sys
import time

from ccswitch_py.vault.troubles import ProgramMissing

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence


def run_program(
    argv: Sequence[str],
    timeout_s: float,
    *,
    given: bytes = b"",
    environ: Mapping[str, str] | None = None,
    folder: str | None = None,
    complaints: bool = False,
) -> tuple[int, bytes] | None:
    """The exit code and output of a program whose stdin ends after ``given``; None if killed after ``timeout_s``.

    What it says on stderr is dropped, since a key may be in it, unless ``complaints`` are wanted too. Raises
    ``ProgramMissing`` if it cannot be started.
    """
    try:
        process = subprocess.Popen(
            argv,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT if complaints else subprocess.DEVNULL,
            env=environ,
            cwd=folder,
        )
    except (OSError, ValueError):
        raise ProgramMissing(argv[0]) from None
    with process:
        try:
            output = _output(process, given, timeout_s)
        except BaseException:
            process.kill()
            raise
        if output is None:
            process.kill()
            return None
    return process.returncode, output


def _output(process: subprocess.Popen[bytes], given: bytes, timeout_s: float) -> bytes | None:
    """What the program prints until it ends; None if it takes too long. Raises ``Interrupted`` in a stopped job."""
    stopping = sys.modules.get("ccswitch_py.stopping")
    wait = stopping.Wait() if stopping else None
    deadline = time.monotonic() + timeout_s
    still_given: bytes | None = given
    while (left_s := deadline - time.monotonic()) > 0:
        try:
            return process.communicate(still_given, wait.next_s(left_s) if wait else left_s)[0]
        except subprocess.TimeoutExpired:
            still_given = None  # it is under way
    return None


def find_program(name: str) -> str:
    """The absolute path of a program; raises ``ProgramMissing``.

    The current folder is never looked into, not even where ``PATH`` or Windows would: Claude Code starts the key
    command in the project's folder, which may belong to somebody else.
    """
    if os.path.dirname(name):
        if os.path.isabs(name):
            return name
        raise ProgramMissing(name)
    endings = os.environ.get("PATHEXT", ".EXE").split(os.pathsep) if os.name == "nt" else [""]
    if os.name == "nt" and os.path.splitext(name)[1]:
        endings = ["", *endings]
    for folder in filter(os.path.isabs, os.get_exec_path()):
        for ending in endings:
            path = os.path.join(folder, name + ending)
            if os.path.isfile(path) and os.access(path, os.X_OK):
                return path
    raise ProgramMissing(name)
