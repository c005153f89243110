"""``make pictures``: the pictures of README and docs, made by the real program in a demo's home."""

from __future__ import annotations

import asyncio
import os
import re
from pathlib import Path

from textual import events
from textual.pilot import Pilot

from ccswitch_py.jobs.demo import KEY_HINT, demo_home
from ccswitch_py.tui.app import CcswitchApp

PICTURES = Path(__file__).resolve().parent.parent / "docs" / "pictures"
SIZE = (100, 30)


async def settled(app: CcswitchApp, pilot: Pilot[None]) -> None:
    """Wait until no work is under way."""
    await pilot.pause()
    while any(not worker.is_finished for worker in app.workers):
        await pilot.pause(0.02)
    await pilot.pause()


def save(app: CcswitchApp, name: str) -> None:
    """Write the screen as SVG, without the addresses from which a viewer would load a font."""
    picture = re.sub(r"@font-face\s*{.*?}", "", app.export_screenshot(title="ccswitch"), flags=re.S)
    PICTURES.mkdir(parents=True, exist_ok=True)
    (PICTURES / f"{name}.svg").write_text(re.sub(r"[ \t]+$", "", picture, flags=re.M))


async def take() -> None:
    """The setup form after a test that went well."""
    os.environ["TEXTUAL_ANIMATIONS"] = "none"
    with demo_home() as paths:
        app = CcswitchApp(paths, key_hint=KEY_HINT)
        async with app.run_test(size=SIZE) as pilot:
            await settled(app, pilot)
            app.screen.query_one("#key").post_message(events.Paste("demo-key-1234-5678-9abc"))
            await pilot.press("ctrl+t")
            await settled(app, pilot)
            save(app, "setup")


if __name__ == "__main__":
    asyncio.run(take())
