"""Count the keys in a file of any format, without keeping them."""

from __future__ import annotations

import re
import stat
from collections.abc import Iterator
from io import BufferedReader
from pathlib import Path

from ccswitch_py.redact.plaintext_keys import stands_for_key

LIMIT_BYTES = 64 * 1024 * 1024
_PIECE_BYTES = 4 * 1024 * 1024
_LONGEST = 1024
"""The most bytes that a name, a key and what is between them take."""

_NAMES = (b"auth_token", b"api_key", b"apikey", b"access_token", b"accesstoken", b"secret", b"password")
_AFTER_A_NAME = re.compile(rb"[\\\"']{0,4}\s{0,8}[:=]\s{0,8}[\\\"']{0,4}([A-Za-z0-9_.+/=-]{12,512})")
_MARK = b"sk-"
_AFTER_A_MARK = re.compile(rb"([A-Za-z0-9_-]{16,512})")
_LETTER = re.compile(rb"[A-Za-z0-9]")


def keys_in(path: str) -> tuple[int, int | None]:
    """Return the number of different keys (0 if unreadable), and the line of the first in a text file."""
    try:
        if not stat.S_ISREG(Path(path).stat().st_mode):
            return 0, None
        with open(path, "rb") as file:
            return _counted(file)
    except OSError:
        return 0, None


def _counted(file: BufferedReader) -> tuple[int, int | None]:
    found: set[bytes] = set()
    first: int | None = None
    before, lines, is_text, left = b"", 1, True, LIMIT_BYTES
    piece = file.read(_PIECE_BYTES)
    while left > 0 and piece:
        left -= len(piece)
        data, following = before + piece, file.read(_PIECE_BYTES)
        is_text = is_text and b"\0" not in piece
        keys = dict(_keys(data, is_last=not following))
        if keys and first is None:
            first = lines + data.count(b"\n", 0, min(keys))
        found |= set(keys.values())
        before = data[-_LONGEST:]
        lines += data.count(b"\n") - before.count(b"\n")
        piece = following
    return len(found), first if is_text else None


def _keys(data: bytes, *, is_last: bool) -> Iterator[tuple[int, bytes]]:
    """Yield each key with its offset; fixed texts are searched first, for speed.

    A key that reaches the end is complete only in the last piece; else it comes again with the next.
    """
    end = len(data) + is_last
    small = data.lower()
    for name in _NAMES:
        for at in _places(small, name):
            match = _AFTER_A_NAME.match(data, at + len(name))
            if match and match.end() < end and not _stands_for_key(match[1]):
                yield match.start(1), _same(match[1])
    for at in _places(small, _MARK):
        match = _AFTER_A_MARK.match(data, at + len(_MARK))
        is_inside = at and _LETTER.match(data, at - 1)
        if match and match.end() < end and not is_inside and not _stands_for_key(_MARK + match[1]):
            yield at, _MARK + match[1]


def _stands_for_key(value: bytes) -> bool:
    return stands_for_key(value.decode("ascii"))


def _same(key: bytes) -> bytes:
    """Return a key with the mark as a search for the mark finds it."""
    match = _AFTER_A_MARK.match(key, len(_MARK)) if key.startswith(_MARK) else None
    return _MARK + match[1] if match else key


def _places(data: bytes, text: bytes) -> Iterator[int]:
    at = data.find(text)
    while at >= 0:
        yield at
        at = data.find(text, at + len(text))
