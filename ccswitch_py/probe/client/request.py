"""What the live test sends: one short question, in the form in which Claude Code asks."""

from __future__ import annotations

import json
import re
from typing import NamedTuple

from ccswitch_py import __version__
from ccswitch_py.model.base_url import BaseUrl

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import Any

MAX_TOKENS = 64
"""Enough for any answer; some services refuse 1, and some reserve the price of what is asked for."""

PROMPT = "Count from one to twelve in words."
"""About ten tokens, and long enough an answer to see whether it arrives piece by piece."""

MOST_INPUT = 200
"""Input tokens that this question can be counted as at most, with room for how other models count."""

VERSION_HEADER = ("anthropic-version", "2023-06-01")
BETA_HEADER = "anthropic-beta"
LONG_CONTEXT_BETA = "context-1m-2025-08-07"

_LONG_CONTEXT = re.compile(r"\[1m\]$", re.IGNORECASE)
_HEADER_NAME = re.compile(r"[A-Za-z0-9!#$%&'*+.^_`|~-]+")
_HEADER_VALUE = re.compile(r"(?:[!-~](?:[ -~]*[!-~])?)?")


class Request(NamedTuple):
    """One request, ready to be sent; its repr would show the key, so it is not for logs."""

    url: str
    headers: list[tuple[str, str]]
    body: bytes
    method: str = "POST"

    def __repr__(self) -> str:
        return f"Request({self.url!r}, {len(self.headers)} headers, {len(self.body)} bytes)"


def wire_model(model: str) -> str:
    """The id as it is sent: Claude Code takes ``[1m]`` off and asks for the long context by a header."""
    return _LONG_CONTEXT.sub("", model)


def messages_url(base_url: BaseUrl) -> str:
    """Where Claude Code posts, with the query that it always adds."""
    return f"{base_url.messages_url}?beta=true"


def plain_question(model: str, *, stream: bool) -> dict[str, Any]:
    """The body of the plain question."""
    return {
        "model": wire_model(model),
        "max_tokens": MAX_TOKENS,
        "messages": [{"role": "user", "content": [{"type": "text", "text": PROMPT}]}],
        "stream": stream,
    }


def post(
    url: str, model: str, credential: Iterable[tuple[str, str]], body: dict[str, Any], betas: str | None = None
) -> Request:
    """The request that posts a body; ``credential`` are the target's headers.

    ``betas`` are what the request needs of ``anthropic-beta``, by default what the model's id asks for.
    """
    if betas is None:
        betas = LONG_CONTEXT_BETA if wire_model(model) != model else ""
    return Request(url, headers(credential, betas), json.dumps(body, ensure_ascii=False).encode("utf-8", "replace"))


def headers(credential: Iterable[tuple[str, str]], betas: str = "") -> list[tuple[str, str]]:
    """The request's headers; those of ``credential`` (the target's) win over ours of the same name."""
    ours = [
        ("user-agent", f"ccswitch/{__version__}"),
        ("accept", "application/json"),
        ("accept-encoding", "gzip, deflate"),
        ("content-type", "application/json"),
        VERSION_HEADER,
    ]
    if betas:
        ours.append((BETA_HEADER, betas))
    theirs = list(credential)
    taken = {name.lower() for name, _ in theirs}
    return [*((name, value) for name, value in ours if name not in taken), *theirs]


def unsendable_header(sent: Iterable[tuple[str, str]]) -> str | None:
    """The name of the first header that HTTP, or Claude Code, could not send; None if all can be sent."""
    for name, value in sent:
        if not _HEADER_NAME.fullmatch(name) or not _HEADER_VALUE.fullmatch(value):
            return name
    return None
