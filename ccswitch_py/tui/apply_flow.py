"""Putting a profile in use from any screen: show the exact change, ask, write, and say what follows."""

from __future__ import annotations

import asyncio
from typing import Any

from textual.app import App

from ccswitch_py.errors import CcswitchError
from ccswitch_py.jobs.apply import use
from ccswitch_py.jobs.preview import diff_lines
from ccswitch_py.paths import Paths
from ccswitch_py.tui.screens.preview import PreviewScreen


async def apply_after_preview(app: App[Any], paths: Paths, name: str) -> str:
    """Run the whole of it and return one sentence or two for the user; errors are among them."""
    try:
        change = await asyncio.to_thread(use, paths, name, dry_run=True)
        if not change.changed:
            return f"{name} is in use already."
        if not await app.push_screen_wait(PreviewScreen(change.path, diff_lines(change), change.notes)):
            return f"Nothing was written; put {name} in use when you like."
        done = await asyncio.to_thread(use, paths, name)
        return " ".join([f"{name} is in use.", *done.notes])
    except CcswitchError as problem:
        return str(problem)
