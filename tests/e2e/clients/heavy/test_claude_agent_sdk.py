"""The real claude-agent-sdk with the Claude Code that it brings along, by ``use``, ``run`` and ``env``."""

from pathlib import Path

from tests.support.clients import MODEL, ClientHome, client_home, installed_client
from tests.support.four_protocols import ANSWER, model_of
from tests.support.programs import BIN

PROGRAM = """
import asyncio
from claude_agent_sdk import ClaudeAgentOptions, ResultMessage, query

async def main():
    async for message in query(prompt="read note.txt", options=ClaudeAgentOptions(permission_mode="bypassPermissions")):
        if isinstance(message, ResultMessage):
            print(message.result)

asyncio.run(main())
"""
QUIET = {"CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC": "1", "DISABLE_AUTOUPDATER": "1", "IS_SANDBOX": "1"}


def program(one: ClientHome) -> tuple[str, str]:
    file = one.project / "agent.py"
    file.write_text(PROGRAM)
    one.environ |= QUIET
    return installed_client("claude-agent-sdk", "bin/python"), str(file)


def check(one: ClientHome, answer: str) -> None:
    assert ANSWER in answer
    one.check_wire("messages")
    one.check_tool_call()
    assert {model_of(request) for request in one.asked} == {MODEL}
    one.check_disk()


def test_it_uses_the_settings_of_claude_code() -> None:
    with client_home() as one:
        settings = Path(one.home, ".claude", "settings.json")
        settings.parent.mkdir()
        settings.write_text('{\n  "theme": "dark"\n}\n')
        one.ccswitch("use", "work")
        check(one, one.run(*program(one)))
        one.ccswitch("off")
        assert settings.read_text() == '{\n  "theme": "dark"\n}\n'


def test_run_and_a_shell_that_loaded_the_variables_start_it() -> None:
    with client_home() as one:
        check(one, one.run_with_profile("claude-code", *program(one)))
        one.gateway.seen.clear()
        load = f'eval "$({BIN / "ccswitch"} env work)"'
        check(one, one.run("bash", "-c", f"{load}; {' '.join(program(one))}"))
