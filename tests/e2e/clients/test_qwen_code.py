"""The real Qwen Code, set up by ``ccswitch use``."""

from pathlib import Path

import pytest

from tests.support.clients import ClientHome, client_home, installed_client
from tests.support.four_protocols import ANSWER, keys_of
from tests.support.sampling import sample

OWN = """{
  // mine
  "general": {"disableAutoUpdate": true, "enableAutoUpdate": false},   // odd
  "privacy": {"usageStatisticsEnabled": false},
  "modelProviders": {
    "anthropic": [{"id": "gpt-5.4-low", "envKey": "ANTHROPIC_API_KEY", "baseUrl": "http://127.0.0.1:9"}],
    "openai": [{"id": "gpt-5.4-low", "envKey": "OPENAI_API_KEY", "baseUrl": "http://127.0.0.1:9/v1"}]
  }
}
"""


def ask(one: ClientHome) -> str:
    return one.run_with_profile("qwen-code", installed_client("qwen-code", ".bin/qwen"), "-p", "say hi")


def config(one: ClientHome) -> Path:
    path = one.home / ".qwen" / "settings.json"
    path.parent.mkdir(exist_ok=True)
    return path


@pytest.mark.parametrize(
    ("protocol", "auth"),
    sample([("messages", "bearer"), ("responses", "bearer"), ("chat", "bearer"), ("gemini", "")], 2),
)
def test_it_answers_and_reads_a_file_with_each_protocol(protocol: str, auth: str) -> None:
    with client_home() as one:
        one.serve_only(protocol, auth)
        config(one).write_text(OWN)
        one.ccswitch("use", "work", "--target", "qwen-code")
        assert ANSWER in ask(one)
        one.check_wire(protocol)
        one.check_tool_call()
        one.check_disk()
        one.ccswitch("off", "--target", "qwen-code")
        assert config(one).read_text() == OWN.removesuffix("\n}\n") + ',\n  "$version": 4\n}\n'


def test_without_run_it_sends_no_key_of_another_provider() -> None:
    with client_home() as one:
        one.ccswitch("use", "work", "--target", "qwen-code")
        one.run(installed_client("qwen-code", ".bin/qwen"), "-p", "say hi", code=1)
        (sent,) = {key for request in one.gateway.seen for key in keys_of(request)}
        assert sent.startswith("${CCSWITCH_API_KEY_"), "the reference itself, as its variable is not set"
