"""Notifies a screen, within a second or two, that another program has changed a profile, a key or a live file."""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass
from typing import Any

from textual.message import Message
from textual.screen import Screen

from ccswitch_py.core.paths import Paths
from ccswitch_py.services.watching import DiskState, WatchedKind, compare, scan
from ccswitch_py.tui.background import in_background

_INTERVAL_S = 1.0
_CPU_SHARE = 0.03
"""The share of one core that polling may take; with very many profiles the interval grows."""


@dataclass
class FilesChanged(Message):
    """These profiles, or files of these kinds, have changed."""

    names: frozenset[str]
    what: frozenset[WatchedKind]


class Watcher:
    """Polls from ``start`` on, for as long as its screen runs."""

    def __init__(self, screen: Screen[Any], paths: Paths) -> None:
        self._screen = screen
        self._paths = paths
        self._seen: DiskState | None = None
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        self._task = asyncio.create_task(self._look())

    async def _look(self) -> None:
        seen, cost_s = await in_background(_timed_look, self._paths, self._seen)
        if not self._screen.is_running:
            return
        change = compare(self._seen, seen) if self._seen else None
        if change:
            self._screen.post_message(FilesChanged(change.names, change.kinds))
        self._seen = seen
        self._screen.set_timer(max(_INTERVAL_S, cost_s / _CPU_SHARE), self.start)


def _timed_look(paths: Paths, before: DiskState | None) -> tuple[DiskState, float]:
    start = time.thread_time()
    return scan(paths, before), time.thread_time() - start
