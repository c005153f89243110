"""The base of formats that can be written in many ways: an edit is returned only after it was checked."""

from __future__ import annotations

import re
from abc import abstractmethod
from collections.abc import Callable, Iterator
from typing import Any, TypeVar, cast

from ccswitch_py.core.language import _
from ccswitch_py.formats.base import Edit, Format, Member, TooDeep, UnreadableText, apply_edits, path_text

TYPE_CHECKING = False
if TYPE_CHECKING:
    from ccswitch_py.formats.base import EntryPath

_COMMA = re.compile(r"(?:\s++|#[^\n]*+)*+,")
Parse = TypeVar("Parse", bound=Callable[..., Any])
MAX_CHARACTERS = 256 * 1024
"""tomlkit takes seconds for so much of the worst kind."""


def bounded(parse: Parse) -> Parse:
    """Let ``parse`` refuse a text that is too large or too deep for it."""

    def parse_bounded(text: str, **options: Any) -> Any:
        if len(text) > MAX_CHARACTERS:
            raise UnreadableText(1, _("it is larger than 256 KiB"))
        try:
            return parse(text, **options)
        except RecursionError as error:
            raise TooDeep(1) from error

    return cast("Parse", parse_bounded)


def in_brackets(value: Any, scalar: Callable[[Any], str], name: Callable[[str], str], sign: str) -> str:
    """Write a value in one line: objects as ``{name sign value, …}``, lists as ``[value, …]``."""
    if isinstance(value, dict):
        members = cast("dict[str, Any]", value).items()
        return "{" + ", ".join(f"{name(key)}{sign}{in_brackets(at, scalar, name, sign)}" for key, at in members) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(in_brackets(at, scalar, name, sign) for at in cast("list[Any]", value)) + "]"
    return scalar(value)


def newline_of(text: str) -> str:
    """Return how the lines of a text end."""
    return "\r\n" if "\r\n" in text else "\n"


def line_bounds(text: str, at: int) -> tuple[int, int]:
    """Return where the line around ``at`` starts and ends, without its line break."""
    end = text.find("\n", at)
    end = len(text) if end < 0 else end
    return text.rfind("\n", 0, at) + 1, end - text.endswith("\r", at, end)


def note_commas(text: str, members: list[Member]) -> None:
    """Set the commas of members in brackets, which the parser does not report."""
    for member in members:
        comma = _COMMA.match(text, member.end)
        member.comma = comma.end() - 1 if comma else -1


class CheckedFormat(Format):
    """A format that tries its edits, and takes the first way that changes nothing else."""

    @abstractmethod
    def _ways_to_set(self, text: str, path: EntryPath, raw: str) -> Iterator[list[Edit]]:
        """Yield the ways to give an entry a value, the best first."""

    def set(self, text: str, path: EntryPath, raw: str) -> list[Edit]:
        if (found := self.spans(text, [path]).get(path)) and text[slice(*found[-1])] == raw:
            return []
        self._check_item(path, raw)
        wanted = repr(self.load(path, raw))
        missing = next((path[:end] for end in range(1, len(path)) if not self._located(text, path[:end])[1]), path)
        before = self._others(text, missing)
        for edits in self._ways_to_set(text, path, raw):
            try:
                after = apply_edits(text, edits)
                if after == text:
                    return []
                spans = self.spans(after, [path]).get(path)
                if spans and self._others(after, missing) == before:
                    now = after[slice(*spans[-1])]
                    if now == raw or repr(self.load(path, now)) == wanted:
                        return edits
            except UnreadableText:
                continue
        raise self._refusal(text, path)

    def remove(self, text: str, path: EntryPath) -> list[Edit]:
        if not self.spans(text, [path]):
            return []
        edits = super().remove(text, path)
        after = apply_edits(text, edits)
        try:
            if not self.spans(after, [path]) and self._others(after, path) == self._others(text, path):
                return edits
        except UnreadableText:
            pass
        raise self._refusal(text, path)

    def _refusal(self, text: str, path: EntryPath) -> UnreadableText:
        ends = range(len(path), 0, -1)
        members = next((found for end in ends if (found := self._located(text, path[:end])[1])), list[Member]())
        line = text.count("\n", 0, members[-1].start if members else len(text)) + 1
        return UnreadableText(line, _("{entry} can't be changed safely", entry=path_text(path)))

    def _others(self, text: str, path: EntryPath) -> list[tuple[tuple[str, ...], str]]:
        """Return all values outside the entry at ``path``, with the names around them."""
        return [(names, text[slice(*span)]) for names, span in self._foreign(text, self._root(text), (), [path])]
