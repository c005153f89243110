"""Draws a small picture of a number, for asking a model what it sees."""

from __future__ import annotations

import struct
import zlib

SCALE = 12
MARGIN = 2

_DIGITS = (
    "111 101 101 101 111",
    "010 110 010 010 111",
    "111 001 111 100 111",
    "111 001 111 001 111",
    "101 101 111 001 001",
    "111 100 111 001 111",
    "111 100 111 101 111",
    "111 001 010 010 010",
    "111 101 111 101 111",
    "111 101 111 001 111",
)
"""Five rows of three dots for each digit."""


def number_png(number: str) -> bytes:
    """A grey PNG that shows the digits of ``number``, black on white; four digits make about 220 by 110 pixels."""
    glyphs = [_DIGITS[int(digit)].split() for digit in number]
    rows = ["0".join(glyph[row] for glyph in glyphs) for row in range(5)]
    width = len(rows[0]) + 2 * MARGIN
    blank = "0" * width
    framed = [*[blank] * MARGIN, *(row.center(width, "0") for row in rows), *[blank] * MARGIN]
    lines = (bytes(0 if dot == "1" else 255 for dot in row for _ in range(SCALE)) for row in framed)
    pixels = b"".join((b"\0" + line) * SCALE for line in lines)
    header = struct.pack(">IIBBBBB", width * SCALE, len(framed) * SCALE, 8, 0, 0, 0, 0)
    parts = ((b"IHDR", header), (b"IDAT", zlib.compress(pixels, 9)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(kind, data) for kind, data in parts)


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
