import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from ccswitch_py.errors import FileNotChanged
from ccswitch_py.jobs.apply import off, use
from ccswitch_py.paths import Paths
from tests.support.home import add_profile
from tests.support.requirements import skip_or_fail

MINE = '{"theme": "dark", "padding": "' + "x" * 3000 + '"}'


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of 64 KiB."""
    folder = tmp_path / "small"
    folder.mkdir()
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", str(folder)], capture_output=True)
    if mounted.returncode:
        skip_or_fail("a small file system cannot be mounted here (not root)")
    yield folder
    subprocess.run(["umount", "-l", str(folder)], check=True)


def fill(folder: Path) -> None:
    with open(folder / "filler", "wb", buffering=0) as filler:
        try:
            while filler.write(b"x" * 1024):
                pass
        except OSError:
            return


def test_on_a_full_disk_the_live_file_stays_as_it_was(
    paths: Paths, small_disk: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CLAUDE_CONFIG_DIR", str(small_disk))
    settings = small_disk / "settings.json"
    settings.write_text(MINE)
    add_profile(paths, "a")
    fill(small_disk)
    with pytest.raises(FileNotChanged, match="no space left"):
        use(paths, "a")
    assert settings.read_text() == MINE and sorted(os.listdir(small_disk)) == ["filler", "settings.json"]
    (small_disk / "filler").unlink()
    assert use(paths, "a").changed
    off(paths)
    assert settings.read_text() == MINE


def test_with_a_full_disk_under_our_own_files_the_live_file_stays_as_it_was(
    paths: Paths, settings: Path, small_disk: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.write_text(MINE)
    own = Paths(str(small_disk / "config"), str(small_disk / "state"))
    add_profile(own, "a")
    fill(small_disk)
    with pytest.raises(FileNotChanged, match="no space left"):
        use(own, "a")
    assert settings.read_text() == MINE
