"""What one does with a profile besides using it: duplicate, rename, remove, export, run, copy its command."""

from __future__ import annotations

import contextlib

from ccswitch_py.core.language import _
from ccswitch_py.store.profile_files import profile_names
from ccswitch_py.tui.flows.flow import FlowContext


async def duplicate_profile(context: FlowContext, name: str) -> str:
    """Copy a profile under a new name; raises as ``services.profiles.manage.duplicate``."""
    from ccswitch_py.services.profiles.manage import duplicate
    from ccswitch_py.tui.screens.question import NamingScreen
    from ccswitch_py.tui.screens.texts import free_name

    names = await context.run(_("Getting ready …"), profile_names, context.paths)
    title = _("Duplicate {name}", name=name)
    new_name = await context.app.push_screen_wait(NamingScreen(names, title, free_name(names, name)))
    if new_name is None:
        return _("Nothing was copied.")
    await context.run(_("Copying …"), duplicate, context.paths, name, new_name)
    return _("{new} is a copy of {name}, with the same key.", new=new_name, name=name)


async def rename_profile(context: FlowContext, name: str) -> str:
    """Rename a profile; raises as ``services.profiles.manage.rename``."""
    from ccswitch_py.services.profiles.manage import rename
    from ccswitch_py.tui.screens.question import NamingScreen

    names = await context.run(_("Getting ready …"), profile_names, context.paths)
    new_name = await context.app.push_screen_wait(NamingScreen(names, _("Rename {name}", name=name), name))
    if new_name is None or new_name == name:
        return _("{name} keeps its name.", name=name)
    await context.run(_("Renaming …"), rename, context.paths, name, new_name)
    return _("{name} is called {new} now.", new=new_name, name=name)


async def remove_profile(context: FlowContext, name: str) -> str:
    """Remove a profile once the user has confirmed it; raises as ``services.profiles.manage.remove``."""
    from ccswitch_py.services.profiles.manage import remove
    from ccswitch_py.services.status import active_targets
    from ccswitch_py.tui.screens.question import QuestionScreen

    if await context.run(_("Looking where it is in use …"), active_targets, context.paths, name):
        return _("{name} is in use: put another profile in use first, or press o.", name=name)
    question = _("Remove the profile {name}, and its key from the keyring unless another profile uses it?", name=name)
    answers = {"keep": _("Keep it"), "remove": _("Remove it")}
    if await context.app.push_screen_wait(QuestionScreen(_("Remove"), question, answers)) != "remove":
        return _("{name} stays.", name=name)
    await context.run(_("Removing …"), remove, context.paths, name)
    return _("{name} was removed.", name=name)


async def export_profile(context: FlowContext, name: str) -> str:
    """Write a profile to a file without its key; raises as ``services.interchange`` does."""
    from ccswitch_py.services.interchange import export, write_export
    from ccswitch_py.tui.screens.export import ExportScreen

    choice = await context.app.push_screen_wait(ExportScreen(name))
    if choice is None:
        return _("Nothing was written.")
    text = await context.run(_("Writing …"), export, context.paths, name, choice.format)
    await context.run(_("Writing …"), write_export, choice.path, text)
    return _("{path} has the profile, without its key.", path=choice.path)


async def run_tool(context: FlowContext, name: str) -> str:
    """Suspend the screen and run the tool until it exits; raises as ``services.run`` does."""
    from textual.app import SuspendNotSupported

    from ccswitch_py.services.run import prepare_run, require_program, run_here
    from ccswitch_py.tui.suspend import suspended

    prepared = await context.run(_("Getting ready …"), prepare_run, context.paths, name, [])
    program = prepared.argv[0]
    require_program(prepared)
    try:
        with suspended(context.app):
            code = run_here(prepared)
            _pause_on_failure(code)
    except SuspendNotSupported:
        return _("This terminal cannot be handed over: run `ccswitch run {name}` in another one.", name=name)
    if code:
        return _("{program} has ended with code {code}.", program=program, code=code)
    return _("{program} has ended.", program=program)


def _pause_on_failure(code: int) -> None:
    """Keep the output of a program that failed on the terminal until Enter."""
    if code:
        print(_("It ended with code {code}. Enter goes back to ccswitch.", code=code))  # noqa: T201
        with contextlib.suppress(EOFError):
            input()


async def copy_command(context: FlowContext, name: str) -> str:
    """Copy the command that starts the tool with a profile; raises as ``load_record`` does."""
    from ccswitch_py.services.details import launch_command
    from ccswitch_py.tui.clipboard import copy

    command = await context.run(_("Getting ready …"), launch_command, context.paths, name)
    return await copy(context.app, command)


async def show_command(context: FlowContext, name: str) -> None:
    """Show that command in full, to copy it with the mouse; raises as ``load_record`` does."""
    from ccswitch_py.services.details import launch_command
    from ccswitch_py.tui.screens.show_text import ShowTextScreen

    command = await context.run(_("Getting ready …"), launch_command, context.paths, name)
    await context.app.push_screen_wait(ShowTextScreen(_("Starts Claude Code with {name}", name=name), command))
