"""``make pictures``: the pictures of README and docs, made by the real program in a demo's home."""

from __future__ import annotations

import asyncio
import os
import re
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from textual import events
from textual.pilot import Pilot
from textual.screen import Screen

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from ccswitch_py.core import language  # noqa: E402
from ccswitch_py.core.paths import Paths  # noqa: E402
from ccswitch_py.services.demo import KEY_HINT, demo_home  # noqa: E402
from ccswitch_py.services.profiles.manage import duplicate  # noqa: E402
from ccswitch_py.services.profiles.setup import draft_of, save_draft  # noqa: E402
from ccswitch_py.store.profiles import load_profile  # noqa: E402
from ccswitch_py.tui.app import CcswitchApp  # noqa: E402
from ccswitch_py.tui.screens.home.screen import HomeScreen  # noqa: E402
from ccswitch_py.tui.screens.keys.screen import KeysScreen  # noqa: E402
from ccswitch_py.tui.screens.live_test.screen import LiveTestScreen  # noqa: E402
from ccswitch_py.tui.screens.preview import PreviewScreen  # noqa: E402
from tests.support.form import until  # noqa: E402

PICTURES = ROOT / "docs" / "pictures"
SIZE = (110, 32)
FIRST = "mingyan"
BROKEN = "work-wrong-model"


class Studio:
    """The program on a stage of its own."""

    def __init__(self, app: CcswitchApp, pilot: Pilot[None]) -> None:
        self.app = app
        self._pilot = pilot

    async def press(self, *keys: str) -> None:
        """Press keys, and wait until all that they have set off is over."""
        await self._pilot.press(*keys)
        await self.settle()

    async def settle(self) -> None:
        """Wait until no work of the screen is under way."""
        await self.until(lambda: all(one.is_finished for one in self.app.workers if one.node.screen is self.app.screen))

    async def until(self, holds: Callable[[], object]) -> None:
        """Wait until something holds, and all of it is painted; what never does is an error."""
        await self._pilot.pause()
        await until(self._pilot, holds)

    async def at(self, screen: type[Screen[object]]) -> None:
        """Wait for a screen."""
        await self.until(lambda: isinstance(self.app.screen, screen))
        await self.settle()

    async def at_home(self) -> None:
        """Wait for the profiles, read to the end."""
        await self.until(lambda: isinstance(self.app.screen, HomeScreen) and self.app.screen.is_settled)

    def save(self, name: str) -> None:
        """Write the screen as SVG, without fonts to load and without what is another one in each demo."""
        picture = re.sub(r"@font-face\s*{.*?}", "", self.app.export_screenshot(title="ccswitch"), flags=re.S)
        picture = re.sub(r"127\.0\.0\.1:\d{5}", "127.0.0.1:18080", picture)
        picture = re.sub(r"ccswitch-demo-\w{8}", "ccswitch-demo-a1b2c3d4", picture)
        picture = re.sub(r"terminal-\d+", f"terminal-{name}", picture)
        PICTURES.mkdir(parents=True, exist_ok=True)
        (PICTURES / f"{name}.svg").write_text(re.sub(r"[ \t]+$", "", picture, flags=re.M) + "\n")


async def take_first_use(paths: Paths) -> None:
    """From the empty form to the change of the settings."""
    app = CcswitchApp(paths, key_hint=KEY_HINT)
    async with app.run_test(size=SIZE) as pilot:
        studio = Studio(app, pilot)
        await studio.settle()
        app.screen.query_one("#key").post_message(events.Paste("demo-key-1234-5678-9abc"))
        await studio.press("ctrl+t")
        studio.save("setup")
        await pilot.press("ctrl+r")
        await studio.at(PreviewScreen)
        studio.save("preview")
        await studio.press("enter")
        await studio.at_home()


async def take_the_rest(paths: Paths) -> None:
    """Several profiles, their tests and keys."""
    app = CcswitchApp(paths, key_hint=KEY_HINT)
    async with app.run_test(size=SIZE) as pilot:
        studio = Studio(app, pilot)
        await studio.at_home()
        await studio.press("a", "right", "enter")
        await studio.at(LiveTestScreen)
        await studio.press("end", "up", "up", "up")
        studio.save("test")
        await studio.press("escape")
        await studio.at_home()
        studio.save("home")
        await pilot.press("K")
        await studio.at(KeysScreen)
        await studio.press("s")
        studio.save("keys")


async def take_in_chinese(paths: Paths) -> None:
    """The profiles in the other language."""
    os.environ["CCSWITCH_LANG"] = language.CHINESE
    language._translations = None
    app = CcswitchApp(paths)
    async with app.run_test(size=SIZE) as pilot:
        studio = Studio(app, pilot)
        await studio.at_home()
        studio.save("home-zh")


def add_more(paths: Paths) -> None:
    """A second profile, and one with a model that the gateway does not have."""
    duplicate(paths, FIRST, "relay-backup")
    draft = draft_of(BROKEN, load_profile(paths, FIRST))
    save_draft(paths, replace(draft, models={**draft.models, "opus": "claude-opus-9"}))


async def take_all() -> None:
    """Take every picture."""
    os.environ |= {"TEXTUAL_ANIMATIONS": "none", "CCSWITCH_LANG": language.ENGLISH}
    with demo_home() as paths:
        await take_first_use(paths)
        add_more(paths)
        await take_the_rest(paths)
        await take_in_chinese(paths)


if __name__ == "__main__":
    asyncio.run(take_all())
