"""Keeping secrets out of the journal: in its texts the keyring's name for a secret stands where the secret was."""

from __future__ import annotations

import json
import os
import re

from ccswitch_py.patch.json_text import entry_spans, raw_entry

TYPE_CHECKING = False
if TYPE_CHECKING:
    from ccswitch_py.patch.json_text import EntryPath
    from ccswitch_py.paths import Paths
    from ccswitch_py.targets.base import Target

_PLACEHOLDER = re.compile(r'"ccswitch-sealed:(journal/[0-9a-f]{16})"')


class Seal:
    """Seals and opens the texts of one change; ``known`` are the names that the journal has for secrets of the file."""

    def __init__(self, paths: Paths, target: Target, known: list[tuple[EntryPath, str]]) -> None:
        self._paths = paths
        self._target = target
        self._known = dict(known)
        self._values: dict[str, str] = {}

    def close(self, text: str) -> str:
        """``text`` with a placeholder for each secret among its owned entries."""
        for path in self._target.owned:
            spans = entry_spans(text, path)
            for start, end in reversed(spans):
                raw = text[start:end]
                if self._target.is_secret(path, raw):
                    known = self._known.get(path) if (start, end) == spans[-1] else None
                    text = text[:start] + self.hold(raw, known) + text[end:]
        return text

    def hold(self, raw: str, known: str | None = None) -> str:
        """The placeholder for one secret value (JSON text)."""
        same = next((item for item, value in self._values.items() if value == raw), None)
        item = known or same or f"journal/{os.urandom(8).hex()}"
        self._values[item] = raw
        return f'"ccswitch-sealed:{item}"'

    def open(self, text: str) -> str:
        """``text`` with the secrets in place; raises ``KeyUnavailable`` if the keyring does not give one."""
        return _PLACEHOLDER.sub(lambda match: self._value(match.group(1)), text)

    def held_entries(self, text: str) -> list[tuple[EntryPath, str]]:
        """The sealed entries of a closed text, with the names under which they are kept."""
        raws = [(path, raw_entry(text, path) or "") for path in self._target.owned] if text else []
        return [(path, match.group(1)) for path, raw in raws if (match := _PLACEHOLDER.fullmatch(raw))]

    def keep(self, names: set[str]) -> list[str]:
        """Store the secrets of these names that are not in the keyring yet; returns the names that were stored."""
        stored: list[str] = []
        for item in names & self._values.keys() - set(self._known.values()):
            from ccswitch_py.vault.secret import Secret
            from ccswitch_py.vault.store import open_store

            open_store(self._paths).set(item, Secret(self._values[item]))
            stored.append(item)
        return stored

    def drop(self, names: set[str] | list[str]) -> None:
        """Remove secrets from the keyring that nothing refers to any more."""
        for item in names:
            from ccswitch_py.vault.store import open_store

            open_store(self._paths).delete(item)

    def _value(self, item: str) -> str:
        if item not in self._values:
            from ccswitch_py.vault.store import open_store

            self._values[item] = open_store(self._paths).get(item).reveal()
        return self._values[item]


def sealed_names(journal: dict[str, object]) -> set[str]:
    """The names of all secrets that a journal refers to."""
    return set(re.findall(r"ccswitch-sealed:(journal/[0-9a-f]{16})", json.dumps(journal)))


def shown(text: str) -> str:
    """A closed text for people: bullets where a secret is."""
    return _PLACEHOLDER.sub('"••••••••"', text)
