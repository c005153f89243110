"""A program with nothing but the screen that says why, over a home with several layers and nothing of this machine."""

from __future__ import annotations

import json
from pathlib import Path

from textual.app import App
from textual.pilot import Pilot
from textual.widgets import Static

from ccswitch_py.tui.screens.explain import ExplainScreen, ExplanationTable
from ccswitch_py.tui.theme import single_accent
from tests.support.form import until
from tests.support.table import cells

TOKEN = "made-up-token-0123456789-wxyz"
KEY = "made-up-key-9876543210-abcd"


class ExplainApp(App[None]):
    """Shows what is used in a folder; ``is_left`` once the user has gone back."""

    def __init__(self, folder: Path, environ: dict[str, str]) -> None:
        super().__init__()
        self.explain_screen = ExplainScreen(str(folder), environ)
        self.is_left = False

    def get_css_variables(self) -> dict[str, str]:
        return single_accent(super().get_css_variables())

    def on_mount(self) -> None:
        self.push_screen(self.explain_screen, self._left)

    def _left(self, _answer: None) -> None:
        self.is_left = True

    @property
    def rows(self) -> list[list[str]]:
        """The cells of each row, as they are seen."""
        return cells(self.explain_screen.query_one(ExplanationTable))

    def words(self, widget: str) -> str:
        return str(self.screen.query_one(widget, Static).content)


def fill(home: Path) -> Path:
    """A user's gateway with a token, a project's helper and model, and an old key in a start file; the project."""
    project = home / "project"
    (project / ".claude").mkdir(parents=True)
    (home / ".claude").mkdir()
    env = {"ANTHROPIC_BASE_URL": "https://gateway.example/anthropic", "ANTHROPIC_AUTH_TOKEN": TOKEN}
    write_json(home / ".claude" / "settings.json", {"model": "sonnet", "env": env})
    theirs = {"apiKeyHelper": "get-key work", "env": {"ANTHROPIC_DEFAULT_SONNET_MODEL": "glm-5[1m]"}}
    write_json(project / ".claude" / "settings.json", theirs)
    (home / ".zshenv").write_text(f"# keys\nexport ANTHROPIC_API_KEY={KEY}\n")
    return project


def write_json(path: Path, settings: object) -> None:
    path.write_text(json.dumps(settings, indent=2))


async def read(app: ExplainApp, pilot: Pilot[None]) -> None:
    """Wait until all is shown."""
    await until(pilot, lambda: app.is_mounted and app.screen is app.explain_screen and app.explain_screen.is_read)
    await pilot.app.workers.wait_for_complete()
    await pilot.pause()
