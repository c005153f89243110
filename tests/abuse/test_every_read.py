"""Each read of a file of the user's or of ours fails once, as on a worn-out disk; and a folder cannot be locked."""

import os
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from ccswitch_py.core.files import TEMPORARY
from ccswitch_py.core.paths import Paths
from ccswitch_py.services.apply import off, use
from ccswitch_py.vault.backend_policy import DEMO
from tests.support.abused_home import MINE, AbusedHome
from tests.support.harmed import ATTEMPTS, require_strace

VERBS = (["use", "b"], ["off"], ["undo"], ["status"], ["list"], ["env", "a"])


@pytest.fixture
def added() -> str:
    """What another program has written since we did."""
    return ""


@pytest.fixture
def home(
    added: str, paths: Paths, tmp_path: Path, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
):
    require_strace()
    monkeypatch.setenv("CCSWITCH_KEYRING", DEMO)
    home = AbusedHome(paths, tmp_path, tmp_path_factory.mktemp("saved") / "home")
    home.live.parent.mkdir()
    home.live.write_text(MINE)
    use(paths, "b")
    use(paths, "a")
    home.live.write_text(home.live.read_text() + added)
    home.save()
    return home


def traced(argv: list[str], log: str, *how: str) -> subprocess.CompletedProcess[str]:
    command = ["strace", "-qq", "-y", "-o", log, *how, sys.executable, "-m", "ccswitch_py", *argv]
    environ = {**os.environ, "PYTHONDONTWRITEBYTECODE": "1", "PYTHONHASHSEED": "0"}
    return subprocess.run(command, env=environ, capture_output=True, text=True, check=False)


def reads_in(log: Path, folder: Path) -> list[tuple[int, str, bool]]:
    """The reads of files in a folder: their number among all reads, their path, and whether they were made to fail."""
    return [
        (number, match[1], line.endswith("(INJECTED)"))
        for number, line in enumerate(log.read_text().splitlines(), 1)
        if (match := re.match(rf"read\(\d+<({re.escape(str(folder))}[^>]*)>", line))
    ]


@pytest.mark.parametrize(("argv", "added"), [*((argv, "") for argv in VERBS), (["use", "b"], "\n")])
def test_a_file_that_cannot_be_read_is_named_and_nothing_changes(
    home: AbusedHome,
    argv: list[str],
    added: str,
    tmp_path_factory: pytest.TempPathFactory,
    record_property: Callable[[str, object], None],
) -> None:
    log = tmp_path_factory.mktemp("log") / "strace"
    traced(argv, str(log), "-e", "trace=read")
    reads = [(number, path) for number, path, _failed in reads_in(log, home.folder)]
    assert reads
    for number, path in reads:
        for _attempt in range(ATTEMPTS):
            home.put_back()
            old = home.seen()
            ended = traced(argv, str(log), "-e", "trace=read", "-e", f"inject=read:error=EIO:when={number}")
            if any(failed for *_place, failed in reads_in(log, home.folder)):
                break
        about = f"read {number} of {path}: {ended}"
        said = ended.stdout + ended.stderr
        assert "Traceback" not in said and "unexpected" not in said and "output cannot" not in said, about
        named = home.live.name if path.endswith(TEMPORARY) else os.path.basename(path)
        assert named.partition("-")[0] in said, about
        is_undone = argv == ["undo"] and ended.returncode == 0  # the profile's file is read for a note only
        is_told = "was written, but cannot be read back" in said or is_undone
        assert (home.seen() == old or is_told) and home.leftovers() == [], about
        assert ended.returncode or argv == ["list"] or "is not known whether" in said or is_undone, about
    home.put_back()
    off(home.paths)
    assert home.live.read_text() == MINE + added
    record_property(
        "counted",
        f"{' '.join(argv)}{added and ', contested'}: each of {len(reads)} reads of our files and theirs fails once",
    )


@pytest.mark.parametrize("error", ["ENOLCK", "EIO"])
def test_a_folder_in_which_nothing_can_be_locked_is_named(home: AbusedHome, error: str) -> None:
    old = home.seen()
    ended = traced(["use", "b"], os.devnull, "-e", "trace=flock", "-e", f"inject=flock:error={error}")
    assert (ended.returncode, ended.stdout) == (5, "")
    assert "ccswitch.lock cannot be locked" in ended.stderr and "CCSWITCH_HOME" in ended.stderr
    assert home.seen() == old
