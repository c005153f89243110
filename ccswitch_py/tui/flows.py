"""Actions of several steps (ask, run, report) that screens start for a profile; only screens call them.

Each flow raises as the service does that it calls.
"""

from __future__ import annotations

import contextlib
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

from textual.app import App

from ccswitch_py.core.language import _, join_list, join_sentences
from ccswitch_py.core.paths import Paths, from_home
from ccswitch_py.store.profile_files import profile_names
from ccswitch_py.tui.background import preload
from ccswitch_py.tui.widgets.status import Busy

if TYPE_CHECKING:
    from ccswitch_py.model.base_url import BaseUrl
    from ccswitch_py.model.launch import LaunchRecord
    from ccswitch_py.services.apply import ChangeSet
    from ccswitch_py.services.profiles.editing import EditedMeanwhile, Opened
    from ccswitch_py.services.profiles.setup import Draft


@dataclass(frozen=True)
class FlowContext:
    """Where a flow asks its questions (``app``) and runs its jobs, which the user can cancel (``busy``)."""

    app: App[Any]
    paths: Paths
    busy: Busy


Flow = Callable[[FlowContext, str], Awaitable["str | None"]]
"""Does something with a profile and returns the message to show (None: leave the one that is shown)."""


async def use_profile(context: FlowContext, name: str) -> str:
    from ccswitch_py.services.apply import use

    done = _("{name} is now in use. Press u to undo.", name=name)
    return await _change(context, partial(use, context.paths, name), _("{name} is already in use.", name=name), done)


async def use_everywhere(context: FlowContext, name: str) -> str:
    """Apply a profile to every installed tool that can use it; the profile remembers them."""
    from ccswitch_py.services.apply import remember_targets, use
    from ccswitch_py.targets.registry import ALL_TARGETS

    def job(**how: Any) -> ChangeSet:
        changes = use(context.paths, name, [ALL_TARGETS], **how)
        if not how.get("dry_run"):
            remember_targets(context.paths, name, changes)
        return changes

    done = _("{name} is now in use in every tool that can use it. Press u to undo.", name=name)
    return await _change(context, job, _("{name} is already in use in every tool that can use it.", name=name), done)


async def undo_last(context: FlowContext, _name: str) -> str:
    from ccswitch_py.services.apply import undo

    return await _change(context, partial(undo, context.paths), _("There is nothing to undo."), _("Undone."))


async def turn_off(context: FlowContext, _name: str) -> str:
    from ccswitch_py.services.apply import off

    done = _("The original settings are restored. Press u to undo.")
    return await _change(context, partial(off, context.paths), _("No profile is in use."), done)


async def _change(context: FlowContext, job: Callable[..., ChangeSet], nothing: str, done: str) -> str:
    """Return what to show: that ``job`` has ``nothing`` to change, that the user declined, or that it is ``done``."""
    from ccswitch_py.live_files.live_state import StalePreview
    from ccswitch_py.services.preview import changed_lines, check_replaceable
    from ccswitch_py.targets.registry import find_target
    from ccswitch_py.tui.screens.preview import FileDiff, PreviewScreen

    warnings: list[str] = []
    while (change := await context.busy.run(_("Preparing a preview …"), job, dry_run=True)).changed:
        await context.busy.run(_("Preparing a preview …"), check_replaceable, change.changes)
        files = [
            FileDiff(find_target(one.target_id).name, from_home(one.path), changed_lines(one))
            for one in change.changes
            if one.changed
        ]
        preview = PreviewScreen(files, [*warnings, *change.notes])
        if not await context.app.push_screen_wait(preview):
            return _("Nothing was changed.")
        try:
            written = await context.busy.run(_("Writing …"), job, dry_run=False, agreed=change)
        except StalePreview:
            warnings = [_("The file has changed since the preview. This is the updated change.")]
        else:
            return join_sentences(done, *written.notes)
    return nothing


async def duplicate_profile(context: FlowContext, name: str) -> str:
    from ccswitch_py.services.profiles.manage import duplicate
    from ccswitch_py.tui.screens.dialogs import NamingScreen
    from ccswitch_py.tui.screens.texts import free_name

    names = await context.busy.run(_("Loading …"), profile_names, context.paths)
    title = _("Duplicate {name}", name=name)
    new_name = await context.app.push_screen_wait(NamingScreen(names, title, free_name(names, name)))
    if new_name is None:
        return _("Nothing was changed.")
    await context.busy.run(_("Duplicating …"), duplicate, context.paths, name, new_name)
    return _("{new} is a copy of {name}, with the same key.", new=new_name, name=name)


async def rename_profile(context: FlowContext, name: str) -> str:
    from ccswitch_py.services.profiles.manage import rename
    from ccswitch_py.tui.screens.dialogs import NamingScreen

    names = await context.busy.run(_("Loading …"), profile_names, context.paths)
    new_name = await context.app.push_screen_wait(NamingScreen(names, _("Rename {name}", name=name), name))
    if new_name is None or new_name == name:
        return _("Nothing was changed.")
    await context.busy.run(_("Renaming …"), rename, context.paths, name, new_name)
    return _("Renamed {name} to {new}.", new=new_name, name=name)


async def remove_profile(context: FlowContext, name: str) -> str:
    from ccswitch_py.services.profiles.manage import key_on_removal, remove
    from ccswitch_py.services.status import active_targets
    from ccswitch_py.tui.screens.dialogs import confirm

    if await context.busy.run(_("Loading …"), active_targets, context.paths, name):
        return _("{name} is in use: use another profile first, or press o to turn it off.", name=name)
    key = await context.busy.run(_("Loading …"), key_on_removal, context.paths, name)
    if key.goes:
        question = _("Remove the profile {name}, and its key {key} from the keyring?", name=name, key=key.name)
    else:
        question = _("Remove the profile {name}?", name=name)
    if users := [*key.users, *key.possible_users]:
        kept = _(
            "The key {key} stays, because these profiles use it or cannot be read: {names}.",
            key=key.name,
            names=join_list(users),
        )
        question = join_sentences(question, kept)
    if not await confirm(context.app, _("Remove"), question, _("Remove")):
        return _("Nothing was changed.")
    await context.busy.run(_("Removing …"), remove, context.paths, name)
    return _("{name} was removed.", name=name)


async def export_profile(context: FlowContext, name: str) -> str:
    from ccswitch_py.services.interchange import ExportFormat, export, write_export
    from ccswitch_py.tui.screens.dialogs import ExportScreen

    choice = await context.app.push_screen_wait(ExportScreen(name))
    if choice is None:
        return _("Nothing was changed.")
    chosen_format, path = choice
    text = await context.busy.run(_("Writing …"), export, context.paths, name, ExportFormat(chosen_format))
    await context.busy.run(_("Writing …"), write_export, path, text)
    return _("Exported to {path}, without the key.", path=path)


async def run_tool(context: FlowContext, name: str) -> str:
    """Suspend the screen and run the tool until it exits; keep the output of one that failed until Enter."""
    from textual.app import SuspendNotSupported

    from ccswitch_py.services.run import prepare_run, require_program, run_here
    from ccswitch_py.tui.terminal import suspended

    prepared = await context.busy.run(_("Loading …"), prepare_run, context.paths, name, [])
    program = prepared.argv[0]
    require_program(prepared)
    try:
        with suspended(context.app):
            if code := run_here(prepared):
                print(_("Exited with code {code}. Press Enter to go back to ccswitch.", code=code))  # noqa: T201
                with contextlib.suppress(EOFError):
                    input()
    except SuspendNotSupported:
        return _("This terminal cannot be suspended: run `ccswitch run {name}` in another one.", name=name)
    return _("{program} exited with code {code}.", program=program, code=code)


async def copy_command(context: FlowContext, name: str) -> str:
    from ccswitch_py.services.details import launch_command
    from ccswitch_py.tui.terminal import copy

    return await copy(context.app, await context.busy.run(_("Loading …"), launch_command, context.paths, name))


async def show_command(context: FlowContext, name: str) -> None:
    from ccswitch_py.services.details import launch_command
    from ccswitch_py.tui.screens.show_text import ShowTextScreen

    command = await context.busy.run(_("Loading …"), launch_command, context.paths, name)
    await context.app.push_screen_wait(ShowTextScreen(_("Start Claude Code with {name}", name=name), command))


async def confirm_real_client(context: FlowContext, remark: str = "") -> bool:
    """Ask whether the user's own client may be run: it finds out what no test of ours can. Raises ``NotFound``."""
    from ccswitch_py.services.live_test.real_client import find_real_client
    from ccswitch_py.tui.screens.dialogs import confirm

    await context.busy.run(_("Loading …"), find_real_client)
    notice = _(
        "This runs your own Claude Code once with this profile, in an empty folder, and asks it for one word. "
        "That is a full Claude Code request: about 20,000 tokens, which the gateway may charge for."
    )
    return await confirm(context.app, _("Ask Claude Code"), join_sentences(notice, remark), _("Ask"))


async def agree_on_scheme(context: FlowContext, url: BaseUrl) -> str | None:
    """Return the address to use (None: none): https where the host answers it, or http after an explicit yes.

    Raises ``Interrupted``.
    """
    await preload("ccswitch_py.services.live_test.draft", "ccswitch_py.tui.screens.dialogs")
    from ccswitch_py.services.live_test.draft import find_https_equivalent
    from ccswitch_py.tui.screens.dialogs import QuestionScreen

    searching = _("Trying https on {host} …", host=url.host)
    equivalent = await context.busy.run(searching, find_https_equivalent, url)
    answers = {"back": _("Cancel")}
    texts = [
        _(
            "{address} is not encrypted: anyone on the way to {host} can read the key and everything you send. "
            "Use it only with a key that you can afford to lose.",
            address=url,
            host=url.host,
        )
    ]
    if equivalent is not None:
        answers["https"] = _("Use https")
        texts.append(_("The host also supports https: {address}", address=equivalent))
    answers["http"] = _("Use http")
    question = QuestionScreen(_("The key would be sent unencrypted"), "\n\n".join(texts), answers)
    chosen = {"https": equivalent, "http": url}.get(await context.app.push_screen_wait(question) or "")
    return str(chosen) if chosen else None


async def save(
    context: FlowContext, draft: Draft, opened: Opened | None, *, is_new: bool
) -> LaunchRecord | Opened | None:
    """Save a draft; return its record, the profile to load instead, or None to go on editing.

    ``opened`` is the profile as it was when it was opened. Raises as ``save_draft`` does.
    """
    await preload("ccswitch_py.services.profiles.editing")
    from ccswitch_py.services.profiles.editing import EditedMeanwhile
    from ccswitch_py.services.profiles.setup import save_draft

    while True:
        try:
            return await context.busy.run(
                _("Saving …"), save_draft, context.paths, draft, replace_existing=not is_new, opened=opened
            )
        except EditedMeanwhile as conflict:
            answer = await _resolve(context, conflict)
            if answer != "mine":
                return conflict.now if answer == "theirs" else None
            opened, is_new = conflict.now, conflict.is_gone


async def _resolve(context: FlowContext, conflict: EditedMeanwhile) -> str | None:
    from ccswitch_py.tui.screens.dialogs import QuestionScreen

    answers = {"back": _("Keep editing")}
    if conflict.is_gone:
        title = _("The profile was removed")
        answers["mine"] = _("Save anyway")
    else:
        title = _("The profile was changed")
        answers["mine"] = _("Keep mine")
        if conflict.now is not None:
            answers["theirs"] = _("Load theirs")
    return await context.app.push_screen_wait(QuestionScreen(title, str(conflict), answers))
