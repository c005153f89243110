"""The owned entries of a text as a whole: what they are, and the edits that make them something else."""

from __future__ import annotations

from ccswitch_py.core.record import Record
from ccswitch_py.formats.base import Edit, Item, apply_edits, path_from_json, path_to_json

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from typing import Any

    from ccswitch_py.formats.base import EntryPath, Format

_COMMENT_SIGNS = ("#", "//", "/*")


class Snapshot(Record):
    """What the owned entries of a file were: their raw texts by path, and which containers around them there were.

    ``exists`` is False where there was no file at all.
    """

    exists: bool
    entries: dict[EntryPath, str]
    containers: list[EntryPath]

    def as_json(self) -> dict[str, Any]:
        """Return the snapshot as the journal keeps it."""
        entries = [[path_to_json(path), raw] for path, raw in self.entries.items()]
        containers = [path_to_json(path) for path in self.containers]
        return {"exists": self.exists, "entries": entries, "objects": containers}

    @classmethod
    def from_json(cls, values: dict[str, Any]) -> Snapshot:
        """Return the snapshot that ``as_json`` wrote."""
        entries = {path_from_json(path): raw for path, raw in values["entries"]}
        return cls(values["exists"], entries, [path_from_json(path) for path in values["objects"]])


def snapshot(fmt: Format, text: str | None, owned: Sequence[EntryPath]) -> Snapshot:
    """Return the owned entries of ``text``; None is a file that doesn't exist. Raise ``UnreadableText``."""
    if text is None:
        return Snapshot(False, {}, [])
    fmt.check(text)
    entries = {path: text[slice(*spans[-1])] for path, spans in fmt.spans(text, owned).items()}
    return Snapshot(True, entries, [path for path in _containers(owned) if fmt.size(text, path) is not None])


def edits_towards(fmt: Format, text: str | None, wanted: Iterable[tuple[EntryPath, str | None]]) -> list[Edit]:
    """Return the edits that set each wanted entry, or (None) remove it; a missing file begins as ``fmt.empty``."""
    if text is None:
        return [*([Edit(0, "", fmt.empty)] if fmt.empty else []), *edits_towards(fmt, fmt.empty, wanted)]
    wanted = list(wanted)
    editing = _Editing(fmt, text, [path for path, _raw in wanted])
    for path, raw in wanted:
        editing.make(fmt.remove(editing.text, path) if raw is None else fmt.set(editing.text, path, raw))
    return editing.edits


def edits_back(
    fmt: Format, text: str | None, owned: Sequence[EntryPath], before: Snapshot, whole: Sequence[EntryPath] = ()
) -> list[Edit]:
    """Return the edits that make the owned entries what they were, in a text that others may have changed since.

    Containers that only our entries needed go away again, and so does a file that held nothing else. New ones among
    ``whole`` go with everything in them.
    """
    edits = edits_towards(fmt, text, [(path, before.entries.get(path)) for path in owned])
    editing = _Editing(fmt, apply_edits(text or "", edits), owned)
    for path in _containers(owned):
        if path not in before.containers and (path in whole or _is_bare(fmt, editing.text, path)):
            editing.make(fmt.remove(editing.text, path))
    if editing.text and not before.exists and _is_bare(fmt, editing.text, ()):
        editing.make([Edit(0, editing.text, "")])
    return edits + editing.edits


class _Editing:
    """A shortened text that is being edited; ``edits`` are those of the whole one."""

    def __init__(self, fmt: Format, text: str, paths: Sequence[EntryPath]) -> None:
        self.text, self._cuts = fmt.shorten(text, paths)
        self.edits: list[Edit] = []

    def make(self, edits: list[Edit]) -> None:
        for edit in edits:
            before = ((mark, cut) for mark, cut in self._cuts if self.text.find(mark) < edit.offset)
            offset = edit.offset + sum(len(cut) - len(mark) for mark, cut in before)
            self.edits.append(Edit(offset, edit.removed, edit.inserted))
            self.text = edit.apply(self.text)


def _is_bare(fmt: Format, text: str, path: EntryPath) -> bool:
    """Whether a container has no entries (but an item's name) and no comment, which would be the user's."""
    if fmt.size(text, path) != (1 if path and isinstance(path[-1], Item) else 0):
        return False
    raw = text[slice(*fmt.spans(text, [path])[path][-1])] if path else text
    return not any(sign in raw for sign in _COMMENT_SIGNS)


def _containers(owned: Sequence[EntryPath]) -> list[EntryPath]:
    """Return the paths of everything around the owned entries, the innermost first."""
    around = dict.fromkeys(path[:depth] for path in owned for depth in range(1, len(path)))
    return sorted(around, key=len, reverse=True)
