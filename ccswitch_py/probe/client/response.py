"""An answer's bytes, unpacked as they arrive and bounded, and what its headers ask for."""

from __future__ import annotations

import re
import time
import zlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC
from email.utils import parsedate_to_datetime

from ccswitch_py.core.language import N_, _
from ccswitch_py.model.diagnosis import Diagnosis
from ccswitch_py.probe.client.request import Request

MAX_BODY_BYTES = 1024 * 1024
"""The limit for one answer, decoded; an answer to our question has a few hundred bytes."""

_DECODABLE = ("gzip", "x-gzip", "deflate")
_GZIP_OR_ZLIB = zlib.MAX_WBITS | 32
_NOT_ACCEPTED = ("br", "zstd", "compress")
_DAMAGED = N_("It cannot be unpacked.")


class DamagedResponse(Exception):
    """The body cannot be decoded as its header says; the text says why."""


class TooLarge(Exception):
    """The body is larger than it may be."""


class Unpacker:
    """Decodes the content encoding; input and output are bounded, for a few bytes can unpack to gigabytes."""

    def __init__(self, encoding: str, max_bytes: int = MAX_BODY_BYTES) -> None:
        named = (part.strip().lower() for part in encoding.split(","))
        # An unknown encoding is ignored, as Claude Code does (measured).
        self._encoding = next((part for part in named if part in (*_DECODABLE, *_NOT_ACCEPTED)), "")
        self._left = max_bytes
        self._left_packed = max_bytes
        self._stream = zlib.decompressobj(_GZIP_OR_ZLIB)
        self._started = False
        self._head = b"" if self._encoding == "deflate" else None

    def feed(self, chunk: bytes) -> bytes:
        """The plain bytes of ``chunk``; raises ``DamagedResponse`` and ``TooLarge``."""
        self._started = True
        plain = chunk if not self._encoding else self._unpacked(chunk)
        if len(plain) > self._left:
            raise TooLarge
        self._left -= len(plain)
        return plain

    def close(self) -> None:
        """End the body; raises ``DamagedResponse`` if it is incomplete."""
        if self._encoding and self._started and not self._stream.eof:
            raise DamagedResponse(_(_DAMAGED))

    def _unpacked(self, chunk: bytes) -> bytes:
        if self._encoding not in _DECODABLE:
            raise DamagedResponse(_("It is encoded as {encoding}, which was not requested.", encoding=self._encoding))
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
            if not _has_zlib_header(chunk):
                self._stream = zlib.decompressobj(-zlib.MAX_WBITS)
        plain = b""
        while chunk and len(plain) <= self._left:
            if self._stream.eof:
                self._stream = zlib.decompressobj(_GZIP_OR_ZLIB)
            plain += self._stream.decompress(chunk, self._left + 1 - len(plain))
            chunk = self._stream.unused_data
        return plain


def _has_zlib_header(data: bytes) -> bool:
    """Whether data begins with the header of RFC 1950, which many servers leave out of ``deflate``."""
    return data[0] & 0x0F == zlib.DEFLATED and int.from_bytes(data[:2], "big") % 31 == 0


@dataclass
class Response:
    """What came back for one request; ``headers`` have lower-case names, times count from the start of the request.

    ``failure`` is what went wrong in transport, with a ``reason`` and special ``advice``; ``body`` is what arrived
    before. ``request`` is what was sent, with all headers.
    """

    url: str
    status: int = 0
    headers: Mapping[str, str] = field(default_factory=dict[str, str])
    body: bytearray = field(default_factory=bytearray)
    failure: Diagnosis | None = None
    reason: str = ""
    advice: str | None = None
    connect_ms: int | None = None
    first_byte_ms: int = 0
    elapsed_ms: int = 0
    request: Request | None = None
    status_line: str = field(default="", repr=False)

    @property
    def is_pending(self) -> bool:
        """Whether the connection stood and nothing of an answer came while we waited: it may still come."""
        is_silent = self.failure is Diagnosis.TIMEOUT and self.connect_ms is not None and not self.body
        return is_silent and self.status in (0, 200)

    @property
    def text(self) -> str:
        """The body as a browser or Node would read it: as UTF-8, with replacement characters."""
        return self.body.decode("utf-8-sig", "replace")


_SECONDS = re.compile(r"[0-9]{1,6}(?:\.[0-9]{1,6})?")
_MAX_WAIT_S = 999_999


def retry_after_s(headers: Mapping[str, str]) -> float | None:
    """The seconds that ``retry-after`` asks for; None where it is absent or unusable.

    A date is compared with the ``date`` header, for the gateway's clock may differ from ours.
    """
    value = headers.get("retry-after", "").strip()
    if _SECONDS.fullmatch(value):
        return float(value)
    until = _timestamp(value)
    if until is None:
        return None
    now = _timestamp(headers.get("date", ""))
    wait_s = until - (time.time() if now is None else now)
    return max(wait_s, 0.0) if wait_s <= _MAX_WAIT_S else None


def _timestamp(text: str) -> float | None:
    try:
        moment = parsedate_to_datetime(text.strip())
        return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp()
    except (ValueError, TypeError, OverflowError, IndexError):
        return None
