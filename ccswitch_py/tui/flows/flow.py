"""What a flow gets from the screen that runs it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any, ParamSpec, Protocol, TypeVar

from textual.app import App

from ccswitch_py.core.paths import Paths

Arguments = ParamSpec("Arguments")
Result = TypeVar("Result")


class JobRunner(Protocol):
    """Runs a blocking job off the UI thread, as ``Busy.run`` does."""

    async def __call__(
        self, text: str, job: Callable[Arguments, Result], /, *arguments: Arguments.args, **options: Arguments.kwargs
    ) -> Result:
        """Return or raise what ``job`` does; show ``text`` meanwhile."""
        ...


@dataclass(frozen=True)
class FlowContext:
    """Where a flow asks its questions (``app``) and runs its jobs, which the user can cancel (``run``)."""

    app: App[Any]
    paths: Paths
    run: JobRunner


Flow = Callable[[FlowContext, str], Awaitable["str | None"]]
"""Does something with a profile and returns the message to show (None: leave the one that is shown)."""
