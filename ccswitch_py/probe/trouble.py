"""What went wrong on the way to a gateway: every network error as a diagnosis."""

from __future__ import annotations

import socket
import ssl
from typing import TYPE_CHECKING

import httpx

from ccswitch_py.model.diagnosis import Diagnosis

if TYPE_CHECKING:
    from collections.abc import Iterator

_RESETS = (ConnectionResetError, ConnectionAbortedError, BrokenPipeError)
_HUNG_UP = "disconnected without sending"


def diagnose_error(error: Exception, *, proxied: bool) -> tuple[Diagnosis, str]:
    """The diagnosis for an error that the HTTP library raised before any answer came, and a reason in words of ours.

    The error's own text is used only where it can hold nothing of the request.
    """
    causes = tuple(_causes(error))
    for cause in causes:
        if isinstance(cause, ssl.SSLError):
            return Diagnosis.TLS_FAILED, _tls_reason(cause)
    if isinstance(error, httpx.ProxyError):
        return Diagnosis.PROXY_FAILED, f"It answered: {error}." if str(error) else ""
    if isinstance(error, (httpx.ConnectTimeout, httpx.ConnectError)) and proxied:
        return Diagnosis.PROXY_FAILED, "It cannot be reached."
    match error:
        case httpx.ConnectTimeout():
            return Diagnosis.TIMEOUT, "The connection could not be made."
        case TimeoutError() | httpx.TimeoutException():
            return Diagnosis.TIMEOUT, ""
        case httpx.InvalidURL():
            return Diagnosis.URL_INVALID, ""
        case httpx.ConnectError() | UnicodeError():
            return _diagnose_connect(causes)
        case httpx.RemoteProtocolError() if _HUNG_UP not in str(error):
            return Diagnosis.NOT_MESSAGES, "What it sends is not HTTP."
        case _:
            return Diagnosis.CONNECTION_RESET, ""


def _diagnose_connect(causes: tuple[BaseException, ...]) -> tuple[Diagnosis, str]:
    for cause in causes:
        match cause:
            case socket.gaierror() | UnicodeError():
                return Diagnosis.DNS_FAILED, ""
            case ConnectionRefusedError():
                return Diagnosis.REFUSED, ""
            case _ if isinstance(cause, _RESETS):
                return Diagnosis.CONNECTION_RESET, ""
            case TimeoutError():
                return Diagnosis.TIMEOUT, "The connection could not be made."
            case OSError() if cause.errno is not None and cause.strerror:
                return Diagnosis.REFUSED, f"The system says: {cause.strerror}."
            case _:
                continue
    return Diagnosis.CONNECTION_RESET, ""


def _tls_reason(error: ssl.SSLError) -> str:
    if isinstance(error, ssl.SSLCertVerificationError):
        return f"The certificate was not accepted: {error.verify_message.rstrip('.')}."
    if error.reason in ("WRONG_VERSION_NUMBER", "HTTP_REQUEST", "RECORD_LAYER_FAILURE"):
        return "This port does not speak https."
    return f"The reason: {(error.reason or 'not given').replace('_', ' ').lower()}."


def _causes(error: BaseException) -> Iterator[BaseException]:
    """The error and all that led to it; trying several addresses of a host gives a group of errors."""
    pending: list[BaseException | None] = [error]
    seen: set[int] = set()
    while pending:
        current = pending.pop(0)
        if current is None or id(current) in seen:
            continue
        seen.add(id(current))
        yield current
        if isinstance(current, BaseExceptionGroup):
            pending.extend(current.exceptions)  # pyright: ignore[reportUnknownMemberType, reportUnknownArgumentType]
        pending += [current.__cause__, current.__context__]
