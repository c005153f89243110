"""Maps every network error to a diagnosis."""

from __future__ import annotations

import socket
import ssl
from collections.abc import Iterator
from typing import NamedTuple

import httpx

from ccswitch_py.core.language import N_, _
from ccswitch_py.model.diagnosis import Diagnosis

_DISCONNECTED = "disconnected without sending"
_NOT_CONNECTED = N_("The connection could not be made.")


class NetworkProblem(NamedTuple):
    """Why no answer came; ``is_untrusted``: the gateway presented a certificate that was not accepted."""

    diagnosis: Diagnosis
    reason: str = ""
    advice: str | None = None
    is_untrusted: bool = False


def diagnose_error(error: Exception, *, proxied: bool) -> NetworkProblem:
    """Diagnose an error that httpx raised before any answer; its text is used only where it cannot hold the request."""
    causes = tuple(_causes(error))
    for cause in causes:
        if isinstance(cause, ssl.SSLCertVerificationError):
            return _diagnose_certificate(cause)
        if isinstance(cause, ssl.SSLError):
            return NetworkProblem(Diagnosis.TLS_FAILED, _tls_reason(cause))
    if isinstance(error, httpx.ProxyError):
        return NetworkProblem(Diagnosis.PROXY_FAILED, _("It answered: {words}.", words=error) if str(error) else "")
    if isinstance(error, (httpx.ConnectTimeout, httpx.ConnectError)) and proxied:
        return NetworkProblem(Diagnosis.PROXY_FAILED, _("It cannot be reached."))
    match error:
        case httpx.ConnectTimeout():
            return NetworkProblem(Diagnosis.TIMEOUT, _(_NOT_CONNECTED))
        case TimeoutError() | httpx.TimeoutException():
            return NetworkProblem(Diagnosis.TIMEOUT)
        case httpx.InvalidURL():
            return NetworkProblem(Diagnosis.URL_INVALID)
        case httpx.ConnectError() | UnicodeError():
            return _diagnose_connect(causes)
        case httpx.RemoteProtocolError() if _DISCONNECTED not in str(error):
            return NetworkProblem(Diagnosis.NOT_MESSAGES, _("What it sends is not HTTP."))
        case _:
            return NetworkProblem(Diagnosis.CONNECTION_RESET)


def _diagnose_connect(causes: tuple[BaseException, ...]) -> NetworkProblem:
    for cause in causes:
        match cause:
            case socket.gaierror() | UnicodeError():
                return NetworkProblem(Diagnosis.DNS_FAILED)
            case ConnectionRefusedError():
                return NetworkProblem(Diagnosis.REFUSED)
            case ConnectionResetError() | ConnectionAbortedError() | BrokenPipeError():
                return NetworkProblem(Diagnosis.CONNECTION_RESET)
            case TimeoutError():
                return NetworkProblem(Diagnosis.TIMEOUT, _(_NOT_CONNECTED))
            case OSError() if cause.errno is not None and cause.strerror:
                return NetworkProblem(Diagnosis.REFUSED, _("The system says: {words}.", words=cause.strerror))
            case _:
                continue
    return NetworkProblem(Diagnosis.CONNECTION_RESET)


_CHECK_CLOCK = N_("Look at this machine's clock; if it is right, tell the gateway's operator.")
_WRONG_HOST = N_("Check the host in the base URL: what answers there has no certificate for this name.")

_CERTIFICATE_ERRORS = {
    9: (N_("Its certificate is not valid yet."), _CHECK_CLOCK),
    10: (N_("Its certificate has expired."), _CHECK_CLOCK),
    62: (N_("Its certificate is for another host."), _WRONG_HOST),
    64: (N_("Its certificate is for another address."), _WRONG_HOST),
}
"""What is wrong with a certificate besides its issuer, by OpenSSL's verify code."""


def _diagnose_certificate(error: ssl.SSLCertVerificationError) -> NetworkProblem:
    if error.verify_code in _CERTIFICATE_ERRORS:
        reason, advice = _CERTIFICATE_ERRORS[error.verify_code]
        return NetworkProblem(Diagnosis.TLS_FAILED, _(reason), _(advice), is_untrusted=True)
    reason = _("The certificate was not accepted: {words}.", words=error.verify_message.rstrip("."))
    return NetworkProblem(Diagnosis.TLS_FAILED, reason, is_untrusted=True)


def _tls_reason(error: ssl.SSLError) -> str:
    if error.reason in ("WRONG_VERSION_NUMBER", "HTTP_REQUEST", "RECORD_LAYER_FAILURE"):
        return _("This port does not speak https.")
    return _("The reason: {words}.", words=error.reason.replace("_", " ").lower()) if error.reason else ""


def _causes(error: BaseException) -> Iterator[BaseException]:
    """The error and its causes; trying several addresses of a host raises a group."""
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
