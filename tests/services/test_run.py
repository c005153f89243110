import json
import os
from pathlib import Path

import pytest

from ccswitch_py.core.errors import BadInput, KeyUnavailable
from ccswitch_py.core.paths import Paths
from ccswitch_py.services.apply.apply import use
from ccswitch_py.services.run import prepare_run
from ccswitch_py.services.status import status
from ccswitch_py.targets.claude_code.options import ClaudeCodeOptions
from tests.support.home import KEY_VARIABLE, add_profile

KEY = "made-up-key-8c14f07be2a95d63"


@pytest.fixture(autouse=True)
def key(paths: Paths, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(KEY_VARIABLE, KEY)


def settings_given(argv: list[str]) -> dict[str, object]:
    return json.loads(Path(argv[argv.index("--settings") + 1]).read_text())


def test_claude_code_gets_the_launch_file_and_no_key_in_its_environment(
    paths: Paths, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ANTHROPIC_AUTH_TOKEN", "stale")
    monkeypatch.setenv("ANTHROPIC_CUSTOM_HEADERS", "x-api-key: stale")
    monkeypatch.setenv("MAX_THINKING_TOKENS", "7")
    add_profile(paths, "a")
    prepared = prepare_run(paths, "a", ["claude", "-p", "hello"])
    assert prepared.argv == ["claude", "--settings", paths.launch_file("claude-code", "a"), "-p", "hello"]
    assert "ANTHROPIC_AUTH_TOKEN" not in prepared.env and "ANTHROPIC_CUSTOM_HEADERS" not in prepared.env
    assert prepared.env["MAX_THINKING_TOKENS"] == "7"
    assert prepared.env["PATH"] == os.environ["PATH"]
    assert KEY not in [value for name, value in prepared.env.items() if name != KEY_VARIABLE]


def test_another_program_gets_address_key_and_models_as_variables(paths: Paths) -> None:
    add_profile(paths, "a")
    prepared = prepare_run(paths, "a", ["python3", "program.py"])
    assert prepared.argv == ["python3", "program.py"]
    assert prepared.env["ANTHROPIC_AUTH_TOKEN"] == KEY
    assert prepared.env["ANTHROPIC_BASE_URL"] == "http://127.0.0.1:9/gw_llm_power"
    assert prepared.env["ANTHROPIC_DEFAULT_OPUS_MODEL"] == "a-opus"
    assert "ANTHROPIC_API_KEY" not in prepared.env
    assert KEY not in repr(prepared)


def test_what_another_profile_put_into_the_settings_is_answered(paths: Paths, settings: Path) -> None:
    settings.write_text('{"env": {"CLAUDE_CODE_MAX_OUTPUT_TOKENS": "777"}}')
    add_profile(paths, "a")
    add_profile(paths, "b", options=ClaudeCodeOptions(bearer_only=True, max_output_tokens=9))
    use(paths, "b")
    env = settings_given(prepare_run(paths, "a", []).argv)["env"]
    assert isinstance(env, dict)
    assert env["ANTHROPIC_CUSTOM_HEADERS"] == ""
    assert env["CLAUDE_CODE_MAX_OUTPUT_TOKENS"] == "777"


def test_what_the_settings_have_for_another_gateway_does_not_go_along(paths: Paths, settings: Path) -> None:
    old = {
        "ANTHROPIC_CUSTOM_HEADERS": "x-team: blue",
        "ANTHROPIC_DEFAULT_FABLE_MODEL": "old",
        "ANTHROPIC_DEFAULT_OPUS_MODEL_NAME": "Old",
        "ANTHROPIC_SMALL_FAST_MODEL": "old",
        "CLAUDE_CODE_SUBAGENT_MODEL": "old",
    }
    settings.write_text(json.dumps({"env": old}))
    add_profile(paths, "b", options=ClaudeCodeOptions(bearer_only=True))
    env = settings_given(prepare_run(paths, "b", []).argv)["env"]
    assert isinstance(env, dict) and env.pop("ANTHROPIC_CUSTOM_HEADERS") == "x-api-key: unused"
    assert all(env[name] == "" for name in old if name != "ANTHROPIC_CUSTOM_HEADERS")


def test_a_second_settings_argument_is_refused(paths: Paths) -> None:
    add_profile(paths, "a")
    for argument in (["--settings", "x.json"], ["--settings=x.json"]):
        with pytest.raises(BadInput):
            prepare_run(paths, "a", ["claude", *argument])


def test_a_credential_among_the_users_own_headers_does_not_go_along(paths: Paths, settings: Path) -> None:
    settings.write_text('{"env": {"ANTHROPIC_CUSTOM_HEADERS": "Authorization: Bearer sk-own-0123456789abcdef"}}')
    add_profile(paths, "a")
    env = settings_given(prepare_run(paths, "a", []).argv)["env"]
    assert isinstance(env, dict) and env["ANTHROPIC_CUSTOM_HEADERS"] == ""


def test_a_wrapper_does_not_carry_the_key_to_the_gateway_of_the_settings(paths: Paths, settings: Path) -> None:
    settings.write_text('{"env": {"ANTHROPIC_BASE_URL": "https://other.example"}}')
    add_profile(paths, "a")
    with pytest.raises(BadInput, match=r"other\.example"):
        prepare_run(paths, "a", ["npx", "claude"])
    add_profile(paths, "b", "http://127.0.0.1:10/gw")
    use(paths, "b")
    assert prepare_run(paths, "a", ["npx", "claude"]).env["ANTHROPIC_AUTH_TOKEN"] == KEY


def test_an_address_with_a_login_is_told_without_the_login(paths: Paths, settings: Path) -> None:
    add_profile(paths, "a")
    settings.write_text('{"env": {"ANTHROPIC_BASE_URL": "https://bob:pw@other.example/v1"}}')
    [claude_code] = status(paths)
    assert claude_code.base_url == "https://••••••••@other.example/v1"
    with pytest.raises(BadInput) as refused:
        prepare_run(paths, "a", ["npx", "claude"])
    assert refused.value.message.startswith(f"{settings} sends Claude Code to https://••••••••@other.example/v1, which")


@pytest.mark.parametrize(
    "env",
    [
        {"ANTHROPIC_BASE_URL": "https://evil.example"},
        {"all_proxy": "http://evil.example:1"},
        {"CLAUDE_CODE_USE_ANTHROPIC_AWS": "1"},
    ],
)
def test_a_wrapper_does_not_carry_the_key_to_where_the_project_says(
    paths: Paths, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, env: dict[str, str]
) -> None:
    add_profile(paths, "a")
    (tmp_path / "project" / ".claude").mkdir(parents=True)
    (tmp_path / "project" / "src").mkdir()
    (tmp_path / "project" / ".git").mkdir()
    monkeypatch.chdir(tmp_path / "project" / "src")
    wrapper = ["sh", "-c", "claude -p hello"]
    assert prepare_run(paths, "a", wrapper).env["ANTHROPIC_AUTH_TOKEN"] == KEY
    (tmp_path / "project" / ".claude" / "settings.local.json").write_text(json.dumps({"env": env}))
    with pytest.raises(KeyUnavailable):
        prepare_run(paths, "a", wrapper)


def test_no_cloud_of_the_shell_or_the_settings_takes_a_program_away_from_the_gateway(
    paths: Paths, settings: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    add_profile(paths, "a")
    monkeypatch.setenv("CLAUDE_CODE_USE_FOUNDRY", "1")
    assert "CLAUDE_CODE_USE_FOUNDRY" not in prepare_run(paths, "a", ["python3"]).env
    prepared = prepare_run(paths, "a", [])
    env = settings_given(prepared.argv)["env"]
    assert isinstance(env, dict) and env["CLAUDE_CODE_USE_FOUNDRY"] == env["CLAUDE_CODE_USE_MANTLE"] == ""
    assert "CLAUDE_CODE_USE_FOUNDRY" not in prepared.env
    settings.write_text('{"env": {"CLAUDE_CODE_USE_MANTLE": "1"}}')
    with pytest.raises(KeyUnavailable, match="CLAUDE_CODE_USE_MANTLE"):
        prepare_run(paths, "a", ["python3"])
