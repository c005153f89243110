"""Sixty-four processes switch at the same time, while a reader looks at the file all the time."""

import json
import os
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path

from ccswitch_py.core.paths import Paths
from ccswitch_py.services.apply import off, use
from ccswitch_py.services.status import status
from tests.support.home import add_profile

MINE = json.dumps({"theme": "dark", "env": {"MY_OWN": "1", "ANTHROPIC_MODEL": "my-own"}}, indent=2)
PROCESSES = 64
VERBS = (["use", "a"], ["use", "b"], ["use", "c"], ["off"], ["use", "a"], ["undo"], ["use", "b"], ["status"])


def test_a_reader_meets_only_whole_files_and_every_process_says_what_became_of_its_change(
    paths: Paths, settings: Path, record_property: Callable[[str, object], None]
) -> None:
    settings.write_text(MINE)
    for name in ("a", "b", "c"):
        add_profile(paths, name)
    models = {"my-own", "a-main", "b-main", "c-main"}
    stop, seen = threading.Event(), dict.fromkeys(models, 0)

    def poll() -> None:
        while not stop.is_set():
            content = json.loads(settings.read_bytes())
            assert (content["theme"], content["env"]["MY_OWN"]) == ("dark", "1")
            seen[content["env"]["ANTHROPIC_MODEL"]] += 1

    problems: list[object] = []
    reader = threading.Thread(target=lambda: collect(poll, problems))
    reader.start()
    running = [start(VERBS[number % len(VERBS)]) for number in range(PROCESSES)]
    ended = [(process.communicate(), process.returncode) for process in running]
    stop.set()
    reader.join()
    assert not problems, problems
    waited = [said for (_, said), code in ended if code == 5]
    for (out, err), code in ended:
        honest = (code == 0 and out and not err) or (code == 5 and b"Another ccswitch is still" in err and not out)
        assert honest, (code, out, err)
    assert sum(seen.values()) >= PROCESSES and len(waited) < PROCESSES
    record_property(
        "counted",
        f"{PROCESSES} processes at once: {PROCESSES - len(waited)} done, {len(waited)} gave up waiting; "
        f"{sum(seen.values())} reads, no half file",
    )
    assert not status(paths)[0].changed_by_others
    use(paths, "a")
    off(paths)
    assert settings.read_text() == MINE
    assert os.listdir(settings.parent) == ["settings.json"]


def collect(job: Callable[[], None], problems: list[object]) -> None:
    """What goes wrong in a thread is told by the test."""
    try:
        job()
    except Exception as problem:
        problems.append(repr(problem))


def start(argv: list[str]) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "ccswitch_py", *argv]
    return subprocess.Popen(command, env=os.environ, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
