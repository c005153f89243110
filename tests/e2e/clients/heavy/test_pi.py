"""Two versions of the real pi, set up by ``ccswitch use``: only a key by command is the same in both."""

import json
from pathlib import Path

import pytest

from tests.support.clients import ClientHome, client_home, installed_client
from tests.support.four_protocols import ANSWER

OWN = """{
  // mine
  "providers": {
    "own": {"baseUrl": "https://own.example/v1", "api": "openai-responses", "apiKey": "x", "models": [{"id": "m"}]},
  },
}
"""
OWN_SETTINGS = '{\n  "defaultProvider": "own",\n  "theme": "dark"\n}\n'
QUIET = {"PI_OFFLINE": "1", "PI_TELEMETRY": "0", "PI_SKIP_VERSION_CHECK": "1"}
VERSIONS = ("pi", "pi-0.73")


def ask(one: ClientHome, version: str) -> str:
    one.environ |= QUIET
    return one.run(installed_client(version, ".bin/pi"), "-p", "say hi", "--no-session")


def folder(one: ClientHome) -> Path:
    path = one.home / ".pi" / "agent"
    path.mkdir(parents=True, exist_ok=True)
    return path


@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.parametrize(
    ("protocol", "auth"), [("messages", "both"), ("responses", "bearer"), ("chat", "bearer"), ("gemini", "")]
)
def test_it_answers_and_reads_a_file_with_each_protocol(version: str, protocol: str, auth: str) -> None:
    with client_home() as one:
        one.serve_only(protocol, auth)
        models, settings = folder(one) / "models.json", folder(one) / "settings.json"
        models.write_text(OWN)
        settings.write_text(OWN_SETTINGS)
        one.ccswitch("use", "work", "--target", "pi")
        written = models.read_text()
        assert ANSWER in ask(one, version)
        one.check_wire(protocol)
        one.check_tool_call()
        one.check_disk()
        assert models.read_text() == written
        one.ccswitch("off", "--target", "pi")
        assert models.read_text() == OWN
        assert settings.read_text() == OWN_SETTINGS


@pytest.mark.parametrize("version", VERSIONS)
def test_run_gives_it_the_profile_without_the_key(version: str) -> None:
    with client_home() as one:
        one.ccswitch("use", "work", "--target", "pi")
        (folder(one) / "settings.json").write_text('{"defaultProvider": "own", "defaultModel": "m"}')
        one.environ |= QUIET
        assert ANSWER in one.run_with_profile("pi", installed_client(version, ".bin/pi"), "-p", "say hi")
        one.check_wire("messages")
        one.check_disk()
        one.ccswitch("off", "--target", "pi")
        assert json.loads((folder(one) / "settings.json").read_text())["defaultProvider"] == "own"
