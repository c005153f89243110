"""JSON with comments, with trailing commas, and JSON5."""

from __future__ import annotations

import re
from typing import Any

from ccswitch_py.core.language import _
from ccswitch_py.formats.base import MAX_LEVELS, Container, Member, TooDeep, refuse
from ccswitch_py.formats.json_text import CLOSERS, MAX_DIGITS, JsonText

# Only sets of characters are possessive: before 3.11.5, Python matches wrongly where a possessive group can backtrack.
_CONSTANTS = {"true": True, "false": False, "null": None}
_WITH_COMMENTS = re.compile(r"(?:[ \t\n\r]++|//[^\n\r]*+|/\*(?:[^*]++|\*(?!/))*\*/)*")
_JSON5_BLANKS = re.compile(
    r"(?:[\t-\r \xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000\ufeff]++"
    r"|//[^\n\r\u2028\u2029]*+|/\*(?:[^*]++|\*(?!/))*\*/)*"
)
_SCALAR = re.compile(
    r'"(?:[^"\\\x00-\x1f]++|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*"'
    r"|true|false|null|-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?"
)
_JSON5_ESCAPE = r"\\(?:x[0-9a-fA-F]{2}|u[0-9a-fA-F]{4}|0(?![0-9])|\r\n|[^xu0-9])"
_JSON5_SCALAR = re.compile(
    rf"""(?:"(?:[^"\\\n\r]++|{_JSON5_ESCAPE})*"|'(?:[^'\\\n\r]++|{_JSON5_ESCAPE})*')"""
    r"|true|false|null|[+-]?(?:Infinity|NaN|0[xX][0-9a-fA-F]+"
    r"|(?:(?:0|[1-9][0-9]*)(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?)"
)
_JSON5_NAME = re.compile(r"(?:[^\W\d]|\$|\\u[0-9a-fA-F]{4})(?:[\w$\u200c\u200d]|\\u[0-9a-fA-F]{4})*")
_ESCAPE = re.compile(r"\\(?:u([0-9a-fA-F]{4})|x([0-9a-fA-F]{2})|(\r\n|.))", re.DOTALL)
_ESCAPED = {"b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t", "v": "\v", "0": "\0"} | dict.fromkeys(
    ("\n", "\r", "\r\n", "\u2028", "\u2029"), ""
)
_PAIR = re.compile("[\ud800-\udbff][\udc00-\udfff]")


class JsonDialect(JsonText):
    """``json-comments``, ``jsonc`` (trailing commas as well) or ``json5``."""

    _matched_levels = 0

    def __init__(self, format_id: str) -> None:
        super().__init__(format_id)
        self._json5 = format_id == "json5"
        self._trailing_commas = format_id in ("jsonc", "json5")
        self._blanks = _JSON5_BLANKS if self._json5 else _WITH_COMMENTS
        self._scalar = _JSON5_SCALAR if self._json5 else _SCALAR

    def _after_blanks(self, text: str, at: int) -> int:
        found = self._blanks.match(text, at)
        return found.end() if found else at

    def _inside(self, text: str, member: Member) -> Container | None:
        return member.inside

    def _read_value(self, text: str, start: int, level: int) -> tuple[Container | None, int]:
        if text[start : start + 1] not in CLOSERS:
            return None, self._skip_scalar(text, start)
        if level > MAX_LEVELS:
            raise TooDeep(text.count("\n", 0, start) + 1)
        inside = self.read(text, start, level)
        return inside, inside.end

    def _key(self, text: str, at: int) -> tuple[str, int]:
        if self._json5 and (name := _JSON5_NAME.match(text, at)):
            return _unescaped(name[0]), name.end()
        if text[at : at + 1] != '"' and not (self._json5 and text[at : at + 1] == "'"):
            refuse(text, at, _("expected a name (an extra comma?)"))
        end = self._skip_scalar(text, at)
        return _unescaped(text[at + 1 : end - 1]), end

    def _skip_scalar(self, text: str, at: int) -> int:
        found = self._scalar.match(text, at)
        if not found:
            if text[at : at + 1] in ('"', "'"):
                refuse(text, at, _("unterminated string, or an invalid character in it"))
            refuse(text, at, _("expected a value"))
        return found.end()

    def _value(self, text: str, start: int) -> tuple[Any, int]:
        inside, end = self._read_value(text, start, 1)
        return _typed(text, start, end, inside), end


def _typed(text: str, start: int, end: int, inside: Container | None) -> Any:
    if inside:
        members = inside.members
        values = [_typed(text, member.value_start, member.end, member.inside) for member in members]
        return values if inside.is_list else dict(zip((member.key for member in members), values, strict=True))
    token = text[start:end]
    if token in _CONSTANTS:
        return _CONSTANTS[token]
    return _unescaped(token[1:-1]) if token[0] in "\"'" else _number(token)


def _unescaped(inner: str) -> str:
    if "\\" not in inner:
        return inner
    return _PAIR.sub(
        lambda pair: pair[0].encode("utf-16-le", "surrogatepass").decode("utf-16-le"), _ESCAPE.sub(_meant, inner)
    )


def _meant(escape: re.Match[str]) -> str:
    code = escape[1] or escape[2]
    return chr(int(code, 16)) if code else _ESCAPED.get(escape[3], escape[3])


def _number(token: str) -> int | float:
    sign, digits = (-1 if token[0] == "-" else 1), token.lstrip("+-")
    if digits[:2] in ("0x", "0X"):
        return sign * int(digits, 16)
    return sign * (int(digits) if digits.isdigit() and len(digits) < MAX_DIGITS else float(digits))
