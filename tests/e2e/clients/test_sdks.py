"""The real Python SDKs, in programs that name neither address nor key, by ``ccswitch run`` and by ``ccswitch env``."""

from tests.support.clients import MODEL, STALE, ClientHome, client_home, installed_client
from tests.support.four_protocols import ANSWER, model_of
from tests.support.programs import BIN
from tests.support.requirements import require

PROGRAMS = {
    "messages": """
import anthropic, os
asked = {"model": os.environ["ANTHROPIC_MODEL"], "max_tokens": 99, "messages": [{"role": "user", "content": "hi"}]}
print(anthropic.Anthropic().messages.create(**asked).content[0].text)
""",
    "responses": """
import openai, os
print(openai.OpenAI().responses.create(model=os.environ["OPENAI_MODEL"], input="hi").output_text)
""",
    "chat": """
import openai, os
asked = {"model": os.environ["OPENAI_MODEL"], "messages": [{"role": "user", "content": "hi"}]}
print(openai.OpenAI().chat.completions.create(**asked).choices[0].message.content)
""",
    "gemini": """
from google import genai
import os
client = genai.Client()
print(client.models.generate_content(model=os.environ["GEMINI_MODEL"], contents="hi").text)
""",
}
TARGETS = {"messages": "anthropic-sdk", "responses": "openai-sdk", "chat": "openai-sdk", "gemini": "google-genai"}
STALE_OF_SDKS = {
    "ANTHROPIC_CUSTOM_HEADERS": "x-api-key: stale-key",
    "ANTHROPIC_PROFILE": "stale",
    "ANTHROPIC_MODEL": "stale-model",
    "OPENAI_ADMIN_KEY": "stale-key",
    "OPENAI_CUSTOM_HEADERS": "x-api-key: stale-key",
    "OPENAI_MODEL": "stale-model",
    "GEMINI_MODEL": "stale-model",
    "GOOGLE_GENAI_USE_VERTEXAI": "true",
    "GOOGLE_VERTEX_BASE_URL": STALE["OPENAI_BASE_URL"],
}


def program(one: ClientHome, protocol: str) -> tuple[str, str]:
    file = one.project / f"{protocol}.py"
    file.write_text(PROGRAMS[protocol])
    one.environ |= STALE_OF_SDKS
    return installed_client("python-sdks", "bin/python"), str(file)


def test_a_program_of_the_users_own_gets_address_key_and_model_of_each_protocol() -> None:
    with client_home() as one:
        for protocol, target in TARGETS.items():
            assert ANSWER in one.run_with_profile(target, *program(one, protocol))
            one.check_wire(protocol)
        assert {model_of(request) for request in one.asked} == {MODEL}
        assert "/v1beta/" in one.asked[-1].target
        one.check_disk()


def test_a_shell_that_loaded_the_variables_starts_it_too() -> None:
    require("fish")
    with client_home() as one:
        command = f"{BIN / 'ccswitch'} env work --target anthropic-sdk"
        for shell, load in (
            ("bash", f'set -e; eval "$({command})"'),  # as direnv loads an .envrc
            ("fish", f"{command} --shell fish | source"),
        ):
            assert ANSWER in one.run(shell, "-c", f"{load}; {' '.join(program(one, 'messages'))}")
        one.check_wire("messages")
        assert [model_of(request) for request in one.asked] == [MODEL, MODEL]
        one.check_disk()
