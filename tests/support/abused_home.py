"""A home in which ccswitch is disturbed: put back before each try, and looked at afterwards."""

from __future__ import annotations

import json
import os
import shutil
import time
import tomllib
from pathlib import Path
from typing import NamedTuple

from ccswitch_py.core.files import LONGEST_WRITE_S, write_own_file
from ccswitch_py.core.paths import Paths
from ccswitch_py.vault.backend_policy import DEMO_MARK
from tests.support.home import add_profile

TOKEN = "sk-users-own-token-91c4e6a2d05f"
MINE = json.dumps({"theme": "dark", "env": {"MY_OWN": "1", "ANTHROPIC_AUTH_TOKEN": TOKEN}}, indent=2)
LEFTOVERS = (".ccswitch-new", ".ccswitch-staged", ".next")


class Seen(NamedTuple):
    """What a user has: the live file, the profiles, the keys with their hosts, and the secrets by name of their key."""

    live: bytes | None
    profiles: dict[str, bytes]
    keys: dict[str, list[str]]
    secrets: dict[str, str]


class AbusedHome:
    """The home of the ``paths`` fixture, with the demo's keyring, which is a file and so can be disturbed as well."""

    def __init__(self, paths: Paths, folder: Path, saved: Path) -> None:
        self.paths = paths
        self.folder = folder
        self.live = folder / ".claude" / "settings.json"
        self._saved = saved
        write_own_file(os.path.join(paths.config, DEMO_MARK), b"")
        add_profile(paths, "a")
        add_profile(paths, "b")

    def save(self) -> None:
        """Take the home as it is now for the start of each try."""
        shutil.copytree(self.folder, self._saved, symlinks=True)

    def put_back(self) -> None:
        """Make the home what it was at the start."""
        for child in self.folder.iterdir():
            shutil.rmtree(child) if child.is_dir() else child.unlink()
        shutil.copytree(self._saved, self.folder, symlinks=True, dirs_exist_ok=True)

    def seen(self) -> Seen:
        """What a user has now; raises if a file is not whole."""
        for path in self.files():
            if path.suffix == ".json" and path.parent.name != "aider":  # whose launch files are dotenv
                json.loads(path.read_bytes())
        keys = _toml(Path(self.paths.keys)).get("keys", {})
        keyring = Path(self.paths.state, "demo-keys.json")
        kept = json.loads(keyring.read_bytes()) if keyring.exists() else {}
        return Seen(
            self.live.read_bytes() if self.live.exists() else None,
            {path.stem: _read_toml(path) for path in self.files() if path.parent == Path(self.paths.profiles)},
            {name: entry["hosts"] for name, entry in keys.items()},
            {name: kept[entry["item"]] for name, entry in keys.items() if entry["item"] in kept},
        )

    def orphans(self) -> list[str]:
        """The secrets in the keyring that no list of keys and no journal names."""
        keyring = Path(self.paths.state, "demo-keys.json")
        kept = json.loads(keyring.read_bytes()) if keyring.exists() else {}
        names = Path(self.paths.keys).read_text() if os.path.exists(self.paths.keys) else ""
        names += "".join(path.read_text() for path in self.files() if path.parent == Path(self.paths.journal))
        return [item for item in kept if item not in names]

    def files(self) -> list[Path]:
        """All files that are not left over from a write."""
        return [path for path in self._all_files() if not path.name.endswith(LEFTOVERS)]

    def leftovers(self) -> list[str]:
        """What a write that did not end has left."""
        return [str(path) for path in self._all_files() if path.name.endswith(LEFTOVERS)]

    def let_a_minute_pass(self) -> None:
        """Make what is left over as old as it has to be before it is removed."""
        for path in self.leftovers():
            os.utime(path, (time.time() - 2 * LONGEST_WRITE_S,) * 2)

    def _all_files(self) -> list[Path]:
        return [Path(folder, name) for folder, _, names in os.walk(self.folder, followlinks=True) for name in names]


def _toml(path: Path) -> dict[str, dict[str, dict[str, list[str]]]]:
    return tomllib.loads(path.read_text()) if path.exists() else {}


def _read_toml(path: Path) -> bytes:
    """The file without the profile's id, which is another one at each try."""
    tomllib.loads(path.read_text())
    return b"".join(line for line in path.read_bytes().splitlines(keepends=True) if not line.startswith(b"id = "))
