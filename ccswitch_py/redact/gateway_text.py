"""Makes text from a gateway fit to be shown: no key, no control characters, not too long."""

from __future__ import annotations

import re
import unicodedata

from ccswitch_py.redact.key_patterns import DOTS, redact_quoted_keys
from ccswitch_py.redact.secret import Secret, scrub

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

LIMIT = 300
"""Characters of a gateway's text that are shown."""

_READ = 16_384
_PIECE = 12
_MARKS_IN_A_ROW = 2

_ESCAPE_SEQUENCE = re.compile(
    r"(?:\x1b\]|\x9d)[^\x07\x1b\x9c]*(?:\x07|\x1b\\|\x9c)?"  # a title, a link: up to its terminator
    r"|(?:\x1b\[|\x9b)[0-?]*[ -/]*[@-~]?"  # colours, cursor
    r"|\x1b[ -/]*[0-~]?"
)
_BLANK_LOOKING = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0")
_HIDDEN = frozenset(("Cc", "Cf", "Cs", "Co", "Cn"))
_WORD = re.compile(r"[!-~]+")


def sanitize(text: str, key: Secret, limit: int = LIMIT) -> str:
    """``text`` on one line of at most ``limit`` characters, never with the key, a part of it, or what looks like one.

    Invisible characters go first, so that a key with one in its middle is still recognised.
    """
    line = " ".join("".join(_visible(text[:_READ])).split())
    if key.reveal().strip():
        line = _without_spelled(scrub(line, key), key.reveal())
    line = _without_pieces(line, key.reveal())
    line = redact_quoted_keys(line)
    if len(text) > _READ:
        # The cut may have left the beginning of a key at the end, too short to be recognised as one.
        line = line[: -len(key.reveal()) - 1]
    return line if len(line) <= limit else line[: limit - 1].rstrip() + "…"


def _visible(text: str) -> Iterator[str]:
    marks = 0
    for char in _ESCAPE_SEQUENCE.sub("", text):
        category = unicodedata.category(char)
        if char in "\t\n\r" or category in ("Zs", "Zl", "Zp"):
            marks = 0
            yield " "
        elif category in _HIDDEN or char in _BLANK_LOOKING:
            continue
        elif category.startswith("M"):
            marks += 1
            if marks <= _MARKS_IN_A_ROW and not "\ufe00" <= char <= "\ufe0f":
                yield char
        else:
            marks = 0
            yield char


def _without_spelled(line: str, key: str) -> str:
    """Somebody may write the key letter by letter, to get it past others who look for it."""
    if "".join(key.split()).lower() not in "".join(line.split()).lower():
        return line
    letters = r"\s*".join(re.escape(letter) for letter in key if not letter.isspace())
    return re.sub(letters, DOTS, line, flags=re.IGNORECASE)


def _without_pieces(line: str, key: str) -> str:
    """Gateways repeat a part of a refused key; a word that holds a long one is hidden as a whole."""
    pieces = {key[i : i + _PIECE].lower() for i in range(len(key) - _PIECE + 1)}
    if not pieces:
        return line

    def hidden(match: re.Match[str]) -> str:
        word = match[0].lower()
        known = any(word[i : i + _PIECE] in pieces for i in range(len(word) - _PIECE + 1))
        return DOTS if known else match[0]

    return _WORD.sub(hidden, line)
