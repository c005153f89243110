"""Recognises what looks like a key, or is named as one: the one place that says how keys look.

On the way of the quick verbs, so ``re`` is imported only when something is looked at.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    import re

DOTS = "••••••••"
"""What is shown in the place of a key."""

SECRET_WORDS = ("auth", "key", "token", "secret", "cookie", "password")
"""One of these is in the name of a header, a variable or a parameter that carries a secret."""

_PREFIXES = "sk|pk|rk|ak|cr|ghp|gho|glpat|xox[a-z]"
_MAKERS = r"AKIA[A-Z0-9]{12,}|AIza[A-Za-z0-9_-]{20,}|eyJ[A-Za-z0-9_-]{8,}"
_MARKED = (
    rf"(?<![A-Za-z0-9])(?:(?:{_PREFIXES})[-_](?=[A-Za-z0-9_.-]{{0,120}}\d)[A-Za-z0-9_.-]{{8,}}|{_MAKERS})"
    r"|(?<![A-Za-z0-9])(?:Bearer|Basic)\s+\S{8,}"
)
# A beta feature of Claude Code is called thinking-token-count and a date.
_QUOTED = (
    rf"(?<![A-Za-z0-9])(?:(?:{_PREFIXES}|key|token(?!-count-20))[-_]"
    r"(?=[A-Za-z0-9_*.-]{0,200}[\d*])[A-Za-z0-9_*.-]{8,}"
    rf"|(?:{_MAKERS})(?:\.[A-Za-z0-9_-]+)*)"
    r"|(?<=Bearer )[!-~]{8,}"
)
_LONG_WORD = r"[\w-]{16,}"
_WORD = r"[A-Za-z0-9]{16,}"
_TURN = r"(?<=[A-Za-z])(?=[0-9])|(?<=[0-9])(?=[A-Za-z])"
_MOST_TURNS = 3
_SHORT = 8


def is_secret_name(name: str) -> bool:
    """Whether what is called so carries a secret."""
    return any(word in name.lower() for word in SECRET_WORDS)


def may_contain_key(text: str) -> bool:
    """Whether a long word of letters and digits is in it, as in many harmless texts too: for what is better hidden."""
    letter, digit = _pattern("[A-Za-z]"), _pattern(r"\d")
    return any(letter.search(word) and digit.search(word) for word in _pattern(_LONG_WORD).findall(text))


def contains_key(text: str) -> bool:
    """Whether something in it is marked as a key, as by ``sk-`` or ``Bearer``."""
    return len(text) > _SHORT and _pattern(_MARKED).search(text) is not None


def looks_like_key(text: str) -> bool:
    """The same, or a long word in which letters and digits take turns as in no name and no model id."""
    turn = _pattern(_TURN)
    return contains_key(text) or any(len(turn.findall(word)) > _MOST_TURNS for word in _pattern(_WORD).findall(text))


def redact_keys(text: str) -> str:
    """``text`` with dots in place of what looks like a key."""
    if not looks_like_key(text):
        return text
    return _pattern(_WORD).sub(_hidden, _pattern(_MARKED).sub(DOTS, text))


def redact_quoted_keys(text: str) -> str:
    """A gateway's text with dots in place of what it may have quoted of a key, also one that it has starred out."""
    return _pattern(_QUOTED).sub(DOTS, text)


def _hidden(word: re.Match[str]) -> str:
    return DOTS if looks_like_key(word[0]) else word[0]


def _pattern(text: str) -> re.Pattern[str]:
    import re

    return re.compile(text, re.IGNORECASE)
