import json

import pytest

from ccswitch_py.cli.main import main
from ccswitch_py.core.paths import Paths
from tests.support.home import KEY_VARIABLE, add_profile

START = "`ccswitch run a --target anthropic-sdk -- PROGRAM`"


def test_a_library_has_no_program_to_start_and_no_file_to_write(
    paths: Paths, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv(KEY_VARIABLE, "made-up-key-0123456789")
    add_profile(paths, "a", "https://a.example/gw")
    for command in (
        ["run", "a", "--target", "anthropic-sdk"],
        ["launcher", "anthropic-sdk", "a"],
        ["use", "a", "--target", "anthropic-sdk"],
    ):
        assert main(command) == 2
        assert START in " ".join(capsys.readouterr().err.split())
    assert main(["targets", "--json"]) == 0
    listed = {one["id"]: one for one in json.loads(capsys.readouterr().out)["targets"]}
    assert listed["anthropic-sdk"]["installed"] is False and listed["anthropic-sdk"]["files"] == []
