"""Changing a live file from any screen: show the exact change, ask, write, and say what follows."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from ccswitch_py.errors import CcswitchError
from ccswitch_py.language import together, tr
from ccswitch_py.paths import from_home
from ccswitch_py.tui.flow import Here

if TYPE_CHECKING:
    from ccswitch_py.jobs.change import Change


async def apply_after_preview(here: Here, name: str) -> str:
    """Put a profile in use, and return what is to be told; errors are told like that, too."""
    from ccswitch_py.jobs.apply import use

    try:
        return await _after_preview(
            here,
            partial(use, here.paths, name),
            nothing=tr("{name} is in use already.", name=name),
            declined=tr("Nothing was written; put {name} in use when you like.", name=name),
            done=tr("{name} is in use; u takes it back.", name=name),
        )
    except CcswitchError as problem:
        return str(problem)


async def undo_after_preview(here: Here, _name: str = "") -> str:
    """Take the last change back; raises as ``jobs.apply.undo`` does."""
    from ccswitch_py.jobs.apply import undo

    return await _after_preview(
        here,
        partial(undo, here.paths),
        nothing=tr("There is nothing to undo."),
        declined=tr("Nothing was taken back."),
        done=tr("Taken back."),
    )


async def off_after_preview(here: Here, _name: str = "") -> str:
    """Give the file back as it was before ccswitch; raises as ``jobs.apply.off`` does."""
    from ccswitch_py.jobs.apply import off

    return await _after_preview(
        here,
        partial(off, here.paths),
        nothing=tr("No profile is in use."),
        declined=tr("Nothing was written."),
        done=tr("The settings are as they were before ccswitch; u takes it back."),
    )


async def _after_preview(here: Here, job: Callable[..., Change], *, nothing: str, declined: str, done: str) -> str:
    from ccswitch_py.jobs.change import Outdated
    from ccswitch_py.jobs.preview import changed_lines
    from ccswitch_py.tui.screens.preview import PreviewScreen

    news: list[str] = []
    while (change := await here.wait(tr("Looking what would change …"), job, dry_run=True)).changed:
        preview = PreviewScreen(from_home(change.path), changed_lines(change), [*news, *change.notes])
        if not await here.app.push_screen_wait(preview):
            return declined
        try:
            written = await here.wait(tr("Writing …"), job, dry_run=False, agreed=change)
        except Outdated:
            news = [tr("Something has changed meanwhile: this is what would be written now.")]
        else:
            return together(done, *written.notes)
    return nothing
