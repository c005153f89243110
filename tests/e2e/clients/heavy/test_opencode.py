"""The real opencode, set up by ``ccswitch use``."""

import json
from pathlib import Path

import pytest

from tests.support.clients import SMALL_MODEL, ClientHome, client_home, installed_client
from tests.support.four_protocols import ANSWER, keys_of, model_of

OWN = """{
  // mine
  "$schema": "https://opencode.ai/config.json",
  "model": "own/m",   // odd
  "provider": {
    "own": {"npm": "@ai-sdk/openai", "options": {"baseURL": "https://own.example/v1"}, "models": {"m": {}}},
  },
}
"""
QUIET = ("AUTOUPDATE", "MODELS_FETCH", "LSP_DOWNLOAD", "SHARE", "DEFAULT_PLUGINS")


def opencode(one: ClientHome) -> str:
    one.environ |= {f"OPENCODE_DISABLE_{name}": "1" for name in QUIET}
    return installed_client("opencode", "opencode-linux-x64/bin/opencode")


def ask(one: ClientHome) -> str:
    return one.run_with_profile("opencode", opencode(one), "run", "say hi")


def config(one: ClientHome) -> Path:
    path = Path(one.environ["XDG_CONFIG_HOME"], "opencode", "opencode.json")
    path.parent.mkdir(parents=True, exist_ok=True)
    return path


@pytest.mark.parametrize(
    ("protocol", "auth"),
    [("messages", "both"), ("messages", "bearer"), ("responses", "bearer"), ("chat", "bearer"), ("gemini", "")],
)
def test_it_answers_and_reads_a_file_with_each_protocol(protocol: str, auth: str) -> None:
    with client_home() as one:
        one.serve_only(protocol, auth)
        config(one).write_text(OWN)
        one.ccswitch("use", "work", "--target", "opencode")
        written = config(one).read_text()
        assert ANSWER in ask(one)
        one.check_wire(protocol)
        assert {"authorization" in request.headers for request in one.asked} == {auth == "bearer"}
        one.check_tool_call()
        assert SMALL_MODEL in {model_of(request) for request in one.asked}
        one.check_disk()
        assert config(one).read_text() == written
        one.ccswitch("off", "--target", "opencode")
        assert config(one).read_text() == OWN


def test_run_reaches_its_profile_whatever_file_and_login_say() -> None:
    with client_home() as one:
        other = '{"model": "a/b", "provider": {"ccswitch": {"options": {"authToken": "x", "baseURL": "http://127.0.0.1:9"}}}}'
        config(one).write_text(other)
        (one.project / "opencode.json").write_text(other)
        login = Path(one.environ.get("XDG_DATA_HOME", one.home / ".local" / "share"), "opencode", "auth.json")
        login.parent.mkdir(parents=True)
        login.write_text('{"ccswitch": {"type": "api", "key": "another-key"}}')
        assert ANSWER in ask(one)
        one.check_wire("messages")


def test_what_opencode_adds_to_a_new_file_survives() -> None:
    with client_home() as one:
        one.ccswitch("use", "work", "--target", "opencode")
        ask(one)
        assert '"$schema"' in config(one).read_text()
        one.ccswitch("off", "--target", "opencode")
        assert json.loads(config(one).read_text()) == {"$schema": "https://opencode.ai/config.json"}


@pytest.mark.parametrize(("protocol", "auth"), [("messages", "both"), ("messages", "bearer"), ("chat", "bearer")])
def test_without_run_it_sends_no_key_of_another_provider(protocol: str, auth: str) -> None:
    with client_home() as one:
        one.serve_only(protocol, auth)
        one.ccswitch("use", "work", "--target", "opencode")
        one.run(opencode(one), "run", "say hi", code=1)
        assert one.asked and {key for request in one.gateway.seen for key in keys_of(request)} == set()
