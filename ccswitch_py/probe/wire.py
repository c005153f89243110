"""Sends one request of the live test and reads the answer, however the other side behaves."""

from __future__ import annotations

import asyncio
import os
import ssl
import time
from functools import cache
from typing import TYPE_CHECKING, NamedTuple

import certifi
import httpx

from ccswitch_py.model.base_url import BaseUrl
from ccswitch_py.model.diagnosis import Diagnosis
from ccswitch_py.probe.received import Answer, Damaged, TooLarge, Unpacker
from ccswitch_py.probe.request import body, headers, messages_url
from ccswitch_py.probe.trouble import diagnose_error

if TYPE_CHECKING:
    from collections.abc import Callable

    from ccswitch_py.probe.plan import ProbePlan


class _Sent(NamedTuple):
    body: bytes
    headers: list[tuple[str, str]]
    is_whole: Callable[[bytes, float], bool] | None
    began: float


async def ask(
    plan: ProbePlan, model: str, *, stream: bool, is_whole: Callable[[bytes, float], bool] | None = None
) -> Answer:
    """Send one request; whatever happens is in the answer, and nothing is raised.

    ``is_whole`` gets each piece of the body and its time in seconds since the request began; once it says yes, the
    rest is not waited for. Each request has a connection of its own, so that none fails on one that has gone stale,
    and no cookie of one answer travels with the next request.
    """
    answer = Answer(messages_url(BaseUrl(plan.base_url)))
    try:
        # Before the clock starts: the first client loads the certificates, which is no fault of the gateway.
        client = client_of(plan)
    except UnusableProxy:
        answer.trouble = Diagnosis.PROXY_FAILED
        answer.reason = "Its address is not one of an HTTP proxy."
        return answer
    sent = _Sent(body(model, stream=stream), headers(model, plan.headers), is_whole, time.monotonic())
    try:
        async with asyncio.timeout(plan.patience.whole_s), client:
            await _exchange(client, sent, plan, answer)
    except TimeoutError:
        answer.trouble = Diagnosis.TIMEOUT
        answer.reason = f"The whole answer was not there within {plan.patience.whole_s:g} seconds."
    answer.elapsed_ms = _ms_since(sent.began)
    return answer


async def _exchange(client: httpx.AsyncClient, sent: _Sent, plan: ProbePlan, answer: Answer) -> None:
    try:
        async with asyncio.timeout(plan.patience.connect_s + plan.patience.first_byte_s):
            request = client.build_request("POST", answer.url, content=sent.body, headers=sent.headers)
            response = await client.send(request, stream=True)
    except (httpx.HTTPError, httpx.InvalidURL, OSError, ValueError) as error:
        answer.trouble, answer.reason = diagnose_error(error, proxied=plan.proxy is not None)
        if answer.trouble is Diagnosis.TIMEOUT and not answer.reason:
            answer.reason = f"Nothing came within {plan.patience.first_byte_s:g} seconds after the request."
        return
    answer.status = response.status_code
    answer.headers = {name.lower(): value for name, value in response.headers.items()}
    answer.first_byte_ms = _ms_since(sent.began)
    try:
        await _read(response, plan, answer, sent)
    finally:
        await response.aclose()


async def _read(response: httpx.Response, plan: ProbePlan, answer: Answer, sent: _Sent) -> None:
    unpacker = Unpacker(answer.headers.get("content-encoding", ""))
    chunks = response.aiter_raw()
    try:
        while True:
            async with asyncio.timeout(plan.patience.between_s):
                chunk = await anext(chunks, None)
            if chunk is None:
                return unpacker.close()
            plain = unpacker.feed(chunk)
            answer.body += plain
            if sent.is_whole is not None and sent.is_whole(plain, time.monotonic() - sent.began):
                return None
    except (TimeoutError, httpx.TimeoutException):
        answer.trouble = Diagnosis.TIMEOUT
        answer.reason = f"The answer began, and then nothing came for {plan.patience.between_s:g} seconds."
    except Damaged:
        answer.trouble = Diagnosis.BAD_JSON
        answer.reason = "It cannot be unpacked."
    except TooLarge:
        answer.trouble = Diagnosis.BODY_TOO_LARGE
    except (httpx.HTTPError, OSError):
        answer.trouble = Diagnosis.CONNECTION_RESET
        answer.reason = "The connection was cut in the middle of the answer."


class UnusableProxy(Exception):
    """The proxy's address is not one that can be used: not a URL, or not http."""


def client_of(plan: ProbePlan) -> httpx.AsyncClient:
    """A client that takes nothing from the environment: no proxy, no netrc, no credential, and follows nothing."""
    patience = plan.patience
    try:
        return httpx.AsyncClient(
            verify=_trust(os.environ.get("NODE_EXTRA_CA_CERTS")),
            trust_env=False,
            follow_redirects=False,
            proxy=plan.proxy,
            timeout=httpx.Timeout(patience.first_byte_s, connect=patience.connect_s),
        )
    except (ValueError, ImportError, httpx.InvalidURL) as error:
        raise UnusableProxy from error


@cache
def _trust(extra: str | None) -> ssl.SSLContext:
    """What Claude Code trusts: the system's authorities, Mozilla's, and those of ``NODE_EXTRA_CA_CERTS``.

    Like Node, this goes on without an extra file that cannot be read.
    """
    context = ssl.create_default_context()
    context.load_verify_locations(cafile=certifi.where())
    if extra:
        try:
            context.load_verify_locations(cafile=extra)
        except OSError:
            return context
    return context


def _ms_since(began: float) -> int:
    return round((time.monotonic() - began) * 1000)
