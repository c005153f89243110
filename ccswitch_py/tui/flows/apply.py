"""Changing a live file: preview, confirm, write, and report."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from ccswitch_py.core.errors import CcswitchError
from ccswitch_py.core.language import _, join_list, join_sentences
from ccswitch_py.core.paths import from_home
from ccswitch_py.tui.flows.flow import FlowContext

if TYPE_CHECKING:
    from ccswitch_py.services.apply.apply import ChangeSet


async def apply_after_preview(context: FlowContext, name: str) -> str:
    """Put a profile in use; return the message for the user, also for an error."""
    from ccswitch_py.services.apply.apply import use

    try:
        return await _apply_with_preview(
            context,
            partial(use, context.paths, name),
            nothing=_("{name} is in use already.", name=name),
            declined=_("Nothing was written; put {name} in use when you like.", name=name),
            done=_("{name} is in use; u takes it back.", name=name),
        )
    except CcswitchError as problem:
        return str(problem)


async def undo_after_preview(context: FlowContext, _name: str = "") -> str:
    """Undo the last change; raises as ``services.apply.undo`` does."""
    from ccswitch_py.services.apply.apply import undo

    return await _apply_with_preview(
        context,
        partial(undo, context.paths),
        nothing=_("There is nothing to undo."),
        declined=_("Nothing was taken back."),
        done=_("Taken back."),
    )


async def off_after_preview(context: FlowContext, _name: str = "") -> str:
    """Restore the file as it was before ccswitch; raises as ``services.apply.off`` does."""
    from ccswitch_py.services.apply.apply import off

    return await _apply_with_preview(
        context,
        partial(off, context.paths),
        nothing=_("No profile is in use."),
        declined=_("Nothing was written."),
        done=_("The settings are as they were before ccswitch; u takes it back."),
    )


async def _apply_with_preview(
    context: FlowContext, job: Callable[..., ChangeSet], *, nothing: str, declined: str, done: str
) -> str:
    from ccswitch_py.live_files.live_state import StalePreview
    from ccswitch_py.services.apply.preview import changed_lines, diff_lines
    from ccswitch_py.tui.screens.preview import PreviewScreen

    warnings: list[str] = []
    while (change := await context.run(_("Looking what would change …"), job, dry_run=True)).changed:
        files = [one for one in change.changes if one.changed]
        lines = changed_lines(files[0]) if len(files) == 1 else [line for one in files for line in diff_lines(one)]
        preview = PreviewScreen(join_list(from_home(one.path) for one in files), lines, [*warnings, *change.notes])
        if not await context.app.push_screen_wait(preview):
            return declined
        try:
            written = await context.run(_("Writing …"), job, dry_run=False, agreed=change)
        except StalePreview:
            warnings = [_("Something has changed meanwhile: this is what would be written now.")]
        else:
            return join_sentences(done, *written.notes)
    return nothing
