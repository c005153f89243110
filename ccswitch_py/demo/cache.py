"""The prompt cache: a long prefix that came before, with the same model and key, is read instead of written."""

from __future__ import annotations

import hashlib
import json
import secrets
import threading
from dataclasses import dataclass

from ccswitch_py.demo.request import MessagesRequest, count_part, without_mark

SHORTEST_PREFIX = 1_024
"""Tokens; Claude Messages caches no shorter prefix."""

KEPT_PREFIXES = 64


@dataclass(frozen=True, slots=True)
class Cached:
    """How many tokens of a request were written to the cache, and how many read from it."""

    created: int = 0
    read: int = 0


NOTHING_CACHED = Cached()


class PromptCache:
    """Keeps the prefixes that requests mark with ``cache_control``, as salted hashes, the most recently used."""

    def __init__(self, limit: int = KEPT_PREFIXES) -> None:
        self._limit = limit
        self._salt = secrets.token_bytes(32)
        self._kept: dict[bytes, None] = {}
        self._lock = threading.Lock()

    def serve(self, request: MessagesRequest, key: str) -> Cached:
        """Read the longest known prefix before the last mark, and keep the marked ones."""
        prefixes = self._prefixes(request, key)
        while prefixes and not prefixes[-1][2]:
            prefixes.pop()
        if not prefixes:
            return NOTHING_CACHED
        with self._lock:
            read = next((tokens for digest, tokens, _marked in reversed(prefixes) if digest in self._kept), 0)
            for digest in [digest for digest, _tokens, is_marked in prefixes if is_marked]:
                self._kept.pop(digest, None)
                self._kept[digest] = None
            for oldest in list(self._kept)[: -self._limit]:
                del self._kept[oldest]
        return Cached(prefixes[-1][1] - read, read)

    def _prefixes(self, request: MessagesRequest, key: str) -> list[tuple[bytes, int, bool]]:
        """The hash and the tokens of each prefix that is long enough, and whether its last part is marked."""
        tokens = 0
        digest = hashlib.sha256(self._salt + json.dumps([request.model.id, key]).encode()).digest()
        prefixes: list[tuple[bytes, int, bool]] = []
        for place, part in request.parts:
            tokens += count_part(place, part)
            digest = hashlib.sha256(digest + json.dumps([place, without_mark(part)]).encode()).digest()
            if tokens >= SHORTEST_PREFIX:
                prefixes.append((digest, tokens, isinstance(part.get("cache_control"), dict)))
        return prefixes
