"""Running blocking jobs off the UI thread; one that hangs blocks neither the screen nor the exit."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from concurrent.futures import Future
from importlib import import_module
from typing import ParamSpec, TypeVar

Arguments = ParamSpec("Arguments")
Result = TypeVar("Result")


async def in_background(
    job: Callable[Arguments, Result], /, *arguments: Arguments.args, **options: Arguments.kwargs
) -> Result:
    """Return or raise what ``job`` does, on a daemon thread; the exit waits for those of ``asyncio.to_thread``."""
    future: Future[Result] = Future()
    future.set_running_or_notify_cancel()  # else cancelling the task would cancel it, and setting a result fail

    def run() -> None:
        try:
            future.set_result(job(*arguments, **options))
        except BaseException as error:
            future.set_exception(error)

    threading.Thread(target=run, daemon=True).start()
    return await asyncio.wrap_future(future)


async def preload(*modules: str) -> None:
    """Import modules off the UI thread, so that the imports that follow take no time."""
    await in_background(lambda: [import_module(module) for module in modules])
