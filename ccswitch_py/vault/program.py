"""Runs a program for a key: found where the user installed it, no shell, killed if it takes or prints too much."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import time

from ccswitch_py.core.cancellation import CancellableWait
from ccswitch_py.vault.errors import OutputTooLong, ProgramNotFound

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

LIMIT_BYTES = 64 * 1024
"""How much a program may print: a key is far shorter."""
_SLICE_S = 0.01
"""How long to read before looking at the limit, the process and the user's wish to stop."""


def run_program(
    argv: Sequence[str],
    timeout_s: float,
    *,
    given: bytes = b"",
    environ: Mapping[str, str] | None = None,
    folder: str | None = None,
    complaints: bool = False,
) -> tuple[int, bytes] | None:
    """Run a program with ``given`` on stdin; return its exit code and output, None if killed after ``timeout_s``.

    Its stderr is dropped, since a key may be in it, unless ``complaints`` are wanted too. A kill takes the process
    group (on Windows, the program alone). What a program leaves running when it ends is not waited for (on Windows:
    unless that keeps the output open). Raises ``ProgramNotFound`` if it cannot be started, ``OutputTooLong`` if it
    prints more than ``LIMIT_BYTES``, ``Interrupted`` in a job that was stopped.
    """
    try:
        process = subprocess.Popen(
            argv,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT if complaints else subprocess.DEVNULL,
            env=environ,
            cwd=folder,
            start_new_session=True,
        )
    except (OSError, ValueError):
        raise ProgramNotFound(argv[0]) from None
    with process:
        try:
            output = _communicate(process, given, timeout_s)
            if output is not None and len(output) > LIMIT_BYTES:
                raise OutputTooLong(argv[0])
        finally:
            if process.returncode is None:
                _kill_group(process)
    return None if output is None else (process.wait(), output)


def _communicate(process: subprocess.Popen[bytes], given: bytes, timeout_s: float) -> bytes | None:
    """Return the output once the program has ended or printed too much, None after ``timeout_s``."""
    wait, deadline = CancellableWait(), time.monotonic() + timeout_s
    unsent, has_ended = given or None, False
    while (left_s := deadline - time.monotonic()) > 0:
        try:
            return process.communicate(unsent, min(wait.next_s(left_s), _SLICE_S))[0]
        except subprocess.TimeoutExpired as unfinished:
            output: bytes = unfinished.output or b""
        if has_ended or len(output) > LIMIT_BYTES:
            return output
        # What it has left running may keep the pipe open: one more slice reads what it has printed itself.
        unsent, has_ended = None, process.poll() is not None
    return None


def _kill_group(process: subprocess.Popen[bytes]) -> None:
    """Kill the process group; an unreaped PID can't be reused."""
    if os.name == "nt":
        process.kill()
        return
    with contextlib.suppress(ProcessLookupError, PermissionError):  # macOS: it has ended
        os.killpg(process.pid, signal.SIGKILL)


def find_program(name: str) -> str:
    """Return the absolute path of a program; raises ``ProgramNotFound``.

    Never search the current folder, even where ``PATH`` or Windows would: a tool starts the key command in the
    project's folder, which may belong to somebody else.
    """
    if os.path.dirname(name):
        if os.path.isabs(name):
            return name
        raise ProgramNotFound(name)
    endings = os.environ.get("PATHEXT", ".EXE").split(os.pathsep) if os.name == "nt" else [""]
    if os.name == "nt" and os.path.splitext(name)[1]:
        endings = ["", *endings]
    for folder in filter(os.path.isabs, os.get_exec_path()):
        for ending in endings:
            path = os.path.join(folder, name + ending)
            if os.path.isfile(path) and os.access(path, os.X_OK):
                return path
    raise ProgramNotFound(name)
