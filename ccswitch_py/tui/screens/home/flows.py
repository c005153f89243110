"""The flows of the home screen, by the name that its commands have for them."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, cast

from ccswitch_py.core.language import _
from ccswitch_py.store.profile_files import profile_names
from ccswitch_py.tui.background import preload
from ccswitch_py.tui.flows import (
    Flow,
    FlowContext,
    copy_command,
    duplicate_profile,
    export_profile,
    remove_profile,
    rename_profile,
    run_tool,
    show_command,
    turn_off,
    undo_last,
    use_profile,
)

if TYPE_CHECKING:
    from ccswitch_py.tui.app import CcswitchApp


async def _new(context: FlowContext, _name: str) -> str | None:
    from ccswitch_py.tui.screens.setup.screen import SetupScreen

    key_hint = cast("CcswitchApp", context.app).key_hint
    return await context.app.push_screen_wait(SetupScreen(context.paths, key_hint=key_hint))


async def _edit(context: FlowContext, name: str) -> str | None:
    from ccswitch_py.tui.screens.setup.screen import SetupScreen

    return await context.app.push_screen_wait(SetupScreen(context.paths, profile_name=name))


async def _test(context: FlowContext, *names: str) -> None:
    await preload("ccswitch_py.tui.screens.live_test.screen")
    from ccswitch_py.tui.screens.live_test.screen import LiveTestScreen

    await context.app.push_screen_wait(LiveTestScreen(context.paths, names))


async def _test_all(context: FlowContext, _name: str) -> None:
    await _test(context, *await context.busy.run(_("Loading …"), profile_names, context.paths))


async def _keys(context: FlowContext, _name: str) -> None:
    await preload("ccswitch_py.tui.screens.keys.screen")
    from ccswitch_py.tui.screens.keys.screen import KeysScreen

    await context.app.push_screen_wait(KeysScreen(context.paths))


async def _explain(context: FlowContext, _name: str) -> None:
    await preload("ccswitch_py.tui.screens.explain")
    from ccswitch_py.tui.screens.explain import ExplainScreen

    await context.app.push_screen_wait(ExplainScreen(".", os.environ))


FLOWS: dict[str, Flow] = {
    "use": use_profile,
    "undo": undo_last,
    "off": turn_off,
    "new": _new,
    "edit": _edit,
    "test": _test,
    "test_all": _test_all,
    "keys": _keys,
    "explain": _explain,
    "run": run_tool,
    "duplicate": duplicate_profile,
    "rename": rename_profile,
    "remove": remove_profile,
    "export": export_profile,
    "copy_command": copy_command,
    "show_command": show_command,
}


CHANGES_ALL = frozenset(("keys", "test_all"))
"""Flows that may change every row."""


ADDS_ONE = frozenset(("new", "duplicate", "rename"))
"""Flows after which the cursor goes to the new row."""
