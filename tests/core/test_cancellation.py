from __future__ import annotations

import fcntl
import os
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from ccswitch_py.core.cancellation import CancelToken, cancellable_by, shielded
from ccswitch_py.core.errors import Interrupted
from ccswitch_py.core.lock import state_lock
from ccswitch_py.core.paths import Paths
from ccswitch_py.model.key_ref import KeyRef
from ccswitch_py.services.profiles.setup import all_or_nothing
from ccswitch_py.vault.program import run_program
from ccswitch_py.vault.reference import resolve_key

SHORT = [sys.executable, "-c", "import time; time.sleep(0.2); print('done')"]


def started(job: Callable[[], object], stop: CancelToken) -> Callable[[], object]:
    """Begin a job that can be stopped; what is given back waits for its end and says what it returned or raised."""
    outcome: list[object] = []

    def run() -> None:
        try:
            with cancellable_by(stop):
                outcome.append(job())
        except Interrupted as problem:
            outcome.append(problem)

    def ended() -> object:
        thread.join()
        return outcome[0]

    thread = threading.Thread(target=run)
    thread.start()
    return ended


def test_a_program_that_is_waited_for_is_ended_when_the_job_is_stopped(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    script = (
        f"import os, pathlib\npathlib.Path({str(pipe)!r}).write_text(str(os.getpid()))\nimport signal; signal.pause()"
    )
    stop = CancelToken()
    ended = started(lambda: resolve_key(KeyRef(command=(sys.executable, "-c", script)), Paths("", "")), stop)
    pid = pipe.read_text()
    stop.cancel()
    assert isinstance(ended(), Interrupted)
    assert not Path("/proc", pid).exists()


def test_a_job_that_waits_for_another_ccswitch_can_be_stopped_and_leaves_no_lock(paths: Paths) -> None:
    def change() -> str:
        with state_lock(paths):
            return "changed"

    stop = CancelToken()
    with state_lock(paths):
        ended = started(change, stop)
        stop.cancel()
        assert isinstance(ended(), Interrupted)
    with open(os.path.join(paths.locks, "ccswitch.lock")) as lock:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    assert change() == "changed"


def test_a_job_that_does_not_wait_is_done_whoever_wanted_to_stop_it(paths: Paths) -> None:
    stop = CancelToken()
    stop.cancel()
    with cancellable_by(stop), state_lock(paths):
        assert True


def test_a_stop_is_for_one_job_and_not_for_the_next_in_the_same_thread() -> None:
    stop = CancelToken()
    stop.cancel()
    with cancellable_by(stop), pytest.raises(Interrupted):
        run_program(SHORT, 30)
    assert run_program(SHORT, 30) == (0, b"done\n")


def test_the_steps_of_a_stopped_job_are_taken_back_although_they_wait_too() -> None:
    stop, taken_back = CancelToken(), list[object]()
    stop.cancel()
    with cancellable_by(stop), pytest.raises(Interrupted) as caught, all_or_nothing() as steps:
        steps.on_failure.append(lambda: taken_back.append(run_program(SHORT, 30)))
        run_program(SHORT, 30)
    assert taken_back == [(0, b"done\n")]
    assert str(caught.value) == "Stopped. Nothing was changed."


def test_a_step_back_that_hangs_itself_is_given_up_and_that_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ccswitch_py.core.cancellation.GRACE_S", 0.1)
    stop, others = CancelToken(), list[str]()
    stop.cancel()
    hanging = [sys.executable, "-c", "import signal; signal.pause()"]
    with cancellable_by(stop), pytest.raises(Interrupted, match="Not everything could"), all_or_nothing() as steps:
        steps.on_failure.append(lambda: others.append("the step before"))
        steps.on_failure.append(lambda: others.append(str(run_program(hanging, 30))))
        run_program(SHORT, 30)
    assert others == ["the step before"]


def test_what_tidies_up_after_a_job_that_is_done_is_not_refused() -> None:
    stop, tidied = CancelToken(), list[object]()
    stop.cancel()
    with cancellable_by(stop):
        with all_or_nothing() as steps:
            steps.on_success.append(lambda: tidied.append(run_program(SHORT, 30)))
        with shielded():
            tidied.append(run_program(SHORT, 30))
        with pytest.raises(Interrupted):
            run_program(SHORT, 30)
    assert tidied == [(0, b"done\n")] * 2


def test_the_waits_that_quick_commands_share_load_nothing_heavy() -> None:
    script = "import sys, ccswitch_py.core.cancellation; print({'threading', 'asyncio', 'typing'} & {*sys.modules})"
    done = subprocess.run([sys.executable, "-I", "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout == "set()\n"
