"""Packed bodies that are small, and unpack to more than any machine has."""

from __future__ import annotations

import zlib

GZIP, ZLIB = zlib.MAX_WBITS | 16, zlib.MAX_WBITS
_MIB = 1024 * 1024
NOTHING = b"\x00\x00\x00\xff\xff"
"""A block of deflate that unpacks to nothing."""


def bomb(form: int, mib: int) -> bytes:
    """A body of about a thousandth of the size that it unpacks to: one block, again and again."""
    packer = zlib.compressobj(9, zlib.DEFLATED, form)
    head = packer.compress(bytes(_MIB)) + packer.flush(zlib.Z_FULL_FLUSH)
    return head + (packer.compress(bytes(_MIB)) + packer.flush(zlib.Z_FULL_FLUSH)) * (mib - 1)


def beginning(form: int) -> bytes:
    """The head of a packed body that has not said anything yet."""
    packer = zlib.compressobj(9, zlib.DEFLATED, form)
    return packer.compress(b"") + packer.flush(zlib.Z_FULL_FLUSH)
