"""Keeping secrets out of the journal: in its texts the keyring's name for a secret stands where the secret was."""

from __future__ import annotations

import os

from ccswitch_py.core.errors import CcswitchError
from ccswitch_py.core.language import _
from ccswitch_py.formats.json_entries import entry_spans

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from ccswitch_py.core.paths import Paths
    from ccswitch_py.formats.json_entries import EntryPath
    from ccswitch_py.targets.base import Target

_MARK = "ccswitch-sealed:"
_PLACEHOLDER = rf'"{_MARK}(journal/[0-9a-f]{{16}})"'


class SecretPlaceholders:
    """Seals and opens the texts of one change; ``known`` are the names that the journal has for secrets of the file."""

    def __init__(self, paths: Paths, target: Target, known: list[tuple[EntryPath, str]]) -> None:
        self._paths = paths
        self._target = target
        self._known = dict(known)
        self._values: dict[str, str] = {}
        self._fresh: set[str] = set()

    def close(self, text: str) -> str:
        """``text`` with a placeholder for each secret among its owned entries."""
        found = entry_spans(text, self._target.owned)
        places = [(span, span == spans[-1], path) for path, spans in found.items() for span in spans]
        for (start, end), counts, path in sorted(places, reverse=True):
            raw = text[start:end]
            if self._target.is_secret(path, raw):
                text = text[:start] + self.hold(raw, self._known.get(path) if counts else None) + text[end:]
        return text

    def hold(self, raw: str, known: str | None = None) -> str:
        """The placeholder for one secret value (JSON text)."""
        item = known or next((item for item, value in self._values.items() if value == raw), None)
        if item is None:
            item = f"journal/{os.urandom(8).hex()}"
            self._fresh.add(item)
        self._values[item] = raw
        return f'"{_MARK}{item}"'

    def open(self, text: str) -> str:
        """``text`` with the secrets in place; raises ``KeyUnavailable`` if the keyring does not give one."""
        return _replace(text, self._value)

    def equal(self, one: str | None, other: str | None) -> bool:
        """Whether two closed texts are the same once opened; raises as ``open`` does."""
        if one == other or one is None or other is None:
            return one == other
        return (_MARK in one or _MARK in other) and self.open(one) == self.open(other)

    def held_entries(self, text: str) -> list[tuple[EntryPath, str]]:
        """The sealed entries of a closed text, with the names under which they are kept."""
        if _MARK not in text:
            return []
        raws = {path: text[slice(*spans[-1])] for path, spans in entry_spans(text, self._target.owned).items()}
        return [(path, raw.strip('"').removeprefix(_MARK)) for path, raw in raws.items() if is_placeholder(raw)]

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
        """Remove secrets from the keyring that nothing refers to any more; what cannot be removed now does no harm."""
        for item in names:
            from ccswitch_py.core.cancellation import shielded
            from ccswitch_py.vault.store import open_store

            try:
                with shielded():
                    open_store(self._paths).delete(item)
            except CcswitchError:
                return

    def _value(self, item: str) -> str:
        if item not in self._values:
            from ccswitch_py.vault.store import open_store

            self._values[item] = open_store(self._paths).get(item).reveal()
        return self._values[item]


def placeholder_names(text: str) -> set[str]:
    """The names of all secrets that stand in a closed text, or in a journal."""
    if _MARK not in text:
        return set()
    import re

    return set(re.findall(rf"{_MARK}(journal/[0-9a-f]{{16}})", text))


def is_placeholder(raw: str) -> bool:
    """Whether an entry's JSON text is a placeholder, which nobody must take for its value."""
    return raw.startswith(f'"{_MARK}')


def without_placeholder_names(entries: dict[EntryPath, str]) -> dict[EntryPath, str]:
    """Sealed entries for a comparison: a secret has another name each time that it is sealed."""
    return {path: f'"{_MARK}"' if is_placeholder(raw) else raw for path, raw in entries.items()}


def mask_placeholders(text: str, before: str = "") -> str:
    """A closed text for people: bullets where a secret is; one that was not in ``before`` is called new."""
    new = _("(new)")
    return _replace(text, lambda item: '"••••••••"' if not before or item in before else f'"•••••••• {new}"')


def _replace(text: str, value: Callable[[str], str]) -> str:
    if _MARK not in text:
        return text
    import re

    return re.sub(_PLACEHOLDER, lambda match: value(match.group(1)), text)
