from __future__ import annotations

import json
import sqlite3
import subprocess
from pathlib import Path

import pytest

from ccswitch_py.cli.main import main
from ccswitch_py.core.paths import Paths
from ccswitch_py.model.doctor_finding import Level
from ccswitch_py.redact.secret import Secret
from ccswitch_py.services.apply import use
from ccswitch_py.targets.claude_code.findings.key_search import keys_in
from tests.services.doctor.conftest import KEY, Look, Project, with_an_index
from tests.support.home import add_profile
from tests.support.requirements import require


def private(file: Path, text: str) -> Path:
    file.parent.mkdir(exist_ok=True, parents=True)
    file.write_text(text)
    file.chmod(0o600)
    return file


def test_a_key_in_the_settings_is_told_with_its_place(look: Look, settings: Path) -> None:
    private(settings, json.dumps({"env": {"ANTHROPIC_AUTH_TOKEN": KEY}}, indent=2))
    found = look()["plaintext_in_settings"]
    assert (found.place, KEY[-4:] in found.sentence) == ("~/.claude/settings.json:3", False)
    private(settings, "{}")
    assert "plaintext_in_settings" not in look()


@pytest.mark.parametrize(
    "content",
    [
        {"apiKeyHelper": f"echo {KEY}"},
        {"env": {"ANTHROPIC_CUSTOM_HEADERS": f"x-gateway-key: {KEY}"}},
    ],
)
def test_a_key_that_hides_in_a_helper_a_header_or_an_address_is_told(
    look: Look, settings: Path, content: dict[str, object]
) -> None:
    private(settings, json.dumps(content))
    found = look()
    told = found["plaintext_in_settings"]
    assert told.fix.index("ccswitch add") < told.fix.index("ccswitch use")
    assert not any(KEY in json.dumps(one.as_json()) for one in found.values())


def test_a_password_in_an_address_is_told_apart(look: Look, settings: Path) -> None:
    private(settings, json.dumps({"env": {"ANTHROPIC_BASE_URL": f"https://user:{KEY}@a.example"}}))
    found = look()
    assert "plaintext_in_settings" not in found
    assert "ccswitch add" not in found["plaintext_in_address"].fix and KEY not in found["plaintext_in_address"].sentence


def test_a_file_with_a_key_that_others_can_read_is_broken_until_it_is_shut(look: Look, open_home: Path) -> None:
    start = private(open_home / ".bashrc", f"export ANTHROPIC_AUTH_TOKEN={KEY}\n")
    assert "plaintext_readable_by_others" not in look()
    start.chmod(0o644)
    found = look()
    assert "`chmod 600 ~/.bashrc`" in found["plaintext_readable_by_others"].fix
    assert "plaintext_in_start_file" not in found, "a file is told once"
    open_home.chmod(0o750)
    assert "plaintext_readable_by_others" not in look()


def test_a_key_that_a_profile_wants_in_clear_text_is_said_to_be_so(
    look: Look, settings: Path, paths: Paths, capsys: pytest.CaptureFixture[str]
) -> None:
    add_profile(paths, "a", key=Secret(KEY), delivery="plaintext")
    use(paths, "a")
    asked = look()["plaintext_asked_for"]
    assert "`ccswitch edit a --delivery command`" in asked.fix
    assert main(["edit", "a", "--delivery", "command"]) == 0
    use(paths, "a")
    assert "plaintext_asked_for" not in look()


def test_a_key_in_a_start_file_is_told(look: Look, tmp_path: Path) -> None:
    start = private(tmp_path / ".bashrc", f"alias x=y\nexport ANTHROPIC_API_KEY='{KEY}'\n")
    assert look()["plaintext_in_start_file"].place == "~/.bashrc:2"
    start.write_text('alias x=y\nexport ANTHROPIC_API_KEY="$(pass show key)"\n')
    assert "plaintext_in_start_file" not in look()


PLACEHOLDERS = {
    "ANTHROPIC_AUTH_TOKEN": "<your-key>",
    "ANTHROPIC_API_KEY": "sk-xxxxxxxxxxxxxxxx",
    "ANTHROPIC_CUSTOM_HEADERS": "Authorization: Bearer ${GATEWAY_KEY_2024}",
    "ANTHROPIC_BASE_URL": "https://user:${PASSWORD}@gateway.test",
    "OPENAI_API_KEY": "op://Private/openai-2024/credential",
    "GITHUB_TOKEN": "YOUR_GITHUB_TOKEN",
}


@pytest.mark.parametrize("name", ["settings.json", "settings.local.json"])
def test_a_placeholder_or_a_reference_is_no_key(look: Look, project: Project, settings: Path, name: str) -> None:
    content = {"env": PLACEHOLDERS, "apiKeyHelper": "op read op://Private/anthropic-2024/credential"}
    private(settings, json.dumps(content))
    file = project(content, name)
    root = file.parents[1]
    servers = {"a": {"env": {"API_KEY": "${API_KEY}"}, "headers": {"Authorization": "Bearer ${TOKEN:-none}"}}}
    private(root / ".mcp.json", json.dumps({"mcpServers": servers}))
    private(root / ".env", "API_KEY=changeme\n# TOKEN=" + KEY)
    private(root / ".envrc", 'export ANTHROPIC_API_KEY="$(security find-generic-password -s claude-2024 -w)"\n')
    assert not {code for code in look() if code.startswith("plaintext")}


OTHERS = [
    {"env": {"OPENAI_API_KEY": KEY}},
    {"env": {"AWS_BEARER_TOKEN_BEDROCK": KEY}},
    {"env": {"ANTHROPIC_FOUNDRY_API_KEY": KEY}},
    {"permissions": {"allow": [f'Bash(curl -H "Authorization: Bearer {KEY}" https://a.example)']}},
    {"mcpServers": {"a": {"command": "npx", "args": ["server", "--api-key", KEY]}}},
    {"mcpServers": {"a": {"url": f"https://a.example/sse?api_key={KEY}"}}},
]


@pytest.mark.parametrize("content", OTHERS)
def test_a_key_under_another_name_is_found(look: Look, settings: Path, project: Project, content: object) -> None:
    private(settings, json.dumps(content, indent=1))
    found = look()["plaintext_of_another_program"]
    assert (found.path, found.line is not None, KEY in str(found.as_json())) == (str(settings), True, False)
    settings.unlink()
    assert "plaintext_of_another_program" not in look()
    file = project({}).parents[1] / ".mcp.json"
    private(file, json.dumps(content))
    assert look()["plaintext_of_another_program"].path == str(file)


def test_the_keys_of_mcp_servers_in_claude_codes_state_are_found(look: Look, tmp_path: Path) -> None:
    server = {"type": "http", "url": "https://a.example", "headers": {"Authorization": f"Bearer {KEY}"}}
    state = {"userID": KEY, "mcpServers": {"a": server}, "projects": {"/p": {"mcpServers": {"b": server}}, "/q": {}}}
    text = json.dumps(state, indent=1)
    private(tmp_path / ".claude.json", text)
    found = look()["plaintext_of_another_program"]
    assert found.place == f"~/.claude.json:{text[: text.index('Bearer')].count(chr(10)) + 1}"
    assert "Authorization" in found.sentence and KEY not in str(found.as_json())


def test_a_key_in_the_variables_of_a_project_is_found(look: Look, tmp_path: Path) -> None:
    require("git")
    root = tmp_path / "project"
    file = private(root / ".env", f"A=1\nOPENAI_API_KEY={KEY}\n")
    assert look()["plaintext_of_another_program"].place == "~/project/.env:2"
    subprocess.run(["git", "init", "-q", str(root)], check=True)
    with_an_index(root)
    assert "plaintext_in_project" not in look()
    subprocess.run(["git", "-C", str(root), "add", "-f", str(file)], check=True)
    found = look()["plaintext_in_project"]
    assert (found.place, "OPENAI_API_KEY" in found.sentence) == ("~/project/.env:2", True)


def test_what_only_may_be_a_key_is_never_broken(look: Look, project: Project) -> None:
    project({"env": {"DB_PASSWORD": "hunter2hunter2"}})
    found = look()
    possible = found["plaintext_possible"]
    assert possible.kind.level is Level.WARNING and "may have" in possible.sentence
    assert "plaintext_in_project" not in found


@pytest.mark.parametrize(
    "line",
    [
        f"gateway() {{ export ANTHROPIC_API_KEY={KEY}; }}",
        f"if x; then export ANTHROPIC_API_KEY='{KEY}'; fi",
        f"alias c='ANTHROPIC_API_KEY={KEY} claude'",
    ],
)
def test_a_key_in_a_function_of_a_start_file_is_found(look: Look, tmp_path: Path, line: str) -> None:
    private(tmp_path / ".zshrc", f"# mine\n{line}\n")
    found = look()["plaintext_in_start_file"]
    assert (found.place, "may get" in found.sentence) == ("~/.zshrc:2", True)


@pytest.mark.parametrize("name", ["settings.json", "settings.local.json"])
def test_a_key_in_a_project_is_broken(look: Look, project: Project, name: str) -> None:
    file = project({"env": {"ANTHROPIC_AUTH_TOKEN": KEY}}, name)
    assert "ANTHROPIC_AUTH_TOKEN" in look()["plaintext_in_project"].sentence
    file.unlink()
    assert "plaintext_in_project" not in look()


@pytest.mark.parametrize("name", [".claude/settings.json", ".claude/settings.local.json", ".envrc"])
def test_a_key_in_a_file_that_git_does_not_keep_stays_on_this_machine(look: Look, tmp_path: Path, name: str) -> None:
    require("git")
    root = tmp_path / "project"
    text = f"export ANTHROPIC_AUTH_TOKEN={KEY}\n"
    file = private(root / name, text if name == ".envrc" else json.dumps({"env": {"ANTHROPIC_AUTH_TOKEN": KEY}}))
    codes = {"plaintext_in_project", "plaintext_in_own_project", "plaintext_in_start_file", "plaintext_in_settings"}
    assert codes & set(look()) == {"plaintext_in_project"}
    subprocess.run(["git", "init", "-q", str(root)], check=True)
    with_an_index(root)
    assert codes & set(look()) == {"plaintext_in_own_project"}
    subprocess.run(["git", "-C", str(root), "add", "-f", str(file)], check=True)
    assert codes & set(look()) == {"plaintext_in_project"}
    subprocess.run(["git", "-C", str(root), "update-index", "--index-version", "4"], check=True)
    assert codes & set(look()) == {"plaintext_in_project"}, "an index that shortens names counts as if it had all"


def test_what_another_switcher_keeps_is_told_with_the_number_of_its_keys(look: Look, tmp_path: Path) -> None:
    providers = {str(n): {"settingsConfig": {"env": {"ANTHROPIC_AUTH_TOKEN": f"{KEY}{n}"}}} for n in range(3)}
    file = private(tmp_path / ".cc-switch" / "config.json", json.dumps({"claude": {"providers": providers}}, indent=1))
    found = look()["plaintext_of_other_switcher"]
    assert (found.place, ": 3." in found.sentence) == ("~/.cc-switch/config.json:7", True)
    file.unlink()
    assert "plaintext_of_other_switcher" not in look()


def test_a_database_of_another_switcher_is_looked_through(look: Look, tmp_path: Path) -> None:
    (tmp_path / ".cc-switch").mkdir()
    with sqlite3.connect(tmp_path / ".cc-switch" / "cc-switch.db") as database:
        database.execute("CREATE TABLE providers (id TEXT, settings_config TEXT)")
        database.execute("INSERT INTO providers VALUES (?, ?)", ("1", json.dumps({"env": {"ANTHROPIC_API_KEY": KEY}})))
    database.close()
    found = look()["plaintext_of_other_switcher"]
    assert (found.line, ": 1." in found.sentence) == (None, True)


@pytest.mark.parametrize(
    "name",
    [
        ".cc-switch/backups/env-backup-1.json",
        ".cc-switch/backups/db_backup_1.db",
        ".claude/settings.json.bak",
        ".claude/settings-old.json",
    ],
)
def test_a_copy_with_keys_is_told(look: Look, tmp_path: Path, name: str) -> None:
    file = private(tmp_path / name, json.dumps({"ANTHROPIC_AUTH_TOKEN": KEY}))
    assert look()["plaintext_in_backup"].path == str(file)
    file.unlink()
    assert "plaintext_in_backup" not in look()


def test_placeholders_and_names_are_no_keys(tmp_path: Path) -> None:
    text = '{"ANTHROPIC_AUTH_TOKEN": "PROXY_MANAGED", "apiKey": "", "primaryApiKey": "any", "task-list": "risk-free"}'
    text += "API_KEY=your-api-key-here\nAUTH_TOKEN=sk-xxxxxxxxxxxxxxxxxxxxxxxx\n"
    assert keys_in(str(private(tmp_path / "a.json", text))) == (0, None)


def test_a_key_is_found_wherever_a_piece_of_the_file_ends(tmp_path: Path) -> None:
    piece = 4 * 1024 * 1024
    for before in range(piece - 60, piece + 10, 7):
        file = private(tmp_path / "a.json", " " * (before - 1) + "\n" + json.dumps({"ANTHROPIC_AUTH_TOKEN": KEY}))
        assert keys_in(str(file)) == (1, 2)
