"""The real Codex, set up by ``ccswitch use``."""

from pathlib import Path

from tests.support.clients import MODEL, ClientHome, client_home, installed_client
from tests.support.four_protocols import ANSWER

OWN = '# mine\napproval_policy = "never"   # odd\n\n[model_providers.own]\nname = "Own"\nbase_url = "https://own.example/v1"\n'


def ask(one: ClientHome, *prefix: str) -> str:
    program = installed_client("codex", "@openai/codex-*/vendor/*/bin/codex")
    return one.run(*prefix, program, "exec", "--skip-git-repo-check", "say hi")


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
        one.check_disk()
        one.ccswitch("off", "--target", "codex")
        assert config(one).read_text() == OWN
