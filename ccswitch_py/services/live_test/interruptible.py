"""Lets Ctrl-C end a long job at once, with what it has found so far still in hand."""

from __future__ import annotations

import asyncio
import contextlib
import signal
import threading
from concurrent.futures import ThreadPoolExecutor
from types import FrameType
from typing import TYPE_CHECKING, TypeVar

from ccswitch_py.core.cancellation import POLL_INTERVAL_S, CancellableWait, current_token
from ccswitch_py.core.errors import Interrupted
from ccswitch_py.core.language import _

if TYPE_CHECKING:
    from collections.abc import Coroutine
    from typing import Any


Found = TypeVar("Found")

LOOKED_UP_AT_ONCE = 128


def run_until_interrupted(work: Coroutine[Any, Any, None]) -> bool:
    """Run ``work`` to its end; True if Ctrl-C has cancelled it before, or the wish that stops the job of this thread.

    A second Ctrl-C is a ``KeyboardInterrupt``.
    Unlike ``asyncio.run`` this waits for no thread at the end: one that looks a name up may hang.
    """
    loop = asyncio.new_event_loop()
    # Names are looked up in its threads: with few of them, hosts without an answer would hold up those with one.
    loop.set_default_executor(ThreadPoolExecutor(LOOKED_UP_AT_ONCE))
    task = loop.create_task(work)
    if current_token() is not None:
        loop.create_task(_cancel_when_stopped(task))  # noqa: RUF006 (the loop ends with the work)

    def stop(_number: int, _frame: FrameType | None) -> None:
        signal.signal(signal.SIGINT, signal.default_int_handler)
        loop.call_soon_threadsafe(task.cancel)

    listens = (
        threading.current_thread() is threading.main_thread()
        and signal.getsignal(signal.SIGINT) is signal.default_int_handler
    )
    if listens:
        signal.signal(signal.SIGINT, stop)
    try:
        with contextlib.suppress(asyncio.CancelledError):
            loop.run_until_complete(task)
        loop.run_until_complete(loop.shutdown_asyncgens())
    finally:
        if listens:
            signal.signal(signal.SIGINT, signal.default_int_handler)
        loop.set_exception_handler(lambda _loop, _context: None)
        loop.close()
    return task.cancelled()


async def _cancel_when_stopped(task: asyncio.Task[None]) -> None:
    wait = CancellableWait()
    try:
        while True:
            await asyncio.sleep(wait.next_s(POLL_INTERVAL_S))
    except Interrupted:
        task.cancel()


def finish(work: Coroutine[Any, Any, Found]) -> Found:
    """Run ``work`` and return what it found.

    Raises ``KeyboardInterrupt`` once Ctrl-C has cancelled it, ``Interrupted`` once the screen's user has stopped the
    job of this thread.
    """
    found: list[Found] = []

    async def keep() -> None:
        found.append(await work)

    if not run_until_interrupted(keep()):
        return found[0]
    stop = current_token()
    if stop is not None and stop.is_asked:
        raise Interrupted(_("Stopped."))
    raise KeyboardInterrupt
