"""Runs a coroutine that Ctrl-C, or the cancellation token of this thread, ends at once."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar

from ccswitch_py.core.cancellation import POLL_INTERVAL_S, CancellableWait, current_token
from ccswitch_py.core.errors import Interrupted
from ccswitch_py.core.language import _

Result = TypeVar("Result")

DNS_THREADS = 128


class _DnsThreads(ThreadPoolExecutor):
    """Threads for DNS lookups: enough that slow ones hold up no others, and nobody waits for one that hangs."""

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        super().shutdown(wait=False, cancel_futures=True)


def finish(work: Coroutine[Any, Any, Result]) -> Result:
    """Run ``work`` and return its result.

    Raises ``KeyboardInterrupt`` after Ctrl-C, ``Interrupted`` after a cancellation by the token of this thread.
    """
    with asyncio.Runner() as runner:
        loop = runner.get_loop()
        loop.set_default_executor(_DnsThreads(DNS_THREADS))
        # What fails only because the loop ends is nobody's concern.
        loop.set_exception_handler(lambda _loop, _context: None)
        try:
            return runner.run(_cancelled_by_token(work))
        except asyncio.CancelledError as cancelled:
            token = current_token()
            if token is not None and token.is_cancelled:
                raise Interrupted(_("Stopped.")) from cancelled
            raise KeyboardInterrupt from cancelled


async def _cancelled_by_token(work: Coroutine[Any, Any, Result]) -> Result:
    if current_token() is None:
        return await work
    task, wait = asyncio.ensure_future(work), CancellableWait()
    try:
        while not task.done():
            await asyncio.wait([task], timeout=wait.next_s(POLL_INTERVAL_S))
    finally:
        task.cancel()
    return await task
