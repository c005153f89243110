import os

import pytest

from ccswitch_py.cli.main import main
from ccswitch_py.core.errors import BadInput
from ccswitch_py.core.paths import Paths
from ccswitch_py.services.apply import off, undo, use
from ccswitch_py.services.run import prepare_run
from ccswitch_py.services.status import status
from tests.support.home import KEY_VARIABLE, add_profile

KEY = "sk-made-up-of-copilot-5d2c9a71"
START = "`ccswitch run {} --target copilot -- copilot`"


@pytest.fixture(autouse=True)
def profile(paths: Paths, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(KEY_VARIABLE, KEY)
    add_profile(paths, "a", "https://a.example/gw")


def test_a_tool_without_a_file_names_the_command_that_starts_it(paths: Paths) -> None:
    for change, name in (
        (lambda: use(paths, "a", ["claude-code", "copilot"]), "a"),
        (lambda: off(paths, ["copilot"]), "NAME"),
        (lambda: undo(paths, ["copilot"]), "NAME"),
    ):
        with pytest.raises(BadInput, match="no file") as refused:
            change()
        assert START.format(name) in refused.value.hint
    assert {one.profile for one in status(paths)} == {None}, "all or none"


def test_the_commands_over_all_tools_pass_over_it(paths: Paths, capsys: pytest.CaptureFixture[str]) -> None:
    use(paths, "a")
    undo(paths)
    assert main(["status"]) == 0 and "Copilot" not in capsys.readouterr().out
    assert main(["targets"]) == 0 and "copilot" in capsys.readouterr().out
    assert main(["doctor"]) in (0, 1)


def test_its_environment_has_the_command_and_no_key(paths: Paths, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COPILOT_PROVIDER_BEARER_TOKEN", "stale")
    process = prepare_run(paths, "a", ["copilot", "-p", "hi"], "copilot")
    ours = {name: value for name, value in process.env.items() if name not in os.environ or name.startswith("COPILOT")}
    command = ours.pop("COPILOT_PROVIDER_API_KEY_COMMAND")
    assert command.endswith(" a") and "ccswitch_py.key_command" in command
    assert ours == {
        "COPILOT_PROVIDER_TYPE": "anthropic",
        "COPILOT_PROVIDER_BASE_URL": "https://a.example/gw",
        "COPILOT_MODEL": "a-main",
    }
    assert process.argv == ["copilot", "-p", "hi"]


def test_a_key_from_the_environment_is_set_on_request(paths: Paths) -> None:
    assert main(["edit", "a", "--delivery", "environment", "--target", "copilot"]) == 0
    process = prepare_run(paths, "a", [], "copilot")
    assert process.env["COPILOT_PROVIDER_API_KEY"] == KEY and "COPILOT_PROVIDER_API_KEY_COMMAND" not in process.env
