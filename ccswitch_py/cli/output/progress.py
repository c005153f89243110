"""The line that moves while many profiles are tested: on standard error, and only where that is a terminal."""

from __future__ import annotations

import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING

from ccswitch_py.core.language import _
from ccswitch_py.redact.printable import printable
from ccswitch_py.services.live_test.batch import Watch

if TYPE_CHECKING:
    from collections.abc import Generator

    from rich.progress import Progress, TaskID

    from ccswitch_py.core.errors import CcswitchError
    from ccswitch_py.probe.plan import ProbePlan
    from ccswitch_py.services.live_test.batch import Tested


@contextmanager
def progress_line(count: int) -> Generator[Watch]:
    """A watch of ``count`` profiles that moves the line; it is gone at the end."""
    if not sys.stderr.isatty():
        yield Watch()
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
        yield _Line(progress, progress.add_task("", total=count))


class _Line(Watch):
    """Names the profile that has been under way for longest: the one that is waited for."""

    def __init__(self, progress: Progress, task: TaskID) -> None:
        self._progress = progress
        self._task = task
        self._under_way: dict[str, None] = {}

    def begins(self, plan: ProbePlan) -> None:
        self._under_way[plan.profile] = None
        self._show(0)

    def ended(self, name: str, found: Tested | CcswitchError) -> None:
        self._under_way.pop(name, None)
        self._show(1)

    def _show(self, advance: int) -> None:
        self._progress.update(self._task, advance=advance, description=printable(next(iter(self._under_way), "")))
