"""The real Codex, set up by ``ccswitch use``."""

from pathlib import Path

from tests.support.clients import MODEL, ClientHome, client_home, installed_client
from tests.support.four_protocols import ANSWER, model_of
from tests.support.programs import BIN

OWN = '# mine\napproval_policy = "never"   # odd\n\n[model_providers.own]\nname = "Own"\nbase_url = "https://own.example/v1"\n'


def ask(one: ClientHome, *prefix: str) -> str:
    program = installed_client("codex", "@openai/codex-*/vendor/*/bin/codex")
    return one.run(*prefix, program, "exec", "--skip-git-repo-check", "read note.txt")


def config(one: ClientHome) -> Path:
    path = one.home / ".codex" / "config.toml"
    path.parent.mkdir(exist_ok=True)
    return path


def test_it_answers_with_the_key_of_the_keyring_and_off_restores_its_file() -> None:
    with client_home() as one:
        config(one).write_text(OWN)
        one.ccswitch("use", "work", "--target", "codex")
        assert ANSWER in ask(one)
        one.check_wire("responses", MODEL)
        assert any("function_call_output" in request.body.decode() for request in one.asked), "no tool call went round"
        one.check_disk()
        one.ccswitch("off", "--target", "codex")
        assert config(one).read_text() == OWN


def test_run_uses_another_profile_than_the_one_in_its_file() -> None:
    with client_home() as one:
        config(one).write_text(OWN)
        one.ccswitch("duplicate", "work", "other")
        one.ccswitch("edit", "other", "--main", "gpt-5.4-high")
        one.ccswitch("use", "other", "--target", "codex")
        before = config(one).read_bytes()
        assert ANSWER in ask(one, str(BIN / "ccswitch"), "run", "work", "--target", "codex", "--")
        one.check_wire("responses", MODEL)
        assert {model_of(request) for request in one.asked} == {MODEL}
        assert config(one).read_bytes() == before


def test_explain_names_file_and_line_and_shows_no_key() -> None:
    with client_home() as one:
        config(one).write_text(
            OWN + '\n[model_providers.ccswitch]\nexperimental_bearer_token = "sk-made-up-0123456789"\n'
        )
        one.ccswitch("use", "work", "--target", "codex")
        shown = one.ccswitch("explain", "--target", "codex", "--all")
        lines = config(one).read_text().splitlines()
        address = next(number for number, line in enumerate(lines, 1) if line.startswith('base_url = "http://127'))
        assert f"config.toml:{address}" in shown and one.gateway.base_url in shown and MODEL in shown
        assert "command: ccswitch-key work" in shown and "sk-made-up" not in shown
        one.ccswitch("off", "--target", "codex")
        assert "sk-made-up" not in one.ccswitch("explain", "--target", "codex", "--all")
