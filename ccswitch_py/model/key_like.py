"""Recognises what looks like a key where none belongs: in a name, an address, a model id or a header."""

from __future__ import annotations

import re
from functools import cache

HIDDEN = "••••••••"

_MARKED = (
    r"(?<![A-Za-z0-9])"
    r"(?:(?:sk|pk|rk|ak|cr|ghp|gho|glpat|xox[a-z])[-_](?=[A-Za-z0-9_.-]{0,120}\d)[A-Za-z0-9_.-]{8,}"
    r"|AKIA[A-Z0-9]{12,}|AIza[A-Za-z0-9_-]{20,}|eyJ[A-Za-z0-9_-]{8,})"
    r"|(?<![A-Za-z0-9])(?:Bearer|Basic)\s+\S{8,}"
)
_WORD = re.compile(r"[A-Za-z0-9]{16,}")
_TURN = re.compile(r"(?<=[A-Za-z])(?=[0-9])|(?<=[0-9])(?=[A-Za-z])")
_MOST_TURNS = 3
_SHORT = 8


def carries_key(text: str) -> bool:
    """Whether something in it is marked as a key, as by ``sk-`` or ``Bearer``."""
    return len(text) > _SHORT and _marked().search(text) is not None


def looks_like_key(text: str) -> bool:
    """The same, or a long word in which letters and digits take turns as in no name and no model id."""
    return carries_key(text) or any(len(_TURN.findall(word)) > _MOST_TURNS for word in _WORD.findall(text))


def without_keys(text: str) -> str:
    """``text`` with dots in place of what looks like a key."""
    if not looks_like_key(text):
        return text
    return _WORD.sub(_hidden, _marked().sub(HIDDEN, text))


def _hidden(word: re.Match[str]) -> str:
    return HIDDEN if looks_like_key(word[0]) else word[0]


@cache
def _marked() -> re.Pattern[str]:
    return re.compile(_MARKED, re.IGNORECASE)
