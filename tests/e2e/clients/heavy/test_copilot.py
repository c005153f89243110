"""The real Copilot CLI, which has no file: started by ``ccswitch run``, with the key by command."""

import pytest

from tests.support.clients import STALE, ClientHome, client_home, installed_client
from tests.support.four_protocols import ANSWER

STALE_OF_COPILOT = {
    "COPILOT_PROVIDER_BEARER_TOKEN": "stale-token",
    "COPILOT_PROVIDER_API_KEY": "stale-key",
    "COPILOT_PROVIDER_BASE_URL": STALE["OPENAI_BASE_URL"],
    "COPILOT_PROVIDER_HEADERS": '{"x-api-key": "stale-key"}',
    "COPILOT_PROVIDER_TYPE": "azure",
    "COPILOT_MODEL": "stale-model",
}


def ask(one: ClientHome) -> str:
    one.environ |= {**STALE_OF_COPILOT, "COPILOT_OFFLINE": "true"}
    program = installed_client("copilot", "@github/copilot-*/copilot")
    return one.run_with_profile("copilot", program, "--allow-all-tools", "-p", "read note.txt")


@pytest.mark.parametrize("protocol", ["messages", "responses", "chat"])
def test_it_answers_and_reads_a_file_with_each_protocol(protocol: str) -> None:
    with client_home() as one:
        one.serve_only(protocol)
        assert ANSWER in ask(one)
        one.check_wire(protocol)
        one.check_tool_call()
        one.check_disk()
