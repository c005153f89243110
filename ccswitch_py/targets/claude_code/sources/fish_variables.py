"""Read fish's universal variables (``set -Ux``), which every fish takes in when it starts."""

from __future__ import annotations

import re

from ccswitch_py.targets.claude_code.sources.layer import entry_of
from ccswitch_py.targets.claude_code.variables import VARIABLES
from ccswitch_py.targets.explanation import Entry

_LINE = re.compile(r"(?:SETUVAR((?: --\w+)*)|SET_EXPORT) (\w+):(.*)")
_ESCAPED = re.compile(r"\\(?:x([0-9a-fA-F]{1,2})|u([0-9a-fA-F]{1,4})|U([0-9a-fA-F]{1,8})|(.))")
_OF_LETTERS = {"n": "\n", "t": "\t", "r": "\r", "e": "\x1b", "a": "\a", "b": "\b", "f": "\f", "v": "\v"}
_BETWEEN, _NONE = "\x1e", "\x1d"
"""Between the parts of a list, and for a list without any (src/env_universal_common.cpp of fish)."""


def universal_entries(text: str) -> list[Entry]:
    """The exported ones of ``SETUVAR --export NAME:value`` lines, and of ``SET_EXPORT`` ones before fish 3."""
    found: list[Entry] = []
    for number, line in enumerate(text.split("\n"), 1):
        match = _LINE.fullmatch(line)
        if match and match[2] in VARIABLES and (match[1] is None or "--export" in match[1].split()):
            found.append(entry_of(match[2], _plain(match[3]), number))
    return found


def _plain(value: str) -> str:
    text = _ESCAPED.sub(_unescaped, value)
    return "" if text == _NONE else text.replace(_BETWEEN, " ")


def _unescaped(escape: re.Match[str]) -> str:
    digits = escape[1] or escape[2] or escape[3]
    if digits is None:
        return _OF_LETTERS.get(escape[4], escape[4])
    code = int(digits, 16)
    return chr(code) if code < 0x110000 and not 0xD800 <= code < 0xE000 else "\ufffd"
