"""Continue's real cn, set up by ``ccswitch use``: its key from a variable, and over gemini its address too."""

import json
from pathlib import Path

import pytest

from tests.support.clients import SMALL_MODEL, ClientHome, client_home, installed_client
from tests.support.four_protocols import ANSWER

OWN = """\
# mine
name: mine   # odd
version: 0.0.1
models:
  - name: Own
    provider: openai
    model: m
    apiBase: http://127.0.0.1:9/own
    apiKey: ${{ secrets.OWN_KEY }}
    roles: [chat]
"""


def ask(one: ClientHome) -> str:
    one.environ |= {"CONTINUE_TELEMETRY_ENABLED": "0"}
    return one.run_with_profile("continue", installed_client("continue", ".bin/cn"), "-p", "read note.txt", "--auto")


def config(one: ClientHome) -> Path:
    path = one.home / ".continue" / "config.yaml"
    path.parent.mkdir(exist_ok=True)
    return path


@pytest.mark.parametrize(
    ("protocol", "auth", "model"),
    [
        ("messages", "x-api-key", ""),
        ("responses", "", ""),
        ("chat", "", SMALL_MODEL),
        ("gemini", "", ""),
    ],
)
def test_it_answers_and_reads_a_file_with_each_protocol(protocol: str, auth: str, model: str) -> None:
    with client_home() as one:
        one.serve_only(protocol, auth)
        config(one).write_text(OWN)
        state = config(one).parent / "index" / "globalContext.json"
        state.parent.mkdir()
        state.write_text('{"cliSelectedModel": "Own", "mine": 1}')
        if model:
            one.ccswitch("edit", "work", "--main", model)
        one.ccswitch("use", "work", "--target", "continue")
        written = config(one).read_text()
        assert ANSWER in ask(one)
        one.check_wire(protocol, *([model] if model else []))
        one.check_tool_call()
        one.check_disk()
        assert config(one).read_text() == written
        one.ccswitch("off", "--target", "continue")
        assert config(one).read_text() == OWN
        assert json.loads(state.read_text()).items() >= {"cliSelectedModel": "Own", "mine": 1}.items()
