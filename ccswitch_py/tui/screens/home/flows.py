"""What can be done from the table of profiles, by the names that its keys use."""

# Textual types the app only in part:
# pyright: reportUnknownMemberType=false

from __future__ import annotations

import os
from typing import TYPE_CHECKING, cast

from ccswitch_py.core.language import _
from ccswitch_py.store.profile_files import profile_names
from ccswitch_py.tui.flows import apply as apply_flow
from ccswitch_py.tui.flows import profiles as profile_flows
from ccswitch_py.tui.flows.flow import Flow, Here

if TYPE_CHECKING:
    from ccswitch_py.tui.app import CcswitchApp


async def _new(here: Here, _name: str) -> str | None:
    from ccswitch_py.tui.screens.setup.screen import SetupScreen

    key_hint = cast("CcswitchApp", here.app).key_hint
    return await here.app.push_screen_wait(SetupScreen(here.paths, key_hint=key_hint))


async def _edit(here: Here, name: str) -> str | None:
    from ccswitch_py.tui.screens.setup.screen import SetupScreen

    return await here.app.push_screen_wait(SetupScreen(here.paths, profile_name=name))


async def _test(here: Here, name: str) -> None:
    from ccswitch_py.tui.screens.live_test.screen import LiveTestScreen

    await here.app.push_screen_wait(LiveTestScreen(here.paths, [name]))


async def _test_all(here: Here, _name: str) -> None:
    from ccswitch_py.tui.screens.live_test.screen import LiveTestScreen

    names = await here.wait(_("Getting ready …"), profile_names, here.paths)
    await here.app.push_screen_wait(LiveTestScreen(here.paths, names))


async def _keys(here: Here, _name: str) -> str | None:
    from ccswitch_py.tui.screens.keys.screen import KeysScreen

    return await here.app.push_screen_wait(KeysScreen(here.paths))


async def _explain(here: Here, _name: str) -> None:
    from ccswitch_py.tui.screens.explain import ExplainScreen

    await here.app.push_screen_wait(ExplainScreen(".", os.environ))


FLOWS: dict[str, Flow] = {
    "use": apply_flow.apply_after_preview,
    "undo": apply_flow.undo_after_preview,
    "off": apply_flow.off_after_preview,
    "new": _new,
    "edit": _edit,
    "test": _test,
    "test_all": _test_all,
    "keys": _keys,
    "explain": _explain,
    "run": profile_flows.run_tool,
    "duplicate": profile_flows.duplicate_profile,
    "rename": profile_flows.rename_profile,
    "remove": profile_flows.remove_profile,
    "export": profile_flows.export_profile,
    "copy_command": profile_flows.copy_command,
    "show_command": profile_flows.show_command,
}
CHANGES_ALL = frozenset(("keys", "test_all"))
"""After these any row may be another one."""
