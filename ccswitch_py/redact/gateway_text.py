"""Makes a gateway's text safe to show: printable, short, and without the key or any part of it."""

from __future__ import annotations

import re
import unicodedata

from ccswitch_py.redact.key_patterns import DOTS, redact_quoted_keys
from ccswitch_py.redact.secret import Secret, scrub

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

LIMIT = 300
"""Characters of a gateway's text that are shown, unless the caller says otherwise."""

_MAX_READ = 16_384
_FRAGMENT = 12
"""A part of the key of so many characters is hidden."""
_MAX_COMBINING = 2

_ESCAPE_SEQUENCE = re.compile(
    r"(?:\x1b\]|\x9d)[^\x07\x1b\x9c]*(?:\x07|\x1b\\|\x9c)?"  # a title, a link: up to its terminator
    r"|(?:\x1b\[|\x9b)[0-?]*[ -/]*[@-~]?"  # colours, cursor
    r"|\x1b[ -/]*[0-~]?"
)
_BLANK_LOOKING = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0")
_VARIATION_SELECTORS = range(0xFE00, 0xFE10)
_WORD = re.compile(r"[!-~]+")
_JSON_ESCAPED = re.compile(r"(?<!\\)\\+u00(2[de]|3\d|4[1-9a-f]|5[0-9af]|6[1-9a-f]|7[0-9a])", re.IGNORECASE)
_JSON_LINE_BREAK = re.compile(r"\\+[nrt]?")


def sanitize(text: str, key: Secret, limit: int = LIMIT) -> str:
    """Return ``text`` on one line of at most ``limit`` characters, without the key in any spelling or part."""
    # What is invisible goes first: it could stand in the middle of the key.
    line = " ".join("".join(_visible(_unescape(text[:_MAX_READ]))).split())
    if key.reveal().strip():
        line = _without_spelled(scrub(line, key), key.reveal())
    line = redact_quoted_keys(_without_fragments(line, key.reveal()))
    if len(text) > _MAX_READ:
        # The cut may have left the beginning of a key at the end, too short to be recognised.
        line = line[: -len(key.reveal()) - 1]
    if _spells(line, key):
        return DOTS
    return line if len(line) <= limit else line[: limit - 1].rstrip() + "…"


def sanitize_lines(text: str, key: Secret, line_limit: int, limit: int) -> list[str]:
    """Do the same line by line, indents kept; where a key goes over several lines, they become one of ``limit``."""
    lines: list[str] = []
    for line in _unescape(text).splitlines():
        indent = line[: len(line) - len(line.lstrip(" "))]
        lines.append(f"{indent}{sanitize(line, key, line_limit)}".rstrip())
    return [sanitize(text, key, limit)] if _spells("".join(lines), key) else lines


def _visible(text: str) -> Iterator[str]:
    combining = 0
    for char in _ESCAPE_SEQUENCE.sub("", text):
        if char.isspace():
            yield " "
        elif char.isprintable() and char not in _BLANK_LOOKING and ord(char) not in _VARIATION_SELECTORS:
            combining = combining + 1 if unicodedata.category(char).startswith("M") else 0
            if combining <= _MAX_COMBINING:
                yield char


def _unescape(text: str) -> str:
    """Replace JSON's escapes of plain letters and digits, in which a key could hide."""
    return _JSON_ESCAPED.sub(lambda found: chr(int(found[1], 16)), text)


def _without_spelled(line: str, key: str) -> str:
    """Hide a key that is spelled with blanks between its letters."""
    if "".join(key.split()).lower() not in "".join(line.split()).lower():
        return line
    letters = r"\s*".join(re.escape(letter) for letter in key if not letter.isspace())
    return re.sub(letters, DOTS, line, flags=re.IGNORECASE)


def _without_fragments(line: str, key: str) -> str:
    """Mask words that contain a long part of the key: gateways quote parts of rejected keys."""
    fragments = {key[i : i + _FRAGMENT].lower() for i in range(len(key) - _FRAGMENT + 1)}
    if not fragments:
        return line

    def hidden(match: re.Match[str]) -> str:
        word = match[0].lower()
        known = any(word[i : i + _FRAGMENT] in fragments for i in range(len(word) - _FRAGMENT + 1))
        return DOTS if known else match[0]

    return _WORD.sub(hidden, line)


def _spells(text: str, key: Secret) -> bool:
    """Return whether the key appears once everything that can separate its characters is removed."""
    bare = "".join(_JSON_LINE_BREAK.sub("", text).split())
    return scrub(bare, key) != bare
