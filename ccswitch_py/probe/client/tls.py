"""TLS outside httpx: who issued a certificate that is not trusted, and whether an http host answers https too."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import Iterator

from ccswitch_py.model.base_url import BaseUrl

PRESENT_TIMEOUT_S = 5.0

_SEQUENCE, _SET, _OID, _VERSION = 0x30, 0x31, 0x06, 0xA0
_COMMON_NAME = b"\x55\x04\x03"
_ORGANISATION = b"\x55\x04\x0a"
_BMP_STRING, _UNIVERSAL_STRING = 0x1E, 0x1C


async def presented_certificate(host: str, port: int) -> bytes | None:
    """The certificate that a host presents, in DER; None if there is none in time.

    It is read without being trusted: the connection ends after the handshake, and nothing is sent.
    """
    context = ssl.create_default_context()
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    try:
        async with asyncio.timeout(PRESENT_TIMEOUT_S):
            _reader, writer = await asyncio.open_connection(host, port, ssl=context, server_hostname=host)
    except (OSError, ValueError, TimeoutError):
        return None
    try:
        connection: ssl.SSLObject | None = writer.get_extra_info("ssl_object")
        return connection.getpeercert(binary_form=True) if connection else None
    finally:
        writer.transport.abort()


def issuer_of(der: bytes) -> str:
    """Who issued an X.509 certificate: its issuer's common name, else the organisation; empty if it names nobody."""
    try:
        return _issuer_of(der)
    except (ValueError, IndexError):
        return ""


def _issuer_of(der: bytes) -> str:
    certificate = _only(der, _SEQUENCE)
    fields = list(_elements(_only(certificate, _SEQUENCE)))
    # The version is left out in certificates of the first version; serial number and algorithm come next.
    issuer = fields[3 if fields[0][0] == _VERSION else 2]
    named = dict(_names(issuer[1]))
    return (named.get(_COMMON_NAME) or named.get(_ORGANISATION) or "").strip()


def _names(issuer: bytes) -> Iterator[tuple[bytes, str]]:
    for kind, relative in _elements(issuer):
        for pair_kind, pair in _elements(relative) if kind == _SET else ():
            parts = list(_elements(pair)) if pair_kind == _SEQUENCE else []
            if len(parts) == 2 and parts[0][0] == _OID:
                yield parts[0][1], _text(*parts[1])


def _text(kind: int, content: bytes) -> str:
    encoding = {_BMP_STRING: "utf-16-be", _UNIVERSAL_STRING: "utf-32-be"}.get(kind, "utf-8")
    return content.decode(encoding, "replace")


def _only(der: bytes, kind: int) -> bytes:
    """The content of the first element, which must be of this kind."""
    found, content = next(_elements(der), (0, b""))
    if found != kind:
        raise ValueError("another kind of element")
    return content


def _elements(der: bytes) -> Iterator[tuple[int, bytes]]:
    """The elements that stand one after the other, each with its tag; raises ``IndexError`` where they break off."""
    at = 0
    while at < len(der):
        kind, length = der[at], der[at + 1]
        at += 2
        if length >= 0x80:
            digits = length & 0x7F
            if not 1 <= digits <= 4:
                raise ValueError("no length of a certificate")
            length = int.from_bytes(der[at : at + digits], "big")
            at += digits
        if at + length > len(der):
            raise ValueError("cut")
        yield kind, der[at : at + length]
        at += length


HTTPS_TIMEOUT_S = 4.0


async def find_https_equivalent(url: BaseUrl) -> BaseUrl | None:
    """The same address over https, if its host proves there who it is within a few seconds."""
    https_url = BaseUrl(str(url).replace("http://", "https://", 1))
    try:
        async with asyncio.timeout(HTTPS_TIMEOUT_S):
            _reader, writer = await asyncio.open_connection(
                https_url.host, https_url.port, ssl=ssl.create_default_context()
            )
    except (OSError, TimeoutError):
        return None
    writer.close()
    return https_url
