"""A machine on which all is in order, to put one thing out of order at a time."""

from __future__ import annotations

import json
import os
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from ccswitch_py.core.files import write_own_file
from ccswitch_py.core.paths import Paths
from ccswitch_py.model.doctor_finding import Finding
from ccswitch_py.services.doctor.examination import examine
from ccswitch_py.vault.backend_policy import DEMO, DEMO_MARK
from tests.support.home import KEY_VARIABLE

KEY = "sk-made-up-key-5f0c1f2e9d7b4a63"
Look = Callable[..., dict[str, Finding]]
Project = Callable[[dict[str, Any]], Path]


@pytest.fixture
def own_keyring(paths: Paths, monkeypatch: pytest.MonkeyPatch) -> None:
    """Keys in a file of this home, so that the machine's own keyring is not asked."""
    write_own_file(os.path.join(paths.config, DEMO_MARK), b"")
    monkeypatch.setenv("CCSWITCH_KEYRING", DEMO)


@pytest.fixture
def look(
    paths: Paths,
    settings: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    own_keyring: None,
) -> Look:
    """Examines the folder ``project``; the findings by their code."""
    monkeypatch.setenv(KEY_VARIABLE, KEY)
    project, programs = tmp_path / "project", tmp_path / "bin"
    for folder in (project, programs):
        folder.mkdir()

    def look(**environ: str) -> dict[str, Finding]:
        told = examine(paths, str(project), {**os.environ, "PATH": str(programs), **environ})
        return {finding.kind.code: finding for finding in told}

    return look


@pytest.fixture
def project(tmp_path: Path) -> Project:
    """Writes settings into the project's folder; the answer is their file."""

    def write(content: dict[str, Any], name: str = "settings.json") -> Path:
        file = tmp_path / "project" / ".claude" / name
        file.parent.mkdir(exist_ok=True)
        file.write_text(json.dumps(content, indent=2))
        return file

    return write


@pytest.fixture
def open_home(monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A home that others can look into, as on a usual machine; that of pytest is shut."""
    with tempfile.TemporaryDirectory(prefix="ccswitch-") as home:
        os.chmod(home, 0o755)
        monkeypatch.setenv("HOME", home)
        yield Path(home)


def with_an_index(root: Path, name: str = "README") -> None:
    """Lets git keep one path of a repository: a file is made where there is nothing."""
    (root / name).touch()
    subprocess.run(["git", "-C", str(root), "add", name], check=True)
