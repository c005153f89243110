import base64
import os
import re
import time
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ccswitch_py.core.files import write_own_file
from ccswitch_py.core.paths import Paths
from ccswitch_py.model.diagnosis import Diagnosis, Status, Verdict
from ccswitch_py.model.protocol import MAIN_ROLES
from ccswitch_py.probe.report import CheckResult, ProfileReport
from ccswitch_py.redact.secret import Secret
from ccswitch_py.services.apply import off, undo, use
from ccswitch_py.services.keys.manage import set_key
from ccswitch_py.services.launches import load_record
from ccswitch_py.services.live_test.results import LastTest, age_text, last_test, remember
from ccswitch_py.services.profiles.manage import duplicate, remove, rename
from ccswitch_py.services.profiles.setup import draft_of, save_draft
from ccswitch_py.store.last_tests import fingerprint_of
from ccswitch_py.store.profiles import load_profile
from ccswitch_py.vault.backend_policy import DEMO, DEMO_MARK
from tests.support.home import add_profile
from tests.support.misbehaving import Misbehaving, error
from tests.support.probing import plan_for, probe

KEY = Secret("made-up-key-4b7e19c2d805fa36")
NEW_KEY = Secret("made-up-key-f83c6a90e2d7b514")
PASSED = CheckResult("url", Status.PASS, Diagnosis.OK)
UNSEEN = CheckResult("stream", Status.SKIP, None)
PLAIN = CheckResult("url", Status.WARN, Diagnosis.PLAINTEXT_HTTP)
SLOW = CheckResult("stream", Status.WARN, Diagnosis.STREAM_BUFFERED, model="m1")
CLOSED = CheckResult("key", Status.UNTESTABLE, Diagnosis.CLIENT_RESTRICTED)
ABSENT = CheckResult("model", Status.FAIL, Diagnosis.MODEL_NOT_FOUND, model="m1")
BUSY = CheckResult("model", Status.FAIL, Diagnosis.OVERLOADED, model="m2")


def report(verdict: Verdict, *checks: CheckResult) -> ProfileReport:
    return ProfileReport("a", verdict, 3, 900, checks)


WORKS = report(Verdict.WORKS, PASSED)


def keep(paths: Paths, result: ProfileReport) -> None:
    """What ``ccswitch test`` does with a result."""
    remember(paths, result, fingerprint_of(load_record(paths, result.name)))


def found(paths: Paths, name: str = "a") -> LastTest | None:
    return last_test(paths, load_record(paths, name))


def remembered(paths: Paths, name: str = "a") -> LastTest:
    test = found(paths, name)
    assert test is not None
    return test


def edit(paths: Paths, **changes: object) -> None:
    draft = draft_of("a", load_profile(paths, "a"))
    save_draft(paths, replace(draft, **changes), replace_existing=True)  # type: ignore[arg-type]


@pytest.fixture(autouse=True)
def keyring(paths: Paths, monkeypatch: pytest.MonkeyPatch) -> None:
    write_own_file(os.path.join(paths.config, DEMO_MARK), b"")
    monkeypatch.setenv("CCSWITCH_KEYRING", DEMO)


def test_what_a_test_found_is_there_afterwards_with_its_time(paths: Paths) -> None:
    add_profile(paths, "a")
    assert found(paths) is None
    before = int(time.time())
    keep(paths, report(Verdict.BROKEN, PASSED, ABSENT))
    test = remembered(paths)
    assert (test.verdict, test.diagnosis, test.check, test.model) == ("broken", "model_not_found", "model", "m1")
    assert before <= test.at <= time.time() and not test.edited_since
    assert test.as_json() == {
        "verdict": "broken",
        "at": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(test.at)),
        "diagnosis": "model_not_found",
        "check": "model",
        "model": "m1",
        "quick": False,
        "edited_since": False,
    }


@pytest.mark.parametrize(
    ("checks", "worst"),
    [
        ((PASSED,), None),
        ((PASSED, UNSEEN), UNSEEN),
        ((PLAIN, PASSED), PLAIN),
        ((PLAIN, SLOW), SLOW),
        ((SLOW, CLOSED), CLOSED),
        ((PLAIN, CLOSED, BUSY, ABSENT), BUSY),
        ((PLAIN, CLOSED, ABSENT, BUSY), ABSENT),
    ],
)
def test_the_finding_that_decided_the_verdict_is_the_one_that_is_kept(
    paths: Paths, checks: tuple[CheckResult, ...], worst: CheckResult | None
) -> None:
    add_profile(paths, "a")
    keep(paths, report(Verdict.DEGRADED, *checks))
    test = remembered(paths)
    expected = (worst.diagnosis, worst.check, worst.model) if worst else (None, None, None)
    assert (test.diagnosis, test.check, test.model) == expected


@pytest.mark.parametrize(
    ("result", "in_short", "in_full"),
    [
        (WORKS, "✓ works, just now", "✓ works, just now"),
        (report(Verdict.WORKS, PLAIN), "✓ works, just now", "✓ works: plaintext_http (url), just now"),
        (
            report(Verdict.DEGRADED, SLOW),
            "! degraded, just now",
            "! degraded: stream_buffered (stream m1), just now",
        ),
        (report(Verdict.DEGRADED, UNSEEN), "! degraded, just now", "! degraded, just now"),
        (
            report(Verdict.BROKEN, ABSENT),
            "✗ model_not_found, just now",
            "✗ broken: model_not_found (model m1), just now",
        ),
        (
            report(Verdict.UNTESTABLE, CLOSED),
            "? client_restricted, just now",
            "? untestable: client_restricted (key), just now",
        ),
    ],
)
def test_a_result_is_told_in_words_with_a_sign(
    paths: Paths, result: ProfileReport, in_short: str, in_full: str
) -> None:
    add_profile(paths, "a")
    keep(paths, result)
    assert (remembered(paths).in_short, remembered(paths).in_full) == (in_short, in_full)


@pytest.mark.parametrize(
    "changes",
    [
        {"base_url": "http://127.0.0.1:9/other"},
        {"models": dict.fromkeys(MAIN_ROLES, "m9")},
        {"key": NEW_KEY},
    ],
)
def test_a_result_of_before_an_edit_says_so(paths: Paths, changes: dict[str, object]) -> None:
    add_profile(paths, "a", key=KEY)
    keep(paths, WORKS)
    edit(paths)
    assert not remembered(paths).edited_since
    edit(paths, **changes)
    assert remembered(paths).edited_since
    assert remembered(paths).in_short == "✓ works, just now, edited since"
    keep(paths, WORKS)
    assert not remembered(paths).edited_since


def test_a_result_of_before_a_new_key_says_so(paths: Paths) -> None:
    add_profile(paths, "a", key=KEY)
    keep(paths, WORKS)
    set_key(paths, "a", NEW_KEY, None)
    assert remembered(paths).edited_since


def test_a_result_of_before_an_edit_by_hand_says_so(paths: Paths) -> None:
    add_profile(paths, "a")
    keep(paths, WORKS)
    file = Path(paths.profile("a"))
    file.write_text("# a remark\n" + file.read_text())
    assert not remembered(paths).edited_since
    file.write_text(file.read_text().replace('"a-opus"', '"by-hand"'))
    assert remembered(paths).edited_since


def test_a_rename_takes_the_result_along_and_is_no_edit(paths: Paths) -> None:
    add_profile(paths, "a", key=KEY)
    keep(paths, report(Verdict.BROKEN, ABSENT))
    before = remembered(paths).as_json()
    rename(paths, "a", "b")
    assert remembered(paths, "b").as_json() == before
    assert os.listdir(os.path.dirname(paths.last_test("b"))) == ["b.json"]


def test_a_rename_after_an_edit_still_says_edited_since(paths: Paths) -> None:
    add_profile(paths, "a", key=KEY)
    keep(paths, WORKS)
    edit(paths, base_url="http://127.0.0.1:9/other")
    rename(paths, "a", "b")
    assert remembered(paths, "b").edited_since


def test_a_copy_was_never_tested(paths: Paths) -> None:
    add_profile(paths, "a")
    keep(paths, WORKS)
    duplicate(paths, "a", "b")
    assert found(paths, "b") is None and found(paths) is not None


def test_the_result_of_a_removed_profile_does_not_come_back_with_its_name(paths: Paths) -> None:
    add_profile(paths, "a")
    keep(paths, WORKS)
    remove(paths, "a")
    assert not Path(paths.last_test("a")).exists()
    add_profile(paths, "a")
    assert found(paths) is None


def test_use_undo_and_off_leave_the_result_alone(paths: Paths, settings: Path) -> None:
    add_profile(paths, "a")
    keep(paths, WORKS)
    before = Path(paths.last_test("a")).read_bytes()
    for change in (lambda: use(paths, "a"), lambda: undo(paths), lambda: use(paths, "a"), lambda: off(paths)):
        change()
        assert Path(paths.last_test("a")).read_bytes() == before
        assert not remembered(paths).edited_since


def test_a_result_that_cannot_be_written_is_no_error_of_the_test(paths: Paths) -> None:
    add_profile(paths, "a")
    Path(paths.state, "tests").write_text("a file in the place of the folder")
    keep(paths, WORKS)
    assert found(paths) is None
    rename(paths, "a", "b")
    remove(paths, "b")


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (-86_400, "just now"),
        (59.9, "just now"),
        (60, "1 min ago"),
        (5 * 60 + 59, "5 min ago"),
        (3 * 3_600, "3 h ago"),
        (86_400 - 1, "23 h ago"),
        (86_400, "1 day ago"),
        (2 * 86_400, "2 days ago"),
        (30 * 86_400, "1 month ago"),
        (125 * 86_400, "4 months ago"),
    ],
)
def test_an_age_in_words(seconds: float, words: str) -> None:
    assert age_text(seconds) == words


UNITS = {"min": 60, "h": 3_600, "day": 86_400, "month": 30 * 86_400}


@given(st.integers(-(10**10), 10**10) | st.floats(-1e10, 1e10))
def test_every_age_is_rounded_down_to_one_unit(seconds: float) -> None:
    words = age_text(seconds)
    if seconds < 60:
        assert words == "just now"
        return
    match = re.fullmatch(r"([1-9]\d*) (min|h|day|month)(s?) ago", words)
    assert match, words
    count, unit = int(match[1]), UNITS[match[2]]
    assert count * unit <= seconds < (count + 1) * unit
    assert bool(match[3]) == (count > 1 and match[2] in ("day", "month"))


@pytest.mark.parametrize("status", [400, 401, 403, 404, 429, 500])
def test_a_gateway_that_repeats_the_key_leaves_no_trace_of_it_in_the_state_folder(paths: Paths, status: int) -> None:
    key = "sk-canary-7d1e4b90c3a85f26e1b7"
    clothes = [key, base64.b64encode(key.encode()).decode(), key.encode().hex()]
    said = f"model {key} not found for {' and '.join(clothes)}"
    with Misbehaving(error(status, key, said, f"x-request-id: {key}")) as gateway:
        add_profile(paths, "a", gateway.base_url)
        result = probe(plan_for(gateway.base_url, key=key))
        assert gateway.seen[0].headers["x-api-key"] == key
    keep(paths, replace(result, name="a"))
    assert remembered(paths).diagnosis
    kept = {str(file): file.read_text() for file in Path(paths.state).rglob("*") if file.is_file()}
    assert paths.last_test("a") in kept
    for file, content in kept.items():
        assert not [one for one in clothes if one in content or one[8:24] in content], file
