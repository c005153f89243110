"""The requests of a live test: one short question, with the headers of a tool."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from typing import Any, NamedTuple

from ccswitch_py import __version__

MAX_TOKENS = 64
"""Enough for any answer; some services refuse 1, and some reserve the price of what is asked for."""

PROMPT = "Count from one to twelve in words."
"""About ten tokens, and long enough an answer to see whether it arrives piece by piece."""

MAX_INPUT = 200
"""The largest credible number of input tokens of this question, however a model counts."""

VERSION_HEADER = ("anthropic-version", "2023-06-01")
BETA_HEADER = "anthropic-beta"
STRICT_SCHEMA: dict[str, Any] = {
    "$schema": "https://json-schema.org/draft/2020-12/schema",
    "type": "object",
    "additionalProperties": False,
}
"""How the input schemas of coding tools begin; some converters refuse the first or the last of these."""

_HEADER_NAME = re.compile(r"[A-Za-z0-9!#$%&'*+.^_`|~-]+")
_HEADER_VALUE = re.compile(r"(?:[!-~](?:[ -~]*[!-~])?)?")


class Request(NamedTuple):
    """One request, ready to be sent; its repr leaves out headers and body, which hold the key."""

    url: str
    headers: list[tuple[str, str]]
    body: bytes
    method: str = "POST"

    def __repr__(self) -> str:
        return f"Request({self.url!r}, {len(self.headers)} headers, {len(self.body)} bytes)"


def post(
    url: str,
    own: Iterable[tuple[str, str]],
    body: dict[str, Any],
    betas: str = "",
    further: Iterable[tuple[str, str]] = (VERSION_HEADER,),
) -> Request:
    """The request that posts a body; ``own`` are the target's headers, ``betas`` the value of ``anthropic-beta``.

    ``further`` are those of the protocol.
    """
    return Request(url, headers(own, betas, further), json.dumps(body, ensure_ascii=False).encode("utf-8", "replace"))


def headers(
    own: Iterable[tuple[str, str]], betas: str = "", further: Iterable[tuple[str, str]] = (VERSION_HEADER,)
) -> list[tuple[str, str]]:
    """All headers of a request; those that are the target's own win over ours of the same name."""
    ours = [
        ("user-agent", f"ccswitch/{__version__}"),
        ("accept", "application/json"),
        ("accept-encoding", "gzip, deflate"),
        ("content-type", "application/json"),
        *further,
    ]
    if betas:
        ours.append((BETA_HEADER, betas))
    theirs = list(own)
    taken = {name.lower() for name, _value in theirs}
    return [*((name, value) for name, value in ours if name not in taken), *theirs]


def unsendable_header(sent: Iterable[tuple[str, str]]) -> str | None:
    """The name of the first header that cannot be sent over HTTP; None if all can."""
    pairs = ((_HEADER_NAME.fullmatch(name) and _HEADER_VALUE.fullmatch(value), name) for name, value in sent)
    return next((name for is_sendable, name in pairs if not is_sendable), None)
