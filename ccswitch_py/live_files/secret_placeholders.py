"""Keeps secrets out of the journal by replacing each with a placeholder that names its keyring entry."""

from __future__ import annotations

import os

from ccswitch_py.core.errors import CcswitchError, KeyUnavailable
from ccswitch_py.core.json_codec import dumps, loads
from ccswitch_py.core.language import _
from ccswitch_py.model.key_ref import KeyRef

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from ccswitch_py.core.paths import Paths
    from ccswitch_py.formats.base import EntryPath, Format
    from ccswitch_py.live_files.live_file import LiveFile

_MARK = "ccswitch-sealed:"
_REFERENCE = "reference/"
_ITEM = rf"((?:journal|{_REFERENCE[:-1]})/[0-9a-f]+)"


class SecretPlaceholders:
    """Replaces the secrets in the texts of one change by placeholders, and back.

    ``known`` are the names under which the keyring keeps secrets that the file holds now. A text with placeholders is
    called closed, one with the secrets in place open.
    """

    def __init__(self, paths: Paths, file: LiveFile, known: list[tuple[EntryPath, str]]) -> None:
        self._paths = paths
        self._file = file
        self._known = dict(known)
        self._values: dict[str, str] = {}
        self._fresh: set[str] = set()

    def close(self, text: str) -> str:
        """``text`` with a placeholder for each secret among its owned entries."""
        if self._file.is_secret is None:
            return text
        found = self._file.format.spans(text, self._file.owned)
        places = [(span, span == spans[-1], path) for path, spans in found.items() for span in spans]
        for (start, end), counts, path in sorted(places, key=lambda place: place[0], reverse=True):
            raw = text[start:end]
            if self._file.holds_secret(path, raw):
                text = text[:start] + self.hold(raw, self._known.get(path) if counts else None) + text[end:]
        return text

    def hold(self, raw: str, known: str | None = None) -> str:
        """The placeholder (a raw text) for the raw text of a secret."""
        item = known or next((item for item, value in self._values.items() if value == raw), None)
        if item is None:
            item = f"journal/{os.urandom(8).hex()}"
            self._fresh.add(item)
        self._values[item] = raw
        return self._file.format.dump((), _MARK + item)

    def refer(self, key: str, ref: KeyRef) -> None:
        """Have a key that the file does not hold yet kept as the variable or command that gives it."""
        item = _REFERENCE + dumps(ref.as_json()).encode().hex()
        self._values.setdefault(item, self._file.format.dump((), key))

    def open(self, text: str) -> str:
        """``text`` with the secrets in place; raises ``KeyUnavailable`` if the keyring does not give one."""
        return _replace(self._file.format, text, self._value)

    def equal(self, one: str | None, other: str | None) -> bool:
        """Whether two closed texts are the same once opened; raises as ``open`` does."""
        if one == other or one is None or other is None:
            return one == other
        return (_MARK in one or _MARK in other) and self.open(one) == self.open(other)

    def held_entries(self, text: str) -> list[tuple[EntryPath, str]]:
        """The entries of a closed text that are placeholders, with the names of their secrets."""
        if _MARK not in text:
            return []
        spans = self._file.format.spans(text, self._file.owned)
        raws = ((path, text[slice(*found[-1])]) for path, found in spans.items())
        return [(path, raw.strip("\"'").removeprefix(_MARK)) for path, raw in raws if is_placeholder(raw)]

    def has_changed(self, path: EntryPath, raw: str) -> bool:
        """Whether the secret that the file holds now is another one than the keyring keeps for this entry.

        Raises ``KeyUnavailable`` if the keyring does not give it, or if it may be the user's own and no keyring could
        keep it; one that the keyring does not know counts as changed.
        """
        from ccswitch_py.vault.errors import KeyNotFound

        if not self._file.holds_secret(path, raw):
            return True
        item = self._known[path]
        ref = reference_in(item)
        try:
            if self._fetched(item) == raw:
                return False
        except KeyUnavailable as problem:
            if not (ref or isinstance(problem, KeyNotFound)):
                raise
        if ref is None:
            return True
        message = _(
            "No keyring has a copy of the key in {file}, and {source} no longer gives it, so it may be yours.",
            file=self._file.path,
            source=ref.label,
        )
        hint = _("Make {source} return that key, or remove it from the file, then try again.", source=ref.label)
        raise KeyUnavailable(message, hint)

    def keep(self, names: set[str]) -> list[str]:
        """Store the secrets of these names that are not in the keyring yet; returns the names that were stored."""
        stored: list[str] = []
        for item in names & self._fresh:
            from ccswitch_py.redact.secret import Secret
            from ccswitch_py.vault.store import open_store

            try:
                open_store(self._paths).set(item, Secret(self._values[item]))
            except BaseException:
                self.drop(stored)
                raise
            stored.append(item)
        return stored

    def drop(self, names: set[str] | list[str]) -> None:
        """Delete unreferenced secrets from the keyring; ignore failures."""
        for item in (name for name in names if not reference_in(name)):
            from ccswitch_py.core.cancellation import shielded
            from ccswitch_py.vault.store import open_store

            try:
                with shielded():
                    open_store(self._paths).delete(item)
            except CcswitchError:
                return

    def _value(self, item: str) -> str:
        if item not in self._values:
            self._values[item] = self._fetched(item)
        return self._values[item]

    def _fetched(self, item: str) -> str:
        if ref := reference_in(item):
            from ccswitch_py.vault.reference import resolve_key

            return self._file.format.dump((), resolve_key(ref, self._paths).reveal())
        from ccswitch_py.vault.store import open_store

        return open_store(self._paths).get(item).reveal()


def reference_in(item: str) -> KeyRef | None:
    """The variable or command that gives a secret again, which no keyring keeps then."""
    if not item.startswith(_REFERENCE):
        return None
    return KeyRef.from_json(loads(bytes.fromhex(item.removeprefix(_REFERENCE))))


def placeholder_names(text: str) -> set[str]:
    """The names of all secrets that stand in a closed text, or in a journal."""
    if _MARK not in text:
        return set()
    import re

    return set(re.findall(_MARK + _ITEM, text))


def is_placeholder(raw: str) -> bool:
    """Whether the raw text of an entry is a placeholder, not its value."""
    return raw.lstrip("\"'").startswith(_MARK)


def without_placeholder_names(entries: dict[EntryPath, str]) -> dict[EntryPath, str]:
    """Closed entries for a comparison: a secret has another name each time that it is held."""
    return {path: _MARK if is_placeholder(raw) else raw for path, raw in entries.items()}


def without_new_names(text: str | None) -> str | None:
    """A closed text for a comparison; see ``without_placeholder_names``."""
    if text is None or _MARK not in text:
        return text
    import re

    return re.sub(f"{_MARK}journal/[0-9a-f]+", _MARK, text)


def mask_placeholders(fmt: Format, text: str, before: str = "") -> str:
    """A closed text for people: bullets where a secret is; one that was not in ``before`` is called new."""
    new = _("(new)")
    return _replace(fmt, text, lambda item: '"••••••••"' if not before or item in before else f'"•••••••• {new}"')


def _replace(fmt: Format, text: str, value: Callable[[str], str]) -> str:
    if _MARK not in text:
        return text
    import re

    before, after = map(re.escape, fmt.dump((), f"{_MARK}journal/").split(f"{_MARK}journal/"))
    return re.sub(f"{before}{_MARK}{_ITEM}{after}", lambda match: value(match.group(1)), text)
