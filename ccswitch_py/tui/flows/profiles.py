"""What one does with a profile besides using it: copy, rename, remove, export, run, copy its command."""

# Textual types the app only in part:
# pyright: reportUnknownMemberType=false

from __future__ import annotations

import contextlib

from ccswitch_py.core.language import _
from ccswitch_py.store.profile_files import profile_names
from ccswitch_py.tui.flows.flow import Here


async def duplicate_profile(here: Here, name: str) -> str:
    """Copy a profile under another name; raises as ``jobs.profiles.duplicate``."""
    from ccswitch_py.services.profiles.manage import duplicate
    from ccswitch_py.tui.screens.naming import NamingScreen
    from ccswitch_py.tui.screens.setup.texts import free_name

    names = await here.wait(_("Getting ready …"), profile_names, here.paths)
    title = _("Duplicate {name}", name=name)
    new_name = await here.app.push_screen_wait(NamingScreen(names, title, free_name(names, name)))
    if new_name is None:
        return _("Nothing was copied.")
    await here.wait(_("Copying …"), duplicate, here.paths, name, new_name)
    return _("{new} is a copy of {name}, with the same key.", new=new_name, name=name)


async def rename_profile(here: Here, name: str) -> str:
    """Give a profile another name; raises as ``jobs.profiles.rename``."""
    from ccswitch_py.services.profiles.manage import rename
    from ccswitch_py.tui.screens.naming import NamingScreen

    names = await here.wait(_("Getting ready …"), profile_names, here.paths)
    new_name = await here.app.push_screen_wait(NamingScreen(names, _("Rename {name}", name=name), name))
    if new_name is None or new_name == name:
        return _("{name} keeps its name.", name=name)
    await here.wait(_("Renaming …"), rename, here.paths, name, new_name)
    return _("{name} is called {new} now.", new=new_name, name=name)


async def remove_profile(here: Here, name: str) -> str:
    """Remove a profile after a question; raises as ``jobs.profiles.remove``."""
    from ccswitch_py.services.profiles.manage import remove
    from ccswitch_py.services.status import active_targets
    from ccswitch_py.tui.screens.question import QuestionScreen

    if await here.wait(_("Looking where it is in use …"), active_targets, here.paths, name):
        return _("{name} is in use: put another profile in use first, or press o.", name=name)
    question = _("Remove the profile {name}, and its key from the keyring unless another profile uses it?", name=name)
    answers = {"keep": _("Keep it"), "remove": _("Remove it")}
    if await here.app.push_screen_wait(QuestionScreen(_("Remove"), question, answers)) != "remove":
        return _("{name} stays.", name=name)
    await here.wait(_("Removing …"), remove, here.paths, name)
    return _("{name} was removed.", name=name)


async def export_profile(here: Here, name: str) -> str:
    """Write a profile to a file without its key; raises as ``jobs.interchange`` does."""
    from ccswitch_py.services.interchange import export, write_export
    from ccswitch_py.tui.screens.export import ExportScreen

    wish = await here.app.push_screen_wait(ExportScreen(name))
    if wish is None:
        return _("Nothing was written.")
    text = await here.wait(_("Writing …"), export, here.paths, name, wish.form)
    await here.wait(_("Writing …"), write_export, wish.path, text)
    return _("{path} has the profile, without its key.", path=wish.path)


async def run_tool(here: Here, name: str) -> str:
    """Give the terminal to the tool until it ends; raises as ``jobs.run.prepare_run`` and ``run_here``."""
    from textual.app import SuspendNotSupported

    from ccswitch_py.services.run import prepare_run, require_program, run_here
    from ccswitch_py.tui.suspend import handed_over

    prepared = await here.wait(_("Getting ready …"), prepare_run, here.paths, name, [])
    program = prepared.argv[0]
    require_program(prepared)
    try:
        with handed_over(here.app):
            code = run_here(prepared)
            _let_read(code)
    except SuspendNotSupported:
        return _("This terminal cannot be handed over: run `ccswitch run {name}` in another one.", name=name)
    if code:
        return _("{program} has ended with code {code}.", program=program, code=code)
    return _("{program} has ended.", program=program)


def _let_read(code: int) -> None:
    """What a program that failed has printed stays until it was read."""
    if code:
        print(_("It ended with code {code}. Enter goes back to ccswitch.", code=code))  # noqa: T201
        with contextlib.suppress(EOFError):
            input()


async def copy_command(here: Here, name: str) -> str:
    """Put the command that starts the tool with a profile on the clipboard; raises as ``load_record`` does."""
    from ccswitch_py.services.details import launch_command
    from ccswitch_py.tui.clipboard import copy

    command = await here.wait(_("Getting ready …"), launch_command, here.paths, name)
    return await copy(here.app, command)


async def show_command(here: Here, name: str) -> None:
    """Show that command whole, to copy it with the mouse; raises as ``load_record`` does."""
    from ccswitch_py.services.details import launch_command
    from ccswitch_py.tui.screens.show_text import ShowTextScreen

    command = await here.wait(_("Getting ready …"), launch_command, here.paths, name)
    await here.app.push_screen_wait(ShowTextScreen(_("Starts Claude Code with {name}", name=name), command))
