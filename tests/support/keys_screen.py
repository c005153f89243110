"""A program with nothing but the keys screen, and a home with a key of each kind whose dates stay the same."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from pathlib import Path

from textual.app import App
from textual.pilot import Pilot
from textual.widgets import Static

from ccswitch_py.core.files import write_own_file
from ccswitch_py.core.paths import Paths
from ccswitch_py.model.key_ref import KeyRef
from ccswitch_py.redact.secret import Secret
from ccswitch_py.services.profiles.manage import duplicate
from ccswitch_py.tui.screens.keys.screen import KeysScreen, KeyTable
from ccswitch_py.tui.theme import single_accent
from tests.support.form import until
from tests.support.home import add_profile
from tests.support.table import cells

KEY = "sk-made-up-canary-0123456789-wxyz"
KEYS_FILE = """\
schema = 1

[keys.work]
item = "work/1"
hosts = ["gateway.example:443"]
stored = 2026-01-15T12:00:00Z

[keys.spare]
item = "spare/2"
hosts = ["api.example:443", "10.0.0.7:8443"]
stored = 2025-11-02T12:00:00Z
"""


class KeysApp(App[None]):
    """Shows the keys screen; ``is_left`` once the user has gone back."""

    def __init__(self, paths: Paths) -> None:
        super().__init__()
        self.keys_screen = KeysScreen(paths)
        self.is_left = False

    def get_css_variables(self) -> dict[str, str]:
        return single_accent(super().get_css_variables())

    def on_mount(self) -> None:
        self.push_screen(self.keys_screen, self._left)

    def _left(self, _answer: None) -> None:
        self.is_left = True

    @property
    def table(self) -> KeyTable:
        return self.keys_screen.query_one(KeyTable)

    @property
    def rows(self) -> list[list[str]]:
        """The cells of each row, as they are seen."""
        return cells(self.table)

    def words(self, widget: str) -> str:
        return str(self.screen.query_one(widget, Static).content)

    @property
    def said(self) -> str:
        return self.words("#status")


def add_keys_of_each_kind(paths: Paths) -> None:
    """Two stored keys, one of them unused; one that is missing, one in a variable and one from a command."""
    add_profile(paths, "work", "https://gateway.example/anthropic", key=Secret(KEY))
    duplicate(paths, "work", "work-long-context")
    Path(paths.keys).write_text(KEYS_FILE)
    write_own_file(os.path.join(paths.state, "demo-keys.json"), json.dumps({"work/1": KEY, "spare/2": KEY}).encode())
    work = Path(paths.profile("work")).read_text()
    Path(paths.profile("智谱")).write_text(work.replace('key = "work"', 'key = "gone"'))
    add_profile(paths, "shell", "https://one.example", key=KeyRef(env="MADE_UP_GATEWAY_KEY"))
    add_profile(paths, "vault", "https://two.example", key=KeyRef(command=("op", "read", "op://a/secret/place")))


async def listed(app: KeysApp, pilot: Pilot[None], count: int) -> None:
    """Wait until the table has as many rows."""
    await until(pilot, lambda: app.is_mounted and app.screen is app.keys_screen)
    await until(pilot, lambda: app.keys_screen.is_read and len(app.table.rows) == count)


async def go_to(app: KeysApp, pilot: Pilot[None], name: str) -> None:
    """Move the cursor to the key of a name."""
    await pilot.press("home")
    while app.table.selected is None or app.table.selected.key.name != name:
        await pilot.press("down")
    await pilot.pause()


def demo_keys(paths: Paths) -> Mapping[str, str]:
    """What the demo's keyring holds."""
    return json.loads(Path(paths.state, "demo-keys.json").read_text())
