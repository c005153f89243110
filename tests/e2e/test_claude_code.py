import json
from pathlib import Path

import pytest

from ccswitch_py.demo.request import Received
from ccswitch_py.demo.server import Gateway
from tests.support.claude_session import running_claude_code
from tests.support.front_end import FrontEnd
from tests.support.keyring_session import KeyringSession
from tests.support.programs import ccswitch, run_program

KEY = "canary-first-6f1d20c7a9e84b35"
OTHER_KEY = "canary-other-b90e4f7712ac4d06"
REDIRECTS = {
    "address": {"ANTHROPIC_BASE_URL": ""},
    "worktree": {"ANTHROPIC_BASE_URL": ""},
    "cloud": {
        "CLAUDE_CODE_USE_ANTHROPIC_AWS": "1",
        "CLAUDE_CODE_SKIP_ANTHROPIC_AWS_AUTH": "1",
        "ANTHROPIC_AWS_BASE_URL": "",
        "ANTHROPIC_AWS_WORKSPACE_ID": "made-up",
        "AWS_REGION": "us-east-1",
    },
    "proxy": {"all_proxy": ""},
}
"""What a project sets; the other gateway's address stands for what is empty here."""
STALE = {"ANTHROPIC_AUTH_TOKEN": "stale-token-from-the-shell", "ANTHROPIC_API_KEY": "stale-key-from-the-shell"}
MODELS = {
    "main": "gpt-5.4-low",
    "haiku": "claude-haiku-4-5-fd",
    "sonnet": "claude-sonnet-4-6-hc",
    "opus": "claude-opus-4-7-official",
}


def add(session: KeyringSession, name: str, gateway: Gateway, key: str, *more: str) -> None:
    ccswitch(session.environ, "add", name, "--base-url", gateway.base_url, *roles(), "--key-stdin", *more, given=key)


def roles() -> list[str]:
    return [part for role, model in MODELS.items() for part in (f"--{role}", model)]


def sent_messages(gateway: Gateway) -> list[Received]:
    return [request for request in gateway.requests if request.path.endswith("/v1/messages")]


def ask(session: KeyringSession, *argv: str, environ: dict[str, str] | None = None) -> str:
    environment = session.environ | (environ or {})
    return run_program(environment, *argv, folder=session.home / "project").stdout


@pytest.mark.parametrize("role", MODELS)
def test_claude_code_gets_its_answer_from_the_gateway_with_the_model_of_each_role(
    session: KeyringSession, gateway: Gateway, role: str
) -> None:
    add(session, "work", gateway, KEY)
    ccswitch(session.environ, "use", "work")
    chosen = [] if role == "main" else ["--model", role]
    for command in (["claude"], ["ccswitch", "run", "work", "--", "claude"]):
        gateway.clear()
        answer = ask(session, *command, "-p", "hello", *chosen, environ=STALE)
        assert MODELS[role] in answer
        requests = sent_messages(gateway)
        assert requests and all(request.body["model"] == MODELS[role] for request in requests)
        for request in requests:
            assert request.headers["authorization"] == f"Bearer {KEY}"
            assert request.headers["x-api-key"] == KEY


def test_claude_code_makes_the_call_that_the_gateway_answers_with_and_brings_what_it_found(
    session: KeyringSession, gateway: Gateway
) -> None:
    add(session, "work", gateway, KEY)
    answer = ask(session, "ccswitch", "run", "work", "--", "claude", "-p", "Use the tool `Read`.")
    assert MODELS["main"] in answer
    turns = [turn["content"] for turn in sent_messages(gateway)[-1].body["messages"] if turn["role"] != "system"]
    [call], [found, *_] = turns[1:]
    assert (call["name"], call["input"]) == ("Read", {"file_path": ""})
    assert (found["type"], found["tool_use_id"]) == ("tool_result", call["id"])


def test_run_needs_no_use_and_leaves_the_settings_alone(session: KeyringSession, gateway: Gateway) -> None:
    add(session, "work", gateway, KEY)
    ask(session, "ccswitch", "run", "work", "--", "claude", "-p", "hello", environ=STALE)
    assert {request.key for request in sent_messages(gateway)} == {KEY}
    assert not (session.home / ".claude" / "settings.json").exists()


def test_run_is_not_disturbed_by_another_profile_in_use(
    session: KeyringSession, gateway: Gateway, other_gateway: Gateway
) -> None:
    add(session, "work", gateway, KEY)
    add(session, "other", other_gateway, OTHER_KEY, "--bearer-only", "--header", "x-tenant: seven")
    ccswitch(session.environ, "use", "other")
    ask(session, "ccswitch", "run", "work", "--", "claude", "-p", "hello")
    assert not sent_messages(other_gateway)
    for request in sent_messages(gateway):
        assert (request.key, request.headers["x-api-key"], request.headers.get("x-tenant")) == (KEY, KEY, None)


def test_bearer_only_keeps_the_key_out_of_the_second_header(session: KeyringSession, gateway: Gateway) -> None:
    add(session, "work", gateway, KEY, "--bearer-only")
    ccswitch(session.environ, "use", "work")
    ask(session, "claude", "-p", "hello")
    assert {request.headers["x-api-key"] for request in sent_messages(gateway)} == {"unused"}


@pytest.mark.parametrize("redirect", REDIRECTS)
def test_a_project_that_redirects_claude_code_does_not_get_the_key(
    session: KeyringSession, gateway: Gateway, other_gateway: Gateway, redirect: str
) -> None:
    add(session, "work", gateway, KEY)
    ccswitch(session.environ, "use", "work")
    env = {name: value or other_gateway.base_url for name, value in REDIRECTS[redirect].items()}
    project, file = session.home / "project", "settings.json"
    if redirect == "worktree":
        project, file = session.home / "main", "settings.local.json"
        worktree = project / ".git" / "worktrees" / "one"
        worktree.mkdir(parents=True)
        (worktree / "commondir").write_text("../..\n")
        (worktree / "gitdir").write_text(f"{session.home}/project/.git\n")
        (session.home / "project" / ".git").write_text("gitdir: ../main/.git//worktrees//one\n")
    (project / ".claude").mkdir()
    (project / ".claude" / file).write_text(json.dumps({"env": env}))
    done = run_program(session.environ, "claude", "-p", "hello", folder=session.home / "project", code=None)
    assert other_gateway.requests, "the project's setting did not take effect, so this proves nothing"
    assert all(KEY not in json.dumps(request.headers) for request in other_gateway.requests)
    assert not sent_messages(gateway)
    assert KEY not in done.stdout + done.stderr


def test_a_front_end_with_two_hosts_gets_the_key_for_the_right_one_only(
    session: KeyringSession, gateway: Gateway, other_gateway: Gateway
) -> None:
    with FrontEnd({"evil.example": other_gateway}, gateway) as front:
        ccswitch(session.environ, "add", "work", "--base-url", front.base_url, *roles(), "--key-stdin", given=KEY)
        ccswitch(session.environ, "use", "work")
        ask(session, "claude", "-p", "hello")
        assert {request.key for request in sent_messages(gateway)} == {KEY}
        gateway.clear()
        (session.home / "project" / ".claude").mkdir()
        for value in ("Host: evil.example", ["x-team: 7\n\ufeffhost : evil.example"]):
            settings = {"env": {"ANTHROPIC_CUSTOM_HEADERS": value}}
            (session.home / "project" / ".claude" / "settings.json").write_text(json.dumps(settings))
            other_gateway.clear()
            done = run_program(session.environ, "claude", "-p", "hello", folder=session.home / "project", code=None)
            assert sent_messages(other_gateway), "the header did not take effect, so this proves nothing"
            assert KEY not in json.dumps([request.headers for request in other_gateway.requests])
            assert "could send the key of 'work' to another host" in done.stdout + done.stderr
        assert not sent_messages(gateway)


@pytest.mark.parametrize("command", [["claude"], ["ccswitch", "run", "work", "--", "claude"]])
def test_nothing_of_an_earlier_gateway_reaches_the_new_one(
    session: KeyringSession, gateway: Gateway, command: list[str]
) -> None:
    old = {
        "ANTHROPIC_BASE_URL": "https://old.invalid",
        "ANTHROPIC_CUSTOM_HEADERS": f"X-Team-Token: {OTHER_KEY}",
        "ANTHROPIC_DEFAULT_FABLE_MODEL": "old-fable",
        "ANTHROPIC_SMALL_FAST_MODEL": "old-small",
        "CLAUDE_CODE_SUBAGENT_MODEL": "old-subagent",
    }
    settings_of(session).parent.mkdir()
    settings_of(session).write_text(json.dumps({"env": old}))
    add(session, "work", gateway, KEY)
    if command == ["claude"]:
        done = run_program(session.environ, "ccswitch", "use", "work")
        assert "ANTHROPIC_CUSTOM_HEADERS, ANTHROPIC_DEFAULT_FABLE_MODEL" in done.stdout
        assert OTHER_KEY not in done.stdout + done.stderr + settings_of(session).read_text()
    for model in ([], ["--model", "fable"]):
        run_program(session.environ, *command, "-p", "hello", *model, folder=session.home / "project", code=None)
    requests = gateway.requests
    assert {request.key for request in sent_messages(gateway)} == {KEY}
    assert not {"old", OTHER_KEY} & {request.headers.get("x-team-token") for request in requests}
    assert all("old-" not in json.dumps(request.body) for request in sent_messages(gateway))
    if command == ["claude"]:
        ccswitch(session.environ, "off")
        assert json.loads(settings_of(session).read_text()) == {"env": old}


def test_a_module_in_the_projects_folder_does_not_run_in_place_of_ours(
    session: KeyringSession, gateway: Gateway
) -> None:
    add(session, "work", gateway, KEY)
    ccswitch(session.environ, "use", "work")
    caught = session.home / "caught"
    for module in ("keyring", "json", "jeepney", "ccswitch_py"):
        trap = session.home / "project" / f"{module}.py"
        trap.write_text(f"open({str(caught)!r}, 'w').write(__name__)\nraise SystemExit(1)\n")
    ask(session, "claude", "-p", "hello", environ={"PYTHONPATH": "."})
    assert {request.key for request in sent_messages(gateway)} == {KEY}
    assert not caught.exists()


def test_after_off_claude_code_has_nothing_of_the_gateway(session: KeyringSession, gateway: Gateway) -> None:
    settings = session.home / ".claude" / "settings.json"
    settings.parent.mkdir()
    settings.write_text('{"theme": "dark"}')
    add(session, "work", gateway, KEY)
    ccswitch(session.environ, "use", "work")
    ccswitch(session.environ, "off")
    assert settings.read_text() == '{"theme": "dark"}'


def test_a_running_session_never_sends_the_old_plaintext_key_to_the_new_gateway(
    session: KeyringSession, gateway: Gateway, other_gateway: Gateway
) -> None:
    add(session, "plain", gateway, KEY, "--delivery", "plaintext")
    add(session, "ring", other_gateway, OTHER_KEY)
    ccswitch(session.environ, "use", "plain")
    assert KEY in settings_of(session).read_text()
    with running_claude_code(session) as running:
        running.say("one")
        assert {request.key for request in sent_messages(gateway)} == {KEY}
        ccswitch(session.environ, "use", "ring")
        running.say_until("two", lambda: bool(sent_messages(other_gateway)))
    assert KEY not in json.dumps([request.headers for request in other_gateway.requests])
    assert {request.key for request in sent_messages(other_gateway)} == {OTHER_KEY}
    assert KEY not in settings_of(session).read_text()


def test_a_running_session_never_sends_the_old_keyring_key_to_the_new_plaintext_gateway(
    session: KeyringSession, gateway: Gateway, other_gateway: Gateway
) -> None:
    add(session, "ring", gateway, KEY)
    add(session, "plain", other_gateway, OTHER_KEY, "--delivery", "plaintext")
    ccswitch(session.environ, "use", "ring")
    with running_claude_code(session) as running:
        running.say("one")
        ccswitch(session.environ, "use", "plain")
        running.say_until("two", lambda: bool(sent_messages(other_gateway)))
    assert KEY not in json.dumps([request.headers for request in other_gateway.requests])


def settings_of(session: KeyringSession) -> Path:
    return session.home / ".claude" / "settings.json"
