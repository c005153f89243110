"""The real Cline, set up by ``ccswitch use`` with the key in plaintext, which is all that it can take."""

import json
from pathlib import Path

import pytest

from tests.support.clients import ClientHome, client_home, installed_client
from tests.support.four_protocols import ANSWER

OWN = """\
{
  "version": 1,
  "lastUsedProvider": "anthropic",
  "modes": {},
  "providers": {
    "anthropic": {
      "settings": {
        "provider": "anthropic",
        "apiKey": "the-users-own-key",
        "model": "claude-sonnet-4-6"
      },
      "updatedAt": "2026-10-01T08:00:00.000Z",
      "tokenSource": "manual"
    },
    "ollama": {
      "settings": {
        "provider": "ollama",
        "baseUrl": "http://127.0.0.1:9"
      },
      "updatedAt": "2026-10-02T08:00:00.000Z",
      "tokenSource": "manual"
    }
  }
}
"""


def ask(one: ClientHome) -> str:
    # The daemon of Cline would outlive the test.
    one.environ |= {"CLINE_TELEMETRY_DISABLED": "1", "CLINE_SESSION_BACKEND_MODE": "local"}
    program = installed_client("cline", "@cline/cli-*/bin/cline")
    return one.run(program, "-t", "60", "--retries", "1", "read note.txt")


def providers(one: ClientHome) -> Path:
    path = one.home / ".cline" / "data" / "settings" / "providers.json"
    path.parent.mkdir(parents=True, exist_ok=True)
    return path


def set_up(one: ClientHome) -> None:
    one.ccswitch("edit", "work", "--delivery", "plaintext", "--target", "cline")
    one.ccswitch("use", "work", "--target", "cline")


@pytest.mark.parametrize("protocol", ["messages", "responses", "chat"])
def test_it_answers_and_reads_a_file_with_each_protocol(protocol: str) -> None:
    with client_home() as one:
        one.serve_only(protocol)
        providers(one).write_text(OWN)
        set_up(one)
        assert ANSWER in ask(one)
        one.check_wire(protocol)
        one.check_tool_call()
        assert "Cline: work is in use" in one.ccswitch("status")
        one.ccswitch("off", "--target", "cline")
        restored = json.loads(providers(one).read_text())
        if protocol == "messages":  # Cline has written the time of its run there
            restored["providers"]["anthropic"]["updatedAt"] = "2026-10-01T08:00:00.000Z"
        assert restored == json.loads(OWN)
        one.check_disk()


def test_it_answers_over_gemini_where_its_own_search_leaves_no_tool_for_files() -> None:
    with client_home() as one:
        one.serve_only("gemini")
        set_up(one)
        assert ANSWER in ask(one)
        one.check_wire("gemini")
        one.ccswitch("off", "--target", "cline")
        assert json.loads(providers(one).read_text()) == {"version": 1, "modes": {}}
        one.check_disk()


def test_the_key_is_in_its_own_file_alone() -> None:
    with client_home() as one:
        set_up(one)
        ask(one)
        files = [file for file in one.canary.files_below(one.home) if "keyrings" not in file]
        assert files == [str(providers(one))]


def test_another_profile_can_be_used_and_undone_after_cline_has_written_its_file() -> None:
    with client_home() as one:
        set_up(one)
        ask(one)
        one.ccswitch("duplicate", "work", "other")
        one.ccswitch("use", "other", "--target", "cline")
        ask(one)
        one.ccswitch("undo", "--target", "cline")
        assert "Cline: work is in use" in one.ccswitch("status")
        one.ccswitch("undo", "--target", "cline")
        assert json.loads(providers(one).read_text()) == {"version": 1, "modes": {}}
