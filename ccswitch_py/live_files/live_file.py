"""A file that a tool reads: its format, its owned entries, and its fingerprint."""

from __future__ import annotations

from ccswitch_py.core.checksum import checksum, digest
from ccswitch_py.core.errors import FileNotChanged
from ccswitch_py.core.language import _
from ccswitch_py.core.paths import find_paths
from ccswitch_py.core.record import Record
from ccswitch_py.formats import find_format
from ccswitch_py.formats.base import UnreadableText, path_from_json, path_to_json
from ccswitch_py.formats.entries import edits_back, edits_towards

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from typing import Any

    from ccswitch_py.core.paths import Paths
    from ccswitch_py.formats.base import Edit, EntryPath, Format, Value
    from ccswitch_py.formats.entries import Snapshot
    from ccswitch_py.live_files.content import FileContent

ANY_HOME = ""
_MASK = "•"


class LiveFile(Record):
    """A file that a tool reads itself.

    ``owned`` is the closed list of entries that an apply may change. ``left_out`` are those whose loss a user would not
    expect: an apply that replaces the user's own value names them. ``volatile`` are those that the tool itself writes
    whenever it likes. ``is_secret`` tells whether the value of an owned entry may hold a secret, which then goes into
    the keyring and not into the journal (None: no entry can). ``empty`` is the text of a new file, where the tool needs
    more than the format does. ``whole`` are the places under our own id: all that is in them belongs to the applied
    profile, whoever wrote it, unless the user had such a place before. ``refers_to_ours`` tells whether a text refers
    to them, which makes no sense without them.
    """

    path: str
    owned: tuple[EntryPath, ...]
    format_id: str = "json"
    left_out: tuple[EntryPath, ...] = ()
    is_secret: Callable[[EntryPath, Value], bool] | None = None
    volatile: tuple[EntryPath, ...] = ()
    empty: str = ""
    whole: tuple[EntryPath, ...] = ()
    refers_to_ours: Callable[[Value], bool] | None = None

    @property
    def format(self) -> Format:
        """The grammar of the file."""
        return find_format(self.format_id, self.empty)

    def holds_secret(self, path: EntryPath, raw: str) -> bool:
        """Whether the raw text of an owned entry may hold a secret."""
        return self.is_secret is not None and self.is_secret(path, self.format.load(path, raw))

    def edits_towards(self, text: str | None, wanted: Iterable[tuple[EntryPath, str | None]]) -> list[Edit]:
        """The edits that set or remove owned entries; raises ``FileNotChanged`` if that can't be done safely."""
        try:
            return edits_towards(self.format, text, wanted)
        except UnreadableText as problem:
            raise unreadable(self.path, problem) from problem

    def edits_back(self, text: str | None, before: Snapshot, *, is_unknown: bool = False) -> list[Edit]:
        """The edits that make the owned entries what they were; raises ``FileNotChanged`` as ``edits_towards`` does.

        ``is_unknown``: there may have been more, so what is not ours stays even in the ``whole`` places.
        """
        try:
            return edits_back(self.format, text, self.owned, before, () if is_unknown else self.whole)
        except UnreadableText as problem:
            raise unreadable(self.path, problem) from problem


def unreadable(path: str, problem: UnreadableText) -> FileNotChanged:
    """The error to show for a file that can't be parsed or edited."""
    return FileNotChanged(
        _("{file}, line {line}: {reason}.", file=path, line=problem.line, reason=problem.reason),
        _("Fix that line and try again."),
    )


class Ours(Record):
    """What a profile has written in a live file, as recognised there; ``state`` is the state folder of its home.

    ``state`` is None for the home of a process without our variables, and ``ANY_HOME`` where the file does not tell.
    """

    profile: str
    state: str | None
    entries: tuple[EntryPath, ...]

    def state_folder(self, paths: Paths) -> str:
        """The state folder of the home that the profile is in, which is ours where the file does not tell."""
        return paths.state if self.state == ANY_HOME else self.state or find_paths({}).state


class Fingerprint(Record):
    """The digest of a file's text without its ``masked`` entries, which hold secrets; None stands for no file.

    A journal of schema 1 has a checksum of the whole file instead (``masked`` is None); it is only ever read.
    """

    digest: str | None
    masked: tuple[EntryPath, ...] | None = ()

    def matches(self, file: LiveFile, content: FileContent) -> bool:
        """Whether the file is the one that this was taken of; a changed secret is not noticed."""
        if content.text is None or self.digest is None:
            return content.data is None and self.digest is None
        if self.masked is None:
            return checksum(content.data or b"") == self.digest
        return self.matches_text(file, content.text)

    def matches_text(self, file: LiveFile, text: str) -> bool:
        """The same for a text; False for one that cannot be read."""
        try:
            return self.masked is not None and _digest(file, text, self.masked) == self.digest
        except UnreadableText:
            return False

    def as_json(self) -> Any:
        """The fingerprint as the journal keeps it."""
        if self.masked is None:
            return self.digest
        return {"digest": self.digest, "masked": [path_to_json(path) for path in self.masked]}

    @classmethod
    def from_json(cls, values: Any) -> Fingerprint:
        """The fingerprint that ``as_json`` wrote, or the checksum of schema 1."""
        if values is None or isinstance(values, str):
            return cls(values, None if values else ())
        return cls(values["digest"], tuple(path_from_json(path) for path in values["masked"]))


NO_FILE = Fingerprint(None)


def fingerprint(file: LiveFile, text: str | None) -> Fingerprint:
    """The fingerprint of a text of this file (None: no file); raises ``UnreadableText``."""
    if text is None:
        return NO_FILE
    masked = secret_entries(file, text)
    return Fingerprint(_digest(file, text, masked), masked)


def secret_entries(file: LiveFile, text: str) -> tuple[EntryPath, ...]:
    """The owned entries whose values may hold secrets."""
    if file.is_secret is None:
        return ()
    spans = file.format.spans(text, file.owned)
    return tuple(
        path for path, found in spans.items() if any(file.holds_secret(path, text[slice(*span)]) for span in found)
    )


def _digest(file: LiveFile, text: str, masked: tuple[EntryPath, ...]) -> str:
    spans = file.format.spans(text, masked) if masked else {}
    for start, end in sorted((span for found in spans.values() for span in found), reverse=True):
        text = text[:start] + _MASK + text[end:]
    return digest(text.encode("utf-8", "surrogatepass"))
