import os
import sys
from pathlib import Path

import pytest

from ccswitch_py.core.files import write_own_file
from ccswitch_py.core.paths import Paths
from ccswitch_py.services.apply import off, use
from ccswitch_py.targets.claude_code.vs_code import ClaudeCodeInVsCode
from ccswitch_py.vault.backend_policy import DEMO, DEMO_MARK
from tests.support.home import KEY_VARIABLE, add_profile

KEY = "sk-made-up-of-vs-code-5d2c9a71"
OWN = """\
{
  "claudeCode.environmentVariables": [
    {"name": "ANTHROPIC_API_KEY", "value": "sk-ant-my-own"},  // mine
    {"name": "ANTHROPIC_SMALL_FAST_MODEL", "value": "own-small"},
  ],
}
"""
TARGET = "claude-code-vscode"


@pytest.fixture(autouse=True)
def profile(paths: Paths, monkeypatch: pytest.MonkeyPatch) -> None:
    write_own_file(os.path.join(paths.config, DEMO_MARK), b"")
    monkeypatch.setenv("CCSWITCH_KEYRING", DEMO)  # for the key that the file has
    monkeypatch.setenv(KEY_VARIABLE, KEY)
    add_profile(paths, "a", "https://a.example/gw", target_options={TARGET: {"delivery": "plaintext"}})


def test_variables_of_the_users_own_are_emptied_and_come_back(paths: Paths) -> None:
    file = Path(ClaudeCodeInVsCode().path({"HOME": str(Path.home())}))
    write_own_file(str(file), OWN.encode())
    use(paths, "a", [TARGET])
    text = file.read_text()
    assert '{"name": "ANTHROPIC_API_KEY", "value": ""},  // mine' in text
    assert '{"name": "ANTHROPIC_SMALL_FAST_MODEL", "value": ""}' in text
    assert '{"name": "ANTHROPIC_AUTH_TOKEN","value": "' + KEY + '"}' in text
    off(paths, [TARGET])
    assert file.read_text() == OWN


def test_what_goes_before_the_variables_is_named(paths: Paths, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    workspace = '{"claudeCode.environmentVariables": [{"name": "ANTHROPIC_MODEL", "value": "other"}]}'
    write_own_file(str(tmp_path / ".vscode" / "settings.json"), workspace.encode())
    use(paths, "a")
    notes = use(paths, "a", [TARGET]).notes
    named = [note for note in notes if "overrides the profile in Claude Code for VS Code" in note]
    assert len(named) == 2
    assert "apiKeyHelper" in named[0] and "env.ANTHROPIC_BASE_URL" in named[0]
    assert "claudeCode.environmentVariables" in named[1]


@pytest.mark.parametrize(
    ("platform", "env", "path"),
    [
        ("linux", {"HOME": "/h"}, "/h/.config/Code/User/settings.json"),
        ("linux", {"HOME": "/h", "XDG_CONFIG_HOME": "/x"}, "/x/Code/User/settings.json"),
        ("darwin", {"HOME": "/h"}, "/h/Library/Application Support/Code/User/settings.json"),
        ("win32", {"HOME": "/h", "APPDATA": "/roaming"}, "/roaming/Code/User/settings.json"),
    ],
)
def test_its_file_is_where_the_platform_has_it(
    platform: str, env: dict[str, str], path: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "platform", platform)
    assert ClaudeCodeInVsCode().path(env) == path
