"""The real Gemini CLI, set up by ``ccswitch use`` and started by ``ccswitch run``."""

from pathlib import Path

import pytest

from tests.support.clients import MODEL, ClientHome, client_home, installed_client
from tests.support.four_protocols import ANSWER, model_of
from tests.support.programs import BIN

GOOGLE = {"x-goog-api-key"}
OWN = """\
{
  // mine
  "security": {"auth": {"selectedType": "oauth-personal"}, "folderTrust": {"enabled": true}},   // odd
  "model": {"name": "gemini-3-pro"},
  "mcpServers": {"own": {"httpUrl": "http://127.0.0.1:9"}}
}
"""


def ask(one: ClientHome) -> str:
    program = installed_client("gemini-cli", ".bin/gemini")
    return one.run_with_profile("gemini-cli", program, "--skip-trust", "-p", "read note.txt")


def settings(one: ClientHome) -> Path:
    path = one.home / ".gemini" / "settings.json"
    path.parent.mkdir(exist_ok=True)
    return path


@pytest.mark.parametrize(("auth", "headers"), [("", GOOGLE), ("bearer", {"authorization", *GOOGLE})])
def test_it_answers_and_reads_a_file_and_off_restores_its_settings(auth: str, headers: set[str]) -> None:
    with client_home() as one:
        one.serve_only("gemini", auth)
        one.environ |= {"GEMINI_MODEL": "another-model", "GEMINI_CLI_CUSTOM_HEADERS": "Authorization: Bearer stale"}
        settings(one).write_text(OWN)
        one.ccswitch("use", "work", "--target", "gemini-cli")
        assert ANSWER in ask(one)
        one.check_wire("gemini")
        one.check_tool_call()
        assert {model_of(request) for request in one.asked} == {MODEL}
        assert {"x-goog-api-key", "authorization"} & {name for one in one.asked for name in one.headers} == headers
        one.check_disk()
        one.ccswitch("off", "--target", "gemini-cli")
        assert settings(one).read_text() == OWN


def test_it_is_not_started_while_its_settings_ask_for_another_login() -> None:
    with client_home() as one:
        settings(one).write_text(OWN)
        program = installed_client("gemini-cli", ".bin/gemini")
        command = [str(BIN / "ccswitch"), "run", "work", "--target", "gemini-cli", "--", program, "-p", "hi"]
        refused = one.run(*command, code=2)
        assert "ccswitch use work --target gemini-cli" in refused
        assert not one.asked


def test_what_it_writes_itself_survives() -> None:
    with client_home() as one:
        settings(one).write_text('{"general": {"disableAutoUpdate": true}}\n')
        one.ccswitch("use", "work", "--target", "gemini-cli")
        ask(one)
        assert "enableAutoUpdate" in settings(one).read_text()
        assert "Gemini CLI: work is in use" in one.ccswitch("status")
        one.ccswitch("off", "--target", "gemini-cli")
        text = settings(one).read_text()
        assert "enableAutoUpdate" in text and "gemini-api-key" not in text and "ccswitch" not in text
