"""Find what makes Claude Code skip a settings file as a whole: an entry of a type that it does not take.

The types stand in ``facts/settings.tsv``, which ``scripts/claude_code_names.py`` makes by asking Claude Code itself.
"""

from __future__ import annotations

import os

from ccswitch_py.core.json_codec import Decoder
from ccswitch_py.core.language import N_, _
from ccswitch_py.core.record import Record
from ccswitch_py.formats import find_format
from ccswitch_py.formats.base import UnreadableText

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from typing import Any

    from ccswitch_py.formats.base import EntryPath

FACTS = os.path.join(os.path.dirname(os.path.abspath(__file__)), "facts")
_KINDS = {str: "string", bool: "boolean", float: "number", type(None): "null", list: "array", dict: "object"}
_NAMES = {
    "string": N_("a string"),
    "boolean": N_("true or false"),
    "number": N_("a number"),
    "null": "null",
    "array": N_("a list"),
    "object": N_("an object"),
}
_ANY_ITEM, _ANY_MEMBER = "[]", "*"
_UNMEASURED = ("any", "?", "string?")
"""Of what these stand for Claude Code takes some values and not others, or all."""


class SchemaNode(Record):
    """What an entry may be: ``kinds`` of JSON values, ``limits`` of a number, ``choices`` of a string."""

    kinds: tuple[str, ...]
    limits: tuple[str, ...]
    choices: tuple[str, ...]
    inside: dict[str, SchemaNode]

    @property
    def required(self) -> list[str]:
        """The members that an object must have."""
        return [name for name, node in self.inside.items() if "required" in node.limits]

    def fits(self, value: object) -> bool:
        """Whether Claude Code takes the value, without what is in it."""
        if any(kind in _UNMEASURED for kind in self.kinds):
            return True
        if _kind(value) not in self.kinds:
            return False
        if isinstance(value, str):
            return not self.choices or value in self.choices
        return not isinstance(value, float) or all(_is_within(value, limit) for limit in self.limits)

    def fits_all(self, values: Iterable[object]) -> bool:
        """Whether values fit by their types alone, with all that is in them; False also where they need a look."""
        if self.inside or self.limits or self.choices:
            return False
        return any(kind in _UNMEASURED for kind in self.kinds) or self._types.issuperset(map(type, values))

    @property
    def _types(self) -> set[type]:
        return {of for of, kind in _KINDS.items() if kind in self.kinds}

    @property
    def wanted(self) -> str:
        """What it may be, for the user."""
        if self.choices:
            return _("one of {values}", values=", ".join(self.choices))
        names = [_(_NAMES[kind]) for kind in self.kinds if kind != "null" or len(self.kinds) == 1]
        limits = ", ".join(limit for limit in self.limits if limit != "required")
        return _(" or ").join(names) + (f" ({limits})" if limits else "")


def check_types(text: str) -> dict[str, Any]:
    """Parse a settings file; raise ``UnreadableText`` with the line of an entry because of which Claude Code skips it.

    The text must be JSON, and an object.
    """
    # In JavaScript a number of any length is one; int() would take quadratic time for it.
    settings: dict[str, Any] = Decoder(parse_int=float).decode(text)
    for path, reason in _faults(settings, settings_schema(), ()):
        raise UnreadableText(_line(text, path), reason)
    return settings


def settings_schema() -> SchemaNode:
    """The types of all settings that were measured."""
    global _schema
    if _schema is None:
        root = SchemaNode(("object",), (), (), {})
        for path, kinds, limits in _rows():
            node = root
            for name in path[:-1]:
                node = node.inside[name]
            choices = tuple(part for limit in limits for part in limit.split("|") if limit[0].isalpha())
            choices = tuple(one for one in choices if one not in ("integer", "required"))
            node.inside[path[-1]] = SchemaNode(kinds, limits, choices, {})
        _schema = root
    return _schema


_schema: SchemaNode | None = None


def _rows() -> Iterator[tuple[list[str], tuple[str, ...], tuple[str, ...]]]:
    with open(os.path.join(FACTS, "settings.tsv"), encoding="utf-8") as file:
        for row in file:
            path, kinds, limits, *_rest = (*row.rstrip("\n").split("\t"), "", "")
            if kinds:
                yield path.split("."), tuple(kinds.split("|")), tuple(limits.split())


def _faults(value: Any, node: SchemaNode, path: tuple[str | int, ...]) -> Iterator[tuple[tuple[str | int, ...], str]]:
    """The entries that are wrong, each with its path and the reason."""
    name = ".".join(map(str, path))
    if not node.fits(value):
        yield path, _("{entry} is not {wanted}", entry=name, wanted=node.wanted)
    elif _kind(value) == "array":
        item_node = node.inside.get(_ANY_ITEM)
        if item_node and not item_node.fits_all(value):
            for index, item in enumerate(value):
                yield from _faults(item, item_node, (*path, index))
    elif _kind(value) == "object":
        for missing in node.required:
            if missing not in value:
                yield path, _("{entry} has no {member}", entry=name, member=missing)
        others = node.inside.get(_ANY_MEMBER)
        has_others = others is not None and not others.fits_all(value.values())
        for key in value if has_others else [name for name in value if name in node.inside]:
            below = node.inside.get(key, others)
            if below and key not in (_ANY_ITEM, _ANY_MEMBER):
                yield from _faults(value[key], below, (*path, key))


def _kind(value: Any) -> str:
    return _KINDS[type(value)]


def _is_within(value: float, limit: str) -> bool:
    if limit == "integer":
        return value.is_integer()
    number = float(limit.lstrip("<>=")) if limit[0] in "<>" else 0
    if limit.startswith(">"):
        return value >= number if "=" in limit else value > number
    return not limit.startswith("<") or value <= number


def _line(text: str, path: tuple[str | int, ...]) -> int:
    """The line of the entry, or of the list around it."""
    names: list[str] = []
    for name in path:
        if not isinstance(name, str):
            break
        names.append(name)
    entry: EntryPath = tuple(names)
    spans = find_format("json").spans(text, [entry]).get(entry)
    return text.count("\n", 0, spans[-1][0]) + 1 if spans else 1
