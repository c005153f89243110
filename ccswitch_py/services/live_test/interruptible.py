"""Runs a coroutine that Ctrl-C, or the cancellation token of this thread, ends at once."""

from __future__ import annotations

import asyncio
import contextlib
import signal
import threading
from collections.abc import Coroutine
from concurrent.futures import ThreadPoolExecutor
from types import FrameType
from typing import Any, TypeVar

from ccswitch_py.core.cancellation import POLL_INTERVAL_S, CancellableWait, current_token
from ccswitch_py.core.errors import Interrupted
from ccswitch_py.core.language import _

Result = TypeVar("Result")

DNS_THREADS = 128


def run_until_interrupted(work: Coroutine[Any, Any, Result]) -> asyncio.Task[Result]:
    """Run ``work`` to its end; it is cancelled by Ctrl-C or the cancellation token of this thread.

    A second Ctrl-C raises ``KeyboardInterrupt``. Unlike ``asyncio.run`` this waits for no thread at the end: a DNS
    lookup may hang.
    """
    loop = asyncio.new_event_loop()
    # DNS lookups run in its threads; with few of them, slow ones would hold up the others.
    loop.set_default_executor(ThreadPoolExecutor(DNS_THREADS))
    task = loop.create_task(work)
    if current_token() is not None:
        loop.create_task(_cancel_on_token(task))  # noqa: RUF006 (the loop ends with the work)

    def stop(_number: int, _frame: FrameType | None) -> None:
        signal.signal(signal.SIGINT, signal.default_int_handler)
        loop.call_soon_threadsafe(task.cancel)

    handles_sigint = (
        threading.current_thread() is threading.main_thread()
        and signal.getsignal(signal.SIGINT) is signal.default_int_handler
    )
    if handles_sigint:
        signal.signal(signal.SIGINT, stop)
    try:
        with contextlib.suppress(asyncio.CancelledError):
            loop.run_until_complete(task)
        loop.run_until_complete(loop.shutdown_asyncgens())
    finally:
        if handles_sigint:
            signal.signal(signal.SIGINT, signal.default_int_handler)
        loop.set_exception_handler(lambda _loop, _context: None)
        loop.close()
    return task


async def _cancel_on_token(task: asyncio.Task[Any]) -> None:
    wait = CancellableWait()
    try:
        while True:
            await asyncio.sleep(wait.next_s(POLL_INTERVAL_S))
    except Interrupted:
        task.cancel()


def finish(work: Coroutine[Any, Any, Result]) -> Result:
    """Run ``work`` and return its result.

    Raises ``KeyboardInterrupt`` after Ctrl-C, ``Interrupted`` after a cancellation by the token of this thread.
    """
    task = run_until_interrupted(work)
    if not task.cancelled():
        return task.result()
    token = current_token()
    if token is not None and token.is_cancelled:
        raise Interrupted(_("Stopped."))
    raise KeyboardInterrupt
