"""``.env`` files, as python-dotenv reads them; what is written reads the same in node's dotenv."""

from __future__ import annotations

import re
from io import StringIO
from typing import Any

from dotenv.parser import Reader, parse_stream, parse_value

from ccswitch_py.core.language import _
from ccswitch_py.formats.base import Container, Edit, Format, Member, path_text, refuse

TYPE_CHECKING = False
if TYPE_CHECKING:
    from ccswitch_py.formats.base import EntryPath

_HEAD = re.compile(r"\s*(?:export[^\S\r\n]+)?(?:'[^']+'|[^=#\s]+)[^\S\r\n]*=")
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_LINE_REST = re.compile(r"[^\r\n]*(?:\r\n|\n|\r)?")
_COMMENT = re.compile(r"\s+#.*")
# A backslash that python-dotenv, and not node's, takes for an escape.
_ESCAPE_IN_SINGLE = re.compile(r"\\(?:\\|\Z)")
_ESCAPE_IN_DOUBLE = re.compile(r"""\\(?:[\\'"abfnrtv\r]|\Z)""")


class DotenvText(Format):
    """Lines of ``NAME=value``; all values are strings."""

    def load(self, path: EntryPath, raw: str) -> Any:
        found = list(parse_stream(StringIO(f"NAME={raw}", newline="")))
        if len(found) != 1 or found[0].error:
            refuse(raw, 0, _("not a value"))
        return found[0].value

    def dump(self, path: EntryPath, value: Any) -> str:
        if not isinstance(value, str) or "${" in value or "\0" in value:
            raise ValueError("a .env file can't hold this value")
        value.encode()
        if not any(char in value for char in "'\r") and not _ESCAPE_IN_SINGLE.search(value):
            return f"'{value}'"
        if '"' in value or _ESCAPE_IN_DOUBLE.search(value):
            raise ValueError("programs would read this value differently from a .env file")
        return '"{}"'.format(value.replace("\r", "\\r"))

    def set(self, text: str, path: EntryPath, raw: str) -> list[Edit]:
        _, members = self._located(text, path)
        if members:
            old = text[members[-1].value_start : members[-1].end]
            return [] if old == raw else [Edit(members[-1].value_start, old, raw)]
        if len(path) != 1 or not isinstance(path[0], str) or not _NAME.fullmatch(path[0]):
            raise ValueError(f"a .env file can't hold {path_text(path)}")
        newline = "\r\n" if "\r\n" in text else "\n"
        line = f"{path[0]}={raw}"
        is_open = text.strip() and not text.endswith(("\n", "\r"))
        return [Edit(len(text), "", f"{newline}{line}" if is_open else f"{line}{newline}")]

    def _removal(self, text: str, path: EntryPath, parent: Container, member: Member) -> list[Edit]:
        start, rest = member.start, _LINE_REST.match(text, member.end)
        end = rest.end() if rest else member.end
        if end == len(text) and not text.endswith(("\n", "\r")):
            start -= len(re.findall(r"(?:\r\n|\n|\r)?\Z", text[:start])[0])
        return [Edit(start, text[start:end], "")]

    def _root(self, text: str) -> Container:
        members: list[Member] = []
        at = 1 if text.startswith("\ufeff") else 0
        for binding in parse_stream(StringIO(text, newline="")):
            source = binding.original.string
            if binding.error:
                refuse(text, at + len(source) - len(source.lstrip()), _("expected NAME=value"))
            if binding.key is not None and binding.value is not None:
                members.append(_member(binding.key, source, at))
            at += len(source)
        return Container(0, len(text), members)


def _member(key: str, source: str, at: int) -> Member:
    """Find the parts of a binding that python-dotenv has read."""
    head = _HEAD.match(source)
    key_end = head.end() if head else len(source)
    rest = source[key_end:]
    value = rest.lstrip(" \t")
    if value[:1] in ("'", '"'):
        reader = Reader(StringIO(value, newline=""))
        parse_value(reader)
        raw = value[: reader.position.chars]
    elif value[:1] == "#" and value != rest:
        raw = ""
    else:
        raw = _COMMENT.sub("", re.split(r"[\r\n]", value)[0]).rstrip()
    start = len(source[: len(source) - len(source.lstrip())].rstrip(" \t"))
    value_start = key_end + (len(rest) - len(value) if raw else 0)
    return Member(key, at + start, at + key_end, at + value_start, at + value_start + len(raw))
