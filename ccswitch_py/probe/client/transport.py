"""Sends one request and reads the answer; whatever the other side does, no exception escapes."""

from __future__ import annotations

import asyncio
import os
import ssl
import time
from collections.abc import Callable
from contextlib import suppress
from functools import cache
from urllib.parse import urlsplit

import anyio
import certifi
import httpx

from ccswitch_py.core.language import _, join_sentences
from ccswitch_py.model.base_url import DEFAULT_PORTS
from ccswitch_py.model.diagnosis import Diagnosis
from ccswitch_py.probe.client.network_errors import NetworkProblem, diagnose_error
from ccswitch_py.probe.client.request import Request
from ccswitch_py.probe.client.response import MAX_BODY_BYTES, DamagedResponse, Response, TooLarge, Unpacker
from ccswitch_py.probe.client.tls import issuer_at
from ccswitch_py.probe.plan import ProbePlan
from ccswitch_py.redact.gateway_text import sanitize

ISSUER_LIMIT = 100
_CONNECTED = ("connect_tcp.complete", "start_tls.complete")
"""Trace events of httpcore that mean a connection; the last one counts."""

OnPiece = Callable[[bytes, float], bool]


async def send(
    plan: ProbePlan, request: Request, on_piece: OnPiece | None = None, *, max_bytes: int = MAX_BODY_BYTES
) -> Response:
    """Send one request; any failure is in the answer.

    ``on_piece`` gets each piece of a 2xx body and its time in seconds since the request began; once it returns True,
    the rest is not read. Each request opens its own connection: none can be stale. The environment (proxy, netrc) and
    cookies play no part, and no redirect is followed.
    """
    answer = Response(request.url)
    try:
        # Before the clock starts: the first request loads certificates and modules.
        transport = httpx.AsyncHTTPTransport(_trust(os.environ.get(plan.client.ca_variable)), proxy=plan.proxy)
        anyio.get_cancelled_exc_class()
    except (ValueError, ImportError, httpx.InvalidURL):
        answer.failure = Diagnosis.PROXY_FAILED
        answer.reason = join_sentences(_("Its address is not that of an HTTP proxy."), _proxy_named(plan))
        return answer
    began = time.monotonic()
    try:
        async with asyncio.timeout(plan.timeouts.whole_s), transport:
            response = await _open(transport, request, plan, answer, began)
            if response is not None:
                await _read(response, plan, answer, began, on_piece, max_bytes)
                await response.aclose()
    except TimeoutError:
        answer.failure = Diagnosis.TIMEOUT
        waited = f"{plan.timeouts.whole_s:g}"
        answer.reason = _("The answer was not complete within {seconds} seconds.", seconds=waited)
    answer.elapsed_ms = _ms_since(began)
    return answer


async def _open(
    transport: httpx.AsyncHTTPTransport, request: Request, plan: ProbePlan, answer: Response, began: float
) -> httpx.Response | None:
    """Send the request and read the head of the answer; None if there is none."""
    url, headers, body, method = request
    limits = plan.timeouts

    async def trace(event: str, _info: object) -> None:
        if event.endswith(_CONNECTED):
            answer.connect_ms = _ms_since(began)

    timeout = httpx.Timeout(limits.read_s, connect=limits.connect_s).as_dict()
    try:
        async with asyncio.timeout(limits.connect_s + limits.read_s):
            sent = httpx.Request(
                method, url, content=body, headers=headers, extensions={"trace": trace, "timeout": timeout}
            )
            on_the_wire = [(name.decode("latin-1"), value.decode("latin-1")) for name, value in sent.headers.raw]
            answer.request = request._replace(headers=on_the_wire)
            response = await transport.handle_async_request(sent)
    except (httpx.HTTPError, httpx.InvalidURL, OSError, ValueError) as error:
        failure = diagnose_error(error, proxied=plan.proxy is not None)
        if isinstance(error, httpx.ConnectTimeout):
            answer.connect_ms = None
        answer.failure, answer.advice = failure.diagnosis, failure.advice
        answer.reason = join_sentences(failure.reason, await _details(failure, plan, url))
        return None
    answer.status = response.status_code
    answer.status_line = f"{response.http_version} {response.status_code} {response.reason_phrase}".rstrip()
    answer.headers = {name.lower(): value for name, value in response.headers.items()}
    answer.first_byte_ms = _ms_since(began)
    return response


async def _details(failure: NetworkProblem, plan: ProbePlan, url: str) -> str:
    waited = ""
    if failure.diagnosis is Diagnosis.TIMEOUT and not failure.reason:
        seconds = f"{plan.timeouts.read_s:g}"
        waited = _("No answer within {seconds} seconds.", seconds=seconds)
    issuer = await _issuer(plan, url) if failure.is_untrusted and not plan.proxy_host else ""
    return join_sentences(waited, _proxy_named(plan), issuer)


def _proxy_named(plan: ProbePlan) -> str:
    return _("The proxy is {host}.", host=plan.proxy_host) if plan.proxy_host else ""


async def _issuer(plan: ProbePlan, url: str) -> str:
    parts = urlsplit(url)
    issuer = await issuer_at(parts.hostname or "", parts.port or DEFAULT_PORTS["https"])
    issuer = sanitize(issuer, plan.key, ISSUER_LIMIT)
    return _("It was issued by {name}.", name=issuer.rstrip(".")) if issuer else ""


async def _read(
    response: httpx.Response,
    plan: ProbePlan,
    answer: Response,
    began: float,
    on_piece: OnPiece | None,
    max_bytes: int,
) -> None:
    unpacker = Unpacker(answer.headers.get("content-encoding", ""), max_bytes)
    if not 200 <= answer.status < 300:
        on_piece = None
    try:
        async for chunk in response.aiter_raw():
            plain = unpacker.feed(chunk)
            answer.body += plain
            if on_piece is not None and on_piece(plain, time.monotonic() - began):
                return
        unpacker.close()
    except httpx.TimeoutException:
        answer.failure = Diagnosis.TIMEOUT
        waited = f"{plan.timeouts.read_s:g}"
        answer.reason = _("The answer began, then stalled for {seconds} seconds.", seconds=waited)
    except DamagedResponse as damage:
        answer.failure = Diagnosis.BAD_JSON
        answer.reason = str(damage)
    except TooLarge:
        answer.failure = Diagnosis.BODY_TOO_LARGE
    except httpx.RemoteProtocolError:
        answer.failure = Diagnosis.BAD_JSON
        answer.reason = _("It is shorter than announced.")
    except (httpx.HTTPError, OSError):
        answer.failure = Diagnosis.CONNECTION_RESET
        answer.reason = _("The connection was cut in the middle of the answer.")


@cache
def _trust(extra: str | None) -> ssl.SSLContext:
    """Trust the system's authorities, Mozilla's, and those of an extra file unless it cannot be read, as Node does."""
    context = ssl.create_default_context()
    context.load_verify_locations(cafile=certifi.where())
    if extra:
        with suppress(OSError):
            context.load_verify_locations(cafile=extra)
    return context


def _ms_since(began: float) -> int:
    return round((time.monotonic() - began) * 1000)
