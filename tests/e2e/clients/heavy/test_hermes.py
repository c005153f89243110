"""The real Hermes Agent, set up by ``ccswitch use``: its key from a variable."""

from pathlib import Path

import pytest

from tests.support.clients import ClientHome, client_home, installed_client
from tests.support.four_protocols import ANSWER

OWN = """\
# mine
model:
  default: own/m   # odd
  provider: custom
  base_url: http://127.0.0.1:9/own
  api_key: sk-made-up-of-own
custom_providers:
- {name: own, base_url: http://127.0.0.1:9/own, key_env: OWN_KEY}
"""


def ask(one: ClientHome) -> str:
    program = installed_client("hermes", "bin/hermes")
    return one.run_with_profile("hermes", program, "chat", "-Q", "-q", "read note.txt")


def config(one: ClientHome) -> Path:
    path = one.home / ".hermes" / "config.yaml"
    path.parent.mkdir(exist_ok=True)
    return path


@pytest.mark.parametrize(("protocol", "auth"), [("messages", "x-api-key"), ("responses", ""), ("chat", "")])
def test_it_answers_and_reads_a_file_with_each_protocol(protocol: str, auth: str) -> None:
    with client_home() as one:
        one.serve_only(protocol, auth)
        config(one).write_text(OWN)
        one.ccswitch("use", "work", "--target", "hermes")
        written = config(one).read_text()
        assert ANSWER in ask(one)
        one.check_wire(protocol)
        one.check_tool_call()
        one.check_disk()
        assert config(one).read_text() == written
        one.ccswitch("off", "--target", "hermes")
        assert config(one).read_text() == OWN
