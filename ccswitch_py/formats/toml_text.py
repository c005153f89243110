"""TOML: tomlkit's parser locates entries, and checks each edit."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Any, cast

from tomlkit.exceptions import TOMLKitError
from tomlkit.items import AoT, Array, InlineTable, Key, Table
from tomlkit.items import Item as Node
from tomlkit.parser import Parser

from ccswitch_py.core.language import _
from ccswitch_py.core.quoting import toml
from ccswitch_py.formats.base import Container, Edit, Item, Member, UnreadableText, apply_edits, refuse
from ccswitch_py.formats.checked import CheckedFormat, bounded, in_brackets, line_bounds, newline_of, note_commas
from ccswitch_py.formats.json_text import flow_insertion, flow_removal

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from ccswitch_py.formats.base import EntryPath, Span

_MAX_ENTRIES = 5000
"""tomlkit takes time that grows with their square."""
_BARE_NAME = re.compile(r"[A-Za-z0-9_-]+\Z")
_NOT_BLANK = re.compile(r"[^ \t]")


class _Table(Member, Container):
    """A table that is written on lines, or a list of such.

    ``dotted`` are the names that stand before a member's name in its line; ``tables`` are those in it by name.
    """

    def __init__(self, key: str | None, start: int, dotted: tuple[str, ...] = (), *, is_list: bool = False) -> None:
        Member.__init__(self, key, start, start, start, start)
        Container.__init__(self, start, start, [], is_list=is_list)
        self.inside = self
        self.dotted = dotted
        self.has_header = False
        self.tables: dict[str, _Table] = {}


class _Locator(Parser):
    """tomlkit's parser, which also notes where everything is."""

    def __init__(self, text: str) -> None:
        super().__init__(text)
        self.root = _Table(None, 0)
        self._text = text
        self._around = [self.root]
        self._found: list[list[Member]] = [[]]

    def _parse_table(self, parent_name: Key | None = None, parent: Table | None = None) -> tuple[Key, Table | AoT]:
        start = self._idx
        is_item, key = self._peek_table()
        *names, last = (part.key for part in key)
        around = [self.root]
        for name in names:
            self._enter(around, name, start)
        if is_item:
            self._enter(around, last, start, is_list=True)
            if around[-1].key is None:
                around.pop()
            around.append(_Table(None, start))
            around[-2].members.append(around[-1])
        else:
            self._enter(around, last, start)
        around[-1].has_header = True
        self._around = around
        self._extend(around, start)
        return super()._parse_table(parent_name, parent)

    def _parse_key_value(self, parse_comment: bool = False) -> tuple[Key, Node]:
        at = self._idx
        key, value = super()._parse_key_value(parse_comment)
        *names, last = (part.key for part in key)
        member = self._found[-1].pop()
        member.start = _NOT_BLANK.search(self._text, at).start()  # pyright: ignore[reportOptionalMemberAccess]
        member.key_end = member.start + len(self._text[member.start : member.value_start].rstrip(" \t="))
        member.key = last
        if len(self._found) > 1:
            member.key = None if names else last
            self._found[-1].append(member)
            return key, value
        around = list(self._around)
        for name in names:
            self._enter(around, name, member.start, (*around[-1].dotted, name))
        around[-1].members.append(member)
        self._extend(around, member.end)
        return key, value

    def _parse_value(self) -> Node:
        start = self._idx
        self._found.append([])
        value = super()._parse_value()
        inner = self._found.pop()
        member = Member(None, start, start, start, self._idx)
        if isinstance(value, Array | InlineTable):
            member.inside = Container(start, self._idx, inner, is_list=isinstance(value, Array))
            note_commas(self._text, inner)
        self._found[-1].append(member)
        return value

    def _enter(
        self, around: list[_Table], name: str, start: int, dotted: tuple[str, ...] = (), *, is_list: bool = False
    ) -> None:
        """Go into the table of this name, which may be the last one of a list."""
        parent = around[-1]
        found = parent.tables.get(name)
        if found is None:
            found = parent.tables[name] = _Table(name, start, dotted, is_list=is_list)
            parent.members.append(found)
        around.append(found)
        if found.is_list and found.members:
            item = found.members[-1]
            around += [item] if isinstance(item, _Table) else []

    def _extend(self, around: list[_Table], at: int) -> None:
        """Move the end of the tables around the line at ``at`` there."""
        for table in around:
            table.end = line_bounds(self._text, at)[1]


class TomlText(CheckedFormat):
    """The raw text of a table with a header is its lines, header and sub-tables included."""

    def load(self, path: EntryPath, raw: str) -> Any:
        block = _block_value(path, raw)
        if block is not None:
            return block
        values = _parsed(f"v = {raw}")[0]
        if [*values] != ["v"]:
            refuse(raw, 0, _("not a value"))
        return values["v"]

    def dump(self, path: EntryPath, value: Any) -> str:
        if isinstance(value, dict) and path and not any(isinstance(step, Item) for step in path[:-1]):
            return "\n".join(_block(path, cast("dict[str, Any]", value), isinstance(path[-1], Item)))
        return _inline(value)

    def spans(self, text: str, paths: Sequence[EntryPath]) -> dict[EntryPath, list[Span]]:
        found = super().spans(text, paths)
        for path in found:
            for member in self._located(text, path)[1]:
                if isinstance(member, _Table) and member.dotted:
                    refuse(text, member.start, _("a table of dotted keys can't be edited"))
        return found

    def _is_spread(self, member: Member) -> bool:
        return isinstance(member, _Table)

    def _root(self, text: str) -> Container:
        return _read(text)

    def _edits_to_set(self, text: str, path: EntryPath, raw: str) -> Iterator[list[Edit]]:
        parent, members = self._located(text, path)
        is_block = _block_value(path, raw) is not None
        value = self.load(path, raw)
        block = raw if is_block else self.dump(path, value) if isinstance(value, dict) else ""
        block = block and re.sub(r"\r?\n", newline_of(text), block)
        in_line = _inline(value) if is_block else raw
        if members:
            start, end = members[-1].value_start, members[-1].end
            if not isinstance(members[-1], _Table):
                yield [Edit(start, text[start:end], in_line)]
            elif block:
                yield [Edit(start, text[start:end], block)]
            made = self.remove(text, path)
            yield [*made, *self.set(apply_edits(text, made), path, raw)]
            return
        is_in_item = any(isinstance(step, Item) for step in path[:-1])
        if isinstance(path[-1], Item) and not _is_flow(parent):
            if is_in_item:
                yield self.set(text, path[:-1], f"[{in_line}]")
            else:
                yield [_appended(text, block, parent.end if isinstance(parent, _Table) else len(text))]
            return
        if is_block and not is_in_item and not _is_flow(parent):
            yield [_appended(text, block, len(text))]
        if parent is None:
            yield self._set_with_container(text, path, raw)
        elif isinstance(parent, _Table):
            yield [_line_insertion(text, path, parent, in_line)]
        else:
            entry = in_line if parent.is_list else f"{_name(path[-1])} = {in_line}"
            yield flow_insertion(text, parent, entry) if parent.members else [Edit(parent.start + 1, "", entry)]

    def _removal(self, text: str, path: EntryPath, parent: Container, member: Member) -> list[Edit]:
        if not isinstance(parent, _Table):
            return flow_removal(text, parent, member)
        start, end = line_bounds(text, member.start)[0], line_bounds(text, member.end)[1]
        newline = newline_of(text)
        after_blank = isinstance(member, _Table) and text.endswith(newline * 2, 0, start)
        if text.startswith(newline, end):
            end += len(newline)
        elif start:
            start -= len(newline)
        if after_blank and (end == len(text) or text.startswith(newline, end)):
            start -= len(newline)
        return [Edit(start, text[start:end], "")]


@bounded
def _parsed(text: str) -> tuple[dict[str, Any], _Table]:
    if sum(map(text.count, "=[,")) > _MAX_ENTRIES:
        raise UnreadableText(1, _("the file has more than {count} entries", count=_MAX_ENTRIES))
    try:
        locator = _Locator(text)
        document = locator.parse()
    except TOMLKitError as error:
        reason = re.sub(r" at line \d+ col \d+\Z", "", str(error))
        raise UnreadableText(getattr(error, "line", 1), _("it is not valid TOML ({reason})", reason=reason)) from error
    if document.as_string() != text:
        raise UnreadableText(1, _("tomlkit can't reproduce it exactly"))
    return document.unwrap(), locator.root


@lru_cache(maxsize=8)
def _read(text: str) -> Container:
    return _parsed(text)[1]


def _block_value(path: EntryPath, raw: str) -> Any:
    """Return the table that ``raw`` is at ``path`` if it is a whole text, else None."""
    if not path or not raw.startswith("["):
        return None
    try:
        value: Any = _parsed(raw)[0]
    except UnreadableText:
        return None
    for step in path:
        if isinstance(step, Item):
            value = cast("list[Any]", value)[-1] if isinstance(value, list) else None
        else:
            value = cast("dict[str, Any]", value).get(step) if isinstance(value, dict) else None
    return value


def _block(path: EntryPath, value: dict[str, Any], is_item: bool = False) -> list[str]:
    name = ".".join(_name(step) for step in path if not isinstance(step, Item))
    lines = [f"[[{name}]]" if is_item else f"[{name}]"]
    lines += [f"{_name(key)} = {_inline(inner)}" for key, inner in value.items() if not isinstance(inner, dict)]
    for key, inner in value.items():
        if isinstance(inner, dict):
            lines += _block((*path, key), cast("dict[str, Any]", inner))
    return lines


def _inline(value: Any) -> str:
    return in_brackets(value, _scalar, _name, " = ")


def _scalar(value: Any) -> str:
    match value:
        case str():
            return toml(value)
        case bool() | int():
            return json.dumps(value)
        case float():
            return repr(value)
        case _:
            raise ValueError(f"this can't be written as TOML: {type(value).__name__}")


def _name(key: Any) -> str:
    return key if _BARE_NAME.match(key) else _inline(key)


def _is_flow(container: Container | None) -> bool:
    return container is not None and not isinstance(container, _Table)


def _appended(text: str, block: str, at: int) -> Edit:
    """Insert a table behind everything, or behind the list that it belongs to."""
    newline = newline_of(text)
    if not text.strip():
        return Edit(at, "", f"{block}{newline}")
    if at == len(text) and text.endswith("\n"):
        return Edit(at, "", f"{newline}{block}{newline}")
    is_apart = at == len(text) or text.startswith(newline * 2, at)
    return Edit(at, "", f"{newline * (2 if is_apart else 1)}{block}")


def _line_insertion(text: str, path: EntryPath, table: _Table, raw: str) -> Edit:
    """Insert a line behind the last one of its table; before everything else where the root has none."""
    newline = newline_of(text)
    direct = [member for member in table.members if not isinstance(member, _Table)]
    name = ".".join(map(_name, (*table.dotted, path[-1])))
    if direct:
        last = direct[-1]
        start, end = line_bounds(text, last.end)
        start = line_bounds(text, last.start)[0]
        equals = text[last.key_end : last.value_start]
        return Edit(end, "", f"{newline}{text[start : last.start]}{name}{equals}{raw}")
    if len(path) == 1:
        return Edit(0, "", f"{name} = {raw}{newline}")
    if table.has_header:
        return Edit(line_bounds(text, table.start)[1], "", f"{newline}{name} = {raw}")
    if table.dotted:
        return Edit(table.end, "", f"{newline}{name} = {raw}")
    return _appended(text, f"[{'.'.join(map(_name, path[:-1]))}]{newline}{name} = {raw}", len(text))
