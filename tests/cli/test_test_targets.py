import json
import os
from collections.abc import Iterator

import pytest

from ccswitch_py.cli.main import main
from ccswitch_py.core.files import write_own_file
from ccswitch_py.core.paths import Paths
from ccswitch_py.services.apply import use
from ccswitch_py.store.last_tests import load_last_test
from tests.support.four_protocols import FourProtocols, model_of, protocol_of, refusal
from tests.support.good_gateway import GOOD
from tests.support.home import KEY_VARIABLE, add_profile
from tests.support.misbehaving import Misbehaving, Script, Talk

KEY = "made-up-key-0123456789"
RESPONSES = FourProtocols("")
HEAD = 'schema = 2\nid = "acme"\nname = "Acme"\nsource = "a test"\nchecked = 2026-01-01\n'


@pytest.fixture(autouse=True)
def key(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(KEY_VARIABLE, KEY)


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]):
    def run_line(*argv: str) -> tuple[int, str, str]:
        code = main(["test", *argv])
        shown = capsys.readouterr()
        return code, shown.out, shown.err

    return run_line


@pytest.fixture
def gateway(paths: Paths) -> Iterator[Misbehaving]:
    with Misbehaving(by_protocol(RESPONSES)) as gateway:
        add(paths, gateway, "messages", "responses")
        yield gateway


def by_protocol(responses: Script) -> Script:
    def play(talk: Talk) -> None:
        (responses if protocol_of(talk.request) == "responses" else GOOD)(talk)

    return play


def add(paths: Paths, gateway: Misbehaving, *protocols: str) -> None:
    tails = {"messages": "", "responses": "/v1"}
    tables = (f'[endpoints.{name}]\nbase_url = "{gateway.base_url}{tails[name]}"\n' for name in protocols)
    write_own_file(os.path.join(paths.providers, "acme.toml"), "".join((HEAD, *tables)).encode())
    add_profile(paths, "work", "", provider="acme")


def asked(gateway: Misbehaving) -> set[str | None]:
    return {protocol_of(seen) for seen in gateway.seen}


def test_a_profile_that_no_tool_uses_is_tested_for_claude_code(run, gateway: Misbehaving) -> None:
    code, out, _ = run("work", "--json", "--quick")
    (found,) = json.loads(out)["profiles"]
    assert (code, found["name"], found["target"], found["verdict"]) == (0, "work", "claude-code", "works")
    assert asked(gateway) == {"messages"}


def test_one_target_is_tested_with_its_protocol_its_key_and_its_model(run, gateway: Misbehaving) -> None:
    code, out, _ = run("work", "--target", "codex")
    assert code == 0
    assert "OpenAI Responses" not in out and "protocol" in out
    assert asked(gateway) == {"responses"}
    assert {model_of(seen) for seen in gateway.seen} == {"work-main"}
    assert {seen.headers["authorization"] for seen in gateway.seen} == {f"Bearer {KEY}"}


def test_a_profile_is_tested_for_each_tool_that_uses_it(run, paths: Paths, gateway: Misbehaving) -> None:
    use(paths, "work", ["claude-code", "codex"])
    code, out, _ = run("work", "--json", "--quick")
    found = [(one["name"], one["target"], one["verdict"]) for one in json.loads(out)["profiles"]]
    assert (code, found) == (0, [("work", "claude-code", "works"), ("work", "codex", "works")])
    code, out, err = run("work", "--quick")
    assert "work (Claude Code)" in out and "work (Codex)" in out
    assert err.startswith("1 profile: 5 requests")


def test_a_profile_that_only_codex_uses_is_tested_for_codex(run, paths: Paths, gateway: Misbehaving) -> None:
    use(paths, "work", ["codex"])
    assert run("work", "--quick")[0] == 0
    assert asked(gateway) == {"responses"}


def test_a_provider_without_messages_is_tested_for_a_tool_that_it_can_serve(run, paths: Paths) -> None:
    with Misbehaving(RESPONSES) as gateway:
        add(paths, gateway, "responses")
        assert run("work", "--quick")[0] == 0
        assert asked(gateway) == {"responses"}


def test_the_worst_of_the_tools_is_remembered(run, paths: Paths) -> None:
    with Misbehaving(by_protocol(refusal("responses", 401, "no such key"))) as gateway:
        add(paths, gateway, "messages", "responses")
        use(paths, "work", ["claude-code", "codex"])
        assert run("work", "--quick")[0] == 1
    stored = load_last_test(paths, "work")
    assert stored and (stored.verdict, stored.diagnosis) == ("broken", "key_rejected")


def test_a_test_for_one_of_several_tools_is_not_taken_for_the_profile(run, paths: Paths, gateway: Misbehaving) -> None:
    use(paths, "work", ["claude-code", "codex"])
    assert run("work", "--quick", "--target", "codex")[0] == 0
    assert load_last_test(paths, "work") is None


def test_a_target_that_is_not_known_or_cannot_be_asked_itself_is_refused(run, gateway: Misbehaving) -> None:
    for argv in (("work", "--target", "nothing"), ("work", "--target", "codex", "--with-claude")):
        code, _, err = run(*argv)
        assert code == 3 and err
    assert not gateway.seen
