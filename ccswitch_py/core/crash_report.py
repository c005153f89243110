"""The one line on an error that nobody foresaw, and its report: where it happened, and nothing of what was there."""

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

MOST_REPORTS = 10
_MOST_FRAMES = 60
_MOST_CAUSES = 5


def as_error(error: BaseException) -> CcswitchError:
    """What to say of an error that nobody foresaw; what is no fault of the disk leaves a report.

    The text of the error is not shown, for it may hold anything.
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
    """What to tell the user of an error, whoever raised it."""
    return str(problem if isinstance(problem, CcswitchError) else as_error(problem))


def write_report(error: BaseException) -> str | None:
    """Write the report, forget the oldest ones, and return its path; None where it cannot be written."""
    folder = os.path.join(find_paths().state, "crashes")
    path = os.path.join(folder, f"{time.strftime('%Y%m%dT%H%M%SZ', time.gmtime())}-{os.getpid()}.txt")
    try:
        write_own_file(path, format_report(error).encode(), durable=False)
        for name in sorted(os.listdir(folder))[:-MOST_REPORTS]:
            remove_file(os.path.join(folder, name))
    except Exception:  # what is told of the first error is not to fail by a second one
        return None
    return path


def format_report(error: BaseException) -> str:
    """Versions, and for the error and its causes the kind and the places; no text, value, argument or file name."""
    system = os.uname().sysname if hasattr(os, "uname") else sys.platform
    python = ".".join(map(str, sys.version_info[:3]))
    lines = [f"ccswitch {__version__}, Python {python}, {system}"]
    for at, one in enumerate(_chain(error)):
        lines += ["", f"{'caused by ' if at else ''}{type(one).__module__}.{type(one).__name__}"]
        lines += [f"  {frame}" for frame in _frames(one.__traceback__)[-_MOST_FRAMES:]]
    return "\n".join(lines) + "\n"


def _chain(error: BaseException) -> Iterator[BaseException]:
    one: BaseException | None = error
    for _attempt in range(_MOST_CAUSES):
        if one is None:
            return
        yield one
        one = one.__cause__ or (None if one.__suppress_context__ else one.__context__)


def _frames(trace: TracebackType | None) -> list[str]:
    """``module:line in function``, the innermost last."""
    frames: list[str] = []
    while trace is not None:
        code = trace.tb_frame.f_code
        frames.append(f"{trace.tb_frame.f_globals.get('__name__', '?')}:{trace.tb_lineno} in {code.co_name}")
        trace = trace.tb_next
    return frames
