import json
import os
import resource
import subprocess
import sys
from pathlib import Path

import pytest

from ccswitch_py.core.paths import Paths
from ccswitch_py.services.apply import off, use
from tests.support.home import add_profile

MINE = json.dumps({"theme": "dark", "padding": "x" * 100_000})


def use_with_files_of_at_most(limit_bytes: int) -> subprocess.CompletedProcess[str]:
    """``ccswitch use a`` in a process whose writes the kernel refuses beyond a size, as a full disk does."""
    return subprocess.run(
        [sys.executable, "-m", "ccswitch_py", "use", "a"],
        env=os.environ,
        capture_output=True,
        text=True,
        check=False,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (limit_bytes, limit_bytes)),
    )


@pytest.mark.parametrize(("limit_bytes", "failing"), [(50_000, "settings.json"), (200, "journal")])
def test_when_a_write_fails_the_live_file_stays_as_it_was(
    paths: Paths, settings: Path, limit_bytes: int, failing: str
) -> None:
    settings.write_text(MINE)
    add_profile(paths, "a")
    done = use_with_files_of_at_most(limit_bytes)
    assert (done.returncode, done.stdout) == (5, "")
    assert failing in done.stderr and "file too large" in done.stderr and done.stderr.count("\n") == 1
    assert settings.read_text() == MINE
    assert os.listdir(settings.parent) == ["settings.json"]
    assert not os.path.exists(paths.journal) or os.listdir(paths.journal) == []
    assert use(paths, "a").changed
    off(paths)
    assert settings.read_text() == MINE
