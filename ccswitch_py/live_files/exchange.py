"""A new file and an old one change places in one step, which Linux can do and Python cannot ask for."""

from __future__ import annotations

import ctypes
import errno
import os
from collections.abc import Callable

from ccswitch_py.core.files import read_bytes

_HERE = -100
"""``AT_FDCWD`` of ``fcntl.h``."""
_RENAME_EXCHANGE = 2
"""https://man7.org/linux/man-pages/man2/rename.2.html"""
_NOT_TO_BE_HAD = (errno.ENOSYS, errno.EINVAL, errno.EPERM)
"""What a system or a file system answers that does not know how; a filter of system calls says EPERM."""


def exchange(one: str, other: str) -> bool:
    """Let two files change places, so that there is no moment without either; False where that cannot be had.

    Raises ``OSError`` for files that cannot change places, as when one is not there.
    """
    if _RENAMEAT2 is None:
        return False
    if _RENAMEAT2(_HERE, os.fsencode(one), _HERE, os.fsencode(other), _RENAME_EXCHANGE) == 0:
        return True
    code = ctypes.get_errno()
    if code in _NOT_TO_BE_HAD:
        return False
    raise OSError(code, os.strerror(code), other)


def _found() -> Callable[[int, bytes, int, bytes, int], int] | None:
    renameat2 = getattr(ctypes.CDLL(None, use_errno=True), "renameat2", None) if os.name == "posix" else None
    if renameat2 is not None:
        renameat2.argtypes = (ctypes.c_int, ctypes.c_char_p, ctypes.c_int, ctypes.c_char_p, ctypes.c_uint)
    return renameat2


_RENAMEAT2 = _found()


class Place:
    """Where ``data`` is put, and what comes back is looked at: ``expected`` should.

    Of anything else ``made_of`` makes what is to be put there next; ``next`` is None once that is not needed.
    """

    def __init__(self, data: bytes, expected: bytes, made_of: Callable[[bytes], bytes]) -> None:
        self.next: bytes | None = data
        self._expected = expected
        self._made_of = made_of

    def exchange(self, new: str, path: str) -> None:
        """Put the file ``new``, which holds ``next``, at ``path``; where that cannot be had, just rename it.

        Raises ``OSError``, and ``ValueError`` if nothing can be made of what came back; then it is back in its place.
        """
        if not exchange(new, path):
            os.replace(new, path)
            self.next = None
            return
        try:
            came = _content(new)
            following = None if came is None or came == self._expected else self._made_of(came)
        except BaseException:
            self._take_back(new, path)
            raise
        self._expected, self.next = self.next or b"", following

    def _take_back(self, new: str, path: str) -> None:
        """Put back what came; but what was written over ours meanwhile is newer."""
        exchange(new, path)
        if _content(new) not in (self.next, None):
            exchange(new, path)


def _content(path: str) -> bytes | None:
    """None where there is no file; a link holds nothing that anybody had read."""
    return b"" if os.path.islink(path) else read_bytes(path)
