"""Reads a small file of any program, or says why not; no pipe, device or size can block it."""

from __future__ import annotations

import os
import stat

from ccswitch_py.core.errors import reason_of
from ccswitch_py.core.language import _

_LIMIT_BYTES = 8 * 1024 * 1024
_UTF_16 = (b"\xff\xfe", b"\xfe\xff")
# Opening a pipe that has replaced the file since would wait for its writer.
_FLAGS = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_CLOEXEC", 0) | getattr(os, "O_BINARY", 0)


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
        # Some devices act on being opened.
        _require_file(os.stat(path))
        with open(path, "rb", opener=lambda name, _flags: os.open(name, _FLAGS)) as file:
            _require_file(os.fstat(file.fileno()))
            data = file.read(limit_bytes + 1)
    except (FileNotFoundError, NotADirectoryError):
        return None
    except OSError as error:
        raise UnreadableFile(_("It cannot be read ({reason}).", reason=reason_of(error))) from error
    except ValueError:  # a path with a zero in it
        return None
    if len(data) > limit_bytes:
        raise UnreadableFile(_("It is too large to be looked through."))
    return data


def _require_file(found: os.stat_result) -> None:
    if not stat.S_ISREG(found.st_mode):
        raise UnreadableFile(_("It is not a file."))
