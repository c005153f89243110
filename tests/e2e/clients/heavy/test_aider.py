"""The real aider, started by ``ccswitch run``: no file of the user's mixes keys and addresses."""

import pytest

from tests.support.clients import MODEL, STALE, ClientHome, client_home, installed_client
from tests.support.four_protocols import ANSWER, model_of

QUIET = (
    *("--no-git", "--no-check-update", "--analytics-disable", "--no-show-model-warnings", "--no-show-release-notes"),
    *("--yes-always", "--no-stream", "--map-tokens", "0"),
)
STALE_OF_AIDER = {
    "AIDER_OPENAI_API_BASE": STALE["OPENAI_BASE_URL"],
    "AIDER_OPENAI_API_KEY": "stale-key",
    "AIDER_ANTHROPIC_API_KEY": "stale-key",
    "AIDER_API_KEY": "gemini=stale-key",
    "AIDER_MODEL": "openai/stale-model",
    "AIDER_SET_ENV": f"ANTHROPIC_API_BASE={STALE['ANTHROPIC_BASE_URL']}",
}


def ask(one: ClientHome) -> str:
    one.environ |= {"LITELLM_LOCAL_MODEL_COST_MAP": "True"}
    return one.run_with_profile("aider", installed_client("aider", "bin/aider"), *QUIET, "--message", "say hi")


@pytest.mark.parametrize(
    ("protocol", "auth"), [("messages", "x-api-key"), ("responses", ""), ("chat", ""), ("gemini", "")]
)
def test_it_answers_whatever_the_shell_and_its_own_files_say(protocol: str, auth: str) -> None:
    with client_home() as one:
        one.serve_only(protocol, auth)
        one.environ |= STALE_OF_AIDER
        (one.home / ".env").write_text("".join(f"{name}={value}\n" for name, value in STALE.items()))
        (one.project / ".env").write_text("".join(f"{name}={value}\n" for name, value in STALE_OF_AIDER.items()))
        settings = [f"  - {name}={value}" for name, value in STALE.items()]
        address, key = STALE["OPENAI_API_BASE"], "stale-key"
        conf = [f"openai-api-base: {address}", f"openai-api-key: {key}", f"anthropic-api-key: {key}", "set-env:"]
        (one.home / ".aider.conf.yml").write_text("\n".join([*conf, *settings, "api-key:", f"  - gemini={key}", ""]))
        assert ANSWER in ask(one)
        one.check_wire(protocol)
        assert {model_of(request) for request in one.asked} == {MODEL}
        one.check_disk()
