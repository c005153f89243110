"""Runs ccswitch under strace, which spoils one of its system calls: an error instead, or the end of the process."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Sequence
from enum import Enum
from pathlib import Path
from typing import NamedTuple

from tests.support.requirements import require, skip_or_fail

_ALWAYS_CHANGING = (
    *("mkdir", "mkdirat", "rename", "renameat", "renameat2", "unlink", "unlinkat", "link", "linkat", "symlink"),
    *("symlinkat", "chmod", "fchmod", "fchmodat", "fchown", "fsync", "fdatasync", "ftruncate", "truncate"),
    *("setxattr", "fsetxattr", "write", "pwrite64"),
)
_OPENING = ("open", "openat")
_LINE = re.compile(r"(?P<name>\w+)\((?P<arguments>.*)")
_ERRORS = {"fsync": "EIO", "fdatasync": "EIO", "unlink": "EROFS", "unlinkat": "EROFS", "fchmod": "EPERM"}
_NAMES = {"EIO": "input/output error", "EROFS": "read-only file system", "EPERM": "operation not permitted"}


class Harm(Enum):
    """What happens instead of a system call."""

    ERROR = "fails"
    KILL = "is killed"


class Call(NamedTuple):
    """The ``number``-th call of this name in a run, counted from 1."""

    name: str
    number: int
    arguments: str

    @property
    def is_output(self) -> bool:
        """Whether it tells the user something, and changes no file."""
        return self.name == "write" and self.arguments.startswith(("1,", "2,"))

    @property
    def error(self) -> str:
        """What a disk says when it cannot do this: full, worn out, or read-only."""
        return _ERRORS.get(self.name, "ENOSPC")

    @property
    def reason(self) -> str:
        """The error in our words."""
        return _NAMES.get(self.error, "no space left on device")


class Ended(NamedTuple):
    """How a run ended; a negative ``code`` is the signal that ended it."""

    code: int
    out: str
    err: str


def require_strace() -> None:
    """Skip the test where there is no strace, or where it may not look into other processes."""
    require("strace")
    if subprocess.run(["strace", "-qq", "-o", os.devnull, "true"], capture_output=True, check=False).returncode:
        skip_or_fail("strace may not trace here")


ATTEMPTS = 5
"""Until the call that was meant is the one that was spoilt."""


def run_harmed(
    log: Path,
    argv: list[str],
    given: str = "",
    harmed: tuple[Call, Harm] | None = None,
    program: Sequence[str] = ("-m", "ccswitch_py"),
) -> Ended:
    """Run ``ccswitch`` (what Python starts for it) with one call spoilt, or (None) unharmed."""
    spoil: list[str] = []
    if harmed:
        call, harm = harmed
        how = f"error={call.error}" if harm is Harm.ERROR else "signal=KILL"
        spoil = ["-e", f"inject={call.name}:{how}:when={call.number}"]
    traced = ",".join((*_ALWAYS_CHANGING, *_OPENING))
    done = subprocess.run(
        ["strace", "-qq", "-o", str(log), "-e", f"trace={traced}", *spoil, sys.executable, *program, *argv],
        input=given,
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "PYTHONDONTWRITEBYTECODE": "1", "PYTHONHASHSEED": "0"},
    )
    return Ended(done.returncode, done.stdout, done.stderr)


def was_harmed(log: Path, call: Call) -> bool:
    """Whether a call like this one was spoilt in a run.

    Python itself sometimes makes a call more or less before, so that the numbered one is another, or never comes.
    """
    harmed = [line for line in log.read_text(errors="replace").splitlines() if line.endswith(("(INJECTED)", "= ?"))]
    spoilt = [Call(match["name"], 0, match["arguments"]) for line in harmed if (match := _LINE.match(line))]
    return any((one.name, one.is_output) == (call.name, call.is_output) for one in spoilt)


def changing_calls(log: Path) -> list[Call]:
    """The calls of a run that change something, in their order."""
    counted: dict[str, int] = {}
    found: list[Call] = []
    for line in log.read_text(errors="replace").splitlines():
        match = _LINE.match(line)
        if match is None:
            continue
        name, arguments = match["name"], match["arguments"]
        counted[name] = counted.get(name, 0) + 1
        changes = (name in _ALWAYS_CHANGING or "O_CREAT" in arguments) and "ENOENT" not in arguments
        if changes:
            found.append(Call(name, counted[name], arguments))
    return found
