"""The explanation of a tool's settings in a folder: the values, where they are set, and why one takes precedence.

The types are the same for every tool; a target fills them in (``Target.explain``), and the screens show them.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from ccswitch_py.core.language import N_, _, join_list, join_sentences, ngettext
from ccswitch_py.core.paths import from_home
from ccswitch_py.redact.gateway_text import sanitize as one_line
from ccswitch_py.redact.printable import printable
from ccswitch_py.redact.secret import Secret

_OVERRIDDEN, _MAYBE = N_("overridden: {name} = {value} ({place})"), N_("{name} = {value} ({place})")
_MAY_SET = N_("New terminals: {place} may set {name}, but not in every case.")
_MAY_REMOVE = N_("New terminals: {place} may remove {name}, but not in every case.")
_EMPTY = N_("{name} is empty, which counts as not set ({place})")


@dataclass(frozen=True)
class Entry:
    """A variable or setting of a layer; ``line`` counts from 1, None for an environment.

    ``value`` is None where it cannot be known without running the layer, or where that unsets the name (``removes``).
    ``shown`` is the masked value. Without ``certain``, it may never take effect: it is in a function or under a
    condition, or is not exported.
    """

    name: str
    value: Secret | None
    line: int | None = None
    removes: bool = False
    shown: str | None = None
    certain: bool = True

    @property
    def is_empty(self) -> bool:
        """Whether it is set to an empty value."""
        return self.value is not None and not self.value.reveal()

    def as_json(self) -> dict[str, Any]:
        """The facts for ``--json``; the value is masked."""
        return {"name": self.name, "value": self.shown, "line": self.line, "removes": self.removes}


@dataclass
class Layer:
    """A source of settings: a file, or the environment of this process (``path`` is None).

    ``title`` names it; ``short_title`` its owner, "" where the path shows that. ``in_force`` is False for start files,
    which only affect later shells. ``problem`` is why it cannot be read. The tool then ignores it too, unless it is
    ``unread``: the tool may read it although we cannot.
    """

    kind: str
    title: str
    in_force: bool
    path: str | None = None
    short_title: str = ""
    entries: list[Entry] = field(default_factory=list[Entry])
    problem: str | None = None
    unread: bool = False

    def last(self, name: str) -> Entry | None:
        """The entry of this name in effect: the last certain one of the file."""
        return next((entry for entry in reversed(self.entries) if entry.name == name and entry.certain), None)

    def possible(self, name: str) -> Entry | None:
        """The last entry of this name that may take effect after all certain ones."""
        last = next((entry for entry in reversed(self.entries) if entry.name == name), None)
        return None if last is None or last.certain else last

    def lines(self) -> Iterator[str]:
        """The layer and all that it sets, with line numbers."""
        path = file_name(self.path) if self.path else ""
        yield _("{layer}: {path}", layer=self.title, path=path) if path else self.title
        if self.problem:
            yield f"  {self.problem}"
        elif not self.entries:
            yield "  " + _("sets none of these")
        for entry in self.entries:
            line = "" if entry.line is None else f"{entry.line:>4}  "
            yield f"  {line}{entry.name} = {Setting(self, entry).shown}"

    def as_json(self) -> dict[str, Any]:
        """The facts for ``--json``; every value is masked."""
        return {
            "layer": str(self.kind),
            "path": self.path,
            "in_force": self.in_force,
            "problem": self.problem,
            "entries": [entry.as_json() for entry in self.entries],
        }


@dataclass(frozen=True)
class Setting:
    """An entry with its layer."""

    layer: Layer
    entry: Entry

    @property
    def text(self) -> str:
        """The stripped value itself, which must not be shown."""
        return self.entry.value.reveal().strip() if self.entry.value else ""

    @property
    def shown(self) -> str:
        """The value in one line."""
        if not self.entry.certain:
            return _("(may be removed here)") if self.entry.removes else _("(may be set here)")
        if self.entry.removes:
            return _("(removed)")
        if self.entry.shown is None:
            return _("(set here, value unknown)")
        return join_list(one_line(line, Secret("")) for line in self.entry.shown.splitlines()) or _("(empty)")

    @property
    def location(self) -> str:
        """``file:line``; for an environment, its title."""
        if self.layer.path is None:
            return self.layer.title
        return file_name(self.layer.path) + self._line

    @property
    def short_location(self) -> str:
        """The same with the file's owner in place of its folders."""
        if self.layer.path is None or not self.layer.short_title:
            return self.location
        file = printable(os.path.basename(self.layer.path)) + self._line
        return _("{layer}: {path}", layer=self.layer.short_title, path=file)

    @property
    def _line(self) -> str:
        return "" if self.entry.line is None else f":{self.entry.line}"

    def as_json(self) -> dict[str, Any]:
        """The facts for ``--json``; the value is masked."""
        return {"layer": str(self.layer.kind), "path": self.layer.path, **self.entry.as_json()}


@dataclass(frozen=True)
class ExplainedPart:
    """One value that the tool will use: ``value`` (masked), and ``why`` in a sentence or two.

    ``part`` is its stable id, and ``label`` its name in the user's language. ``winner`` is None where nothing sets it,
    the layer ``unread`` may, or ``taken_over`` decides in a way that we do not follow. ``others`` are overridden now;
    ``later`` are set by start files, for later shells.
    """

    part: str
    label: str
    value: str
    winner: Setting | None
    why: str = ""
    others: Sequence[Setting] = ()
    later: Sequence[Setting] = ()
    unread: Layer | None = None
    taken_over: Setting | None = None

    @property
    def is_known(self) -> bool:
        """Whether ``value`` is what the tool will use."""
        return self.unread is None and self.taken_over is None

    def reasons(self) -> Iterator[str]:
        """Where the winner is set, why it wins, what it overrides, and what new terminals will have."""
        if self.winner:
            yield _("{name} in {place}", name=self.winner.entry.name, place=self.winner.location)
        overridden = [setting for setting in self.others if not setting.entry.is_empty]
        if overridden or not self.is_known or (self.others and not self.winner):
            yield self.why
        for setting in self.others:
            text = _MAYBE if not self.is_known else _EMPTY if setting.entry.is_empty else _OVERRIDDEN
            yield _(text, name=setting.entry.name, value=setting.shown, place=setting.location)
        now = [setting for setting in (self.winner, *self.others) if setting]
        yield from (_in_new_terminals(setting, now) for setting in self.later)

    def as_json(self) -> dict[str, Any]:
        """The facts for ``--json``."""
        return {
            "part": self.part,
            "value": self.value,
            "winner": self.winner.as_json() if self.winner else None,
            "not_known": not self.is_known,
            "why": self.why,
            "beaten": [setting.as_json() for setting in self.others],
            "new_terminals": [setting.as_json() for setting in self.later],
        }


@dataclass(frozen=True)
class Explanation:
    """What the tool would use in a folder; ``outcome`` sums it up for the case without ``faults``."""

    folder: str
    parts: Sequence[ExplainedPart]
    faults: Sequence[str]
    notes: Sequence[str]
    layers: Sequence[Layer]
    outcome: str

    @property
    def verdict(self) -> str:
        """Whether the tool can work, in a sentence."""
        wrong = ngettext(
            "{count} problem found; see above for the fix.",
            "{count} problems found; see above for the fixes.",
            len(self.faults),
        )
        return join_sentences(wrong if self.faults else self.outcome, _("`ccswitch doctor` checks more."))

    @property
    def counts(self) -> str:
        """The numbers of faults and notes; may be empty."""
        wrong, notes = len(self.faults), len(self.notes)
        return join_sentences(
            ngettext("{count} problem.", "{count} problems.", wrong) if wrong else "",
            ngettext("{count} note.", "{count} notes.", notes) if notes else "",
        )

    @property
    def other_places(self) -> int:
        """The number of settings that are overridden or not in effect yet."""
        winners = {(part.winner.layer.path, part.winner.entry.name) for part in self.parts if part.winner}
        return len({(layer.path, entry.name) for layer in self.layers for entry in layer.entries} - winners)

    def as_json(self) -> dict[str, Any]:
        """The facts for ``--json``; every value is masked."""
        return {
            "folder": self.folder,
            "parts": [part.as_json() for part in self.parts],
            "faults": list(self.faults),
            "notes": list(self.notes),
            "layers": [layer.as_json() for layer in self.layers],
        }


def file_name(path: str) -> str:
    """Return a printable path, from the user's home."""
    return printable(from_home(path))


def _in_new_terminals(setting: Setting, now: Sequence[Setting]) -> str:
    """What a start file will set, or has set already, and the settings file that overrides it."""
    in_files = (one for one in now if one.entry.name == setting.entry.name and one.layer.path is not None)
    stronger = next(in_files, None)
    overridden = _("{file} overrides that.", file=stronger.location) if stronger else ""
    return join_sentences(_effect_of(setting, now), overridden)


def _effect_of(setting: Setting, now: Sequence[Setting]) -> str:
    name, place = setting.entry.name, setting.location
    if not setting.entry.certain:
        text = _MAY_REMOVE if setting.entry.removes else _MAY_SET
        return _(text, place=place, name=name)
    if setting.entry.removes:
        return _("New terminals: {place} removes {name}.", place=place, name=name)
    if any(one.layer.path is None and one.entry == replace(setting.entry, line=None) for one in now):
        return _("{name} of this terminal seems to come from {place}.", name=name, place=place)
    if setting.entry.shown is None:
        return _("New terminals: {place} sets {name}, to a value that is not known.", place=place, name=name)
    return _("New terminals: {place} sets {name} to {value}.", place=place, name=name, value=setting.shown)
