"""What one does with a profile besides using it: copy, rename, remove, export, run, copy its command."""

# Textual types the app only in part:
# pyright: reportUnknownMemberType=false

from __future__ import annotations

import contextlib

from ccswitch_py.language import tr
from ccswitch_py.tui.flow import Here


async def duplicate_profile(here: Here, name: str) -> str:
    """Copy a profile under another name; raises as ``jobs.profiles.duplicate``."""
    from ccswitch_py.jobs.profiles import duplicate
    from ccswitch_py.tui.screens.naming import NamingScreen
    from ccswitch_py.tui.screens.setup_words import free_name

    new_name = await here.app.push_screen_wait(
        NamingScreen(here.paths, tr("Duplicate {name}", name=name), free_name(here.paths, name))
    )
    if new_name is None:
        return tr("Nothing was copied.")
    await here.wait(tr("Copying …"), duplicate, here.paths, name, new_name)
    return tr("{new} is a copy of {name}, with the same key.", new=new_name, name=name)


async def rename_profile(here: Here, name: str) -> str:
    """Give a profile another name; raises as ``jobs.profiles.rename``."""
    from ccswitch_py.jobs.profiles import rename
    from ccswitch_py.tui.screens.naming import NamingScreen

    new_name = await here.app.push_screen_wait(NamingScreen(here.paths, tr("Rename {name}", name=name), name))
    if new_name is None or new_name == name:
        return tr("{name} keeps its name.", name=name)
    await here.wait(tr("Renaming …"), rename, here.paths, name, new_name)
    return tr("{name} is called {new} now.", new=new_name, name=name)


async def remove_profile(here: Here, name: str) -> str:
    """Remove a profile after a question; raises as ``jobs.profiles.remove``."""
    from ccswitch_py.jobs.profiles import remove
    from ccswitch_py.tui.screens.question import QuestionScreen

    question = tr("Remove the profile {name}, and its key from the keyring unless another profile uses it?", name=name)
    answers = {"keep": tr("Keep it"), "remove": tr("Remove it")}
    if await here.app.push_screen_wait(QuestionScreen(tr("Remove"), question, answers)) != "remove":
        return tr("{name} stays.", name=name)
    await here.wait(tr("Removing …"), remove, here.paths, name)
    return tr("{name} was removed.", name=name)


async def export_profile(here: Here, name: str) -> str:
    """Write a profile to a file without its key; raises as ``jobs.interchange`` does."""
    from ccswitch_py.jobs.interchange import export, write_export
    from ccswitch_py.tui.screens.export import ExportScreen

    wish = await here.app.push_screen_wait(ExportScreen(name))
    if wish is None:
        return tr("Nothing was written.")
    text = await here.wait(tr("Writing …"), export, here.paths, name, wish.form)
    await here.wait(tr("Writing …"), write_export, wish.path, text)
    return tr("{path} has the profile, without its key.", path=wish.path)


async def run_tool(here: Here, name: str) -> str:
    """Give the terminal to the tool until it ends; raises as ``jobs.run.prepare_run`` and ``run_here``."""
    from textual.app import SuspendNotSupported

    from ccswitch_py.jobs.run import prepare_run, run_here

    prepared = await here.wait(tr("Getting ready …"), prepare_run, here.paths, name, [])
    try:
        with here.app.suspend():
            run_here(prepared, _let_read)
    except SuspendNotSupported:
        return tr("This terminal cannot be handed over: run `ccswitch run {name}` in another one.", name=name)
    here.app.refresh()
    return tr("{program} has ended.", program=prepared.argv[0])


def _let_read(code: int) -> None:
    """What a program that failed has printed stays until it was read."""
    if code:
        print(tr("It ended with code {code}. Enter goes back to ccswitch.", code=code))  # noqa: T201
        with contextlib.suppress(EOFError):
            input()


async def copy_command(here: Here, name: str) -> str:
    """Put the command that starts the tool with a profile on the clipboard; raises as ``load_record`` does."""
    from ccswitch_py.jobs.details import launch_command
    from ccswitch_py.tui.copying import copy

    command = await here.wait(tr("Getting ready …"), launch_command, here.paths, name)
    return await copy(here.app, command)


async def show_command(here: Here, name: str) -> None:
    """Show that command whole, to copy it with the mouse; raises as ``load_record`` does."""
    from ccswitch_py.jobs.details import launch_command
    from ccswitch_py.tui.screens.show_text import ShowTextScreen

    command = await here.wait(tr("Getting ready …"), launch_command, here.paths, name)
    await here.app.push_screen_wait(ShowTextScreen(tr("Starts Claude Code with {name}", name=name), command))
