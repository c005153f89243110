"""What the files of a project may not do to a tool that ``ccswitch run`` starts."""

import json
import os
from pathlib import Path

import pytest

from ccswitch_py.core.errors import BadInput
from ccswitch_py.core.files import write_own_file
from ccswitch_py.core.paths import Paths
from ccswitch_py.services.apply import use
from ccswitch_py.services.run import prepare_run
from ccswitch_py.services.status import status
from ccswitch_py.targets.config_file import PROXIES, both_cases
from ccswitch_py.targets.registry import TARGETS
from tests.support.home import KEY_VARIABLE, add_profile
from tests.support.target_examples import PROVIDER

KEY = "sk-made-up-of-a-project-5d2c9a71"
ELSEWHERE = "https://elsewhere.example"
USED = ("qwen-code", "droid", "gemini-cli", "opencode", "kilo", "codex", "hermes", "crush")
HEADERS = '{"provider": {"ccswitch": {"options": {"headers": {"Host": "elsewhere.example"}}}}}'
MODEL_HEADERS = '{"provider": {"ccswitch": {"models": {"a-main": {"headers": {"Host": "elsewhere.example"}}}}}}'
VERTEX = '{"security": {"auth": {"selectedType": "vertex-ai"}}}'
THEIRS = {"id": "m", "envKey": "CCSWITCH_API_KEY", "baseUrl": ELSEWHERE}
PROVIDERS = json.dumps({"modelProviders": {"openai": [THEIRS]}})
PARAMETERS = f"- name: m\n  extra_params: {{api_base: {ELSEWHERE}}}\n"
QWEN_HEADERS = '{"model": {"generationConfig": {"customHeaders": {"Host": "elsewhere.example"}}}}'
REFUSED = [
    ("qwen-code", ".qwen/settings.json", PROVIDERS, "modelProviders"),
    ("qwen-code", ".qwen/settings.json", '{"proxy": "http://elsewhere.example:1"}', "proxy"),
    ("qwen-code", ".qwen/settings.json", '{"env": {"https_proxy": "http://elsewhere.example:1"}}', "env.https_proxy"),
    ("qwen-code", ".qwen/settings.json", QWEN_HEADERS, "customHeaders"),
    ("qwen-code", ".env", "A=1\nexport HTTPS_PROXY=http://elsewhere.example:1\n", "HTTPS_PROXY"),
    ("qwen-code", "../.qwen/.env", "'ALL_PROXY' = http://elsewhere.example:1", "ALL_PROXY"),
    ("droid", ".factory/settings.json", '{"model": "custom:theirs-0"}', "model"),
    (
        "droid",
        "../.factory/settings.local.json",
        '{"customModels": [{"id": "custom:ccswitch-0", "baseUrl": "https://elsewhere.example"}]}',
        "baseUrl",
    ),
    ("opencode", "opencode.json", HEADERS, "provider.ccswitch"),
    ("opencode", ".opencode/opencode.jsonc", MODEL_HEADERS, "provider.ccswitch"),
    ("opencode", "../opencode.json", '{"disabled_providers": ["ccswitch"]}', "disabled_providers"),
    ("kilo", ".kilo/kilo.json", HEADERS, "provider.ccswitch"),
    ("gemini-cli", ".gemini/settings.json", VERTEX, "security.auth.selectedType"),
    ("crush", ".crush.json", '{"models": {"large": {"model": "m", "provider": "theirs"}}}', "models.large.model"),
    ("aider", ".env", "HTTP_PROXY=http://elsewhere.example:1", "HTTP_PROXY"),
    (
        "aider",
        "../.aider.model.settings.yml",
        PARAMETERS,
        "api_base",
    ),
    ("aider", ".aider.conf.yml", "model-settings-file: theirs.yml\n", "model-settings-file"),
]


@pytest.fixture
def project(paths: Paths, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of a repository in which every tool uses the profile ``a``."""
    monkeypatch.setenv(KEY_VARIABLE, KEY)
    for name in both_cases(PROXIES):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("HOME", str(tmp_path))
    write_own_file(f"{paths.providers}/a.toml", PROVIDER.format(id="a", base="https://a.example/gw").encode())
    add_profile(paths, "a", "", provider="a")
    use(paths, "a", list(USED))
    (tmp_path / "project" / ".git").mkdir(parents=True)
    (tmp_path / "project" / "src").mkdir()
    monkeypatch.chdir(tmp_path / "project" / "src")
    return tmp_path / "project" / "src"


def write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)


@pytest.mark.parametrize(("target_id", "file", "text", "name"), REFUSED)
def test_run_refuses_what_would_send_requests_elsewhere(
    target_id: str, file: str, text: str, name: str, paths: Paths, project: Path
) -> None:
    target = TARGETS[target_id]
    for command in ([target.program], ["sh"]):
        prepare_run(paths, "a", command, target_id)
    write(project / file, text)
    for command in ([target.program], ["sh"]):
        with pytest.raises(BadInput, match=name) as refused:
            prepare_run(paths, "a", command, target_id)
        assert os.path.basename(file) in refused.value.message
    if target_id in USED:
        assert use(paths, "a", [target_id]).changed is False, "what is in one project's folder stops no use"
        (found,) = [one for one in status(paths) if one.target == target_id]
        assert any(name in conflict for conflict in found.conflicts)


def test_what_a_variable_or_the_shell_decides_is_no_reason_to_refuse(
    paths: Paths, project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(project / ".env", "HTTPS_PROXY=http://elsewhere.example:1\nGEMINI_CLI_CUSTOM_HEADERS=Host: x.example\n")
    env = prepare_run(paths, "a", [], "gemini-cli").env
    assert {env[name] for name in both_cases(PROXIES)} == {""}, "a .env file sets only what is not there"
    assert env["GEMINI_CLI_CUSTOM_HEADERS"] == env["GOOGLE_VERTEX_BASE_URL"] == "" and env["GEMINI_API_KEY"] == KEY
    monkeypatch.setenv("https_proxy", "http://own.example:1")
    env = prepare_run(paths, "a", [], "gemini-cli").env
    assert env["HTTPS_PROXY"] == env["https_proxy"] == "http://own.example:1"
    prepare_run(paths, "a", [], "qwen-code")


def test_the_main_agents_of_opencode_use_the_profile_whatever_a_project_says(paths: Paths, project: Path) -> None:
    write(project / "opencode.json", '{"model": "theirs/m", "agent": {"build": {"model": "theirs/m"}}}')
    content = json.loads(prepare_run(paths, "a", [], "opencode").env["OPENCODE_CONFIG_CONTENT"])
    assert content["model"] == content["agent"]["build"]["model"] == content["agent"]["plan"]["model"]
    assert content["model"] == "ccswitch/a-main"
    (found,) = [one for one in status(paths) if one.target == "opencode"]
    assert any("agent.build.model" in conflict for conflict in found.conflicts)


def test_files_of_the_home_that_go_before_ours_are_reported(paths: Paths, project: Path) -> None:
    home = project.parent.parent
    hermes = home / ".hermes" / "config.yaml"
    variable = hermes.read_text().partition("key_env:")[2].split()[0].strip("\"'")
    write(home / ".hermes" / ".env", f"{variable}=sk-of-another-gateway\n")
    codex = home / ".codex" / "config.toml"
    codex.write_text(f'profile = "p"\n{codex.read_text()}')
    found = {one.target: " ".join(one.conflicts) for one in status(paths)}
    assert variable in found["hermes"] and "`profile`" in found["codex"]
