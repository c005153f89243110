"""An answer's bytes, unpacked as they arrive and never more than the test needs."""

from __future__ import annotations

import zlib
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from ccswitch_py.core.language import N_, _

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ccswitch_py.model.diagnosis import Diagnosis
    from ccswitch_py.probe.client.request import Request

MAX_BODY_BYTES = 1024 * 1024
"""What is read of one answer, after unpacking; an answer to our question has a few hundred bytes."""

_PACKED = ("gzip", "x-gzip", "deflate")
_GZIP_OR_ZLIB = zlib.MAX_WBITS | 32
_UNASKED = ("br", "zstd", "compress")
_DAMAGED = N_("It cannot be unpacked.")


class DamagedResponse(Exception):
    """The body cannot be unpacked as its header says; the text says why."""


class TooLarge(Exception):
    """The body is larger than it may be."""


class Unpacker:
    """Undoes an answer's content encoding, with a bound on what comes out: a small body can unpack to gigabytes.

    The same bound holds for what goes in: bytes can be without end that unpack to nothing.
    """

    def __init__(self, encoding: str, max_bytes: int = MAX_BODY_BYTES) -> None:
        named = (part.strip().lower() for part in encoding.split(","))
        # What is no name of a packing changes nothing, for Claude Code as well (measured).
        self._encoding = next((part for part in named if part in (*_PACKED, *_UNASKED)), "")
        self._left = max_bytes
        self._left_packed = max_bytes
        self._stream = zlib.decompressobj(_GZIP_OR_ZLIB)
        self._has_begun = False
        self._head = b"" if self._encoding == "deflate" else None

    def feed(self, chunk: bytes) -> bytes:
        """The plain bytes of ``chunk``; raises ``Damaged`` and ``TooLarge``."""
        self._has_begun = True
        plain = chunk if not self._encoding else self._unpacked(chunk)
        if len(plain) > self._left:
            raise TooLarge
        self._left -= len(plain)
        return plain

    def close(self) -> None:
        """Nothing more comes; raises ``Damaged`` if something should."""
        if self._encoding and self._has_begun and not self._stream.eof:
            raise DamagedResponse(_(_DAMAGED))

    def _unpacked(self, chunk: bytes) -> bytes:
        if self._encoding not in _PACKED:
            raise DamagedResponse(_("It is packed as {encoding}, which nobody asked for.", encoding=self._encoding))
        self._left_packed -= len(chunk)
        if self._left_packed < 0:
            raise TooLarge
        try:
            return self._decompressed(chunk)
        except zlib.error as error:
            raise DamagedResponse(_(_DAMAGED)) from error

    def _decompressed(self, chunk: bytes) -> bytes:
        """The plain bytes, at most one more than may come; gzip may come in several members, one after the other."""
        if self._head is not None:
            self._head += chunk
            if len(self._head) < 2:
                return b""
            chunk, self._head = self._head, None
            if not _is_zlib(chunk):
                self._stream = zlib.decompressobj(-zlib.MAX_WBITS)
        plain = b""
        while chunk and len(plain) <= self._left:
            if self._stream.eof:
                self._stream = zlib.decompressobj(_GZIP_OR_ZLIB)
            plain += self._stream.decompress(chunk, self._left + 1 - len(plain))
            chunk = self._stream.unused_data
        return plain


def _is_zlib(data: bytes) -> bool:
    """Whether packed data begins with the head of RFC 1950, without which many servers send ``deflate``."""
    return data[0] & 0x0F == zlib.DEFLATED and int.from_bytes(data[:2], "big") % 31 == 0


@dataclass
class Response:
    """What came back for one request.

    ``headers`` have lower-case names. ``trouble`` is what went wrong on the way, if anything; ``reason`` says it in
    words of ours, and ``advice`` what to do about it where there is better advice than the usual. When a status has
    arrived by then, ``body`` is what came before. Times are milliseconds after the request began. ``request`` is what
    was sent, with all headers; ``status_line`` what came first.
    """

    url: str
    status: int = 0
    headers: Mapping[str, str] = field(default_factory=dict[str, str])
    body: bytearray = field(default_factory=bytearray)
    trouble: Diagnosis | None = None
    reason: str = ""
    advice: str | None = None
    connect_ms: int | None = None
    first_byte_ms: int = 0
    elapsed_ms: int = 0
    request: Request | None = None
    status_line: str = field(default="", repr=False)

    @property
    def text(self) -> str:
        """The body as a browser or Node would read it: UTF-8, with a sign in place of what is not."""
        return self.body.decode("utf-8-sig", "replace")
