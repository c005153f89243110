"""Strict JSON, and the edits of anything in brackets with commas, which other formats share."""

from __future__ import annotations

import gc

from ccswitch_py.core.json_codec import Decoder, dumps
from ccswitch_py.core.language import N_, _
from ccswitch_py.formats.base import Container, Edit, Format, Member, TooDeep, UnreadableText, apply_edits, refuse

TYPE_CHECKING = False
if TYPE_CHECKING:
    import re
    from collections.abc import Iterator, Sequence
    from typing import Any

    from ccswitch_py.formats.base import EntryPath, Step

MAX_DIGITS = 4000
"""``int()`` refuses more than 4300."""
CLOSERS = {"{": "}", "[": "]"}
_KEPT = 8
"""How many containers are kept as they were read: a change asks for the same ones again and again."""
_LARGE = 64 * 1024
"""Characters from which on it pays to read and to edit in another way."""
_CUT, _BESIDE = "ccswitch-cut-", 2
_BLANKS = (" ", "\t", "\n", "\r")
# Compiled where they are needed: strict JSON has no comments.
_SAME_LINE_COMMENT = r"[ \t]*(?:(?://|#)[^\n\r\u2028\u2029]*|/\*[^*\n\r]*\*/(?=[ \t]*[\n\r]))(?=[ \t\n\r])"
_SURROGATE = "[\ud800-\udfff]"


# To find an entry's end, numbers are never needed as numbers.
_SKIPPER = Decoder(parse_int=len, parse_float=len)
_LOADER = Decoder(parse_int=lambda digits: int(digits) if len(digits) < MAX_DIGITS else float(digits))


class JsonText(Format):
    """Strict JSON, and what its dialects (see ``JsonDialect``) have in common with it."""

    empty = "{}\n"
    _trailing_commas = False
    _matched_levels = 2
    """How many levels the values may have of members that are read by a pattern, and not looked into."""

    def load(self, path: EntryPath, raw: str) -> Any:
        try:
            value, end = self._value(raw, self._after_blanks(raw, 0))
        except RecursionError as error:
            raise TooDeep(1) from error
        if self._after_blanks(raw, end) != len(raw):
            refuse(raw, end, _("unexpected text after the value"))
        return value

    def dump(self, path: EntryPath, value: Any) -> str:
        raw = dumps(value, ascii_only=False, allow_nan=self.id == "json5")
        try:
            raw.encode()
        except UnicodeEncodeError:
            import re

            raw = re.sub(_SURROGATE, lambda found: f"\\u{ord(found[0]):04x}", raw)
        return raw

    def check(self, text: str) -> None:
        after = self._after_blanks(text, self._root(text).end)
        if after != len(text):
            refuse(text, after, _("unexpected text after the closing brace"))

    def set(self, text: str, path: EntryPath, raw: str) -> list[Edit]:
        self._check_item(path, raw)
        root = self._root(text)
        if root.start == root.end:
            lead = "" if not text.strip() or text.endswith("\n") else "\n"
            edits = [Edit(len(text), "", lead + self.empty)]
            return [*edits, *self.set(apply_edits(text, edits), path, raw)]
        parent, members = self._located(text, path)
        if parent is None:
            return self._set_with_container(text, path, raw)
        if not members:
            return self._insertion(text, root, parent, path, raw)
        start = members[-1].value_start
        old = text[start : members[-1].end]
        return [] if old == raw else [Edit(start, old, raw)]

    def _removal(self, text: str, path: EntryPath, parent: Container, member: Member) -> list[Edit]:
        return flow_removal(text, parent, member)

    def _root(self, text: str) -> Container:
        start = self._after_blanks(text, 0)
        if start == len(text):
            return Container(start, start, [])
        if text[start] != "{":
            self._read_value(text, start, 1)
            refuse(text, start, _("it is not an object"))
        return read_container(self, text, start)

    def _inside(self, text: str, member: Member) -> Container | None:
        return read_container(self, text, member.value_start) if text[member.value_start] in "{[" else None

    def _after_blanks(self, text: str, at: int) -> int:
        while text[at : at + 1] in _BLANKS:
            at += 1
        return at

    def _value(self, text: str, start: int) -> tuple[Any, int]:
        """Return the typed value at ``start`` and its end."""
        return _decode(_LOADER, text, start)

    def _read_value(self, text: str, start: int, level: int) -> tuple[Container | None, int]:
        """Return the end of the value at ``start``, and what is inside if it has to be read for that."""
        return None, _decode(_SKIPPER, text, start)[1]

    def _key(self, text: str, at: int) -> tuple[str, int]:
        """Return the name of the member at ``at``, and the name's end."""
        if text[at : at + 1] != '"':
            refuse(text, at, _(_NO_NAME))
        return _decode(_SKIPPER, text, at)

    def _first(self, text: str, start: int, closer: str) -> tuple[int, bool]:
        """Return where the first member is, or (False) the closing bracket."""
        at = self._after_blanks(text, start + 1)
        return at, text[at : at + 1] != closer

    def _next(self, text: str, end: int, closer: str) -> tuple[int, bool]:
        """Return where the next member is, or (False) the closing bracket."""
        at = self._after_blanks(text, end)
        if text[at : at + 1] == ",":
            at = self._after_blanks(text, at + 1)
            return at, not (self._trailing_commas and text[at : at + 1] == closer)
        if text[at : at + 1] != closer:
            refuse(text, at, _("expected a comma"))
        return at, False

    def _skip_colon(self, text: str, at: int) -> int:
        at = self._after_blanks(text, at)
        if text[at : at + 1] != ":":
            refuse(text, at, _("expected a colon"))
        return self._after_blanks(text, at + 1)

    def read(self, text: str, start: int, level: int = 1) -> Container:
        """Read the object or list that starts at ``start``, which has ``level - 1`` others around it."""
        is_list, closer = text[start] == "[", CLOSERS[text[start]]
        members = _Members()
        at, more = self._first(text, start, closer)
        while more:
            if not is_list and len(text) > _LARGE:
                at = self._match_members(text, at, members)
            key, key_end = (None, at) if is_list else self._key(text, at)
            value_start = at if is_list else self._skip_colon(text, key_end)
            inside, end = self._read_value(text, value_start, level + 1)
            following, more = self._next(text, end, closer)
            comma = self._after_blanks(text, end) if more or self._trailing_commas else following
            member = Member(key, at, key_end, value_start, end, comma if text[comma] == "," else -1)
            member.inside = inside
            members.append(member)
            at = following
        return _JsonContainer(start, at + 1, members, is_list=is_list)

    def _match_members(self, text: str, at: int, members: _Members) -> int:
        """Read members by one pattern, many times faster; return where the first one is that it does not match.

        The last member is never among them.
        """
        match, append = _plain_members(self._matched_levels).match, members.append
        while found := match(text, at):
            append(found)
            at = found.end()
        return at

    def shorten(self, text: str, paths: Sequence[EntryPath]) -> tuple[str, list[tuple[str, str]]]:
        if len(text) < _LARGE or _CUT in text:
            return text, []
        runs: list[tuple[int, int]] = []
        for around in {path[:depth] for path in paths for depth in range(len(path))}:
            container = self._find(text, (*around, ""), len(around))
            if container and not container.is_list:
                names = {path[len(around)] for path in paths if path[: len(around)] == around != path}
                runs += _foreign_runs(container, names)
        short, cuts = text, list[tuple[str, str]]()
        for start, end in sorted(runs, reverse=True):
            cuts.append((f'"{_CUT}{len(cuts)}":0,', text[start:end]))
            short = short[:start] + cuts[-1][0] + short[end:]
        return short, cuts

    def _insertion(self, text: str, root: Container, parent: Container, path: EntryPath, raw: str) -> list[Edit]:
        """Insert a member behind the last one, or into an empty container, in the style of its neighbours."""
        if parent.members:
            colon = _colon(text, parent.members[-1])
            return flow_insertion(text, parent, raw if parent.is_list else f"{self.dump((), path[-1])}{colon}{raw}")
        inner = text[parent.start + 1 : parent.end - 1]
        kept = inner.rstrip()
        at = parent.start + 1 + len(kept)
        lead = _blanks_at_end(text[root.start + 1 : root.members[0].start]) if root.members else "\n  "
        in_line = "\n" not in lead
        colon = _colon(text, root.members[0]) if in_line else ": "
        entry = raw if parent.is_list else f"{self.dump((), path[-1])}{colon}{raw}"
        if not in_line or _ends_in_comment(kept):
            newline = "\r\n" if "\r\n" in text else "\n"
            line = text[text.rfind("\n", 0, parent.start) + 1 : parent.start]
            indent = line[: len(line) - len(line.lstrip(" \t"))]
            unit = lead[lead.rfind("\n") + 1 :]
            entry = f"{newline}{indent}{unit}{entry}{newline}{indent}"
        return [Edit(at, inner[len(kept) :], entry)]


def flow_insertion(text: str, parent: Container, entry: str) -> list[Edit]:
    """Insert an entry behind the last member of a container in brackets; comments stay where they are."""
    last = parent.members[-1]
    gap = _blanks_at_end(text[_gap_start(parent, len(parent.members) - 1) : last.start])
    has_comma = last.comma >= 0
    end = last.comma + 1 if has_comma else last.end
    may_follow = text[end : end + 1] in (" ", "\t", "/", "#")
    at = _after_comment(text, end) if may_follow else end
    if at > end:
        gap = gap.lstrip(" \t") if "\n" in gap else f"\n{gap}"
    if has_comma or at == end:
        return [Edit(at, "", f"{gap}{entry}," if has_comma else f",{gap}{entry}")]
    return [Edit(at, "", f"{gap}{entry}"), Edit(end, "", ",")]


def flow_removal(text: str, parent: Container, member: Member) -> list[Edit]:
    """Remove a member of a container in brackets with its comma and the blanks around it; comments stay."""
    index = parent.members.index(member)
    is_last = index + 1 == len(parent.members)
    gap_start = _gap_start(parent, index)
    start, end, edits = member.start, member.end, list[Edit]()
    if member.comma >= 0:
        if text[end : member.comma].strip():
            edits.append(Edit(member.comma, ",", ""))
        else:
            end = member.comma + 1
    rest = text[end : parent.end - 1 if is_last else parent.members[index + 1].start]
    blanks = len(rest) - len(rest.lstrip())
    if not is_last:
        return [*edits, Edit(start, text[start : end + blanks], "")]
    kept = text[gap_start:start].rstrip()
    blanks_before = text[gap_start + len(kept) : start]
    if not _ends_in_comment(kept):
        start -= len(blanks_before)
    elif rest.lstrip(" \t")[:1] in ("\n", "\r"):
        start -= len(blanks_before.lstrip(" \t"))
    if index == 0:
        if not kept and blanks == len(rest):
            end += blanks
        return [*edits, Edit(start, text[start:end], "")]
    comma = parent.members[index - 1].comma
    if member.comma >= 0:
        return [*edits, Edit(start, text[start:end], "")]
    if kept:
        return [Edit(start, text[start:end], ""), Edit(comma, ",", "")]
    before = text[parent.members[index - 1].end : comma]
    start = comma if before.strip() else comma - len(before)
    return [Edit(start, text[start:end], "")]


def _gap_start(parent: Container, index: int) -> int:
    """Return where the blanks and comments before a member begin."""
    return parent.members[index - 1].comma + 1 if index else parent.start + 1


def _blanks_at_end(gap: str) -> str:
    return gap[len(gap.rstrip()) :]


def _colon(text: str, member: Member) -> str:
    """Return the colon of a member with its blanks, without comments."""
    colon = text[member.key_end : member.value_start]
    return ": " if colon.strip() != ":" else colon


def _foreign_runs(container: Container, names: set[Step]) -> Iterator[tuple[int, int]]:
    """Yield from where to where members can be cut out: not those of ``names``, nor two beside those or the ends."""
    members, first = container.members, _BESIDE
    kept = [at for at, key in enumerate(container.keys()) if key in names]
    for at in (*kept, len(members) - 1):
        last = at - _BESIDE
        if last - first > _BESIDE:
            yield members[first].start, members[last].start
        first = max(first, at + _BESIDE + 1)


class _Members(list["Any"]):
    """Members, of which those that a pattern has matched are made only when they are asked for."""

    def __getitem__(self, at: Any) -> Any:
        found = super().__getitem__(at)
        if not isinstance(found, Member):
            (start, _end), (_key, key_end), (value_start, value_end), (comma, _behind) = found.regs
            found = self[at] = Member(found[1], start, key_end + 1, value_start, value_end, comma)
        return found

    def __iter__(self) -> Iterator[Member]:
        return map(self.__getitem__, range(len(self)))

    def keys(self) -> list[str | None]:
        return [one.key if isinstance(one, Member) else one[1] for one in super().__iter__()]


class _JsonContainer(Container):
    """A container whose members need not all be made to know their names."""

    members: _Members

    def keys(self) -> list[str | None]:
        return self.members.keys()


def _plain_members(levels: int) -> re.Pattern[str]:
    """A pattern of a member and the comma behind it, whose value has at most so many levels of objects and lists."""
    import re

    blanks, text = r"[ \t\n\r]*+", r'"(?:[^"\\\x00-\x1f]++|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*+"'
    number = r"-?+(?:0|[1-9][0-9]*+)(?:\.[0-9]++)?+(?:[eE][+-]?+[0-9]++)?+"
    value = scalar = f"{text}|{number}|true|false|null"
    for _level in range(levels):
        item, member = f"(?:{value}){blanks}", f"{text}{blanks}:{blanks}(?:{value}){blanks}"
        inside = ((r"\{", member, r"\}"), (r"\[", item, r"\]"))
        lists = (f"{begin}{blanks}(?:{one}(?:,{blanks}{one})*)?{end}" for begin, one, end in inside)
        value = "|".join((scalar, *lists))
    return re.compile(rf'"([^"\\\x00-\x1f]*+)"{blanks}:{blanks}({value}){blanks}(,){blanks}(?=")')


def _after_comment(text: str, at: int) -> int:
    """Return the end of the comment that follows on the same line, or ``at``."""
    import re

    comment = re.compile(_SAME_LINE_COMMENT).match(text, at)
    return comment.end() if comment else at


def _ends_in_comment(text: str) -> bool:
    last_line = text[max(text.rfind("\n"), text.rfind("\r")) + 1 :]
    return "//" in last_line or "#" in last_line


def read_container(reader: JsonText, text: str, start: int) -> Container:
    """Read a container, or return it as it was read a moment ago."""
    kept = _large if len(text) > _LARGE else _small
    asked = (reader, text, start)
    found = kept.get(asked)
    if found is None:
        for oldest in list(kept)[: 1 - _KEPT]:  # a copy, as other threads do the same
            kept.pop(oldest, None)
        gc.disable()  # it would look at all that is being read again and again
        try:
            found = kept[asked] = reader.read(text, start)
        finally:
            gc.enable()
    return found


_small: dict[tuple[JsonText, str, int], Container] = {}
_large: dict[tuple[JsonText, str, int], Container] = {}
"""Apart from the small ones, of which many are read while a large text is being edited."""


def _decode(decoder: Decoder, text: str, at: int) -> tuple[Any, int]:
    try:
        return decoder.raw_decode(text, at)
    except RecursionError as error:
        raise TooDeep(text.count("\n", 0, at) + 1) from error
    except ValueError as error:
        from json import JSONDecodeError

        if isinstance(error, JSONDecodeError):
            raise UnreadableText(error.lineno, _(_REASONS.get(error.msg, error.msg.lower()))) from error
        refuse(text, at, _("{name} is not JSON", name=error))


_NO_NAME = N_("expected a name in quotes (an extra comment or comma?)")
_REASONS = {
    "Expecting property name enclosed in double quotes": _NO_NAME,
    "Expecting value": N_("expected a value (an extra comment or comma?)"),
    "Expecting ',' delimiter": N_("expected a comma"),
    "Expecting ':' delimiter": N_("expected a colon"),
    "Unterminated string starting at": N_("unterminated string"),
    "Invalid control character at": N_("a string contains a line break or another control character"),
    "Invalid \\escape": N_("invalid \\escape"),
    "Invalid \\uXXXX escape": N_("invalid \\uXXXX escape"),
}
