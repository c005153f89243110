from __future__ import annotations

import threading
from pathlib import Path

import pytest

from ccswitch_py.core.cancellation import CancelToken, cancellable_by
from ccswitch_py.core.lock import state_lock
from ccswitch_py.core.paths import Paths
from ccswitch_py.services.live_test.fix import save_fixed_profile
from ccswitch_py.services.profiles.editing import EditedMeanwhile
from ccswitch_py.store.profiles import load_profile
from tests.support.home import add_profile

SWITCHES = {"CLAUDE_CODE_EFFORT_LEVEL": "unset"}


class Watched(CancelToken):
    """Tells when the job waits for something: it looks here then whether it is to end."""

    def __init__(self) -> None:
        super().__init__()
        self.waits = threading.Event()

    @property
    def is_cancelled(self) -> bool:
        self.waits.set()
        return False

    @is_cancelled.setter
    def is_cancelled(self, _: bool) -> None: ...


def test_a_fix_of_a_profile_sets_its_switches(paths: Paths) -> None:
    add_profile(paths, "work")
    fixed = save_fixed_profile(paths, "work", SWITCHES)
    assert fixed.opened.profile == load_profile(paths, "work") and not fixed.targets and not fixed.problem
    assert load_profile(paths, "work").targets["claude-code"]["switches"] == SWITCHES


def test_a_fix_may_be_the_limit_of_output_tokens(paths: Paths) -> None:
    add_profile(paths, "work")
    save_fixed_profile(paths, "work", {**SWITCHES, "max_output_tokens": "16384"})
    options = load_profile(paths, "work").targets["claude-code"]
    assert (options["max_output_tokens"], options["switches"]) == (16_384, SWITCHES)


def test_a_fix_that_waits_for_another_program_does_not_undo_what_that_one_has_changed(paths: Paths) -> None:
    add_profile(paths, "work")
    profile, stop, problems = Path(paths.profile("work")), Watched(), list[BaseException]()

    def fix() -> None:
        with cancellable_by(stop), pytest.raises(EditedMeanwhile) as raised:
            save_fixed_profile(paths, "work", SWITCHES)
        problems.append(raised.value)

    fixing = threading.Thread(target=fix)
    with state_lock(paths):
        fixing.start()
        assert stop.waits.wait(60)
        theirs = profile.read_text().replace("work-opus", "edited-by-another")
        profile.write_text(theirs)
    fixing.join()
    assert problems and "Nothing was saved" in str(problems[0])
    assert profile.read_text() == theirs
