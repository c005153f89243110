"""What a screen does with a profile besides using it: duplicate, rename, remove, export, run, copy its command.

Each flow raises as the service does that it calls.
"""

from __future__ import annotations

import contextlib

from ccswitch_py.core.language import _, join_sentences
from ccswitch_py.store.profile_files import profile_names
from ccswitch_py.tui.flows.flow import FlowContext


async def duplicate_profile(context: FlowContext, name: str) -> str:
    from ccswitch_py.services.profiles.manage import duplicate
    from ccswitch_py.tui.screens.question import NamingScreen
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
    from ccswitch_py.tui.screens.question import NamingScreen

    names = await context.busy.run(_("Loading …"), profile_names, context.paths)
    new_name = await context.app.push_screen_wait(NamingScreen(names, _("Rename {name}", name=name), name))
    if new_name is None or new_name == name:
        return _("Nothing was changed.")
    await context.busy.run(_("Renaming …"), rename, context.paths, name, new_name)
    return _("Renamed {name} to {new}.", new=new_name, name=name)


async def remove_profile(context: FlowContext, name: str) -> str:
    from ccswitch_py.services.profiles.manage import remove
    from ccswitch_py.services.status import active_targets
    from ccswitch_py.tui.screens.question import confirm

    if await context.busy.run(_("Loading …"), active_targets, context.paths, name):
        return _("{name} is in use: use another profile first, or press o to turn it off.", name=name)
    question = _("Remove the profile {name}, and its key from the keyring unless another profile uses it?", name=name)
    if not await confirm(context.app, _("Remove"), question, _("Remove")):
        return _("Nothing was changed.")
    await context.busy.run(_("Removing …"), remove, context.paths, name)
    return _("{name} was removed.", name=name)


async def export_profile(context: FlowContext, name: str) -> str:
    from ccswitch_py.services.interchange import export, write_export
    from ccswitch_py.tui.screens.export import ExportScreen

    choice = await context.app.push_screen_wait(ExportScreen(name))
    if choice is None:
        return _("Nothing was changed.")
    chosen_format, path = choice
    text = await context.busy.run(_("Writing …"), export, context.paths, name, chosen_format)
    await context.busy.run(_("Writing …"), write_export, path, text)
    return _("Exported to {path}, without the key.", path=path)


async def run_tool(context: FlowContext, name: str) -> str:
    """Suspend the screen and run the tool until it exits; keep the output of one that failed until Enter."""
    from textual.app import SuspendNotSupported

    from ccswitch_py.services.run import prepare_run, require_program, run_here
    from ccswitch_py.tui.suspend import suspended

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
    from ccswitch_py.tui.clipboard import copy

    return await copy(context.app, await context.busy.run(_("Loading …"), launch_command, context.paths, name))


async def show_command(context: FlowContext, name: str) -> None:
    from ccswitch_py.services.details import launch_command
    from ccswitch_py.tui.screens.show_text import ShowTextScreen

    command = await context.busy.run(_("Loading …"), launch_command, context.paths, name)
    await context.app.push_screen_wait(ShowTextScreen(_("Start Claude Code with {name}", name=name), command))


async def confirm_real_client(context: FlowContext, remark: str = "") -> bool:
    """Ask whether the user's own client may be run: it finds out what no test of ours can. Raises ``NotFound``."""
    from ccswitch_py.services.live_test.tool import find_real_client
    from ccswitch_py.tui.screens.question import confirm

    await context.busy.run(_("Loading …"), find_real_client)
    notice = _(
        "This runs your own Claude Code once with this profile, in an empty folder, and asks it for one word. "
        "That is a full Claude Code request: about 20,000 tokens, which the gateway may charge for."
    )
    return await confirm(context.app, _("Ask Claude Code"), join_sentences(notice, remark), _("Ask"))
