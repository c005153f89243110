"""What all formats have in common: paths, edits, errors, and a text seen as containers and their members."""

from __future__ import annotations

from abc import ABC, abstractmethod

from ccswitch_py.core.language import _
from ccswitch_py.core.record import Record

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from typing import Any, NoReturn

    Span = tuple[int, int]

MAX_LEVELS = 100
MAX_VALUE = 64 * 1024
"""Characters of the value of an entry that is looked at."""


class Item(Record):
    """Select the item of a list whose member ``key`` is the string ``value``; written ``[id=ccswitch]``."""

    key: str
    value: str

    def __repr__(self) -> str:
        return f"[{self.key}={self.value}]"


if TYPE_CHECKING:
    Step = str | Item
    EntryPath = tuple[Step, ...]
    Value = str | int | float | bool | list[Any] | dict[str, Any] | None


def path_text(path: EntryPath) -> str:
    """Write a path for people: ``customModels[id=ccswitch].apiKey``."""
    return "".join(str(step) if isinstance(step, Item) else f".{step}" for step in path).removeprefix(".")


def path_to_json(path: EntryPath) -> list[Any]:
    """Write a path for the journal: a key is a string, an item an object of one member."""
    return [{step.key: step.value} if isinstance(step, Item) else step for step in path]


def path_from_json(values: list[Any]) -> EntryPath:
    """Read what ``path_to_json`` wrote."""
    return tuple(step if isinstance(step, str) else Item(*next(iter(step.items()))) for step in values)


class Edit(Record):
    """Replace ``removed`` at ``offset`` (in characters) by ``inserted``."""

    offset: int
    removed: str
    inserted: str

    def __repr__(self) -> str:
        return f"Edit({self.offset}, -{len(self.removed)}, +{len(self.inserted)})"

    def apply(self, text: str) -> str:
        """Return the text after this edit; raise ``ValueError`` if ``removed`` is not at ``offset``."""
        end = self.offset + len(self.removed)
        if text[self.offset : end] != self.removed:
            raise ValueError("the text is not the one that this edit was made for")
        return text[: self.offset] + self.inserted + text[end:]

    def inverse(self) -> Edit:
        """Return the edit that takes this one back."""
        return Edit(self.offset, self.inserted, self.removed)


def apply_edits(text: str, edits: Sequence[Edit]) -> str:
    """Apply all edits, each to the result of the one before."""
    for edit in edits:
        text = edit.apply(text)
    return text


def inverse_edits(edits: Sequence[Edit]) -> list[Edit]:
    """Return the edits that take ``edits`` back, in the order to apply them."""
    return [edit.inverse() for edit in reversed(edits)]


class UnreadableText(ValueError):
    """The text can't be read, or not be edited safely; ``line`` counts from 1, ``reason`` is a phrase for the user."""

    def __init__(self, line: int, reason: str) -> None:
        super().__init__(f"line {line}: {reason}")
        self.line = line
        self.reason = reason


class BeyondLimits(UnreadableText):
    """The text has more of something than we read; the tool that it belongs to may read it."""


class TooDeep(BeyondLimits):
    """It has more levels."""

    def __init__(self, line: int) -> None:
        super().__init__(line, _("it is nested too deeply"))


def refuse(text: str, offset: int, reason: str) -> NoReturn:
    """Raise ``UnreadableText`` with the line of ``offset``."""
    raise UnreadableText(text.count("\n", 0, offset) + 1, reason)


class Member:
    """A member of an object, or an item of a list (there ``key`` is None), and where its parts are.

    ``comma`` is the offset of the comma behind it, or -1; ``inside`` is the container that its value is, set by the
    formats that read a whole text at once.
    """

    __slots__ = ("comma", "end", "inside", "key", "key_end", "start", "value_start")

    def __init__(self, key: str | None, start: int, key_end: int, value_start: int, end: int, comma: int = -1) -> None:
        self.key = key
        self.start = start
        self.key_end = key_end
        self.value_start = value_start
        self.end = end
        self.comma = comma
        self.inside: Container | None = None


class Container:
    """An object or a list; ``members`` keeps duplicates, of which the last one counts."""

    def __init__(self, start: int, end: int, members: list[Member], *, is_list: bool = False) -> None:
        self.start = start
        self.end = end
        self.members = members
        self.is_list = is_list
        self._last: dict[str | None, int] = {}
        self._before: dict[str | None, list[int]] = {}

    def keys(self) -> list[str | None]:
        """The name of each member."""
        return [member.key for member in self.members]

    def named(self, key: str) -> list[Member]:
        """Return the members of this name; all of ``members`` must be known by now."""
        if not self._last:
            keys = self.keys()
            self._last = dict(zip(keys, range(len(keys)), strict=True))
            for at, name in enumerate(keys) if len(self._last) < len(keys) else ():
                if at != self._last[name]:
                    self._before.setdefault(name, []).append(at)
        return [self.members[at] for at in (*self._before.get(key, ()), self._last[key])] if key in self._last else []


class Format(ABC):
    """A grammar of texts with entries.

    A *raw* text is what an entry has as its value in a text of this format. Every method that reads a text raises
    ``UnreadableText``; a blank text is an empty object.
    """

    empty = ""
    """What a new file begins with."""

    def __init__(self, format_id: str) -> None:
        self.id = format_id

    @abstractmethod
    def load(self, path: EntryPath, raw: str) -> Any:
        """Return the typed value of a raw text."""

    @abstractmethod
    def dump(self, path: EntryPath, value: Any) -> str:
        """Return the raw text of a typed value; raise ``ValueError`` for one that the format can't hold."""

    @abstractmethod
    def set(self, text: str, path: EntryPath, raw: str) -> list[Edit]:
        """Return the edits that give the entry at ``path`` the value ``raw``, creating the containers around it.

        The value of a list's item must hold the member by which ``path`` selects it.
        """

    @abstractmethod
    def _removal(self, text: str, path: EntryPath, parent: Container, member: Member) -> list[Edit]:
        """Return the edits that remove one member."""

    @abstractmethod
    def _root(self, text: str) -> Container:
        """Read the whole text; the root of a blank one is empty and at its end."""

    def _inside(self, text: str, member: Member) -> Container | None:
        """Return the object or list that a member's value is, None for anything else."""
        return member.inside

    def check(self, text: str) -> None:
        """Raise ``UnreadableText`` unless the text is one object of this format."""
        self._root(text)

    def remove(self, text: str, path: EntryPath) -> list[Edit]:
        """Return the edits that remove the entry at ``path`` with all its duplicates; none where it is absent."""
        edits: list[Edit] = []
        parent, members = self._located(text, path)
        while parent and members:
            made = self._removal(text, path, parent, members[-1])
            edits += made
            text = apply_edits(text, made)
            parent, members = self._located(text, path)
        return edits

    def spans(self, text: str, paths: Sequence[EntryPath]) -> dict[EntryPath, list[Span]]:
        """Return where the values at ``paths`` start and end, in one reading; absent entries are left out.

        A duplicate name has several spans; the last one counts.
        """
        parents: dict[EntryPath, Container | None] = {}
        found: dict[EntryPath, list[Span]] = {}
        for path in paths:
            if path[:-1] not in parents:
                parents[path[:-1]] = self._find(text, path, len(path) - 1)
            parent = parents[path[:-1]]
            if parent and (members := self._matches(text, parent, path)):
                for member in members:
                    if member.end - member.value_start > MAX_VALUE:
                        reason = _("{entry} is longer than {count} characters", entry=path_text(path), count=MAX_VALUE)
                        raise BeyondLimits(text.count("\n", 0, member.value_start) + 1, reason)
                found[path] = [(member.value_start, member.end) for member in members]
        return found

    def shorten(self, text: str, paths: Sequence[EntryPath]) -> tuple[str, list[tuple[str, str]]]:
        """Return the text with a mark for each long run of entries that no edit of ``paths`` touches, and what it was.

        So that many edits of a huge text don't read all of it again each time.
        """
        return text, []

    def size(self, text: str, path: EntryPath) -> int | None:
        """Return how many entries the container at ``path`` has; None where it is absent."""
        found = self._find(text, path, len(path))
        return None if found is None else len(found.members)

    def names(self, text: str) -> list[str]:
        """The names of the entries that are in no other."""
        return [key for key in self._root(text).keys() if key is not None]  # noqa: SIM118

    def foreign_spans(self, text: str, owned: Sequence[EntryPath]) -> list[Span]:
        """Return the spans of all values that are neither owned nor a container around something owned."""
        return sorted(span for _names, span in self._foreign(text, self._root(text), (), owned))

    def _foreign(
        self, text: str, parent: Container, names: tuple[str, ...], owned: Sequence[EntryPath]
    ) -> Iterator[tuple[tuple[str, ...], Span]]:
        """Yield the spans that ``foreign_spans`` returns, each with the names around it."""
        depth = len(names)
        within: dict[int, list[EntryPath]] = {}
        for path in owned:
            if parent.is_list == isinstance(path[depth], Item):
                for member in self._matches(text, parent, path[: depth + 1]):
                    within.setdefault(member.start, []).append(path)
        for member in parent.members:
            paths = within.get(member.start, [])
            if any(len(path) == depth + 1 for path in paths):
                continue
            inside = self._inside(text, member) if paths or self._is_spread(member) else None
            trail = (*names, member.key or "")
            if inside and (paths or inside.members):
                yield from self._foreign(text, inside, trail, paths)
            elif member.value_start < member.end:
                yield trail, (member.value_start, member.end)

    def _is_spread(self, member: Member) -> bool:
        """Return whether other entries may lie between the parts of a value."""
        return False

    def _find(self, text: str, path: EntryPath, depth: int) -> Container | None:
        """Return the container at ``path[:depth]``, None where it or one around it is absent."""
        found = self._root(text)
        for at in range(1, depth + 1):
            members = self._matches(text, found, path[:at])
            if not members or members[-1].value_start == members[-1].end:
                return None
            inside = self._inside(text, members[-1])
            if inside is None:
                self._refuse_kind(text, members[-1].value_start, path, at)
            found = inside
        return found

    def _located(self, text: str, path: EntryPath) -> tuple[Container | None, list[Member]]:
        """Return the container around the entry at ``path``, and the entry with its duplicates."""
        parent = self._find(text, path, len(path) - 1)
        return parent, self._matches(text, parent, path) if parent else []

    def _matches(self, text: str, parent: Container, path: EntryPath) -> list[Member]:
        """Return the members of ``parent`` that the last step of ``path`` means."""
        step = path[-1]
        if parent.is_list != isinstance(step, Item) and parent.start < parent.end:
            self._refuse_kind(text, parent.start, path, len(path) - 1)
        if isinstance(step, str):
            return parent.named(step)
        return [member for member in parent.members if self._is_item(text, member, step)]

    def _is_item(self, text: str, member: Member, step: Item) -> bool:
        inside = self._inside(text, member)
        named = [at for at in inside.members if at.key == step.key] if inside and not inside.is_list else []
        try:
            return bool(named) and self.load((), text[named[-1].value_start : named[-1].end]) == step.value
        except UnreadableText:
            return False

    def _refuse_kind(self, text: str, offset: int, path: EntryPath, depth: int) -> NoReturn:
        entry = path_text(path[:depth])
        if depth < len(path) and isinstance(path[depth], Item):
            refuse(text, offset, _("{entry} is not an array", entry=entry))
        refuse(text, offset, _("{entry} is not an object", entry=entry))

    def _check_item(self, path: EntryPath, raw: str) -> None:
        """Raise ``ValueError`` for a list's item which its own path wouldn't find again."""
        if isinstance(path[-1], Item):
            value = self.load(path, raw)
            if not isinstance(value, dict) or value.get(path[-1].key) != path[-1].value:  # pyright: ignore[reportUnknownMemberType]
                raise ValueError(f"the item is not the one that {path_text(path)} selects")

    def _new_container(self, path: EntryPath, child: Step) -> str:
        """Return the raw text of the container to be made at ``path`` for ``child``."""
        last = path[-1]
        if isinstance(child, Item):
            return self.dump(path, [])
        return self.dump(path, {last.key: last.value} if isinstance(last, Item) else {})

    def _set_with_container(self, text: str, path: EntryPath, raw: str) -> list[Edit]:
        """Return the edits of ``set`` for an entry whose container is missing."""
        edits = self.set(text, path[:-1], self._new_container(path[:-1], path[-1]))
        return [*edits, *self.set(apply_edits(text, edits), path, raw)]
