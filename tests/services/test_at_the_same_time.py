import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from ccswitch_py.core.files import read_bytes
from ccswitch_py.core.paths import Paths
from ccswitch_py.live_files import journal
from ccswitch_py.services.apply import off, use
from ccswitch_py.services.status import status
from tests.support.home import add_profile

MINE = '{\n  "theme": "dark",\n  "env": {"MY_OWN": "1"}\n}\n'
FOREIGN_WRITER = """
import json, os, sys
path, seen = sys.argv[1], 0
while seen < 5000:
    with open(path) as file:
        content = json.load(file)
    seen += 1
    content["foreign"] = seen
    with open(path + ".theirs", "w") as file:
        json.dump(content, file, indent=2)
    os.replace(path + ".theirs", path)
"""


def start(*argv: str) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "ccswitch_py", *argv]
    return subprocess.Popen(command, env=os.environ, stdout=subprocess.PIPE, stderr=subprocess.PIPE)


def test_many_switches_at_once_leave_one_of_them_whole(paths: Paths, settings: Path) -> None:
    settings.write_text(MINE)
    for name in ("a", "b", "c"):
        add_profile(paths, name)
    running = [start("use", name) for name in ("a", "b", "c") * 6]
    while any(process.poll() is None for process in running):
        json.loads(settings.read_text())
    assert [process.communicate()[1] for process in running] == [b""] * len(running)
    (found,) = status(paths)
    assert found.profile and not found.changed_by_others
    assert json.loads(settings.read_text())["env"]["ANTHROPIC_MODEL"] == f"{found.profile}-main"
    off(paths)
    assert settings.read_text() == MINE


def test_a_program_that_rewrites_the_file_all_the_time_loses_nothing_to_us(paths: Paths, settings: Path) -> None:
    settings.write_text(MINE)
    add_profile(paths, "a")
    add_profile(paths, "b")
    writer = subprocess.Popen([sys.executable, "-c", FOREIGN_WRITER, str(settings)])
    ended: list[int] = []
    while writer.poll() is None:
        process = start("use", "ab"[len(ended) % 2])
        said = process.communicate()[1]
        assert process.returncode == 0 or b"keeps changing" in said, said
        ended.append(process.returncode)
    assert writer.returncode == 0 and 0 in ended
    content = json.loads(settings.read_text())
    assert content["theme"] == "dark" and content["env"]["MY_OWN"] == "1"
    assert isinstance(content["foreign"], int)
    off(paths)
    assert json.loads(settings.read_text()).keys() == {"theme", "env", "foreign"}


@pytest.mark.parametrize("reading", [1, 2])
def test_a_switch_while_status_looks_is_not_taken_for_a_change_by_others(
    paths: Paths, settings: Path, monkeypatch: pytest.MonkeyPatch, reading: int
) -> None:
    settings.write_text(MINE)
    add_profile(paths, "a")
    add_profile(paths, "b")
    use(paths, "a")
    calls = 0

    def read(path: str, limit: int = -1) -> bytes | None:
        nonlocal calls
        calls += 1
        if calls == reading:
            use(paths, "b")
        return read_bytes(path, limit)

    monkeypatch.setattr(journal, "read_bytes", read)
    (found,) = status(paths)
    assert (found.profile, found.changed_by_others) == ("b", [])


def test_a_switch_that_is_settled_while_status_looks_is_seen(
    paths: Paths, settings: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.write_text(MINE)
    add_profile(paths, "a")
    add_profile(paths, "b")
    use(paths, "a")
    (of_a,) = Path(paths.journal).iterdir()
    before = of_a.read_bytes()
    use(paths, "b")
    announced = of_a.rename(of_a.with_name(of_a.name + ".next"))
    of_a.write_bytes(before)
    calls = 0

    def read(path: str, limit: int = -1) -> bytes | None:
        nonlocal calls
        calls += 1
        if calls == 2:
            announced.replace(of_a)
        return read_bytes(path, limit)

    monkeypatch.setattr(journal, "read_bytes", read)
    (found,) = status(paths)
    assert (found.profile, found.changed_by_others) == ("b", [])
