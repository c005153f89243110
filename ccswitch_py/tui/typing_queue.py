"""Keys that arrive in a burst wait for what the one before them opens.

Textual forwards each key to the widget that has the focus when the key arrives. In a paste of a script, or over a slow
link, that is before the earlier keys have moved the focus.
"""

from __future__ import annotations

import asyncio
import time
from collections import deque
from collections.abc import Awaitable, Callable

from textual import events
from textual.app import App
from textual.message_pump import MessagePump
from textual.screen import Screen
from textual.worker import Worker

from ccswitch_py.tui.widgets.status import Busy

Typed = events.Key | events.Paste
PATIENCE_S = 3.0
"""How long a key waits at most; a job of the user's can take longer."""
_INTERVAL_S = 0.005
_READING = frozenset(("rows", "details", "read", "store", "fill", "copy", "quit"))
"""Groups of workers that open nothing."""


class TypingQueue:
    """Delivers one key after the other with ``deliver``, each once the one before it was handled."""

    def __init__(self, app: App[None], deliver: Callable[[Typed], Awaitable[None]]) -> None:
        self._app = app
        self._deliver = deliver
        self._waiting: deque[Typed] = deque()
        self._task: asyncio.Task[None] | None = None

    async def add(self, event: Typed) -> None:
        if self._task is not None and not self._task.done():
            self._waiting.append(event)
            return
        settled = await self._delivered(event)
        self._task = asyncio.create_task(self._run(settled))

    async def _run(self, settled: Awaitable[None]) -> None:
        await settled
        try:
            while self._waiting:
                await (await self._delivered(self._waiting.popleft()))
        except Exception as error:
            # As for an error in a message handler; Textual has no public way.
            self._app._handle_exception(error)  # pyright: ignore[reportPrivateUsage]

    async def _delivered(self, event: Typed) -> Awaitable[None]:
        """Deliver a key, and return what to await until it was handled."""
        screen, before = self._app.screen, set(self._app.workers)
        target = self._app.focused or screen
        await self._deliver(event)

        async def settle() -> None:
            deadline = time.monotonic() + PATIENCE_S
            # A key bubbles up to the app, which runs the action; that may move the focus with another message.
            for node in (*target.ancestors_with_self, self._app, self._app):
                await self._flushed(node, deadline)

            def opens_something(worker: Worker[object]) -> bool:
                return worker not in before and worker.group not in _READING and not worker.is_finished

            while (
                self._app.screen is screen
                and any(map(opens_something, self._app.workers))
                and not self._passes_jobs_of(screen)
                and time.monotonic() < deadline
            ):
                await asyncio.sleep(_INTERVAL_S)
            while not self._app.screen.is_current or not self._app.screen.is_mounted:
                if time.monotonic() > deadline:
                    return
                await asyncio.sleep(_INTERVAL_S)
            for node in (self._app.screen, self._app, self._app.focused or self._app.screen):
                await self._flushed(node, deadline)

        return settle()

    def _passes_jobs_of(self, screen: Screen[object]) -> bool:
        """Whether the next key need not wait for a job: it is slow, or the key is the one that cancels it."""
        following = self._waiting[0] if self._waiting else None
        is_escape = isinstance(following, events.Key) and following.key == "escape"
        return any(busy.is_slow or (is_escape and busy.is_busy) for busy in screen.query(Busy))

    @staticmethod
    async def _flushed(node: MessagePump, deadline: float) -> None:
        """Wait until a node has handled the messages that it has now."""
        done = asyncio.Event()
        if node.is_running and node.call_later(done.set):
            try:
                await asyncio.wait_for(done.wait(), max(deadline - time.monotonic(), 0))
            except TimeoutError:
                return
