"""FileExchange two files atomically with ``renameat2``, which Python does not expose."""

from __future__ import annotations

import ctypes
import errno
import os
from collections.abc import Callable

from ccswitch_py.core.files import read_bytes

_AT_FDCWD = -100
"""From ``fcntl.h``: relative paths start at the current folder."""
_RENAME_EXCHANGE = 2
"""https://man7.org/linux/man-pages/man2/rename.2.html"""
_UNSUPPORTED = (errno.ENOSYS, errno.EINVAL, errno.EPERM)
"""The errors of a kernel or file system without support; seccomp filters return EPERM."""


def exchange(one: str, other: str) -> bool:
    """FileExchange two files atomically; return False where that is unsupported.

    Raises ``OSError`` if they can't be exchanged, for example because one is missing.
    """
    if _RENAMEAT2 is None:
        return False
    if _RENAMEAT2(_AT_FDCWD, os.fsencode(one), _AT_FDCWD, os.fsencode(other), _RENAME_EXCHANGE) == 0:
        return True
    code = ctypes.get_errno()
    if code in _UNSUPPORTED:
        return False
    raise OSError(code, os.strerror(code), other)


def _load_renameat2() -> Callable[[int, bytes, int, bytes, int], int] | None:
    renameat2 = getattr(ctypes.CDLL(None, use_errno=True), "renameat2", None) if os.name == "posix" else None
    if renameat2 is not None:
        renameat2.argtypes = (ctypes.c_int, ctypes.c_char_p, ctypes.c_int, ctypes.c_char_p, ctypes.c_uint)
    return renameat2


_RENAMEAT2 = _load_renameat2()


class FileExchange:
    """Write ``data`` to a path by exchange, and check that the displaced content is ``expected``.

    From any other content ``rebase`` makes the ``next`` content to write; None once nothing is left to write.
    """

    def __init__(self, data: bytes, expected: bytes, rebase: Callable[[bytes], bytes]) -> None:
        self.next: bytes | None = data
        self._expected = expected
        self._rebase = rebase

    def exchange(self, new: str, path: str) -> None:
        """FileExchange ``new``, a file with the content ``next``, with ``path``; rename it where that is unsupported.

        Raises ``OSError``, and ``ValueError`` if the displaced content can't be rebased; it is restored first.
        """
        if not exchange(new, path):
            os.replace(new, path)
            self.next = None
            return
        try:
            displaced = _content(new)
            following = None if displaced in (None, self._expected) else self._rebase(displaced)
        except BaseException:
            self._revert(new, path)
            raise
        self._expected, self.next = self.next or b"", following

    def _revert(self, new: str, path: str) -> None:
        """Restore the displaced file, unless another program has overwritten ours meanwhile."""
        exchange(new, path)
        if _content(new) not in (self.next, None):
            exchange(new, path)


def _content(path: str) -> bytes | None:
    """The file's content; None if it is missing, empty for a symlink, which can't be what was read."""
    return b"" if os.path.islink(path) else read_bytes(path)
