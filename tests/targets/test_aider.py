from pathlib import Path

import pytest
from dotenv import dotenv_values

from ccswitch_py.cli.main import main
from ccswitch_py.core.errors import BadInput
from ccswitch_py.core.paths import Paths
from ccswitch_py.model.launch import PASSED_KEY
from ccswitch_py.services.run import ProcessSpec, prepare_run
from tests.support.home import KEY_VARIABLE, add_profile

KEY = "sk-made-up-of-aider-5d2c9a71"


@pytest.fixture(autouse=True)
def profile(paths: Paths, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(KEY_VARIABLE, KEY)
    add_profile(paths, "a", "https://a.example/gw")


def read_by_aider(process: ProcessSpec, monkeypatch: pytest.MonkeyPatch) -> dict[str, str | None]:
    assert process.argv[:2] == ["aider", "--env-file"]
    ((name, value),) = [(name, value) for name, value in process.env.items() if name.startswith(PASSED_KEY)]
    monkeypatch.setenv(name, value)
    return dotenv_values(process.argv[2])


def test_its_file_refers_to_the_key_that_its_environment_has(paths: Paths, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ANTHROPIC_BASE_URL", "https://stale.example")
    process = prepare_run(paths, "a", ["aider", "--message", "hi"], "aider")
    assert process.argv[3:] == ["--message", "hi"] and "ANTHROPIC_BASE_URL" not in process.env
    assert KEY not in Path(process.argv[2]).read_text() and KEY not in " ".join(process.argv)
    assert read_by_aider(process, monkeypatch) == {
        "AIDER_MODEL": "anthropic/a-main",
        "AIDER_WEAK_MODEL": "anthropic/a-haiku",
        "ANTHROPIC_API_BASE": "https://a.example/gw",
        "ANTHROPIC_BASE_URL": "https://a.example/gw",
        "AIDER_SET_ENV": "ANTHROPIC_API_BASE=https://a.example/gw",
        "ANTHROPIC_API_KEY": KEY,
        "AIDER_ANTHROPIC_API_KEY": KEY,
    }


@pytest.mark.parametrize("model", ["${TEST_GATEWAY_KEY}", "$x", """it's"odd"\\""", "#1"])
def test_any_model_id_reads_as_it_is(model: str, paths: Paths, monkeypatch: pytest.MonkeyPatch) -> None:
    assert main(["edit", "a", "--main", model]) == 0
    process = prepare_run(paths, "a", [], "aider")
    assert read_by_aider(process, monkeypatch)["AIDER_MODEL"] == f"anthropic/{model}"


def test_a_second_file_of_variables_is_refused(paths: Paths) -> None:
    with pytest.raises(BadInput, match="--env-file"):
        prepare_run(paths, "a", ["aider", "--env-file", "mine.env"], "aider")
