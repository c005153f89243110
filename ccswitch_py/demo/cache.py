"""The prompt cache: a long beginning that came before, with the same model and key, is read instead of written."""

from __future__ import annotations

import hashlib
import json
import secrets
import threading
from dataclasses import dataclass

from ccswitch_py.demo.request import without_mark
from ccswitch_py.demo.tokens import count_part

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from ccswitch_py.demo.request import MessagesRequest

SHORTEST_PREFIX = 1_024
"""Tokens; Claude Messages caches no shorter beginning."""

KEPT_PREFIXES = 64


@dataclass(frozen=True, slots=True)
class Cached:
    """How many tokens of a request the cache took in, and how many it had."""

    created: int = 0
    read: int = 0


NOTHING_CACHED = Cached()


@dataclass(frozen=True, slots=True)
class _Prefix:
    digest: bytes
    tokens: int
    marked: bool


class PromptCache:
    """Remembers the beginnings that requests mark with ``cache_control``, as salted hashes, the last 64 used."""

    def __init__(self, limit: int = KEPT_PREFIXES) -> None:
        self._limit = limit
        self._salt = secrets.token_bytes(32)
        self._kept: dict[bytes, None] = {}
        self._lock = threading.Lock()

    def serve(self, request: MessagesRequest, key: str) -> Cached:
        """Read as much as possible of what lies before the request's last mark, and remember its marks."""
        prefixes = self._prefixes_to_last_mark(request, key)
        if not prefixes:
            return NOTHING_CACHED
        with self._lock:
            read = next((prefix.tokens for prefix in reversed(prefixes) if prefix.digest in self._kept), 0)
            self._keep([prefix.digest for prefix in prefixes if prefix.marked])
        return Cached(prefixes[-1].tokens - read, read)

    def _keep(self, digests: list[bytes]) -> None:
        for digest in digests:
            self._kept.pop(digest, None)
            self._kept[digest] = None
        for oldest in list(self._kept)[: -self._limit]:
            del self._kept[oldest]

    def _prefixes_to_last_mark(self, request: MessagesRequest, key: str) -> list[_Prefix]:
        """The request's beginnings that are long enough, each longer than the one before; the last one is marked."""
        parts = request.parts
        while parts and not _is_marked(parts[-1][1]):
            parts.pop()
        tokens = 0
        digest = hashlib.sha256(self._salt + json.dumps([request.model.id, key]).encode()).digest()
        prefixes: list[_Prefix] = []
        for place, part in parts:
            tokens += count_part(place, part)
            digest = hashlib.sha256(digest + json.dumps([place, without_mark(part)]).encode()).digest()
            if tokens >= SHORTEST_PREFIX:
                prefixes.append(_Prefix(digest, tokens, _is_marked(part)))
        return prefixes


def _is_marked(part: dict[str, Any]) -> bool:
    return isinstance(part.get("cache_control"), dict)
