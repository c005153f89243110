"""The owned entries of a text as a whole: what they are, and the edits that make them something else."""

from __future__ import annotations

from ccswitch_py.formats.edit import Edit, apply_edits
from ccswitch_py.formats.json_entries import check_object, entry_spans, object_size, remove_entry, set_entry

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from typing import Any

    from ccswitch_py.formats.json_entries import EntryPath

EMPTY_FILE = "{}\n"


class Snapshot:
    """What the owned entries of a file were: their JSON text by path, and which objects around them there were.

    ``exists`` is False where there was no file at all.
    """

    def __init__(self, exists: bool, entries: dict[EntryPath, str], objects: list[EntryPath]) -> None:
        self.exists = exists
        self.entries = entries
        self.objects = objects

    def as_json(self) -> dict[str, Any]:
        """The snapshot as the journal keeps it."""
        entries = [[list(path), raw] for path, raw in self.entries.items()]
        return {"exists": self.exists, "entries": entries, "objects": [list(path) for path in self.objects]}

    @classmethod
    def from_json(cls, values: dict[str, Any]) -> Snapshot:
        """The snapshot that ``as_json`` wrote."""
        entries = {tuple(path): raw for path, raw in values["entries"]}
        return cls(values["exists"], entries, [tuple(path) for path in values["objects"]])


def snapshot(text: str | None, owned: Sequence[EntryPath]) -> Snapshot:
    """The owned entries of ``text``; None is a file that does not exist. Raises ``UnreadableJson``."""
    if text is None:
        return Snapshot(False, {}, [])
    check_object(text)
    entries = {path: text[slice(*spans[-1])] for path, spans in entry_spans(text, owned).items()}
    return Snapshot(True, entries, [path for path in _parents(owned) if object_size(text, path) is not None])


def edits_towards(text: str | None, wanted: Iterable[tuple[EntryPath, str | None]]) -> list[Edit]:
    """The edits that set each wanted entry, or (None) remove it; a file that does not exist begins as ``{}``."""
    edits = [Edit(0, "", EMPTY_FILE)] if text is None else []
    now = EMPTY_FILE if text is None else text
    for path, raw in wanted:
        made = remove_entry(now, path) if raw is None else set_entry(now, path, raw)
        edits += made
        now = apply_edits(now, made)
    return edits


def edits_back(text: str | None, owned: Sequence[EntryPath], before: Snapshot) -> list[Edit]:
    """The edits that make the owned entries what they were, in a text that others may have changed since.

    Objects that only our entries needed go away again, and so does a file that held nothing else.
    """
    edits = edits_towards(text, [(path, before.entries.get(path)) for path in owned])
    now = apply_edits(text or "", edits)
    for path in _parents(owned):
        if path not in before.objects and object_size(now, path) == 0:
            made = remove_entry(now, path)
            edits += made
            now = apply_edits(now, made)
    if not before.exists and object_size(now, ()) == 0:
        edits.append(Edit(0, now, ""))
    return edits


def _parents(owned: Sequence[EntryPath]) -> list[EntryPath]:
    return list(dict.fromkeys(path[:-1] for path in owned if len(path) > 1))
