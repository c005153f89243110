"""The errors shown to users, one class for each exit code.

CcswitchError              what happened (message) and what to do next (hint)
├── BadInput               exit 2  an argument, a pasted value or a file of ours is not usable
├── NotFound               exit 3  no such profile, provider, key or target
├── KeyUnavailable         exit 4  the key is missing, or its store cannot be used
├── FileNotChanged         exit 5  a file could not be changed safely, so nothing was changed
└── Interrupted            exit 130 the user stopped the program

Exit 0 is done; exit 1 means that a check ran and found something wrong, which is a result and not an error.
Neither message nor hint ever contains a key.
"""

from __future__ import annotations

from ccswitch_py.core.language import N_, _, join_sentences

_REASONS_OF_THE_SYSTEM = (
    N_("permission denied"),
    N_("operation not permitted"),
    N_("no such file or directory"),
    N_("file exists"),
    N_("is a directory"),
    N_("not a directory"),
    N_("no space left on device"),
    N_("disk quota exceeded"),
    N_("read-only file system"),
    N_("input/output error"),
    N_("file name too long"),
    N_("too many levels of symbolic links"),
    N_("too many open files"),
    N_("device or resource busy"),
    N_("argument list too long"),
    N_("exec format error"),
)
"""Common messages of operating systems, for translation."""


class CcswitchError(Exception):
    """Base of all errors shown to users: one plain sentence each for ``message`` and ``hint``."""

    exit_code = 1

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint

    def __str__(self) -> str:
        return join_sentences(self.message, self.hint)


class BadInput(CcswitchError):
    exit_code = 2


class NotFound(CcswitchError):
    exit_code = 3


class KeyUnavailable(CcswitchError):
    exit_code = 4


class FileNotChanged(CcswitchError):
    exit_code = 5


class Interrupted(CcswitchError):
    exit_code = 130


def reason_of(error: OSError) -> str:
    """The system's reason, as a phrase."""
    return _((error.strerror or type(error).__name__).lower())
