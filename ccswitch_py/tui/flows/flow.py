"""What a screen does when a key is pressed, from the first question to the sentence that tells how it ended."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any, ParamSpec, Protocol, TypeVar

from textual.app import App

from ccswitch_py.core.paths import Paths

Arguments = ParamSpec("Arguments")
Found = TypeVar("Found")


class Waiting(Protocol):
    """How a screen waits: as ``Busy.run`` does."""

    async def __call__(
        self, text: str, job: Callable[Arguments, Found], /, *arguments: Arguments.args, **options: Arguments.kwargs
    ) -> Found:
        """What ``job`` returns or raises; ``text`` says meanwhile what is waited for."""
        ...


@dataclass(frozen=True)
class Here:
    """Where a flow runs: it asks its questions on ``app``, and its jobs run where their user can stop them."""

    app: App[Any]
    paths: Paths
    wait: Waiting


Flow = Callable[[Here, str], Awaitable["str | None"]]
"""Does something with a profile, and returns what is to be told; None if there is nothing to tell."""
