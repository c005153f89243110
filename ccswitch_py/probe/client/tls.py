"""TLS outside httpx: who issued a certificate that is not trusted, and whether an http host answers https too."""

from __future__ import annotations

import asyncio
import ssl
from typing import Any

from ccswitch_py.model.base_url import BaseUrl

ISSUER_TIMEOUT_S = 5.0
HTTPS_TIMEOUT_S = 4.0
_NO_CHECK_TIME = 0x200000
"""OpenSSL's ``X509_V_FLAG_NO_CHECK_TIME``, which Python does not name."""


async def issuer_at(host: str, port: int) -> str:
    """The issuer of the certificate that a host presents: common name, else organisation; empty if there is none.

    The first connection reads the certificate unverified. The second trusts exactly that certificate, for Python
    decodes only verified ones. Both end after the handshake, and nothing is sent.
    """
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    try:
        async with asyncio.timeout(ISSUER_TIMEOUT_S):
            presented = (await _handshake(host, port, context)).getpeercert(binary_form=True)
            context.load_verify_locations(cadata=presented or b"")
            context.verify_mode = ssl.CERT_REQUIRED
            context.verify_flags = ssl.VerifyFlags(ssl.VERIFY_X509_PARTIAL_CHAIN | _NO_CHECK_TIME)
            decoded: Any = (await _handshake(host, port, context)).getpeercert()
    except (OSError, ValueError, TimeoutError):
        return ""
    issuer = {name: value for pairs in decoded["issuer"] for name, value in pairs}
    return (issuer.get("commonName") or issuer.get("organizationName") or "").strip()


async def find_https_equivalent(url: BaseUrl) -> BaseUrl | None:
    """The same address over https, if its host proves there who it is within a few seconds."""
    https_url = BaseUrl(str(url).replace("http://", "https://", 1))
    try:
        async with asyncio.timeout(HTTPS_TIMEOUT_S):
            await _handshake(https_url.host, https_url.port, ssl.create_default_context())
    except (OSError, TimeoutError):
        return None
    return https_url


async def _handshake(host: str, port: int, context: ssl.SSLContext) -> ssl.SSLObject:
    _reader, writer = await asyncio.open_connection(host, port, ssl=context, server_hostname=host)
    connection: ssl.SSLObject = writer.get_extra_info("ssl_object")
    writer.transport.abort()
    return connection
