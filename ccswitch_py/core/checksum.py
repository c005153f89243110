"""Digests without importing ``hashlib``, which costs a third of Python's own start."""

from __future__ import annotations

import zlib

try:
    from _blake2 import blake2b  # pyright: ignore[reportMissingImports, reportUnknownVariableType]
except ImportError:  # a Python built without it
    from hashlib import blake2b

_DIGEST_BYTES = 16


def digest(data: bytes) -> str:
    """A cryptographic digest (BLAKE2b, 128 bits) as hexadecimal digits."""
    return blake2b(data, digest_size=_DIGEST_BYTES).hexdigest()  # pyright: ignore[reportUnknownMemberType, reportUnknownVariableType]


def checksum(data: bytes) -> str:
    """Length and CRC32, for content without secrets: ``12:0a1b2c3d``."""
    return f"{len(data)}:{zlib.crc32(data):08x}"
