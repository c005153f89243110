"""Reads a small file of any program; no pipe, device or size can block it."""

from __future__ import annotations

import os
import stat

from ccswitch_py.core.errors import reason_of
from ccswitch_py.core.files import read_bytes
from ccswitch_py.core.language import _

_LIMIT_BYTES = 8 * 1024 * 1024
_UTF_16 = (b"\xff\xfe", b"\xfe\xff")


class UnreadableFile(Exception):
    """The file exists and cannot be read; ``str()`` is a sentence for the user."""


def read_text(path: str) -> str | None:
    """Return the text of a file, None where there is none; bytes that are not UTF-8 are replaced.

    Raises ``UnreadableFile`` as ``read_data`` does.
    """
    data = read_data(path)
    if data is None:
        return None
    encoding = "utf-16" if data[:2] in _UTF_16 else "utf-8-sig"
    return data.decode(encoding, "replace")


def read_data(path: str, limit_bytes: int = _LIMIT_BYTES) -> bytes | None:
    """Return the bytes of a file, None where there is none.

    Raises ``UnreadableFile``, also for anything but a regular file (a pipe would block) and for more than
    ``limit_bytes``.
    """
    try:
        if not stat.S_ISREG(os.stat(path).st_mode):  # some devices act on being opened
            raise UnreadableFile(_("It is not a file."))
        data = read_bytes(path, limit_bytes + 1)
    except (FileNotFoundError, NotADirectoryError):
        return None
    except OSError as error:
        raise UnreadableFile(_("It cannot be read ({reason}).", reason=reason_of(error))) from error
    except ValueError:  # a path with a zero in it
        return None
    if data and len(data) > limit_bytes:
        raise UnreadableFile(_("It is too large to be looked through."))
    return data
