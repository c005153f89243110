import json

import pytest

from tests.support.keyring_session import KeyringSession
from tests.support.misbehaving import Misbehaving
from tests.support.programs import ccswitch, run_program
from tests.support.strict_gateways import reads_key_from

KEY = "canary-schemes-40d7b2e9c6a15f83"
PROVIDER = """schema = 2
id = "acme"
name = "Acme"
source = "a test"
checked = 2026-11-30
models = [{ id = "gpt-5.4-low", family = "GPT" }]
[defaults]
main = "gpt-5.4-low"
[endpoints.messages]
"""


@pytest.mark.parametrize("auth", ["bearer", "x-api-key"])
def test_claude_code_is_served_by_a_gateway_that_reads_one_header_alone(session: KeyringSession, auth: str) -> None:
    providers = session.home / "config" / "ccswitch" / "providers"
    providers.mkdir(parents=True)
    with Misbehaving(reads_key_from(auth, KEY)) as gateway:
        endpoint = f"base_url = {json.dumps(gateway.base_url)}\nauth = {json.dumps(auth)}\n"
        (providers / "acme.toml").write_text(PROVIDER + endpoint)
        ccswitch(session.environ, "add", "work", "--provider", "acme", "--key-stdin", given=KEY)
        for command in (
            ["ccswitch", "run", "work", "--", "claude"],
            ["ccswitch", "run", "work", "--", "env", "claude"],
        ):
            answer = run_program(session.environ, *command, "-p", "hello", folder=session.home / "project").stdout
            assert "one two three" in answer, command
        ccswitch(session.environ, "test", "work")
        ccswitch(session.environ, "edit", "work", "--delivery", "plaintext")
        ccswitch(session.environ, "use", "work")
        answer = run_program(session.environ, "claude", "-p", "hello", folder=session.home / "project").stdout
        assert "one two three" in answer
