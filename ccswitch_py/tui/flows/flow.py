"""What a flow gets from the screen that runs it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from textual.app import App

from ccswitch_py.core.paths import Paths
from ccswitch_py.tui.widgets.busy import Busy


@dataclass(frozen=True)
class FlowContext:
    """Where a flow asks its questions (``app``) and runs its jobs, which the user can cancel (``busy``)."""

    app: App[Any]
    paths: Paths
    busy: Busy


Flow = Callable[[FlowContext, str], Awaitable["str | None"]]
"""Does something with a profile and returns the message to show (None: leave the one that is shown)."""
