"""Reads a small text file of anybody's as it is, or says why not."""

from __future__ import annotations

import os
import stat

from ccswitch_py.errors import reason_of
from ccswitch_py.language import tr

_LIMIT_BYTES = 8 * 1024 * 1024
_UTF_16 = (b"\xff\xfe", b"\xfe\xff")


class Unreadable(Exception):
    """The file is there and cannot be read; ``str()`` is a sentence for the user."""


def read_text(path: str) -> str | None:
    """The text of a file, None where there is none; bytes that are no UTF-8 are replaced, as Claude Code does it.

    Raises ``Unreadable``, also for what is no file: a pipe would keep us waiting.
    """
    try:
        found = os.stat(path)
        if not stat.S_ISREG(found.st_mode):
            raise Unreadable(tr("It is not a file."))
        if found.st_size > _LIMIT_BYTES:
            raise Unreadable(tr("It is too large to be looked through."))
        with open(path, "rb") as file:
            data = file.read(_LIMIT_BYTES)
    except (FileNotFoundError, NotADirectoryError):
        return None
    except OSError as error:
        raise Unreadable(tr("It cannot be read ({reason}).", reason=reason_of(error))) from error
    except ValueError:  # a path with a zero in it
        return None
    encoding = "utf-16" if data[:2] in _UTF_16 else "utf-8-sig"
    return data.decode(encoding, "replace")
