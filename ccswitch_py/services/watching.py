"""Detects what others changed on disk: profiles, providers, keys, live files, journal and test results.

It polls, because that works on every system and file system; it costs about 3 ms per 1,000 profiles.
"""

from __future__ import annotations

import os
import time
from dataclasses import dataclass
from enum import StrEnum

from ccswitch_py.core.paths import Paths
from ccswitch_py.targets.registry import TARGETS

Mark = tuple[int, int, int]
"""Mtime, size and inode of a file: an editor may keep one of them, but not all."""

_SETTLED_NS = 3_000_000_000
"""A folder changed more recently may change again without a new mtime: some file systems count in 2 s."""


class WatchedKind(StrEnum):
    """What can change."""

    PROFILES = "profiles"
    PROVIDERS = "providers"
    KEYS = "keys"
    SETTINGS = "settings"
    JOURNAL = "journal"
    TESTS = "tests"


@dataclass(frozen=True)
class DiskChanges:
    """``names`` are the profiles whose file or last test was changed, added or removed."""

    what: frozenset[WatchedKind]
    names: frozenset[str]

    def __bool__(self) -> bool:
        return bool(self.what)


@dataclass(frozen=True)
class _Folder:
    """A folder whose files are only replaced as a whole, so that its own mark tells whether one was."""

    mark: Mark | None
    is_settled: bool
    files: dict[str, Mark | None]


@dataclass(frozen=True)
class Seen:
    """The state of everything at one time."""

    profiles: dict[str, Mark | None]
    providers: dict[str, Mark | None]
    keys: Mark | None
    live: dict[str, Mark | None]
    journal: _Folder
    tests: _Folder


def look(paths: Paths, before: Seen | None = None) -> Seen:
    """Return the state now; with ``before``, folders that have not changed are not read again.

    What cannot be read counts as absent, as it does for the screens.
    """
    return Seen(
        _files(paths.profiles, ".toml"),
        _files(paths.providers, ".toml"),
        _mark(paths.keys),
        {file.path: _mark(file.path) for target in TARGETS.values() for file in target.live_files(os.environ)},
        _folder(paths.journal, before and before.journal),
        _folder(os.path.dirname(paths.last_test("")), before and before.tests),
    )


def changed(before: Seen, after: Seen) -> DiskChanges:
    """Compare two states."""
    pairs = {
        WatchedKind.PROFILES: (before.profiles, after.profiles),
        WatchedKind.PROVIDERS: (before.providers, after.providers),
        WatchedKind.KEYS: (before.keys, after.keys),
        WatchedKind.SETTINGS: (before.live, after.live),
        WatchedKind.JOURNAL: (before.journal.files, after.journal.files),
        WatchedKind.TESTS: (before.tests.files, after.tests.files),
    }
    what = frozenset(kind for kind, (old, new) in pairs.items() if old != new)
    names: set[str] = set()
    if WatchedKind.PROFILES in what:
        names |= _differing(before.profiles, after.profiles)
    if WatchedKind.TESTS in what:
        names |= _differing(before.tests.files, after.tests.files)
    return DiskChanges(what, frozenset(names))


def _differing(old: dict[str, Mark | None], new: dict[str, Mark | None]) -> set[str]:
    """Return the stems of the files that differ."""
    files = {name for name in old.keys() | new.keys() if (name in old, old.get(name)) != (name in new, new.get(name))}
    return {os.path.splitext(name)[0] for name in files}


def _folder(path: str, before: _Folder | None) -> _Folder:
    mark = _mark(path)
    if before and before.is_settled and before.mark == mark:
        return before
    is_settled = mark is None or time.time_ns() - mark[0] > _SETTLED_NS
    return _Folder(mark, is_settled, _files(path, ".json"))


def _files(folder: str, ending: str) -> dict[str, Mark | None]:
    """Return the files of a folder; a dangling link has no mark."""
    try:
        if os.stat not in os.supports_dir_fd:
            names = [name for name in os.listdir(folder) if name.endswith(ending) and name[0] != "."]
            return {name: _mark(os.path.join(folder, name)) for name in names}
        descriptor = os.open(folder, os.O_RDONLY)
    except OSError:
        return {}
    try:
        return _marks(descriptor, ending)
    finally:
        os.close(descriptor)


def _marks(folder: int, ending: str) -> dict[str, Mark | None]:
    """Do the same through an open folder, in one loop: it runs 10,000 times a second."""
    found: dict[str, Mark | None] = {}
    stat = os.stat
    for name in os.listdir(folder):
        if name.endswith(ending) and name[0] != ".":
            try:
                at = stat(name, dir_fd=folder)
            except OSError:
                found[name] = None
            else:
                found[name] = at.st_mtime_ns, at.st_size, at.st_ino
    return found


def _mark(path: str) -> Mark | None:
    try:
        at = os.stat(path)
    except OSError:
        return None
    return at.st_mtime_ns, at.st_size, at.st_ino
