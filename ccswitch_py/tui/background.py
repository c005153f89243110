"""Running a job beside the screen: one that hangs holds up neither the screen nor the end of the program."""

from __future__ import annotations

import asyncio
import contextlib
import threading
from collections.abc import Callable
from typing import ParamSpec, TypeVar

from ccswitch_py.core.cancellation import CancelToken, cancellable_by

Arguments = ParamSpec("Arguments")
Found = TypeVar("Found")


async def in_background(
    job: Callable[Arguments, Found], /, *arguments: Arguments.args, **options: Arguments.kwargs
) -> Found:
    """What ``job`` returns or raises.

    Unlike ``asyncio.to_thread`` its thread is none that the program waits for when it ends.
    """
    return await until_stopped(CancelToken(), job, *arguments, **options)


async def until_stopped(
    stop: CancelToken, job: Callable[Arguments, Found], /, *arguments: Arguments.args, **options: Arguments.kwargs
) -> Found:
    """The same for a job that ``stop`` can end where it waits; then it raises ``Interrupted``."""
    loop = asyncio.get_running_loop()
    ended: asyncio.Future[Found] = loop.create_future()

    def tell(result: Found | None, problem: BaseException | None) -> None:
        if ended.cancelled():
            return
        if problem is not None:
            ended.set_exception(problem)
        else:
            ended.set_result(result)  # pyright: ignore[reportArgumentType]

    def run() -> None:
        result, problem = None, None
        try:
            with cancellable_by(stop):
                result = job(*arguments, **options)
        except BaseException as error:
            problem = error
        with contextlib.suppress(RuntimeError):  # the program has ended
            loop.call_soon_threadsafe(tell, result, problem)

    threading.Thread(target=run, daemon=True).start()
    return await ended
