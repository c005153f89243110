import json
import os
import subprocess
from pathlib import Path

import pytest

from ccswitch_py.cli.main import main
from ccswitch_py.core.files import write_own_file
from ccswitch_py.core.paths import Paths
from ccswitch_py.model.protocol import MAIN_ROLES, Role
from ccswitch_py.services.apply import off, undo, use
from ccswitch_py.targets.claude_desktop import CONFIGURATION, ClaudeDesktop
from ccswitch_py.targets.registry import TARGETS
from tests.support.home import KEY_VARIABLE, add_profile

KEY = "sk-made-up-of-desktop-5d2c9a71"
ONLY = ["claude-desktop"]
META = '{"appliedId": "5f0c",  "entries": [{"id": "5f0c", "name": "Mine"}]}\n'


@pytest.fixture
def support(paths: Paths, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where macOS has its files."""
    monkeypatch.setitem(TARGETS, "claude-desktop", ClaudeDesktop("darwin"))
    monkeypatch.setenv(KEY_VARIABLE, KEY)
    models: dict[Role, str] = dict.fromkeys(MAIN_ROLES, "gpt-5.4-low")
    add_profile(paths, "a", "https://a.example/gw", models={**models, "main": "claude-opus-5-5"})
    return Path.home() / "Library" / "Application Support"


def test_its_files_change_together_and_come_back_together(paths: Paths, support: Path) -> None:
    own = {
        support / "Claude-3p" / "configLibrary" / "_meta.json": META,
        support / "Claude-3p" / "claude_desktop_config.json": '{"deploymentMode": "3p"}',
        support / "Claude" / "claude_desktop_config.json": '{"mcpServers": {}, "deploymentMode": "1p"}',
    }
    for file, text in own.items():
        write_own_file(str(file), text.encode())
    use(paths, "a", ONLY)
    meta = json.loads(next(iter(own)).read_text())
    assert meta["appliedId"] == CONFIGURATION and [one["name"] for one in meta["entries"]] == ["Mine", "a (ccswitch)"]
    assert [json.loads(file.read_text())["deploymentMode"] for file in list(own)[1:]] == ["3p", "3p"]
    for restore in (off, undo):
        restore(paths, ONLY)
        is_back = {file.read_text() == text for file, text in own.items()}
        assert is_back == {restore is off}


def test_the_helper_prints_the_key_without_arguments(paths: Paths, support: Path) -> None:
    use(paths, "a", ONLY)
    configuration = json.loads((support / "Claude-3p" / "configLibrary" / f"{CONFIGURATION}.json").read_text())
    assert configuration["inferenceCredentialKind"] == "helper-script" and KEY not in json.dumps(configuration)
    helper = Path(configuration["inferenceCredentialHelper"])
    assert helper.stat().st_mode & 0o777 == 0o700 and KEY not in helper.read_text()
    assert subprocess.run([helper], capture_output=True, text=True, check=True).stdout.strip() == KEY


def test_only_models_that_it_accepts_are_listed(paths: Paths, support: Path) -> None:
    notes = use(paths, "a", ONLY).notes
    configuration = json.loads((support / "Claude-3p" / "configLibrary" / f"{CONFIGURATION}.json").read_text())
    assert configuration["inferenceModels"] == ["claude-opus-5-5"]
    assert not [note for note in notes if "models" in note]
    add_profile(paths, "b", "https://b.example/gw")
    assert [note for note in use(paths, "b", ONLY).notes if "None of the profile's models" in note]
    target = ClaudeDesktop("darwin")
    contents = dict.fromkeys(target.live_files(os.environ), '{"inferenceGatewayBaseUrl": "http://b.example"}')
    assert [one for one in target.conflicts(os.environ, contents) if "only https addresses" in one.message]


def test_windows_has_it_with_the_key_in_plaintext_elsewhere_it_is_refused(
    paths: Paths, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    windows = ClaudeDesktop("win32")
    assert windows.deliveries == ("plaintext",)
    assert {os.path.dirname(file.path) for file in windows.live_files({"LOCALAPPDATA": "/local"})} == {
        "/local/Claude-3p/configLibrary",
        "/local/Claude-3p",
        "/local/Claude",
    }
    monkeypatch.setitem(TARGETS, "claude-desktop", ClaudeDesktop("linux"))
    monkeypatch.setenv(KEY_VARIABLE, KEY)
    add_profile(paths, "a", "https://a.example/gw")
    for command in (["use", "a"], ["off"], ["undo"]):
        assert main([*command, "--target", "claude-desktop"]) == 2
        assert "Claude Desktop is not available on this system." in capsys.readouterr().err
    assert main(["targets"]) == 0
    (row,) = [line for line in capsys.readouterr().out.splitlines() if line.startswith("claude-desktop")]
    assert "not on this system" in row
    assert main(["status"]) == 0 and "Desktop" not in capsys.readouterr().out
