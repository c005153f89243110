import sys
import threading
from pathlib import Path

import pytest

from ccswitch_py.core.paths import Paths
from ccswitch_py.model.diagnosis import Verdict
from ccswitch_py.model.key_ref import KeyRef
from ccswitch_py.probe.plan import Depth
from ccswitch_py.services.live_test.batch import Outcome, ProgressListener, check_many
from ccswitch_py.services.live_test.plans import count_requests, subjects_of
from tests.support.good_gateway import GOOD
from tests.support.home import KEY_VARIABLE, add_profile
from tests.support.misbehaving import Misbehaving, Talk, error, then

KEY = "made-up-key-0123456789"
DEADLINE_S = 30.0


@pytest.fixture(autouse=True)
def key(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(KEY_VARIABLE, KEY)


def check(paths: Paths, *names: str) -> Outcome:
    return check_many(paths, subjects_of(paths, names), Depth.NORMAL, ProgressListener())


def test_different_hosts_are_asked_at_the_same_time(paths: Paths) -> None:
    both_asked = threading.Barrier(2, timeout=DEADLINE_S)
    script = then(lambda talk: both_asked.wait() and None, GOOD)
    with Misbehaving(script, GOOD) as one, Misbehaving(script, GOOD) as other:
        add_profile(paths, "a", one.base_url)
        add_profile(paths, "b", other.base_url)
        assert check(paths, "a", "b").all_good


def test_profiles_of_one_host_are_asked_one_after_the_other(paths: Paths) -> None:
    with Misbehaving(GOOD) as gateway:
        for name in ("a", "b", "c"):
            add_profile(paths, name, f"{gateway.base_url}/{name}")
        assert check(paths, "b", "c", "a").all_good
        askers = [seen.target.split("/")[1] for seen in gateway.seen]
    assert "".join(dict.fromkeys(askers)) == "bca"
    assert askers == sorted(askers, key="bca".index)


def test_a_test_begins_while_the_key_of_another_is_waited_for(paths: Paths, tmp_path: Path) -> None:
    answer = tmp_path / "answer"
    wait_for_it = f"import os\nwhile not os.path.exists({str(answer)!r}): pass\nprint({KEY!r})"
    with Misbehaving(then(lambda talk: answer.touch(), GOOD)) as quick, Misbehaving(GOOD) as slow:
        add_profile(paths, "quick", quick.base_url)
        add_profile(paths, "slow", slow.base_url, key=KeyRef(command=(sys.executable, "-c", wait_for_it)))
        assert check(paths, "quick", "slow").all_good
        assert slow.seen[0].headers["x-api-key"] == KEY


def test_one_key_is_looked_up_at_a_time(paths: Paths, tmp_path: Path) -> None:
    log = tmp_path / "log"
    note = (
        f"import sys\nlog = open({str(log)!r}, 'a', 1)\nprint('in', file=log)\nprint({KEY!r})\nprint('out', file=log)"
    )
    with Misbehaving(GOOD) as one, Misbehaving(GOOD) as other:
        for name, gateway in (("a", one), ("b", other)):
            add_profile(paths, name, gateway.base_url, key=KeyRef(command=(sys.executable, "-c", note)))
        assert check(paths, "a", "b").all_good
    assert log.read_text().split() == ["in", "out"] * 2


def test_a_profile_without_its_key_is_a_problem_and_the_others_go_on(paths: Paths) -> None:
    with Misbehaving(GOOD) as gateway:
        add_profile(paths, "a", gateway.base_url, key=KeyRef(env="NOT_SET_ANYWHERE"))
        add_profile(paths, "b", gateway.base_url)
        outcome = check(paths, "a", "b")
    assert outcome.tested["b"].report.verdict is Verdict.WORKS
    assert list(outcome.problems) == ["a"] and "NOT_SET_ANYWHERE" in outcome.problems["a"].message
    assert not outcome.all_good and not outcome.interrupted
    [told] = outcome.as_json()["problems"]
    assert (told["name"], told["exit_code"]) == ("a", 4) and "NOT_SET_ANYWHERE" in told["message"]


def test_a_name_that_is_given_twice_is_tested_once(paths: Paths) -> None:
    with Misbehaving(GOOD) as gateway:
        add_profile(paths, "a", gateway.base_url)
        outcome = check(paths, "a", "a")
        assert len(outcome.as_json()["profiles"]) == 1
        assert outcome.tested["a"].report.requests == len(gateway.seen)


def test_no_more_is_sent_than_was_said_and_no_key_is_needed_to_say_it(
    paths: Paths, monkeypatch: pytest.MonkeyPatch
) -> None:
    with Misbehaving(GOOD) as gateway:
        for name in ("a", "b"):
            add_profile(paths, name, gateway.base_url)
        monkeypatch.delenv(KEY_VARIABLE)
        planned, spare = count_requests(paths, subjects_of(paths, ["a", "b"]), Depth.NORMAL)
        monkeypatch.setenv(KEY_VARIABLE, KEY)
        check(paths, "a", "b")
        assert 0 < len(gateway.seen) == planned < planned + spare


def test_reports_come_in_the_order_of_the_names_whichever_ended_first(paths: Paths) -> None:
    b_has_ended = threading.Event()

    class Listener(ProgressListener):
        def profile_finished(self, name: str, found: object) -> None:
            if name == "b":
                b_has_ended.set()

    def wait(talk: Talk) -> None:
        assert b_has_ended.wait(DEADLINE_S)

    refused = error(401, "authentication_error", "invalid x-api-key")
    with Misbehaving(then(wait, GOOD)) as late, Misbehaving(refused) as early:
        add_profile(paths, "a", late.base_url)
        add_profile(paths, "b", early.base_url)
        outcome = check_many(paths, subjects_of(paths, ["a", "b"]), Depth.NORMAL, Listener())
    assert [tested.report.name for tested in outcome.in_order] == ["a", "b"]
    assert outcome.tested["b"].report.verdict is Verdict.BROKEN
