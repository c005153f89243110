"""Changing live files: preview, confirm, write, and report."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from ccswitch_py.core.language import _, join_list, join_sentences
from ccswitch_py.core.paths import from_home
from ccswitch_py.tui.flows.flow import FlowContext

if TYPE_CHECKING:
    from ccswitch_py.services.apply.apply import ChangeSet


async def use_profile(context: FlowContext, name: str) -> str:
    """Raises as ``services.apply.use`` does; the same holds for the other flows here."""
    from ccswitch_py.services.apply.apply import use

    done = _("{name} is now in use. Press u to undo.", name=name)
    return await _change(context, partial(use, context.paths, name), _("{name} is already in use.", name=name), done)


async def undo_last(context: FlowContext, _name: str) -> str:
    from ccswitch_py.services.apply.apply import undo

    return await _change(context, partial(undo, context.paths), _("There is nothing to undo."), _("Undone."))


async def turn_off(context: FlowContext, _name: str) -> str:
    from ccswitch_py.services.apply.apply import off

    done = _("The original settings are restored. Press u to undo.")
    return await _change(context, partial(off, context.paths), _("No profile is in use."), done)


async def _change(context: FlowContext, job: Callable[..., ChangeSet], nothing: str, done: str) -> str:
    """Return what to show: that ``job`` has ``nothing`` to change, that the user declined, or that it is ``done``."""
    from ccswitch_py.live_files.live_state import StalePreview
    from ccswitch_py.services.apply.preview import changed_lines, diff_lines
    from ccswitch_py.tui.screens.preview import PreviewScreen

    warnings: list[str] = []
    while (change := await context.busy.run(_("Preparing a preview …"), job, dry_run=True)).changed:
        files = [one for one in change.changes if one.changed]
        lines = changed_lines(files[0]) if len(files) == 1 else [line for one in files for line in diff_lines(one)]
        preview = PreviewScreen(join_list(from_home(one.path) for one in files), lines, [*warnings, *change.notes])
        if not await context.app.push_screen_wait(preview):
            return _("Nothing was changed.")
        try:
            written = await context.busy.run(_("Writing …"), job, dry_run=False, agreed=change)
        except StalePreview:
            warnings = [_("The file has changed since the preview. This is the updated change.")]
        else:
            return join_sentences(done, *written.notes)
    return nothing
