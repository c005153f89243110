"""The real OpenClaw, set up by ``ccswitch use``: its key by a program that it starts without our environment."""

from pathlib import Path

import pytest

from tests.support.clients import ClientHome, client_home, installed_client
from tests.support.four_protocols import ANSWER

OWN = """{
  // mine
  gateway: {mode: 'local'},
  models: {
    mode: 'merge',
    providers: {own: {baseUrl: 'https://own.example/v1', api: 'openai-responses', models: [{id: 'm', name: 'M'}]}},
  },
}
"""


def ask(one: ClientHome) -> str:
    program = installed_client("openclaw", ".bin/openclaw")
    return one.run(program, "agent", "--local", "--agent", "main", "-m", "read note.txt")


def config(one: ClientHome) -> Path:
    path = one.home / ".openclaw" / "openclaw.json"
    path.parent.mkdir(exist_ok=True)
    return path


@pytest.mark.parametrize(
    ("protocol", "auth"), [("messages", "both"), ("responses", "bearer"), ("chat", "bearer"), ("gemini", "")]
)
def test_it_answers_and_reads_a_file_with_each_protocol(protocol: str, auth: str) -> None:
    with client_home() as one:
        one.serve_only(protocol, auth)
        config(one).write_text(OWN)
        one.ccswitch("use", "work", "--target", "openclaw")
        written = config(one).read_text()
        assert ANSWER in ask(one)
        one.check_wire(protocol)
        one.check_tool_call()
        one.check_disk()
        assert config(one).read_text() == written
        one.ccswitch("off", "--target", "openclaw")
        assert config(one).read_text() == OWN
