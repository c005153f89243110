# PyYAML has no types.
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false, reportUnknownArgumentType=false
"""YAML: PyYAML's marks locate entries; anchors, aliases, tags and merge keys on their paths are refused."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Any

import yaml

from ccswitch_py.core.language import _
from ccswitch_py.formats.base import MAX_LEVELS, Container, Edit, Item, Member, TooDeep, UnreadableText, refuse
from ccswitch_py.formats.checked import CheckedFormat, bounded, in_brackets, line_bounds, newline_of, note_commas
from ccswitch_py.formats.json_text import flow_insertion, flow_removal

TYPE_CHECKING = False
if TYPE_CHECKING:
    from ccswitch_py.formats.base import EntryPath

_STEP = 2
_STRING, _MERGE, _ALIAS = "tag:yaml.org,2002:str", "<<", "alias"
_PLAIN_NAME = re.compile(r"(?!(?:true|false|yes|no|on|off|null|y|n)\Z)[A-Za-z_][\w-]*\Z", re.IGNORECASE | re.ASCII)
_NOT_PRINTABLE = re.compile("[\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff]")


class _Loader(yaml.SafeLoader):
    """Follows no alias, so that a text of a few lines can't stand for one of many gigabytes."""

    _level = 0

    def compose_node(self, parent: yaml.Node | None, index: int) -> yaml.Node | None:
        if self.check_event(yaml.AliasEvent):
            event = self.peek_event()
            super().compose_node(parent, index)
            return yaml.ScalarNode(_ALIAS, "", event.start_mark, event.end_mark)
        self._level += 1
        if self._level > MAX_LEVELS:
            raise TooDeep(self.peek_event().start_mark.line + 1)
        try:
            return super().compose_node(parent, index)
        finally:
            self._level -= 1


class YamlText(CheckedFormat):
    """One document in block or flow style."""

    def load(self, path: EntryPath, raw: str) -> Any:
        value = _load(f"{raw}\n", typed=True)
        return value[0] if _is_item_block(path, raw) else value

    def dump(self, path: EntryPath, value: Any) -> str:
        return in_brackets(value, _scalar, self._name, ": ")

    def _name(self, key: str) -> str:
        return key if _PLAIN_NAME.match(key) else _scalar(key)

    def _root(self, text: str) -> Container:
        return _read(text)

    def _matches(self, text: str, parent: Container, path: EntryPath) -> list[Member]:
        for member in parent.members:
            if text[member.start : member.key_end] == _MERGE:
                refuse(text, member.start, _("merge keys (<<) can't be edited"))
        found = super()._matches(text, parent, path)
        for member in found:
            for start, end in ((member.start, member.key_end), (member.value_start, member.end)):
                if text[start:end].lstrip()[:1] in ("&", "*", "!"):
                    refuse(text, start, _("anchors, aliases and tags can't be edited"))
        return found

    def _edits_to_set(self, text: str, path: EntryPath, raw: str) -> Iterator[list[Edit]]:
        parent, members = self._located(text, path)
        if parent is None:
            yield self._set_with_container(text, path, raw)
            return
        if not (_is_flow(text, parent) and _is_block(raw)):
            for indent in (None, _STEP) if _is_block(raw) else (None,):
                if members:
                    yield [_replacement(text, path, members[-1], raw, indent)]
                else:
                    yield from self._insertions(text, path, parent, raw, indent)
        flow = self.dump(path, self.load(path, raw))
        if members:
            yield [_replacement(text, path, members[-1], flow, None)]
        else:
            yield from self._insertions(text, path, parent, flow, None)

    def _insertions(
        self, text: str, path: EntryPath, parent: Container, raw: str, indent: int | None
    ) -> Iterator[list[Edit]]:
        name = None if isinstance(path[-1], Item) else self._name(path[-1])
        in_line = raw if name is None else f"{name}: {raw}"
        newline = newline_of(text)
        if parent.start == parent.end:
            lead = newline if text and not text.endswith(("\n", "\r")) else ""
            yield [Edit(len(text), "", f"{lead}{_lines(name, raw, 0, indent, newline)}{newline}")]
        elif not _is_flow(text, parent):
            last = parent.members[-1]
            at = line_bounds(text, last.end)[1]
            lines = _lines(name, raw, _column(text, last.start), indent, newline)
            yield [Edit(at, "", f"{newline}{lines}")]
        elif parent.members:
            yield flow_insertion(text, parent, in_line)
        else:
            inner = text[parent.start + 1 : parent.end - 1]
            around, members = self._located(text, path[:-1]) if len(path) > 1 else (None, [])
            if len(path) == 1 and not inner.strip():
                yield [Edit(parent.start, text[parent.start : parent.end], _lines(name, raw, 0, indent, newline))]
            elif around and not _is_flow(text, around) and not inner.strip():
                column = _column(text, members[-1].start)
                if isinstance(path[len(path) - 2], Item):
                    block = " " * column + "- " + _lines(name, raw, column + _STEP, indent, newline).lstrip(" ")
                else:
                    block = _lines(name, raw, column + _STEP, indent, newline)
                yield [_replacement(text, path[:-1], members[-1], block, None)]
            kept = inner.rstrip()
            lead = newline if "#" in kept else ""
            yield [Edit(parent.start + 1 + len(kept), inner[len(kept) :], f"{lead}{in_line}")]

    def _removal(self, text: str, path: EntryPath, parent: Container, member: Member) -> list[Edit]:
        if _is_flow(text, parent):
            return flow_removal(text, parent, member)
        if len(parent.members) == 1 and len(path) > 1:
            around = self._located(text, path[:-1])[1][-1]
            return [_replacement(text, path[:-1], around, "[]" if parent.is_list else "{}", None)]
        start = text.rfind("\n", 0, member.start) + 1
        if not text[start : member.start].strip():
            end = line_bounds(text, member.end)[1]
            if end < len(text):
                end += 2 if text.startswith("\r\n", end) else 1
            elif start:
                start -= 2 if text.endswith("\r\n", 0, start) else 1
            return [Edit(start, text[start:end], "")]
        index = parent.members.index(member) + 1
        if index == len(parent.members) or "#" in text[member.end : parent.members[index].start]:
            raise self._refusal(text, path)
        return [Edit(member.start, text[member.start : parent.members[index].start], "")]


def _scalar(value: Any) -> str:
    match value:
        case float():
            raw = json.dumps(value).replace("Infinity", ".inf").replace("NaN", ".nan")
            return raw.replace("e", ".0e") if "e" in raw and "." not in raw else raw
        case str():
            # Two escapes that make one character are two surrogates for PyYAML; a lone one is refused.
            value = value.encode("utf-16", "surrogatepass").decode("utf-16")
            return _NOT_PRINTABLE.sub(lambda found: f"\\u{ord(found[0]):04x}", json.dumps(value, ensure_ascii=False))
        case None | bool() | int():
            return json.dumps(value)
        case _:
            raise ValueError(f"this can't be written as YAML: {type(value).__name__}")


@bounded
def _load(text: str, *, typed: bool = False) -> Any:
    """Return the root node of a text, or its typed value."""
    try:
        loader = _Loader(text)
        node: Any = loader.get_single_node()
        return loader.construct_document(node) if typed and node else node
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise UnreadableText(line, _("it is not valid YAML ({reason})", reason=error.problem)) from error
    except yaml.reader.ReaderError as error:
        refuse(text, error.position, _("it contains a control character"))
    except UnreadableText:
        raise
    except ValueError as error:
        raise UnreadableText(1, _("it contains an invalid number or date")) from error


@lru_cache(maxsize=8)
def _read(text: str) -> Container:
    node = _load(text)
    if node is None or (isinstance(node, yaml.ScalarNode) and node.start_mark.index == node.end_mark.index):
        return Container(len(text), len(text), [])
    if not isinstance(node, yaml.MappingNode):
        refuse(text, node.start_mark.index, _("it is not an object"))
    if text[node.start_mark.index] in "&!":
        refuse(text, node.start_mark.index, _("anchors, aliases and tags can't be edited"))
    return _container(text, node)


def _container(text: str, node: yaml.CollectionNode) -> Container:
    members: list[Member] = []
    column: int = node.start_mark.column
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            name = key.value if key.tag == _STRING and isinstance(key, yaml.ScalarNode) else None
            member = _member(text, value, key.start_mark.index, key.end_mark.index)
            member.key = name
            members.append(member)
    else:
        dash = node.start_mark.index
        for item in node.value:
            if node.flow_style:
                dash = item.start_mark.index
            elif members:
                found = re.compile(rf"[\n\r\x85\u2028\u2029] {{{column}}}(?=-)").search(text, members[-1].end)
                dash = found.end() if found else item.start_mark.index
            members.append(_member(text, item, dash, dash))
    if node.flow_style:
        note_commas(text, members)
    return Container(node.start_mark.index, _end(text, node), members, is_list=not isinstance(node, yaml.MappingNode))


def _member(text: str, value: yaml.Node, start: int, key_end: int) -> Member:
    """Locate a member; a value in block style begins with its line, so that its indent is a part of it."""
    inside = _container(text, value) if isinstance(value, yaml.CollectionNode) else None
    value_start: int = value.start_mark.index
    if isinstance(value, yaml.CollectionNode) and not value.flow_style:
        first = start if start == key_end else value_start
        line = text.rfind("\n", 0, first) + 1
        if not text[line:first].strip(" "):
            value_start = line
    member = Member(None, start, key_end, value_start, _end(text, value))
    member.inside = inside
    return member


def _end(text: str, node: yaml.Node) -> int:
    """Return where a node's own text ends; PyYAML counts what follows a block up to the next entry to it."""
    if isinstance(node, yaml.CollectionNode) and node.value and not node.flow_style:
        last = node.value[-1]
        return _end(text, last[1] if isinstance(node, yaml.MappingNode) else last)
    end: int = node.end_mark.index
    if not isinstance(node, yaml.ScalarNode) or node.style not in ("|", ">"):
        return end
    body = text[node.start_mark.index : end]
    keeps = "+" in body[: body.find("\n")].partition("#")[0]
    return node.start_mark.index + len(re.sub(r"\r?\n\Z", "", body) if keeps else body.rstrip("\r\n"))


def _replacement(text: str, path: EntryPath, member: Member, raw: str, indent: int | None) -> Edit:
    """Give a member another value; a block as it is, or (``indent``) moved to the place."""
    was_block = member.inside is not None and not _is_flow(text, member.inside)
    start, end = member.value_start, member.end
    if not _is_block(raw) and not was_block:
        return Edit(start, text[start:end], raw if start < end or text[start - 1] in " \n" else f" {raw}")
    column = _column(text, member.start)
    newline = newline_of(text)
    if isinstance(path[-1], Item):
        start = member.start - column
        return Edit(start, text[start:end], _lines(None, raw, column, indent, newline))
    colon = text.index(":", member.key_end) + 1
    lines = _lines("", raw, column, indent, newline)[column + 1 :]
    if text[colon:start].strip():
        start = start if was_block else text.rfind("\n", 0, start) + 1
        return Edit(start, text[start:end], " " * (column + _STEP) + lines.lstrip())
    return Edit(colon, text[colon:end], lines)


def _lines(name: str | None, raw: str, column: int, indent: int | None, newline: str) -> str:
    """Write an entry, or (None) an item, on lines of its own at a column."""
    margin = " " * column
    if not _is_block(raw):
        return f"{margin}- {raw}" if name is None else f"{margin}{name}: {raw}"
    block = re.sub(r"\r?\n", newline, raw)
    if indent is not None:
        by = column + (0 if name is None else indent) - (len(block) - len(block.lstrip(" ")))
        lines = block.split(newline)
        block = newline.join(" " * by + line if by > 0 and line else line[-by:] if by < 0 else line for line in lines)
    return block if name is None else f"{margin}{name}:{newline}{block}"


def _is_block(raw: str) -> bool:
    node = _load(raw)
    return isinstance(node, yaml.CollectionNode) and not node.flow_style


def _is_item_block(path: EntryPath, raw: str) -> bool:
    return bool(path) and isinstance(path[-1], Item) and raw.lstrip(" ").startswith("-") and _is_block(raw)


def _is_flow(text: str, container: Container) -> bool:
    return container.start < container.end and text[container.start] in "{["


def _column(text: str, at: int) -> int:
    return at - text.rfind("\n", 0, at) - 1
