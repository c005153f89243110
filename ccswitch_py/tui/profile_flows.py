"""What one does with a profile besides using it: copy, rename, remove, export, run; each returns what is to be told."""

# Textual types the app only in part:
# pyright: reportUnknownMemberType=false

from __future__ import annotations

from typing import Any

from textual.app import App

from ccswitch_py.language import tr
from ccswitch_py.paths import Paths
from ccswitch_py.tui.background import in_background


async def duplicate_profile(app: App[Any], paths: Paths, name: str) -> str:
    """Copy a profile under another name; raises as ``jobs.profiles.duplicate``."""
    from ccswitch_py.jobs.profiles import duplicate
    from ccswitch_py.tui.screens.naming import NamingScreen
    from ccswitch_py.tui.screens.setup_words import free_name

    new_name = await app.push_screen_wait(
        NamingScreen(paths, tr("Duplicate {name}", name=name), free_name(paths, name))
    )
    if new_name is None:
        return tr("Nothing was copied.")
    await in_background(duplicate, paths, name, new_name)
    return tr("{new} is a copy of {name}, with the same key.", new=new_name, name=name)


async def rename_profile(app: App[Any], paths: Paths, name: str) -> str:
    """Give a profile another name; raises as ``jobs.profiles.rename``."""
    from ccswitch_py.jobs.profiles import rename
    from ccswitch_py.tui.screens.naming import NamingScreen

    new_name = await app.push_screen_wait(NamingScreen(paths, tr("Rename {name}", name=name), name))
    if new_name is None or new_name == name:
        return tr("{name} keeps its name.", name=name)
    await in_background(rename, paths, name, new_name)
    return tr("{name} is called {new} now.", new=new_name, name=name)


async def remove_profile(app: App[Any], paths: Paths, name: str) -> str:
    """Remove a profile after a question; raises as ``jobs.profiles.remove``."""
    from ccswitch_py.jobs.profiles import remove
    from ccswitch_py.tui.screens.question import QuestionScreen

    question = tr("Remove the profile {name}, and its key from the keyring unless another profile uses it?", name=name)
    answers = {"keep": tr("Keep it"), "remove": tr("Remove it")}
    if await app.push_screen_wait(QuestionScreen(tr("Remove"), question, answers)) != "remove":
        return tr("{name} stays.", name=name)
    await in_background(remove, paths, name)
    return tr("{name} was removed.", name=name)


async def export_profile(app: App[Any], paths: Paths, name: str) -> str:
    """Write a profile to a file without its key; raises as ``jobs.interchange`` does."""
    from ccswitch_py.jobs.interchange import export, write_export
    from ccswitch_py.tui.screens.export import ExportScreen

    wish = await app.push_screen_wait(ExportScreen(name))
    if wish is None:
        return tr("Nothing was written.")
    text = await in_background(export, paths, name, wish.form)
    await in_background(write_export, wish.path, text)
    return tr("{path} has the profile, without its key.", path=wish.path)


async def run_tool(app: App[Any], paths: Paths, name: str) -> str:
    """Give the terminal to the tool until it ends; raises as ``jobs.run.prepare_run``, and ``NotFound``."""
    from ccswitch_py.jobs.run import prepare_run, run_here

    prepared = await in_background(prepare_run, paths, name, [])
    with app.suspend():
        code = run_here(prepared)
        if code:
            print(tr("{program} ended with code {code}. Enter goes back.", program=prepared.argv[0], code=code))  # noqa: T201
            input()
    app.refresh()
    return tr("{program} has ended.", program=prepared.argv[0])
