"""Tells a screen when somebody else has changed a profile, a key or a live file, within a second or two."""

from __future__ import annotations

import asyncio
import time
from typing import Any

from textual.message import Message
from textual.screen import Screen

from ccswitch_py.core.paths import Paths
from ccswitch_py.services.watching import Seen, WatchedKind, changed, look
from ccswitch_py.tui.background import in_background

_EVERY_S = 1.0
_SHARE = 0.03
"""How much of one core looking may take: with very many profiles it is done less often."""


class FilesChanged(Message):
    """These profiles, or these kinds of files, are not what they were."""

    def __init__(self, names: frozenset[str], what: frozenset[WatchedKind]) -> None:
        super().__init__()
        self.names = names
        self.what = what


class Watcher:
    """Looks for as long as its screen is there, beside it; ``start`` it when the screen is mounted."""

    def __init__(self, screen: Screen[Any], paths: Paths) -> None:
        self._screen = screen
        self._paths = paths
        self._seen: Seen | None = None
        self._looking: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Look now, and from then on again and again."""
        self._looking = asyncio.create_task(self._look())

    async def _look(self) -> None:
        seen, cost_s = await in_background(_timed_look, self._paths, self._seen)
        if not self._screen.is_running:
            return
        change = self._seen and changed(self._seen, seen)
        if change:
            self._screen.post_message(FilesChanged(change.names, change.what))
        self._seen = seen
        self._screen.set_timer(max(_EVERY_S, cost_s / _SHARE), self.start)


def _timed_look(paths: Paths, before: Seen | None) -> tuple[Seen, float]:
    """What is seen, and the processor's time that it took."""
    began = time.thread_time()
    return look(paths, before), time.thread_time() - began
