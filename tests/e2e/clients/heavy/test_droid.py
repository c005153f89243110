"""The real Droid, set up by ``ccswitch use``, without a login of Factory's."""

from pathlib import Path

import pytest

from tests.support.clients import ClientHome, client_home, installed_client
from tests.support.four_protocols import ANSWER

OWN = """\
{
  // mine
  "model": "opus",   // odd
  "customModels": [
    {"model": "m", "id": "custom:own-0", "index": 0, "baseUrl": "http://127.0.0.1:9", "provider": "openai"}
  ],
  "enableHooks": false
}
"""


def ask(one: ClientHome) -> str:
    program = installed_client("droid", "@factory/cli-*/bin/droid")
    return one.run_with_profile("droid", program, "exec", "read note.txt")


def settings(one: ClientHome) -> Path:
    path = one.home / ".factory" / "settings.json"
    path.parent.mkdir(exist_ok=True)
    return path


@pytest.mark.parametrize("protocol", ["messages", "responses", "chat"])
def test_it_answers_and_reads_a_file_with_each_protocol(protocol: str) -> None:
    with client_home() as one:
        one.serve_only(protocol)
        settings(one).write_text(OWN)
        one.ccswitch("use", "work", "--target", "droid")
        written = settings(one).read_text()
        assert ANSWER in ask(one)
        one.check_wire(protocol)
        one.check_tool_call()
        one.check_disk()
        assert settings(one).read_text() == written
        one.ccswitch("off", "--target", "droid")
        assert settings(one).read_text() == OWN
