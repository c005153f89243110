"""Saving from the setup form: if somebody else has changed the profile meanwhile, the user says whose is kept."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, NamedTuple

from textual.app import App

from ccswitch_py.core.language import _

if TYPE_CHECKING:
    from ccswitch_py.core.paths import Paths
    from ccswitch_py.model.launch import LaunchRecord
    from ccswitch_py.services.profiles.editing import EditedMeanwhile, Opened
    from ccswitch_py.services.profiles.setup import Draft

WaitFor = Callable[..., Awaitable[Any]]


@dataclass(frozen=True)
class Saving:
    """What is to be saved, and what the profile was when it was opened."""

    paths: Paths
    draft: Draft
    opened: Opened | None
    is_new: bool


class Saved(NamedTuple):
    """What has become of it: a launch record, what is to be shown in its place, or neither."""

    record: LaunchRecord | None = None
    shown: Opened | None = None


async def save_or_ask(app: App[Any], saving: Saving, wait_for: WaitFor) -> Saved:
    """Save, with a question if the file is another one by now; raises as ``save_draft`` does."""
    from ccswitch_py.services.profiles.editing import EditedMeanwhile

    while True:
        try:
            return Saved(await wait_for(_("Saving …"), _save, saving))
        except EditedMeanwhile as changed:
            match await _whose(app, changed):
                case "mine":
                    saving = replace(saving, opened=changed.now, is_new=changed.is_gone)
                case "theirs":
                    return Saved(shown=changed.now)
                case _:
                    return Saved()


async def _whose(app: App[Any], changed: EditedMeanwhile) -> str | None:
    from ccswitch_py.tui.screens.question import QuestionScreen

    answers = {"back": _("Keep editing")}
    if changed.is_gone:
        title = _("Removed meanwhile")
        answers["mine"] = _("Save it again")
    else:
        title = _("Changed meanwhile")
        answers["mine"] = _("Keep mine")
        if changed.now is not None:
            answers["theirs"] = _("Load theirs")
    return await app.push_screen_wait(QuestionScreen(title, str(changed), answers))


def _save(saving: Saving) -> LaunchRecord:
    from ccswitch_py.services.profiles.setup import save_draft

    return save_draft(saving.paths, saving.draft, replace_existing=not saving.is_new, opened=saving.opened)
