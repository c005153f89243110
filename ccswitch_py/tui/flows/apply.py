"""Changing a live file from any screen: show the exact change, ask, write, and say what follows."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from ccswitch_py.core.errors import CcswitchError
from ccswitch_py.core.language import _, join_list, join_sentences
from ccswitch_py.core.paths import from_home
from ccswitch_py.tui.flows.flow import Here

if TYPE_CHECKING:
    from ccswitch_py.services.apply.apply import ChangeSet


async def apply_after_preview(here: Here, name: str) -> str:
    """Put a profile in use, and return what is to be told; errors are told like that, too."""
    from ccswitch_py.services.apply.apply import use

    try:
        return await _after_preview(
            here,
            partial(use, here.paths, name),
            nothing=_("{name} is in use already.", name=name),
            declined=_("Nothing was written; put {name} in use when you like.", name=name),
            done=_("{name} is in use; u takes it back.", name=name),
        )
    except CcswitchError as problem:
        return str(problem)


async def undo_after_preview(here: Here, _name: str = "") -> str:
    """Take the last change back; raises as ``jobs.apply.undo`` does."""
    from ccswitch_py.services.apply.apply import undo

    return await _after_preview(
        here,
        partial(undo, here.paths),
        nothing=_("There is nothing to undo."),
        declined=_("Nothing was taken back."),
        done=_("Taken back."),
    )


async def off_after_preview(here: Here, _name: str = "") -> str:
    """Give the file back as it was before ccswitch; raises as ``jobs.apply.off`` does."""
    from ccswitch_py.services.apply.apply import off

    return await _after_preview(
        here,
        partial(off, here.paths),
        nothing=_("No profile is in use."),
        declined=_("Nothing was written."),
        done=_("The settings are as they were before ccswitch; u takes it back."),
    )


async def _after_preview(here: Here, job: Callable[..., ChangeSet], *, nothing: str, declined: str, done: str) -> str:
    from ccswitch_py.live_files.change import StalePreview
    from ccswitch_py.services.apply.preview import changed_lines, diff_lines
    from ccswitch_py.tui.screens.preview import PreviewScreen

    news: list[str] = []
    while (change := await here.wait(_("Looking what would change …"), job, dry_run=True)).changed:
        files = [one for one in change.changes if one.changed]
        lines = changed_lines(files[0]) if len(files) == 1 else [line for one in files for line in diff_lines(one)]
        preview = PreviewScreen(join_list(from_home(one.path) for one in files), lines, [*news, *change.notes])
        if not await here.app.push_screen_wait(preview):
            return declined
        try:
            written = await here.wait(_("Writing …"), job, dry_run=False, agreed=change)
        except StalePreview:
            news = [_("Something has changed meanwhile: this is what would be written now.")]
        else:
            return join_sentences(done, *written.notes)
    return nothing
