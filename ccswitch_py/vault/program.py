"""Running a program for a key: found where the user installed it, no shell, ended if it takes or prints too much."""

from __future__ import annotations

import contextlib
import os
import select
import signal
import subprocess
import sys
import threading
import time

from ccswitch_py.vault.errors import PrintedTooMuch, ProgramMissing

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from io import RawIOBase

LIMIT_BYTES = 64 * 1024
"""How much a program may print: a key is far shorter."""
_LOOK_EVERY_S = 0.05


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

    What it says on stderr is dropped, since a key may be in it, unless ``complaints`` are wanted too. Where it is
    killed, so is what it has started, unless that has left its session (on Windows, the program alone). Where it ends
    by itself, what it leaves running goes on and is not waited for (on Windows: unless that keeps its output open).
    Raises ``ProgramMissing`` if it cannot be started, and ``PrintedTooMuch`` if it prints more than ``LIMIT_BYTES``.
    """
    try:
        process = subprocess.Popen(
            argv,
            bufsize=0,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT if complaints else subprocess.DEVNULL,
            env=environ,
            cwd=folder,
            start_new_session=True,
        )
    except (OSError, ValueError):
        raise ProgramMissing(argv[0]) from None
    with process:
        output = None
        try:
            output = _output(process, given, timeout_s)
            if output is not None and len(output) > LIMIT_BYTES:
                raise PrintedTooMuch(argv[0])
        finally:
            if process.returncode is None:
                _kill(process)
    return None if output is None else (process.wait(), output)


def _output(process: subprocess.Popen[bytes], given: bytes, timeout_s: float) -> bytes | None:
    """What the program prints until it ends, or until that is too much; None if it takes too long.

    Raises ``Interrupted`` in a stopped job.
    """
    cancellation = sys.modules.get("ccswitch_py.core.cancellation")
    wait = cancellation.CancellableWait() if cancellation else None
    deadline = time.monotonic() + timeout_s
    printed, ended = bytearray(), threading.Event()
    # Each thread has its pipe to itself, for one that is closed under it could become another file meanwhile.
    pipes, process.stdin, process.stdout = (process.stdin, process.stdout), None, None
    threading.Thread(target=_give, args=(pipes[0], given), daemon=True).start()
    reader = threading.Thread(target=_take, args=(pipes[1], printed, ended), daemon=True)
    reader.start()
    try:
        while (left_s := deadline - time.monotonic()) > 0:
            patience_s = wait.next_s(left_s) if wait else left_s
            if reader.is_alive():
                reader.join(min(patience_s, _LOOK_EVERY_S))
                if process.poll() is not None:
                    ended.set()
                continue
            if len(printed) > LIMIT_BYTES:
                return bytes(printed)
            try:
                process.wait(patience_s)
            except subprocess.TimeoutExpired:
                continue
            return bytes(printed)
        return None
    finally:
        ended.set()


def _give(pipe: RawIOBase, given: bytes) -> None:
    with contextlib.suppress(OSError), pipe:
        rest = memoryview(given)
        while rest:
            rest = rest[pipe.write(rest) or 0 :]


def _take(pipe: RawIOBase, printed: bytearray, ended: threading.Event) -> None:
    with contextlib.suppress(OSError), pipe:
        while len(printed) <= LIMIT_BYTES and _may_read(pipe, ended) and (piece := pipe.read(LIMIT_BYTES)):
            printed += piece


def _may_read(pipe: RawIOBase, ended: threading.Event) -> bool:
    """Wait until there is something to read, or its end; False if the program ``ended`` and left nothing unread.

    Others may keep the pipe open for as long as they like.
    """
    if os.name == "nt":  # where only sockets can be waited for
        return True
    pipe_alone = select.poll()
    pipe_alone.register(pipe, select.POLLIN)
    has_ended = False
    while not pipe_alone.poll(0 if has_ended else _LOOK_EVERY_S * 1000):
        if has_ended:
            return False
        has_ended = ended.is_set()
    return True


def _kill(process: subprocess.Popen[bytes]) -> None:
    """As long as its end was not waited for, its number is nobody else's."""
    if os.name == "nt":
        process.kill()
        return
    with contextlib.suppress(ProcessLookupError, PermissionError):  # as macOS says of one that has ended
        os.killpg(process.pid, signal.SIGKILL)


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
