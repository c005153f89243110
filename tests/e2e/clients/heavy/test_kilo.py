"""The real Kilo, set up by ``ccswitch use``."""

import json
import re
from pathlib import Path

import pytest

from tests.support.clients import ClientHome, client_home, installed_client
from tests.support.four_protocols import ANSWER

OWN = """{
  // mine
  "$schema": "https://app.kilo.ai/config.json",
  "model": "own/m",   // odd
  "provider": {
    "own": {"npm": "@ai-sdk/openai", "options": {"baseURL": "https://own.example/v1"}, "models": {"m": {}}}
  }
}
"""
"""Kilo saves a kilo.json without its comments when it first starts, and adds a permission."""

QUIET = ("AUTOUPDATE", "MODELS_FETCH", "LSP_DOWNLOAD", "SHARE", "DEFAULT_PLUGINS", "SESSION_INGEST", "PRESENCE")


def ask(one: ClientHome) -> str:
    one.environ |= {f"KILO_DISABLE_{name}": "1" for name in QUIET} | {"KILO_TELEMETRY_LEVEL": "off"}
    program = installed_client("kilo", "@kilocode/cli-linux-x64/bin/kilo")
    return one.run_with_profile("kilo", program, "run", "--auto", "say hi")


def config(one: ClientHome) -> Path:
    path = Path(one.environ["XDG_CONFIG_HOME"], "kilo", "kilo.json")
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
        one.ccswitch("use", "work", "--target", "kilo")
        assert ANSWER in ask(one)
        one.check_wire(protocol)
        assert {"authorization" in request.headers for request in one.asked} == {auth == "bearer"}
        one.check_tool_call()
        one.check_disk()
        one.ccswitch("off", "--target", "kilo")
        own = json.loads(re.sub(r" *// .*", "", OWN))
        assert json.loads(config(one).read_text()) == own | {"permission": {"bash": "allow"}}
