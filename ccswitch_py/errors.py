"""Everything that can go wrong, one class for each exit code.

CcswitchError              what happened (message) and what to do next (hint)
├── BadInput               exit 2  an argument, a pasted value or a file of ours is not usable
├── NotFound               exit 3  no such profile, provider, key or target
├── KeyUnavailable         exit 4  the key is missing, or its store cannot be used
├── FileNotChanged         exit 5  a file could not be changed safely, so nothing was changed
└── Interrupted            exit 130

Exit 0 is done; exit 1 means that a check ran and found something wrong, which is a result and not an error.
Neither message nor hint ever holds a key.
"""

from __future__ import annotations

import errno


class CcswitchError(Exception):
    """Base of all errors shown to users: one plain sentence each for ``message`` and ``hint``."""

    exit_code = 1

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint

    def __str__(self) -> str:
        return f"{self.message} {self.hint}".rstrip()


class BadInput(CcswitchError):
    """Something that the user gave us cannot be used."""

    exit_code = 2


class NotFound(CcswitchError):
    """The named profile, provider, key or target does not exist."""

    exit_code = 3


class KeyUnavailable(CcswitchError):
    """The key is missing, or the place where it is kept cannot be used now."""

    exit_code = 4


class FileNotChanged(CcswitchError):
    """A file could not be changed safely; it is as it was."""

    exit_code = 5


class Interrupted(CcswitchError):
    """The user stopped the program."""

    exit_code = 130


def unexpected(error: BaseException | None) -> CcswitchError:
    """What to say of an error that nobody foresaw: its kind and its place, for its text may hold anything."""
    if isinstance(error, OSError) and error.filename:
        reason = (error.strerror or type(error).__name__).lower()
        return FileNotChanged(f"{error.filename}: {reason}.", "Check the file and its folder, then do this again.")
    if isinstance(error, OSError) and error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EIO):
        reason = (error.strerror or type(error).__name__).lower()
        return FileNotChanged(f"The output cannot be written ({reason}).", "Free some space, then do this again.")
    trace = error.__traceback__ if error else None
    while trace and trace.tb_next:
        trace = trace.tb_next
    place = f" at {trace.tb_frame.f_globals.get('__name__', '?')}:{trace.tb_lineno}" if trace else ""
    return CcswitchError(f"Something unexpected happened ({type(error).__name__}{place}).", "Please report it.")
