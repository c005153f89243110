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
    """Some files; where they are only replaced as a whole, the ``mark`` of their folder tells whether one was."""

    files: dict[str, Mark | None]
    mark: Mark | None = None
    is_settled: bool = False


Seen = dict[WatchedKind, _Folder]
"""The state of everything at one time."""


def look(paths: Paths, before: Seen | None = None) -> Seen:
    """Return the state now; with ``before``, folders that have not changed are not read again.

    What cannot be read counts as absent, as it does for the screens.
    """
    before = before or {}
    live = (file.path for target in TARGETS.values() for file in target.live_files(os.environ))
    return {
        WatchedKind.PROFILES: _Folder(_files(paths.profiles, ".toml")),
        WatchedKind.PROVIDERS: _Folder(_files(paths.providers, ".toml")),
        WatchedKind.KEYS: _Folder({paths.keys: _mark(paths.keys)}),
        WatchedKind.SETTINGS: _Folder({path: _mark(path) for path in live}),
        WatchedKind.JOURNAL: _folder(paths.journal, before.get(WatchedKind.JOURNAL)),
        WatchedKind.TESTS: _folder(os.path.dirname(paths.last_test("")), before.get(WatchedKind.TESTS)),
    }


def changed(before: Seen, after: Seen) -> DiskChanges:
    """Compare two states."""
    what = frozenset(kind for kind in after if before[kind].files != after[kind].files)
    of_profiles = what & {WatchedKind.PROFILES, WatchedKind.TESTS}
    return DiskChanges(
        what, frozenset(name for kind in of_profiles for name in _differing(before[kind].files, after[kind].files))
    )


def _differing(old: dict[str, Mark | None], new: dict[str, Mark | None]) -> set[str]:
    """Return the stems of the files that differ."""
    files = {name for name in old.keys() | new.keys() if (name in old, old.get(name)) != (name in new, new.get(name))}
    return {os.path.splitext(name)[0] for name in files}


def _folder(path: str, before: _Folder | None) -> _Folder:
    mark = _mark(path)
    if before and before.is_settled and before.mark == mark:
        return before
    is_settled = mark is None or time.time_ns() - mark[0] > _SETTLED_NS
    return _Folder(_files(path, ".json"), mark, is_settled)


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
