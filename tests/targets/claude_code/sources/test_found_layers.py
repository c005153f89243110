import json
import os
from pathlib import Path

import pytest

from ccswitch_py.targets.claude_code.inspection import find_layers
from ccswitch_py.targets.claude_code.settings import find_login_file
from ccswitch_py.targets.claude_code.sources.layer import LayerKind
from ccswitch_py.targets.explanation import Layer

KEY = "canary-layer-51c0aa9e7d42"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "home" / ".claude").mkdir(parents=True)
    (tmp_path / "home" / "work" / ".claude").mkdir(parents=True)
    return tmp_path / "home" / "work"


def layers(folder: Path, settings_file: str | None = None, **environ: str) -> list[Layer]:
    """Those of this home alone: the machine's own start files say nothing here."""
    home = str(folder if folder.name == "home" else folder.parent)
    found = find_layers(str(folder), {"HOME": home} | environ, settings_file)
    return [layer for layer in found if layer.path is None or layer.path.startswith(home)]


def write(path: Path, text: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    return path


def test_the_layers_come_in_the_order_in_which_they_win(folder: Path) -> None:
    for name in ("settings.json", "settings.local.json"):
        write(folder / ".claude" / name, "{}")
    write(folder.parent / ".claude" / "settings.json", "{}")
    option = write(folder / "mine.json", "{}")
    write(folder.parent / ".bashrc", "export ANTHROPIC_BASE_URL=a\n")
    write(folder.parent / ".config/environment.d/x.conf", "ANTHROPIC_BASE_URL=a\n")
    write(folder.parent / ".config/fish/config.fish", "set -gx ANTHROPIC_BASE_URL a\n")
    write(folder.parent / ".envrc", "export ANTHROPIC_BASE_URL=a\n")
    found = layers(folder, str(option))
    kinds = [layer.kind for layer in found]
    assert kinds == [
        LayerKind.SETTINGS_OPTION,
        LayerKind.LOCAL,
        LayerKind.PROJECT,
        LayerKind.USER,
        LayerKind.PROCESS,
        LayerKind.DIRENV,
        LayerKind.SHELL,
        LayerKind.SHELL,
        LayerKind.SYSTEMD,
    ]
    assert [layer.in_force for layer in found] == [True] * 5 + [False] * 4


def test_each_entry_has_its_line(folder: Path) -> None:
    text = '{\n  "apiKeyHelper": "get-key",\n  "env": {\n    "ANTHROPIC_BASE_URL":\n      "https://a.test"\n  }\n}'
    write(folder / ".claude" / "settings.json", text)
    [layer] = [layer for layer in layers(folder) if layer.kind is LayerKind.PROJECT]
    assert [(entry.name, entry.shown, entry.line) for entry in layer.entries] == [
        ("apiKeyHelper", "get-key", 2),
        ("ANTHROPIC_BASE_URL", "https://a.test", 5),
    ]


@pytest.mark.parametrize(
    "text",
    ["", "[]", "{", '{"env": 1}', '{"model": 5}', '{"env": null}', '{"apiKeyHelper": null}', "// why\n{}", '{"a": 1,}'],
)
def test_a_file_that_claude_code_skips_says_so_and_sets_nothing(folder: Path, text: str) -> None:
    write(folder / ".claude" / "settings.json", text)
    [layer] = [layer for layer in layers(folder) if layer.kind is LayerKind.PROJECT]
    assert layer.problem is not None
    assert "of line " in layer.problem
    assert layer.entries == []


def test_a_file_that_is_none_keeps_nobody_waiting(folder: Path) -> None:
    os.mkfifo(folder / ".claude" / "settings.json")
    os.mkfifo(folder.parent / ".zshrc")
    found = [layer for layer in layers(folder) if layer.kind in (LayerKind.PROJECT, LayerKind.SHELL)]
    assert [layer.problem for layer in found] == ["It is not a file."] * 2


def test_a_start_file_that_is_too_large_says_so(folder: Path) -> None:
    write(folder / ".envrc", "export ANTHROPIC_BASE_URL=https://a.test\n" + "cat <<E\n" + "x\n" * 600_000)
    [layer] = [layer for layer in layers(folder) if layer.kind is LayerKind.DIRENV]
    assert (layer.problem, layer.entries) == ("It is too large to be searched.", [])


def test_what_fish_keeps_for_all_its_sessions(folder: Path) -> None:
    text = "# VERSION: 3.0\nSETUVAR --export ANTHROPIC_BASE_URL:https\\x3a//a\\x2etest\n"
    write(folder.parent / ".config/fish/fish_variables", text)
    [layer] = [layer for layer in layers(folder) if layer.kind is LayerKind.SHELL]
    assert [(entry.name, entry.shown, entry.line) for entry in layer.entries] == [
        ("ANTHROPIC_BASE_URL", "https://a.test", 2)
    ]


def test_no_key_is_shown_wherever_it_stands(folder: Path) -> None:
    env = {
        "ANTHROPIC_AUTH_TOKEN": KEY,
        "ANTHROPIC_BASE_URL": f"https://user:{KEY}@a.test/v1?key={KEY}",
        "ANTHROPIC_CUSTOM_HEADERS": f"X-Team: blue\nx-api-key: {KEY}\nX-Other: Bearer sk-{KEY}",
        "ANTHROPIC_MODEL": f"sk-{KEY}",
        "CLAUDE_CODE_OAUTH_TOKEN": KEY,
    }
    write(folder / ".claude" / "settings.json", json.dumps({"env": env, "apiKeyHelper": f"echo -n {KEY}"}))
    write(folder.parent / ".bashrc", f"export ANTHROPIC_API_KEY={KEY}\n")
    found = layers(folder, HTTPS_PROXY=f"http://user:{KEY}@proxy.test")
    assert KEY not in repr(found) + str([entry.shown for layer in found for entry in layer.entries])
    shown = {entry.name: entry.shown for layer in found for entry in layer.entries}
    assert shown["ANTHROPIC_AUTH_TOKEN"] == "••••••••7d42"
    assert str(shown["ANTHROPIC_CUSTOM_HEADERS"]).startswith("X-Team: blue\nx-api-key: ••••••••")


def test_the_users_own_settings_are_not_taken_for_a_projects_too(folder: Path) -> None:
    write(folder.parent / ".claude" / "settings.json", "{}")
    assert [layer.kind for layer in layers(folder.parent)] == [LayerKind.USER, LayerKind.PROCESS]


def test_the_folder_of_claude_code_can_be_another_one(folder: Path) -> None:
    other = write(folder.parent / "other" / "settings.json", "{}")
    write(other.parent / ".credentials.json", '{"claudeAiOauth": {"accessToken": "x"}}')
    environ = {"HOME": str(folder.parent), "CLAUDE_CONFIG_DIR": str(other.parent)}
    [user] = [layer for layer in layers(folder, **environ) if layer.kind is LayerKind.USER]
    assert user.path == str(other)
    assert find_login_file(environ) == str(other.parent / ".credentials.json")


@pytest.mark.parametrize("text", ["", "[]", "{", '{"claudeAiOauth": {}}'])
def test_no_login_is_seen_where_there_is_none(folder: Path, text: str) -> None:
    write(folder.parent / ".claude" / ".credentials.json", text)
    assert find_login_file({"HOME": str(folder.parent)}) is None


AGENT = """<?xml version="1.0" encoding="UTF-8"?>
<plist version="1.0"><dict>
<key>Label</key><string>env</string>
<key>ProgramArguments</key>
<array>{arguments}</array>
</dict></plist>
"""


@pytest.mark.parametrize(
    "arguments",
    [
        ["/bin/launchctl", "setenv", "ANTHROPIC_BASE_URL", "https://a.test"],
        ["sh", "-c", "launchctl setenv X 1; launchctl setenv ANTHROPIC_BASE_URL 'https://a.test'"],
    ],
)
def test_what_a_launch_agent_sets(folder: Path, arguments: list[str]) -> None:
    strings = "".join(f"\n<string>{one}</string>" for one in arguments)
    write(folder.parent / "Library/LaunchAgents/env.plist", AGENT.format(arguments=strings))
    [agent] = [layer for layer in layers(folder) if layer.kind is LayerKind.LAUNCHD]
    assert [(entry.name, entry.shown) for entry in agent.entries] == [("ANTHROPIC_BASE_URL", "https://a.test")]
