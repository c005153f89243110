"""The list of profiles goes on while what it waits for hangs."""

from __future__ import annotations

import json
from pathlib import Path

from ccswitch_py.core.paths import Paths
from ccswitch_py.model.key_ref import KeyRef
from tests.support.form import until, words
from tests.support.home import add_profile
from tests.support.home_screen import at_home, key_bar, looked, rows, table


async def test_while_the_key_does_not_come_the_screen_goes_on_and_escape_gives_up(
    paths: Paths, settings: Path, tmp_path: Path
) -> None:
    settings.write_text('{"theme": "dark"}')
    never = KeyRef(command=("sh", "-c", f"echo > {tmp_path / 'asked'}; exec sleep 1000"))
    add_profile(paths, "hangs", key=never, delivery="plaintext")
    add_profile(paths, "other")
    async with at_home(paths) as (app, pilot):
        assert not (tmp_path / "asked").exists(), "looking at a profile asks for no key"
        await pilot.press("enter")
        await until(pilot, (tmp_path / "asked").exists)
        await pilot.press("down")
        await until(pilot, lambda: table(app).selected == "other")
        await pilot.press("n", "t", "enter")
        assert len(rows(app)) == 2, "one thing after the other: keys that begin another do nothing meanwhile"
        assert "esc Cancel" in key_bar(app)
        await pilot.press("escape")
        await until(pilot, lambda: "Stopped." in words(app, "#status"))
        await looked(app, pilot)
    assert json.loads(settings.read_text()) == {"theme": "dark"}
