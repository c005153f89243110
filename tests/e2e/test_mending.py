import json
from typing import Any

from tests.support.good_gateway import GoodGateway, refusing
from tests.support.keyring_session import KeyringSession
from tests.support.misbehaving import Misbehaving, Talk, error
from tests.support.programs import ccswitch, run_program

KEY = "canary-mending-4f1c9d02ab7e6835"
MODELS = ("--main", "gpt-5.4-low", "--same-as-main")


def add(session: KeyringSession, gateway: Misbehaving) -> None:
    ccswitch(session.environ, "add", "work", "--base-url", gateway.base_url, *MODELS, "--key-stdin", given=KEY)


def report_of(session: KeyringSession, *options: str, code: int = 0) -> dict[str, Any]:
    said = run_program(session.environ, "ccswitch", "test", "work", "--json", *options, code=code)
    assert KEY not in said.stdout + said.stderr
    return json.loads(said.stdout)["profiles"][0]


def check(report: dict[str, Any], name: str) -> dict[str, Any]:
    [found] = [row for row in report["checks"] if row["check"] == name]
    return found


def admits_claude_code_only(talk: Talk) -> None:
    if not talk.request.headers["user-agent"].startswith("claude-cli/"):
        error(403, "permission_error", "This group only allows Claude Code clients")(talk)


def test_a_gateway_that_admits_only_claude_code_is_asked_by_the_users_own(session: KeyringSession) -> None:
    with Misbehaving(GoodGateway(admits_claude_code_only)) as gateway:
        add(session, gateway)
        alone = report_of(session, code=1)
        assert (alone["verdict"], check(alone, "key")["diagnosis"]) == ("untestable", "client_restricted")
        asked = report_of(session, "--with-claude")
        assert asked["verdict"] == "degraded", "what only our own requests could have shown is not known"
        assert check(asked, "with_claude")["status"] == "pass"
        assert "one two three" in check(asked, "with_claude")["detail"]
        agents = {seen.headers["user-agent"].partition("/")[0] for seen in gateway.seen}
        assert agents == {"ccswitch", "claude-cli"}


def test_what_claude_code_said_is_told_without_the_key(session: KeyringSession) -> None:
    with Misbehaving(error(401, "authentication_error", f"Invalid key {KEY}")) as gateway:
        add(session, gateway)
        asked = report_of(session, "--with-claude", code=1)
    said = check(asked, "with_claude")
    assert (said["status"], said["diagnosis"]) == ("fail", "key_rejected")
    assert "Invalid key" in said["detail"]


def test_without_claude_code_nothing_is_sent_and_the_advice_is_clear(session: KeyringSession) -> None:
    with Misbehaving(GoodGateway()) as gateway:
        add(session, gateway)
        path = session.environ["PATH"].split(":")
        environ = session.environ | {"PATH": ":".join(folder for folder in path if "claude" not in folder)}
        done = run_program(environ, "ccswitch", "test", "work", "--with-claude", code=3)
        assert "Install Claude Code" in done.stderr
        assert gateway.seen == []


def refuses_effort(body: dict[str, Any], _: object) -> bool:
    return "output_config" in body


def test_a_refused_part_is_switched_off_in_the_profile_and_where_it_is_in_use(session: KeyringSession) -> None:
    refusal = error(400, "invalid_request_error", "output_config: Extra inputs are not permitted")
    settings = session.home / ".claude" / "settings.json"
    with Misbehaving(refusing(refuses_effort, refusal)) as gateway:
        add(session, gateway)
        ccswitch(session.environ, "use", "work")
        before = run_program(session.environ, "claude", "-p", "hello", folder=session.home / "project", code=None)
        assert before.returncode == 1
        found = report_of(session, code=1)
        assert check(found, "claude_code")["fix"] == {"CLAUDE_CODE_EFFORT_LEVEL": "unset"}
        mended = report_of(session, "--fix")
        assert (mended["verdict"], mended["fixed"]) == ("works", {"CLAUDE_CODE_EFFORT_LEVEL": "unset"})
        assert json.loads(settings.read_text())["env"]["CLAUDE_CODE_EFFORT_LEVEL"] == "unset"
        answer = run_program(session.environ, "claude", "-p", "hello", folder=session.home / "project")
        assert "one two three" in answer.stdout


def test_a_fix_of_a_profile_that_is_not_in_use_leaves_the_settings_alone(session: KeyringSession) -> None:
    refusal = error(400, "invalid_request_error", "output_config: Extra inputs are not permitted")
    with Misbehaving(refusing(refuses_effort, refusal)) as gateway:
        add(session, gateway)
        assert report_of(session, "--fix")["verdict"] == "works"
    assert not (session.home / ".claude" / "settings.json").exists()
    assert "EFFORT" in ccswitch(session.environ, "show", "work")
