"""Changing single entries of a JSON text: indent, line ends, order and every other byte stay as they are."""

from __future__ import annotations

import json
from functools import lru_cache

from ccswitch_py.core.language import N_, _
from ccswitch_py.formats.edit import Edit, apply_edits

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any, NoReturn

    EntryPath = tuple[str, ...]


_KEPT = 4
"""How many objects are kept as they were read: a change asks for the same ones again and again."""
_BLANKS = (" ", "\t", "\n", "\r")


class UnreadableJson(ValueError):
    """The text is not a JSON object; ``line`` counts from 1 and ``reason`` is a phrase for the user."""

    def __init__(self, line: int, reason: str) -> None:
        super().__init__(f"line {line}: {reason}")
        self.line = line
        self.reason = reason


class TooDeep(UnreadableJson):
    """The text may be a JSON object, but has more levels than Python can follow; JavaScript follows them."""


class _Member:
    __slots__ = ("end", "key", "key_end", "start", "value_start")

    def __init__(self, key: str, start: int, key_end: int, value_start: int, end: int) -> None:
        self.key = key
        self.start = start
        self.key_end = key_end
        self.value_start = value_start
        self.end = end


class _Object:
    """Where an object's braces and members are; ``members`` keeps duplicates, of which the last one counts."""

    def __init__(self, start: int, end: int, members: list[_Member]) -> None:
        self.start = start
        self.end = end
        self.members = members

    def last(self, key: str) -> _Member | None:
        return next((member for member in reversed(self.members) if member.key == key), None)


def check_object(text: str) -> None:
    """Raise ``UnreadableJson`` unless the text is one JSON object, as JavaScript's parser sees it."""
    root = _read_root(text)
    after = _skip_blanks(text, root.end)
    if after != len(text):
        _refuse(text, after, _("something follows the closing brace"))


def raw_entry(text: str, path: EntryPath) -> str | None:
    """The text of the value at ``path``, or None where there is no such entry."""
    spans = entry_spans(text, [path]).get(path)
    return text[slice(*spans[-1])] if spans else None


def entry_spans(text: str, paths: Sequence[EntryPath]) -> dict[EntryPath, list[tuple[int, int]]]:
    """Where the values at ``paths`` start and end, in one reading; absent entries are left out.

    There is more than one span where a name stands twice; the last one counts.
    """
    parents: dict[EntryPath, _Object | None] = {}
    spans: dict[EntryPath, list[tuple[int, int]]] = {}
    for path in paths:
        if path[:-1] not in parents:
            parents[path[:-1]] = _find_object(text, path[:-1])
        parent = parents[path[:-1]]
        found = (
            [(member.value_start, member.end) for member in parent.members if member.key == path[-1]] if parent else []
        )
        if found:
            spans[path] = found
    return spans


def foreign_spans(text: str, owned: Sequence[EntryPath]) -> list[tuple[int, int]]:
    """Where the values start and end that are neither owned nor an object around something owned."""
    parents = {path[:-1] for path in owned}
    spans: list[tuple[int, int]] = []
    for parent in parents:
        found = _find_object(text, parent)
        for member in found.members if found else ():
            path = (*parent, member.key)
            if path not in owned and path not in parents:
                spans.append((member.value_start, member.end))
    return sorted(spans)


def set_entry(text: str, path: EntryPath, raw: str) -> list[Edit]:
    """The edits that give the entry at ``path`` the value ``raw`` (JSON), making objects on the way."""
    parent = _find_object(text, path[:-1])
    if parent is None:
        made = set_entry(text, path[:-1], "{}")
        return [*made, *set_entry(apply_edits(text, made), path, raw)]
    member = parent.last(path[-1])
    if member is None:
        return [_insertion(text, parent, path[-1], raw)]
    old = text[member.value_start : member.end]
    return [] if old == raw else [Edit(member.value_start, old, raw)]


def remove_entry(text: str, path: EntryPath) -> list[Edit]:
    """The edits that remove the entry at ``path`` with all its duplicates; none where it is absent."""
    edits: list[Edit] = []
    while (parent := _find_object(text, path[:-1])) and (member := parent.last(path[-1])):
        edit = _removal(text, parent, member)
        edits.append(edit)
        text = edit.apply(text)
    return edits


def object_size(text: str, path: EntryPath) -> int | None:
    """How many entries the object at ``path`` has; None where there is no such entry."""
    found = _find_object(text, path)
    return None if found is None else len(found.members)


def _refuse(text: str, offset: int, reason: str) -> NoReturn:
    raise UnreadableJson(text.count("\n", 0, offset) + 1, reason)


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(name)


# Numbers are never needed as numbers, and int() would refuse one of more than 4300 digits.
_DECODER = json.JSONDecoder(parse_int=len, parse_float=len, parse_constant=_refuse_constant)


def _skip_blanks(text: str, offset: int) -> int:
    while text[offset : offset + 1] in _BLANKS:
        offset += 1
    return offset


def _skip_value(text: str, offset: int) -> tuple[Any, int]:
    try:
        return _DECODER.raw_decode(text, offset)
    except json.JSONDecodeError as error:
        raise UnreadableJson(error.lineno, _(_REASONS.get(error.msg, error.msg.lower()))) from error
    except RecursionError as error:
        raise TooDeep(text.count("\n", 0, offset) + 1, _("it is nested too deeply")) from error
    except ValueError as error:
        raise UnreadableJson(text.count("\n", 0, offset) + 1, _("{name} is not JSON", name=error)) from error


_NO_NAME = N_("a name in quotes is expected (a comment or comma too many?)")
_REASONS = {
    "Expecting property name enclosed in double quotes": _NO_NAME,
    "Expecting value": N_("a value is expected (a comment or comma too many?)"),
    "Expecting ',' delimiter": N_("a comma is missing"),
    "Expecting ':' delimiter": N_("a colon is missing"),
    "Unterminated string starting at": N_("a text in quotes has no end"),
    "Invalid control character at": N_("a text in quotes holds a line break or another control character"),
    "Invalid \\escape": N_("invalid \\escape"),
    "Invalid \\uXXXX escape": N_("invalid \\uXXXX escape"),
}


def _read_root(text: str) -> _Object:
    start = _skip_blanks(text, 0)
    if start == len(text):
        _refuse(text, start, _("it is empty"))
    if text[start] != "{":
        _skip_value(text, start)
        _refuse(text, start, _("it is not an object"))
    return _read_object(text, start)


@lru_cache(maxsize=_KEPT)
def _read_object(text: str, start: int) -> _Object:
    members: list[_Member] = []
    at = _skip_blanks(text, start + 1)
    if text[at : at + 1] == "}":
        return _Object(start, at + 1, members)
    while True:
        if text[at : at + 1] != '"':
            _refuse(text, at, _(_NO_NAME))
        key, key_end = _skip_value(text, at)
        colon = _skip_blanks(text, key_end)
        if text[colon : colon + 1] != ":":
            _refuse(text, colon, _("a colon is missing"))
        value_start = _skip_blanks(text, colon + 1)
        _unused, end = _skip_value(text, value_start)
        members.append(_Member(key, at, key_end, value_start, end))
        at = _skip_blanks(text, end)
        match text[at : at + 1]:
            case ",":
                at = _skip_blanks(text, at + 1)
            case "}":
                return _Object(start, at + 1, members)
            case _:
                _refuse(text, at, _("a comma is missing"))


def _find_object(text: str, path: EntryPath) -> _Object | None:
    found = _read_root(text)
    for depth, key in enumerate(path):
        member = found.last(key)
        if member is None:
            return None
        if text[member.value_start] != "{":
            _refuse(text, member.value_start, _("{entry} is not an object", entry=".".join(path[: depth + 1])))
        found = _read_object(text, member.value_start)
    return found


def _insertion(text: str, parent: _Object, key: str, raw: str) -> Edit:
    name = json.dumps(key, ensure_ascii=False)
    if parent.members:
        last = parent.members[-1]
        colon = text[last.key_end : last.value_start]
        if len(parent.members) > 1:
            comma = text.index(",", parent.members[-2].end)
            gap = text[comma + 1 : last.start]
        else:
            gap = text[parent.start + 1 : last.start]
        return Edit(last.end, "", f",{gap}{name}{colon}{raw}")
    inner = text[parent.start + 1 : parent.end - 1]
    root = _read_root(text)
    lead = text[root.start + 1 : root.members[0].start] if root.members else "\n  "
    if "\n" not in lead:
        colon = text[root.members[0].key_end : root.members[0].value_start]
        return Edit(parent.start + 1, inner, f"{name}{colon}{raw}")
    newline = "\r\n" if "\r\n" in text else "\n"
    unit = lead[lead.rindex("\n") + 1 :]
    line_start = text.rfind("\n", 0, parent.start) + 1
    indent = text[line_start : _skip_blanks(text, line_start)] if line_start <= parent.start else ""
    return Edit(parent.start + 1, inner, f"{newline}{indent}{unit}{name}: {raw}{newline}{indent}")


def _removal(text: str, parent: _Object, member: _Member) -> Edit:
    index = parent.members.index(member)
    if len(parent.members) == 1:
        start, end = parent.start + 1, parent.end - 1
    elif index + 1 < len(parent.members):
        start, end = member.start, parent.members[index + 1].start
    else:
        start, end = parent.members[index - 1].end, member.end
    return Edit(start, text[start:end], "")
