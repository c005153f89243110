"""Detect changes on disk to profiles, providers, keys, live files, the journal and test results.

Polling works on every system and file system; it costs about 3 ms per 1,000 profiles.
"""

from __future__ import annotations

import os
import time
from dataclasses import dataclass
from enum import StrEnum

from ccswitch_py.core.paths import Paths
from ccswitch_py.targets.registry import TARGETS

FileStamp = tuple[int, int, int]
"""Mtime (ns), size and inode: an edit may keep one of them, but not all."""

_SETTLED_NS = 3_000_000_000
"""A folder changed later than this may change again with the same mtime: some file systems have steps of 2 s."""


class WatchedKind(StrEnum):
    """A kind of file that can change."""

    PROFILES = "profiles"
    PROVIDERS = "providers"
    KEYS = "keys"
    LIVE_FILES = "live files"
    JOURNAL = "journal"
    TESTS = "tests"


@dataclass(frozen=True)
class DiskChanges:
    """The kinds of files that changed, and the names of profiles whose file or last test did."""

    kinds: frozenset[WatchedKind]
    names: frozenset[str]

    def __bool__(self) -> bool:
        return bool(self.kinds)


@dataclass(frozen=True)
class _Folder:
    """Watched files; if files are only ever replaced, the ``stamp`` of their folder shows whether any was."""

    files: dict[str, FileStamp | None]
    stamp: FileStamp | None = None
    is_settled: bool = False


DiskState = dict[WatchedKind, _Folder]
"""All watched files at one time."""


def scan(paths: Paths, before: DiskState | None = None) -> DiskState:
    """Return the current state; unchanged folders are taken from ``before``.

    Unreadable files count as absent, as they do on the screens.
    """
    before = before or {}
    live = (file.path for target in TARGETS.values() for file in target.live_files(os.environ))
    return {
        WatchedKind.PROFILES: _Folder(_files(paths.profiles, ".toml")),
        WatchedKind.PROVIDERS: _Folder(_files(paths.providers, ".toml")),
        WatchedKind.KEYS: _Folder({paths.keys: _stamp(paths.keys)}),
        WatchedKind.LIVE_FILES: _Folder({path: _stamp(path) for path in live}),
        WatchedKind.JOURNAL: _folder(paths.journal, before.get(WatchedKind.JOURNAL)),
        WatchedKind.TESTS: _folder(os.path.dirname(paths.last_test("")), before.get(WatchedKind.TESTS)),
    }


def compare(before: DiskState, after: DiskState) -> DiskChanges:
    """Compare two states."""
    kinds = frozenset(kind for kind in after if before[kind].files != after[kind].files)
    of_profiles = kinds & {WatchedKind.PROFILES, WatchedKind.TESTS}
    return DiskChanges(
        kinds, frozenset(name for kind in of_profiles for name in _differing(before[kind].files, after[kind].files))
    )


def _differing(old: dict[str, FileStamp | None], new: dict[str, FileStamp | None]) -> set[str]:
    """Return the stems of the files that differ."""
    files = {name for name in old.keys() | new.keys() if (name in old, old.get(name)) != (name in new, new.get(name))}
    return {os.path.splitext(name)[0] for name in files}


def _folder(path: str, before: _Folder | None) -> _Folder:
    stamp = _stamp(path)
    if before and before.is_settled and before.stamp == stamp:
        return before
    is_settled = stamp is None or time.time_ns() - stamp[0] > _SETTLED_NS
    return _Folder(_files(path, ".json"), stamp, is_settled)


def _files(folder: str, ending: str) -> dict[str, FileStamp | None]:
    """Return the files of a folder; a dangling symlink has no stamp."""
    try:
        names = os.listdir(folder)
    except OSError:
        return {}
    return {name: _stamp(f"{folder}/{name}") for name in names if name.endswith(ending) and name[0] != "."}


def _stamp(path: str) -> FileStamp | None:
    try:
        at = os.stat(path)
    except OSError:
        return None
    return at.st_mtime_ns, at.st_size, at.st_ino
