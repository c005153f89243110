"""A home with a project in it, whose settings files a test fills and asks about."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from ccswitch_py.services.explain import explain
from ccswitch_py.targets.explanation import ExplainedPart, Explanation
from tests.support.home import KEY_VARIABLE


class Home:
    """A user's home with a project in it, and the settings files that it has."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.project = path / "project"
        self.project.mkdir(parents=True)
        self.user = path / ".claude" / "settings.json"
        self.local = self.project / ".claude" / "settings.local.json"
        self.shared = self.project / ".claude" / "settings.json"
        self.state = path / ".claude.json"

    def write(self, file: Path, text: str | dict[str, Any]) -> Path:
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text if isinstance(text, str) else json.dumps(text, indent=2))
        return file

    def explained(self, folder: Path | None = None, option: str | None = None, **environ: str) -> Explanation:
        own = {"HOME": str(self.path), KEY_VARIABLE: "made-up-key-51d0c8f2ab7e4963"}
        return explain(str(folder or self.project), own | environ, option)


def part(found: Explanation, name: str) -> ExplainedPart:
    return next(one for one in found.parts if one.part == name)
