"""What a screen does when a key is pressed, from the first question to the sentence that tells how it ended."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any, ParamSpec, TypeVar

from textual.app import App

from ccswitch_py.paths import Paths
from ccswitch_py.tui.background import in_background
from ccswitch_py.tui.widgets.busy import Busy

Arguments = ParamSpec("Arguments")
Found = TypeVar("Found")


@dataclass(frozen=True)
class Here:
    """Where a flow runs: it asks its questions on ``app``, and what it waits for can be stopped in ``busy``."""

    app: App[Any]
    paths: Paths
    busy: Busy | None = None

    async def wait(
        self, text: str, job: Callable[Arguments, Found], /, *arguments: Arguments.args, **options: Arguments.kwargs
    ) -> Found:
        """What ``job`` returns or raises; ``text`` says meanwhile what is waited for."""
        if self.busy is None:
            return await in_background(job, *arguments, **options)
        return await self.busy.run(text, job, *arguments, **options)


Flow = Callable[[Here, str], Awaitable["str | None"]]
"""Does something with a profile, and returns what is to be told; None if there is nothing to tell."""
