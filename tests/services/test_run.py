import json
import os
from pathlib import Path

import pytest

from ccswitch_py.core.errors import BadInput, KeyUnavailable
from ccswitch_py.core.files import write_own_file
from ccswitch_py.core.paths import Paths
from ccswitch_py.model.launch import PASSED_KEY
from ccswitch_py.services.apply import use
from ccswitch_py.services.endpoints import launch_for
from ccswitch_py.services.launches import load_record
from ccswitch_py.services.profiles.manage import remove
from ccswitch_py.services.run import prepare_run, run_here
from ccswitch_py.services.shell_environment import Shell, shell_environment
from ccswitch_py.services.status import status
from ccswitch_py.targets.claude_code import settings as settings_module
from ccswitch_py.targets.claude_code.options import ClaudeCodeOptions
from ccswitch_py.targets.registry import TARGETS
from tests.support.home import KEY_VARIABLE, add_profile
from tests.support.target_examples import PROVIDER

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
    assert prepared.env["PATH"].endswith(f"/a@ccswitch:{os.environ['PATH']}")
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


@pytest.mark.parametrize(
    "argument", ["{file}", '{"env": {"ANTHROPIC_BASE_URL": "https://o.example", "B": "2"}, "c": 3}']
)
def test_settings_of_the_users_own_are_merged_beneath_those_of_the_profile(
    paths: Paths, tmp_path: Path, argument: str
) -> None:
    own = tmp_path / "own.json"
    own.write_text('{"env": {"ANTHROPIC_BASE_URL": "https://o.example", "B": "2"}, "apiKeyHelper": "echo x", "c": 3}')
    argument = argument.replace("{file}", str(own))
    add_profile(paths, "a")
    for given in (["--settings", argument], [f"--settings={argument}"], ["--settings", "{}", "--settings", argument]):
        prepared = prepare_run(paths, "a", ["claude", "-p", *given, "--", "--settings"])
        merged, stored = (
            settings_given(prepared.argv),
            json.loads(Path(paths.launch_file("claude-code", "a")).read_text()),
        )
        assert merged == {**stored, "env": {"B": "2", **stored["env"]}, "c": 3}
        assert prepared.argv[3:] == ["-p", "--", "--settings"]
        assert prepared.temporary == prepared.argv[2]
    prepared.argv[:] = ["true"]
    assert run_here(prepared) == 0 and not Path(str(prepared.temporary)).exists()


@pytest.mark.parametrize("argument", ["missing.json", "{", "[]", ""])
def test_settings_of_the_users_own_that_cannot_be_used_are_refused(paths: Paths, argument: str) -> None:
    add_profile(paths, "a")
    with pytest.raises(BadInput, match="--settings"):
        prepare_run(paths, "a", ["claude", "--settings", argument])


def test_a_program_gets_a_launcher_of_claude_code_without_a_secret(paths: Paths, settings: Path) -> None:
    settings.write_text('{"env": {"ANTHROPIC_BASE_URL": "https://other.example"}}')
    add_profile(paths, "a")
    prepared = prepare_run(paths, "a", ["npx", "claude"])
    assert prepared.env["CLAUDE_CODE_PROVIDER_MANAGED_BY_HOST"] == "1"
    launcher = Path(prepared.env["PATH"].partition(":")[0], "claude")
    assert launcher.stat().st_mode & 0o777 == 0o700 and KEY not in launcher.read_text()
    assert launcher.read_text().endswith(' -I -m ccswitch_py run a --target claude-code -- claude "$@"\n')
    remove(paths, "a")
    assert not launcher.parent.exists()


def test_the_launcher_of_another_profile_is_not_on_the_path(paths: Paths, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("a", "b"):
        add_profile(paths, name)
    monkeypatch.setenv("PATH", prepare_run(paths, "a", ["sh"]).env["PATH"])
    prepared = prepare_run(paths, "b", ["sh"])
    assert "a@ccswitch" not in prepared.env["PATH"] and "b@ccswitch" in prepared.env["PATH"]


@pytest.mark.parametrize("variable", ["ANTHROPIC_UNIX_SOCKET", "CLAUDE_CODE_PROVIDER_MANAGED_BY_HOST"])
def test_no_socket_and_no_host_of_the_shell_takes_claude_code_away_from_the_profile(
    paths: Paths, monkeypatch: pytest.MonkeyPatch, variable: str
) -> None:
    monkeypatch.setenv(variable, "/tmp/other")
    add_profile(paths, "a")
    assert variable not in prepare_run(paths, "a", ["claude"]).env
    assert prepare_run(paths, "a", ["sh"]).env.get(variable) in (None, "1")


@pytest.mark.parametrize(
    ("command", "drops"),
    [
        (["env", "-i", "claude"], True),
        (["/usr/bin/env", "A=1", "-", "claude"], True),
        (["env", "A=1", "sh", "-i"], False),
        (["sudo", "-E", "claude"], True),
        (["nice", "claude"], False),
    ],
)
def test_a_program_that_drops_the_environment_is_noted_with_what_wins(
    paths: Paths, settings: Path, command: list[str], drops: bool
) -> None:
    for name in ("a", "b"):
        add_profile(paths, name)
    use(paths, "b")
    notes = prepare_run(paths, "a", command).notes
    assert bool(notes) is drops
    assert not drops or ("~/.claude/settings.json" in notes[0] and "In use there: b." in notes[0])


@pytest.mark.parametrize(
    ("managed", "refused"),
    [
        ({"env": {"ANTHROPIC_BASE_URL": "https://managed.example"}}, True),
        ({"apiKeyHelper": "get-key"}, True),
        ({"env": {"CLAUDE_CODE_USE_BEDROCK": "1"}}, True),
        ({"env": {"ANTHROPIC_MODEL": "managed"}}, False),
        ({"env": {"ANTHROPIC_MODEL": "a-main", "OTHER": "1"}}, None),
    ],
)
def test_what_the_administrator_sets_is_named_and_not_passed_over(
    paths: Paths, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, managed: object, refused: bool | None
) -> None:
    monkeypatch.setattr(settings_module, "_MANAGED_ELSEWHERE", str(tmp_path / "managed"))
    monkeypatch.setattr(settings_module, "_MANAGED", {})
    (tmp_path / "managed").mkdir()
    (tmp_path / "managed" / "managed-settings.json").write_text(json.dumps(managed))
    add_profile(paths, "a")
    for command in (["claude"], ["sh"]):
        if refused:
            with pytest.raises(BadInput, match="managed-settings"):
                prepare_run(paths, "a", command)
        else:
            prepared = prepare_run(paths, "a", command)
            assert ["managed-settings" in note for note in prepared.notes] == ([] if refused is None else [True])
            enforced = "CLAUDE_CODE_PROVIDER_MANAGED_BY_HOST" in prepared.env
            assert enforced is (command == ["sh"] and refused is None)


def test_a_credential_among_the_users_own_headers_does_not_go_along(paths: Paths, settings: Path) -> None:
    settings.write_text('{"env": {"ANTHROPIC_CUSTOM_HEADERS": "Authorization: Bearer sk-own-0123456789abcdef"}}')
    add_profile(paths, "a")
    env = settings_given(prepare_run(paths, "a", []).argv)["env"]
    assert isinstance(env, dict) and env["ANTHROPIC_CUSTOM_HEADERS"] == ""


def test_an_address_with_a_login_is_told_without_the_login(paths: Paths, settings: Path) -> None:
    add_profile(paths, "a")
    settings.write_text('{"env": {"ANTHROPIC_BASE_URL": "https://bob:pw@other.example/v1"}}')
    [claude_code] = status(paths)
    assert claude_code.base_url == "https://••••••••@other.example/v1"


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


def test_a_key_is_passed_in_a_variable_of_its_profile_alone(paths: Paths, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("a", "b"):
        write_own_file(
            f"{paths.providers}/{name}.toml", PROVIDER.format(id=name, base=f"https://{name}.example").encode()
        )
        add_profile(paths, name, "", provider=name)
    use(paths, "b", ["opencode"])
    of_a, of_b = (launch_for(load_record(paths, name), "opencode").passed_variable for name in ("a", "b"))
    assert of_a != of_b and of_b in Path(TARGETS["opencode"].live_files(os.environ)[0].path).read_text()
    for stale in (PASSED_KEY, of_b, f"{PASSED_KEY}$(id)"):
        monkeypatch.setenv(stale, "a key of another profile")
    for target, command in (("aider", "sh"), ("opencode", "opencode"), ("claude-code", "claude")):
        process = prepare_run(paths, "a", [command], target)
        passed = {name: value for name, value in process.env.items() if name.startswith(PASSED_KEY)}
        assert passed == ({} if target == "claude-code" else {of_a: KEY}), target
        lines = "\n".join(shell_environment(paths, "a", Shell.POSIX, target)[0])
        assert PASSED_KEY in lines and of_b in lines and "$(id)" not in lines
