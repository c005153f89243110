"""Counts the keys that stand in a file of another program, whatever kind of file it is; none is kept."""

from __future__ import annotations

import os
import re
import stat

from ccswitch_py.jobs.doctor.loopback import PLACEHOLDERS

LIMIT_BYTES = 64 * 1024 * 1024
_PIECE_BYTES = 4 * 1024 * 1024
_LONGEST = 1024
"""Bytes that a name, a key and what stands between them can take."""

_NAMED = (
    rb"(?:AUTH_TOKEN|API_?KEY|ACCESS_?TOKEN|SECRET|PASSWORD)"
    rb"[\\\"']{0,4}\s{0,8}[:=]\s{0,8}[\\\"']{0,4}([A-Za-z0-9_.+/=-]{12,512})"
)
_MARKED = rb"(?<![A-Za-z0-9])((?:sk|cr|ak)-[A-Za-z0-9_-]{16,512})"
_KEY = re.compile(rb"(?i:" + _NAMED + rb")|" + _MARKED)
_NO_KEYS = tuple(placeholder.encode() for placeholder in PLACEHOLDERS)


def keys_in(path: str) -> tuple[int, int | None]:
    """How many different keys a file holds, and the line of the first one, where the file has lines."""
    found: set[bytes] = set()
    line: int | None = None
    try:
        if not stat.S_ISREG(os.stat(path).st_mode):
            return 0, None
        with open(path, "rb") as file:
            before, lines, at = b"", 1, 0
            is_text = True
            while at < LIMIT_BYTES and (piece := file.read(_PIECE_BYTES)):
                at += len(piece)
                data = before + piece
                is_text = is_text and b"\0" not in piece
                for match in _KEY.finditer(data):
                    key = match[1] or match[2]
                    if key in _NO_KEYS:
                        continue
                    line = line or lines + data.count(b"\n", 0, match.start(1) if match[1] else match.start(2))
                    found.add(key)
                before = data[-_LONGEST:]
                lines += data.count(b"\n") - before.count(b"\n")
    except OSError:
        return 0, None
    return len(found), line if is_text else None
