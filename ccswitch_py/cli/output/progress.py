"""The progress bar of a test of many profiles: on standard error, and only on a terminal."""

from __future__ import annotations

import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING

from ccswitch_py.core.language import _
from ccswitch_py.redact.printable import printable
from ccswitch_py.services.live_test.batch import ProgressListener

if TYPE_CHECKING:
    from collections.abc import Generator

    from rich.progress import Progress, TaskID

    from ccswitch_py.core.errors import CcswitchError
    from ccswitch_py.probe.plan import ProbePlan
    from ccswitch_py.services.live_test.batch import Tested


@contextmanager
def progress_bar(count: int) -> Generator[ProgressListener]:
    """A listener for ``count`` profiles; the bar is removed at the end."""
    if not sys.stderr.isatty():
        yield ProgressListener()
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    columns = (
        TextColumn(_("Testing"), markup=False),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        TextColumn("{task.description}", markup=False),
    )
    with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
        yield _ProgressBar(progress, progress.add_task("", total=count))


class _ProgressBar(ProgressListener):
    """Names the profile that has been running longest."""

    def __init__(self, progress: Progress, task: TaskID) -> None:
        self._progress = progress
        self._task = task
        self._running: dict[str, None] = {}

    def profile_started(self, plan: ProbePlan) -> None:
        self._running[plan.profile] = None
        self._show(0)

    def profile_finished(self, name: str, found: Tested | CcswitchError) -> None:
        self._running.pop(name, None)
        self._show(1)

    def _show(self, advance: int) -> None:
        self._progress.update(self._task, advance=advance, description=printable(next(iter(self._running), "")))
