"""Each call by which a verb changes a file fails once, and is once the last one of a process that is killed."""

import io
import os
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import pytest

from ccswitch_py.cli.main import main
from ccswitch_py.core.paths import Paths
from ccswitch_py.services.apply import off, use
from ccswitch_py.vault.backend_policy import DEMO
from tests.support.abused_home import MINE, AbusedHome, Seen
from tests.support.harmed import ATTEMPTS, Call, Ended, Harm, changing_calls, require_strace, run_harmed, was_harmed

FOUR = ["--main", "m", "--haiku", "h", "--sonnet", "s", "--opus", "o"]
ADD = ["add", "c", "--base-url", "http://127.0.0.1:9/gw", *FOUR, "--key-stdin"]
RENAME = ["rename", "a", "d"]
KEY, NEW_KEY = "sk-made-up-key-4be1f7c2a90d", "sk-made-up-key-0d57a3b1c6e8"
IS_RENAMED = "is now called 'd', but 'a' still exists"
EVERY = 1 if os.environ.get("CCSWITCH_ABUSE") == "full" else 21
"""`make test` spoils each third call, or each of so many of a verb that loads much; each harm begins at another one."""


class Case(NamedTuple):
    """One verb, from a state that the steps before it made, and ``again``: what ends the job that was spoilt.

    The quick verbs are tried at each call.
    """

    before: list[list[str]]
    argv: list[str]
    given: str = ""
    quick: bool = False
    mine: str | None = MINE
    again: list[list[str]] | None = None


CASES = {
    "the first use": Case([], ["use", "a"], quick=True),
    "the use of another profile": Case([["use", "a"]], ["use", "b"], quick=True),
    "a use without a settings file": Case([], ["use", "a"], quick=True, mine=None),
    "off": Case([["use", "a"], ["use", "b"]], ["off"], quick=True),
    "an off that removes the file": Case([["use", "a"]], ["off"], quick=True, mine=None),
    "undo": Case([["use", "a"], ["use", "b"]], ["undo"], quick=True, again=[]),
    "add": Case([], ADD, KEY),
    "edit": Case([ADD], ["edit", "c", "--haiku", "other"]),
    "edit of the key": Case([ADD], ["edit", "c", "--key-stdin"], NEW_KEY),
    "keys set": Case([ADD], ["keys", "set", "c"], NEW_KEY),
    "keys remove": Case([ADD], ["keys", "remove", "c", "--force"]),
    "rename of the profile in use": Case(
        [["use", "a"]], ["rename", "a", "d"], again=[["rename", "a", "d"], ["use", "d"]]
    ),
    "duplicate": Case([ADD], ["duplicate", "c", "d"]),
    "remove": Case([ADD], ["remove", "c"]),
}


@pytest.fixture
def home(paths: Paths, tmp_path: Path, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch):
    require_strace()
    monkeypatch.setenv("CCSWITCH_KEYRING", DEMO)
    return AbusedHome(paths, tmp_path, tmp_path_factory.mktemp("saved") / "home")


@pytest.mark.parametrize("harm", Harm)
@pytest.mark.parametrize("name", CASES)
def test_a_call_that_fails_or_is_the_last_leaves_the_old_state_or_the_new(
    home: AbusedHome,
    name: str,
    harm: Harm,
    tmp_path_factory: pytest.TempPathFactory,
    monkeypatch: pytest.MonkeyPatch,
    record_property: Callable[[str, object], None],
) -> None:
    case, log = CASES[name], tmp_path_factory.mktemp("log") / "strace"
    if case.mine is not None:
        home.live.parent.mkdir()
        home.live.write_text(case.mine)
    for argv in case.before:
        typed(monkeypatch, argv, KEY)
    home.save()
    old = home.seen()
    unharmed = run_harmed(log, case.argv, case.given)
    assert unharmed.code == 0, unharmed
    new = home.seen()
    calls = changing_calls(log)
    step = max(EVERY // 7, 1) if case.quick else EVERY
    tried = calls[list(Harm).index(harm) % min(step, len(calls)) :: step]
    assert tried, (calls, step)
    for call in tried:
        for _attempt in range(ATTEMPTS):
            home.put_back()
            ended = run_harmed(log, case.argv, case.given, (call, harm))
            if was_harmed(log, call):
                break
        about = f"{call} of {case.argv} {harm.value}: {ended}"
        if harm is Harm.ERROR:
            check_honest(home, call, ended, old, new, about)
            assert ended.code or (ended.out, ended.err) == (unharmed.out, unharmed.err), about
        else:
            assert ended.code in (-9, 137), about
            check_old_or_new(home.seen(), old, new, about)
        check_that_all_goes_on(home, case, new, about, monkeypatch)
    record_property("counted", f"{name}: {len(tried)} of {len(calls)} changing calls, and each {harm.value}")


def check_honest(home: AbusedHome, call: Call, ended: Ended, old: Seen, new: Seen, about: str) -> None:
    now = home.seen()
    assert "Traceback" not in ended.err and "unexpected" not in ended.err, about
    if ended.code == 0:
        assert now == new, about
    else:
        assert ended.code in (4, 5) and (call.reason in ended.err or IS_RENAMED in ended.err), about
        if not call.is_output and IS_RENAMED not in ended.err:
            assert now == old and not ended.out, about
        assert ended.err.count("\n") == 1 or call.is_output, about
    assert home.leftovers() == [] or ended.code == 0, about


def check_old_or_new(now: Seen, old: Seen, new: Seen, about: str) -> None:
    assert now.live in (old.live, new.live), about
    for name, content in now.profiles.items():
        assert content in (old.profiles.get(name), new.profiles.get(name)), about
    for name, hosts in now.keys.items():
        assert hosts in (old.keys.get(name), new.keys.get(name)), about
    for name, secret in now.secrets.items():
        assert secret in (old.secrets.get(name), new.secrets.get(name)), about


def check_that_all_goes_on(
    home: AbusedHome, case: Case, new: Seen, about: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The same once more, a minute later, then another switch, then back to the user's own file."""
    home.let_a_minute_pass()
    for argv in [case.argv] if case.again is None else case.again:
        assert typed(monkeypatch, argv, case.given) in (0, 2, 3), about
    if case.again != []:
        now = home.seen()
        assert now.live == new.live and now.profiles.keys() >= new.profiles.keys(), about
        assert set(now.secrets.values()) == set(new.secrets.values()), about
    use(home.paths, "b")
    assert b"b-main" in home.live.read_bytes(), about
    off(home.paths)
    assert (home.live.read_text() if home.live.exists() else None) == case.mine, about
    assert home.leftovers() == [], about


def typed(monkeypatch: pytest.MonkeyPatch, argv: list[str], given: str) -> int:
    """Run a verb in this process."""
    with monkeypatch.context() as patched:
        patched.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(given.encode())))
        return main(argv)
