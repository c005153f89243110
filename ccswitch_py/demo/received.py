"""A request as it came in, kept so that a test can look at exactly what a tool sent."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from ccswitch_py.demo.credential import presented_key

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import Any


@dataclass(frozen=True, slots=True)
class Received:
    """One request; header names are in lower case, ``body`` is the parsed JSON, or None for anything else.

    ``key`` is the one in the Authorization header, else the one in ``x-api-key``.
    Its repr shows neither headers nor key.
    """

    method: str
    path: str
    query: str
    headers: dict[str, str] = field(repr=False)
    body: Any = field(repr=False)
    key: str | None = field(repr=False)


def receive(method: str, address: str, headers: Iterable[tuple[str, str]], body: bytes = b"") -> Received:
    """Take a request in; a header that came twice has both values, with a comma between."""
    named: dict[str, str] = {}
    for name, value in headers:
        name = name.lower()
        named[name] = f"{named[name]}, {value}" if name in named else value
    path, query = _split(address)
    return Received(method, path, query, named, _parse(body), presented_key(named, "either"))


def _split(address: str) -> tuple[str, str]:
    try:
        parts = urlsplit(address)
    except ValueError:
        return address, ""
    return parts.path, parts.query


def _parse(body: bytes) -> Any:
    try:
        return json.loads(body, parse_constant=_refuse) if body else None
    except (ValueError, RecursionError):
        return None


def _refuse(constant: str) -> None:
    raise ValueError(f"{constant} is not JSON")
