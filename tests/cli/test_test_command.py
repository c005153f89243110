import json
import os
import signal
import socket
import stat
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO, Any
from xml.etree import ElementTree

import pytest

from ccswitch_py.cli.main import main
from ccswitch_py.cli.output.junit import as_junit
from ccswitch_py.core.errors import KeyUnavailable
from ccswitch_py.core.paths import Paths
from ccswitch_py.model.diagnosis import Diagnosis, Status, Verdict
from ccswitch_py.model.key_ref import KeyRef
from ccswitch_py.model.protocol import MAIN_ROLES, Role
from ccswitch_py.probe.report import CheckResult, ProfileReport
from ccswitch_py.services.live_test import batch as check_many
from tests.support.good_gateway import GOOD
from tests.support.home import KEY_VARIABLE, add_profile
from tests.support.misbehaving import Misbehaving, Script, by_model, error, silence, then
from tests.support.programs import BIN

REFUSED = error(401, "authentication_error", "invalid x-api-key")
DEADLINE_S = 30.0


@pytest.fixture(autouse=True)
def key(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(KEY_VARIABLE, "made-up-key-0123456789")


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]):
    def run_line(*argv: str) -> tuple[int, str, str]:
        code = main(["test", *argv])
        shown = capsys.readouterr()
        return code, shown.out, shown.err

    return run_line


@pytest.fixture
def good_and_bad(paths: Paths) -> Iterator[None]:
    with Misbehaving(GOOD) as good, Misbehaving(REFUSED) as bad:
        add_profile(paths, "good", good.base_url)
        add_profile(paths, "bad", bad.base_url)
        yield


def test_several_profiles_are_a_table_and_what_to_do(run, good_and_bad: None) -> None:
    code, out, err = run("good", "bad")
    heading, good, bad, gap, detail, advice = out.splitlines()
    assert code == 1
    assert heading.split() == ["VERDICT", "NAME", "FINDING", "REQUESTS", "TIME"]
    assert good.split()[:3] == ["✓", "works", "good"]
    assert bad.split()[:6] == ["✗", "broken", "bad", "key:", "key_rejected", "1"]
    assert gap == "" and detail.startswith("bad: ") and "invalid x-api-key" in detail and advice.startswith("  ")
    assert err.startswith("2 profiles: ") and " requests, at most " in err and err.count("\n") == 1


def test_all_profiles_are_json_in_the_order_of_their_names(run, good_and_bad: None) -> None:
    code, out, _ = run("--all", "--json")
    facts = json.loads(out)
    assert code == 1
    assert [(one["name"], one["verdict"]) for one in facts["profiles"]] == [("bad", "broken"), ("good", "works")]
    assert "interrupted" not in facts and "problems" not in facts


def test_one_profile_shows_each_check_and_no_table(run, good_and_bad: None) -> None:
    code, out, err = run("good")
    assert (code, err) == (0, "")
    assert out.startswith("good: http://127.0.0.1:") and "✓ pass       key" in out and "VERDICT" not in out
    assert "good: Works" in out.splitlines()[-1]


def test_verbose_shows_what_was_sent_and_what_came_back_without_the_key(run, good_and_bad: None) -> None:
    _, out, _ = run("bad", "--verbose")
    assert "POST /v1/messages?beta=true HTTP/1.1" in out and "x-api-key: ••••••••6789" in out
    assert "HTTP/1.1 401 x" in out and '"message": "invalid x-api-key"' in out
    assert out.index("✗ FAIL       key") < out.index("POST /v1/messages") and out.count("POST /v1/messages") == 1
    _, passed, _ = run("good", "--verbose")
    assert passed.count("POST /v1/messages") == 6, "one for each request, below the check that it was sent for"
    _, many, _ = run("good", "bad", "--verbose")
    assert many.index("VERDICT") < many.index("bad: key") < many.index("HTTP/1.1 401 x")
    for text in (out, passed, many):
        assert "made-up-key-0123456789" not in text


def test_verbose_json_has_the_evidence_of_each_check_that_sent_something(run, good_and_bad: None) -> None:
    _, out, _ = run("bad", "--json", "--verbose")
    checks = {check["check"]: check for check in json.loads(out)["profiles"][0]["checks"]}
    evidence = checks["key"]["evidence"]
    assert evidence["url"].endswith("/v1/messages?beta=true") and evidence["answer"]["head"][0] == "HTTP/1.1 401 x"
    assert checks["url"]["evidence"] is None and "made-up-key-0123456789" not in out
    _, out, _ = run("bad", "--json")
    assert '"evidence"' not in out


def test_a_profile_without_its_key_is_in_the_table(run, good_and_bad: None, paths: Paths) -> None:
    add_profile(paths, "keyless", key=KeyRef(env="NOT_SET_ANYWHERE"))
    code, out, _ = run("good", "keyless")
    assert code == 1
    assert "? not tested  keyless" in out and "keyless: The variable NOT_SET_ANYWHERE" in out
    code, out, err = run("keyless", "--json")
    assert (code, out) == (4, "") and json.loads(err)["error"]["exit_code"] == 4


@pytest.mark.parametrize(
    ("argv", "code", "words"),
    [
        ([], 2, "or --all"),
        (["good", "--timeout", "0"], 2, "1 to 3600 seconds"),
        (["good", "nobody"], 3, "There is no profile 'nobody'"),
        (["good", "--quick", "--full"], 2, "not allowed with"),
        (["good", "--junit", "/nowhere/at/all.xml"], 5, "folder does not exist"),
        (["good", "--junit", os.devnull], 5, "is not a regular file"),
    ],
)
def test_mistakes_are_told_before_anything_is_sent(
    run, good_and_bad: None, argv: list[str], code: int, words: str
) -> None:
    got, out, err = run(*argv)
    assert (got, out) == (code, "") and words in err


def test_all_of_no_profiles_is_told_as_such(run, paths: Paths) -> None:
    code, out, err = run("--all")
    assert (code, out) == (2, "") and "There is no profile yet" in err


def test_junit_has_a_suite_for_each_profile_and_a_case_for_each_check(
    run, good_and_bad: None, paths: Paths, tmp_path: Path
) -> None:
    add_profile(paths, "keyless", key=KeyRef(env="NOT_SET_ANYWHERE"))
    file = tmp_path / "report.xml"
    code, out, _ = run("good", "bad", "keyless", "--json", "--junit", str(file))
    assert code == 1
    assert stat.S_IMODE(file.stat().st_mode) == 0o644
    suites = {suite.get("name"): suite for suite in ElementTree.parse(file).getroot()}
    assert list(suites) == ["good", "bad", "keyless"]
    for profile in json.loads(out)["profiles"]:
        cases = suites[profile["name"]].findall("testcase")
        names = [
            f"{check['check']} {check['model']}" if check["model"] else check["check"] for check in profile["checks"]
        ]
        assert [case.get("name") for case in cases] == names
        assert {case.get("classname") for case in cases} == {profile["name"]}
    (refusal,) = suites["bad"].iter("failure")
    assert refusal.get("type") == "key_rejected" and "invalid x-api-key" in refusal.get("message", "")
    assert suites["bad"].find("testcase[@name='stream']/skipped") is not None
    assert (suites["bad"].get("failures"), suites["good"].get("failures")) == ("1", "0")
    assert suites["keyless"].find("testcase/error") is not None


def test_junit_replaces_a_file_with_its_mode_and_behind_its_link(run, good_and_bad: None, tmp_path: Path) -> None:
    real, link = tmp_path / "real.xml", tmp_path / "link.xml"
    real.write_text("old")
    real.chmod(0o644)
    link.symlink_to(real)
    assert run("good", "--junit", str(link))[0] == 0
    assert link.is_symlink() and ElementTree.parse(real).getroot().tag == "testsuites"
    assert stat.S_IMODE(real.stat().st_mode) == 0o644


def test_junit_can_be_read_whatever_a_gateway_said() -> None:
    said = "\x00\x08<b>&]]>\x1b[31m\ud800\ufffe\U0001f600"
    warning = CheckResult("model", Status.WARN, Diagnosis.MODEL_SUBSTITUTED, said, said, model="gpt-5[1m]\x0b")
    closed = CheckResult("key", Status.UNTESTABLE, Diagnosis.CLIENT_RESTRICTED, said)
    report = ProfileReport("a", Verdict.UNTESTABLE, 2, 1234, (closed, warning))
    outcome = check_many.Outcome(
        ["a", "b"], {"a": check_many.Tested(report, interrupted=True)}, {"b": KeyUnavailable(said, said)}
    )
    root = ElementTree.fromstring(as_junit(outcome))
    assert root.get("tests") == "4" and root.get("errors") == "3"
    assert root.find("testsuite/testcase[@name='model gpt-5[1m]']/system-out").text.endswith("<b>&]]>[31m😀")
    assert root.find("testsuite").get("time") == "1.234"


class Asked:
    """A script that says when it is played."""

    def __init__(self, script: Script) -> None:
        self._played = threading.Event()
        self.script = then(lambda talk: self._played.set(), script)

    def wait(self) -> None:
        assert self._played.wait(DEADLINE_S)
        self._played.clear()


@contextmanager
def started(*argv: str, stderr: int = subprocess.PIPE) -> Iterator[subprocess.Popen[str]]:
    """The installed program, to which Ctrl-C means what it does in a shell."""
    process = subprocess.Popen(
        [str(BIN / "ccswitch"), "test", *argv],
        stdout=subprocess.PIPE,
        stderr=stderr,
        text=True,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    )
    try:
        yield process
    finally:
        process.kill()
        process.communicate()


def interrupt(process: subprocess.Popen[str]) -> tuple[int, str, str]:
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=DEADLINE_S)
    return process.returncode, out, err


@pytest.fixture
def half(paths: Paths) -> Iterator[Asked]:
    """A profile whose first model answers and whose second one never does."""
    asked = Asked(silence)
    with Misbehaving(by_model({"half-main": GOOD}, asked.script)) as gateway:
        add_profile(paths, "half", gateway.base_url)
        yield asked


@pytest.fixture
def stuck_key(paths: Paths) -> Iterator[Callable[[], socket.socket]]:
    """A profile whose key is never printed; what is returned waits until somebody wants it."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.settimeout(DEADLINE_S)
        address = listener.getsockname()
        wait = f"import socket; socket.create_connection({address!r}).recv(1)"
        add_profile(paths, "stuck", key=KeyRef(command=(sys.executable, "-c", wait)))
        yield lambda: listener.accept()[0]


def test_ctrl_c_keeps_what_is_known_of_many(
    paths: Paths, half: Asked, stuck_key: Callable[[], socket.socket], tmp_path: Path
) -> None:
    silent = Asked(silence)
    models: dict[Role, str] = dict.fromkeys(MAIN_ROLES, "silent-model")
    file = tmp_path / "report.xml"
    with Misbehaving(by_model({"silent-model": silent.script}, GOOD)) as gateway:
        for name in ("good", "silent", "later"):  # one host, so one after the other
            add_profile(paths, name, gateway.base_url, models=models if name == "silent" else None)
        argv = ("half", "good", "silent", "later", "stuck", "--json", "--junit", str(file))
        with started(*argv) as process, stuck_key():
            half.wait()
            silent.wait()
            code, out, err = interrupt(process)
    facts: dict[str, Any] = json.loads(out)
    assert (code, facts["interrupted"]) == (130, True)
    assert "Traceback" not in err and err.count("\n") == 1
    half_one, good, silent_one = facts["profiles"]
    assert (good["name"], good["verdict"], good.get("interrupted")) == ("good", "works", None)
    assert ("half-main", "pass") in [(check["model"], check["status"]) for check in half_one["checks"]]
    for cut in (half_one, silent_one):
        assert (cut["verdict"], cut["interrupted"]) == ("untestable", True)
        assert cut["checks"] and cut["requests"] >= 1
    suites = ElementTree.parse(file).getroot()
    assert [suite.get("name") for suite in suites] == ["half", "good", "silent"]
    assert suites.find("testsuite[@name='half']/testcase[@name='interrupted']/error") is not None


def test_ctrl_c_shows_people_what_is_known(paths: Paths, half: Asked) -> None:
    with Misbehaving(REFUSED) as gateway, Misbehaving(REFUSED) as other:
        add_profile(paths, "bad", gateway.base_url)
        add_profile(paths, "worse", other.base_url)
        with started("half") as process:
            half.wait()
            code, out, err = interrupt(process)
        assert (code, err) == (130, "")
        assert "✓ pass       model half-main" in out and "half: The test was interrupted (" in out

        with started("bad", "half") as process:
            half.wait()
            code, out, err = interrupt(process)
        assert code == 130 and "Traceback" not in err
        assert "? untestable  half" in out and "interrupted" in out


def test_ctrl_c_does_not_wait_for_a_keyring_that_hangs(stuck_key: Callable[[], socket.socket]) -> None:
    with started("stuck", "--json") as process, stuck_key():
        code, out, err = interrupt(process)
    assert (code, json.loads(out), err) == (130, {"profiles": [], "interrupted": True}, "")


def pieces_of(screen: IO[bytes]) -> Iterator[bytes]:
    with suppress(OSError):  # how Linux says that the other end is closed
        while piece := screen.read(65536):
            yield piece


def test_a_terminal_shows_how_far_it_is(good_and_bad: None) -> None:
    terminal, end = os.openpty()
    with started("good", "bad", stderr=end) as process:
        out, _ = process.communicate(timeout=DEADLINE_S)
    os.close(end)
    with open(terminal, "rb", buffering=0) as screen:
        shown = b"".join(pieces_of(screen)).decode()
    assert "at most" in shown and "2/2" in shown
    assert "\x1b" not in out and out.startswith("VERDICT")


def test_a_reader_that_goes_away_ends_the_test_quietly(good_and_bad: None) -> None:
    with started("good") as process:
        assert process.stdout is not None
        process.stdout.close()
        assert process.stderr is not None
        err = process.stderr.read()
        process.wait(DEADLINE_S)
    assert (process.returncode, err) == (0, "")


def test_a_silent_gateway_is_waited_for_as_long_as_was_asked_and_is_not_called_broken(run, paths: Paths) -> None:
    with Misbehaving(silence) as silent:
        add_profile(paths, "late", silent.base_url, models=dict.fromkeys(MAIN_ROLES, "some-model"))
        code, out, _ = run("late", "--timeout", "1", "--json")
    (report,) = json.loads(out)["profiles"]
    (model,) = [check for check in report["checks"] if check["check"] == "model"]
    assert (code, report["verdict"], model["diagnosis"]) == (1, "untestable", "timeout")
    assert "within 1 seconds" in model["detail"]
