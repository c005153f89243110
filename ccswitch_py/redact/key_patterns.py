"""What a key looks like, and which names carry one.

On the path of the quick commands, so ``re`` is imported only on use.
"""

from __future__ import annotations

import os

TYPE_CHECKING = False
if TYPE_CHECKING:
    import re

DOTS = "••••••••"
"""What is shown in the place of a key."""

SECRET_WORDS = ("auth", "key", "token", "secret", "cookie", "password")

_PREFIXES = "sk|pk|rk|ak|cr|ghp|gho|glpat|xox[a-z]"
_VENDOR_KEYS = r"AKIA[A-Z0-9]{12,}|AIza[A-Za-z0-9_-]{20,}|eyJ[A-Za-z0-9_-]{8,}"
_MARKED = (
    rf"(?<![A-Za-z0-9])(?:(?:{_PREFIXES})[-_](?=[A-Za-z0-9_.-]{{0,120}}\d)[A-Za-z0-9_.-]{{8,}}|{_VENDOR_KEYS})"
    r"|(?<![A-Za-z0-9])(?:Bearer|Basic)\s+\S{8,}"
)
# `thinking-token-count-20…` is the name of a beta feature.
_QUOTED = (
    rf"(?<![A-Za-z0-9])(?:(?:{_PREFIXES}|key|token(?!-count-20))[-_]"
    r"(?=[A-Za-z0-9_*.-]{0,200}[\d*])[A-Za-z0-9_*.-]{8,}"
    rf"|(?:{_VENDOR_KEYS})(?:\.[A-Za-z0-9_-]+)*)"
    r"|(?<=Bearer )[!-~]{8,}"
)
_LONG_WORD = r"[\w-]{16,}"
_WORD = r"[A-Za-z0-9]{16,}"
_ALTERNATION = r"(?<=[A-Za-z])(?=[0-9])|(?<=[0-9])(?=[A-Za-z])"
_MAX_ALTERNATIONS = 3
SHORTEST_KEY = 9
"""Characters."""
_OPEN_AND_CLOSE = ("<>", "[]", "{}", "()", "‹›", "«»")
_STANDS_FOR_A_KEY = frozenset(
    (
        *("changeme", "placeholder", "redacted", "hidden", "masked", "managed", "removed"),
        *("todo", "tbd", "null", "undefined", "example"),
    )
)
_ASKS_FOR_IT = ("your", "here", "paste", "insert", "replace", "enter", "put")
_GENERIC = frozenset(("my", "the", "api", "auth", "access", "sk"))
_IT = ("key", "token", "secret", "password")
_LONGEST_PREFIX = 5


def is_secret_name(name: str) -> bool:
    """Return whether a header, variable, option or parameter of this name carries a secret."""
    return any(word in name.lower() for word in SECRET_WORDS)


def may_contain_key(text: str) -> bool:
    """Return whether a long word has letters and digits, as much harmless text has: for what is better hidden."""
    letter, digit = _pattern("[A-Za-z]"), _pattern(r"\d")
    return any(letter.search(word) and digit.search(word) for word in _pattern(_LONG_WORD).findall(text))


def contains_key(text: str) -> bool:
    """Return whether something is marked as a key, as by ``sk-`` or ``Bearer``."""
    return len(text) >= SHORTEST_KEY and _pattern(_MARKED).search(text) is not None


def looks_like_key(text: str) -> bool:
    """Return whether ``contains_key``, or a long word alternates letters and digits as no name or model id does."""
    alternation = _pattern(_ALTERNATION)
    return contains_key(text) or any(
        len(alternation.findall(word)) > _MAX_ALTERNATIONS for word in _pattern(_WORD).findall(text)
    )


def is_placeholder(text: str) -> bool:
    """Return whether a text only stands for a key: ``<key>``, ``YOUR_API_KEY``, ``sk-xxxx``, ``PROXY_MANAGED``."""
    folded = text.lower()
    if folded[:1] + folded[-1:] in _OPEN_AND_CLOSE:
        return True
    words = folded.replace("-", " ").replace("_", " ").replace(".", " ").split() or [""]
    *prefixes, last = words
    if (
        len(last) > 2
        and len(set(last)) == 1
        and (len(last) > 5 or (last[0] == "x" and all(len(one) <= _LONGEST_PREFIX for one in prefixes)))
    ):
        return True
    if any(character.isdigit() for character in folded):
        return any(word in words for word in _ASKS_FOR_IT) and any(word in words for word in _IT)
    asks = any(word in folded for word in _ASKS_FOR_IT) and any(word in folded for word in _IT)
    is_a_name = last in _IT and bool(prefixes) and (text.isupper() or _GENERIC.issuperset(prefixes))
    return asks or is_a_name or not _STANDS_FOR_A_KEY.isdisjoint(words)


def redact_keys(text: str) -> str:
    """Replace what looks like a key with dots."""
    if not looks_like_key(text):
        return text
    return _pattern(_WORD).sub(_redacted, _pattern(_MARKED).sub(DOTS, text))


def redact_words(text: str, *, marked_only: bool = False) -> str:
    """Replace each word that looks like a key, or is ``marked_only`` as one; a path's random names are not keys."""
    return " ".join(
        DOTS if contains_key(word) or (not marked_only and os.sep not in word and looks_like_key(word)) else word
        for word in text.split(" ")
    )


def redact_quoted_keys(text: str) -> str:
    """Replace what a gateway may have quoted of a key, also one that it has starred out."""
    return _pattern(_QUOTED).sub(DOTS, text)


def _redacted(word: re.Match[str]) -> str:
    return DOTS if looks_like_key(word[0]) else word[0]


def _pattern(text: str) -> re.Pattern[str]:
    import re

    return re.compile(text, re.IGNORECASE)
