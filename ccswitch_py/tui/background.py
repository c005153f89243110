"""Running blocking jobs off the UI thread; one that hangs blocks neither the screen nor the exit."""

from __future__ import annotations

import asyncio
import contextlib
import threading
from collections.abc import Callable
from importlib import import_module
from typing import ParamSpec, TypeVar

Arguments = ParamSpec("Arguments")
Result = TypeVar("Result")


async def in_background(
    job: Callable[Arguments, Result], /, *arguments: Arguments.args, **options: Arguments.kwargs
) -> Result:
    """Return or raise what ``job`` does, on a daemon thread; the exit waits for those of ``asyncio.to_thread``."""
    loop = asyncio.get_running_loop()
    future: asyncio.Future[Result] = loop.create_future()

    def resolve(result: Result | None, error: BaseException | None) -> None:
        if future.cancelled():
            return
        if error is not None:
            future.set_exception(error)
        else:
            future.set_result(result)  # pyright: ignore[reportArgumentType]

    def run() -> None:
        result, error = None, None
        try:
            result = job(*arguments, **options)
        except BaseException as raised:
            error = raised
        with contextlib.suppress(RuntimeError):  # the loop is closed
            loop.call_soon_threadsafe(resolve, result, error)

    threading.Thread(target=run, daemon=True).start()
    return await future


async def preload(*modules: str) -> None:
    """Import modules off the UI thread, so that the imports that follow take no time."""
    await in_background(lambda: [import_module(module) for module in modules])
