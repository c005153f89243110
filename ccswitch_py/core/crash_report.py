"""Turns an unexpected error into one line and a report: where it happened, and no value of anything."""

from __future__ import annotations

import errno
import os
import sys
import time
from collections.abc import Iterator
from types import TracebackType

from ccswitch_py import __version__
from ccswitch_py.core.errors import CcswitchError, FileNotChanged, reason_of
from ccswitch_py.core.files import remove_file, write_own_file
from ccswitch_py.core.language import _
from ccswitch_py.core.paths import find_paths

MAX_REPORTS = 10
_MAX_FRAMES = 60
_MAX_CAUSES = 5


def as_error(error: BaseException) -> CcswitchError:
    """Return the error to show for an unexpected one; write a report unless the disk is at fault.

    The error's own text is not shown: it may hold anything.
    """
    if isinstance(error, OSError) and error.filename:
        return FileNotChanged(
            _("{file}: {reason}.", file=error.filename, reason=reason_of(error)),
            _("Check the file and its folder, then do this again."),
        )
    if isinstance(error, OSError) and error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EIO):
        return FileNotChanged(
            _("The output cannot be written ({reason}).", reason=reason_of(error)),
            _("Free some space, then do this again."),
        )
    frames = _frames(error.__traceback__)
    place = frames[-1].partition(" ")[0] if frames else "?"
    message = _("Something unexpected happened ({kind} at {place}).", kind=type(error).__name__, place=place)
    file = write_report(error)
    if file is None:
        return CcswitchError(message, _("Please report it."))
    return CcswitchError(message, _("Please report it with {file}, which holds nothing of yours.", file=file))


def error_text(problem: CcswitchError | OSError) -> str:
    """Return the text to show for an error."""
    return str(problem if isinstance(problem, CcswitchError) else as_error(problem))


def write_report(error: BaseException) -> str | None:
    """Write a report, delete the oldest ones, and return its path; None where it cannot be written."""
    folder = os.path.join(find_paths().state, "crashes")
    path = os.path.join(folder, f"{time.strftime('%Y%m%dT%H%M%SZ', time.gmtime())}-{os.getpid()}.txt")
    try:
        write_own_file(path, format_report(error).encode(), durable=False)
        for name in sorted(os.listdir(folder))[:-MAX_REPORTS]:
            remove_file(os.path.join(folder, name))
    except Exception:  # a second error must not hide the first
        return None
    return path


def format_report(error: BaseException) -> str:
    """Format versions, and the class and places of the error and its causes; no text, value or file name."""
    system = os.uname().sysname if hasattr(os, "uname") else sys.platform
    python = ".".join(map(str, sys.version_info[:3]))
    lines = [f"ccswitch {__version__}, Python {python}, {system}"]
    for at, one in enumerate(_chain(error)):
        lines += ["", f"{'caused by ' if at else ''}{type(one).__module__}.{type(one).__name__}"]
        lines += [f"  {frame}" for frame in _frames(one.__traceback__)[-_MAX_FRAMES:]]
    return "\n".join(lines) + "\n"


def _chain(error: BaseException) -> Iterator[BaseException]:
    one: BaseException | None = error
    for _attempt in range(_MAX_CAUSES):
        if one is None:
            return
        yield one
        one = one.__cause__ or (None if one.__suppress_context__ else one.__context__)


def _frames(trace: TracebackType | None) -> list[str]:
    """Return ``module:line in function`` for each frame, the innermost last."""
    frames: list[str] = []
    while trace is not None:
        code = trace.tb_frame.f_code
        frames.append(f"{trace.tb_frame.f_globals.get('__name__', '?')}:{trace.tb_lineno} in {code.co_name}")
        trace = trace.tb_next
    return frames
