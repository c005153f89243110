import os
import shutil
import subprocess

import pytest

from ccswitch_py.core.files import write_own_file
from ccswitch_py.core.paths import Paths
from ccswitch_py.services.apply import use
from ccswitch_py.services.endpoints import launch_for
from ccswitch_py.services.launches import load_record
from ccswitch_py.services.shell_environment import Shell, shell_environment
from ccswitch_py.targets.claude_code.options import ClaudeCodeOptions
from tests.support.home import KEY_VARIABLE, add_profile
from tests.support.programs import ccswitch
from tests.support.requirements import require
from tests.support.target_examples import PROVIDER

KEY = "made-up-key-0123456789"
SWITCH = "CLAUDE_CODE_EFFORT_LEVEL"
HOSTILE = """it's "$HOME" `id` $(id) \\ \\' %PATH% ^ & | ; < > ( ) { } * ? ~ # ! \\"""
SHELLS = {"sh": "posix", "bash": "posix", "fish": "fish"}


@pytest.mark.parametrize("shell", SHELLS)
def test_each_shell_gets_the_values_of_the_profile_as_they_are(shell: str, paths: Paths) -> None:
    require(shell)
    add_profile(paths, "work", options=ClaudeCodeOptions(switches={SWITCH: HOSTILE}))
    lines = ccswitch(os.environ, "env", "work", "--shell", SHELLS[shell])
    done = subprocess.run(
        [shutil.which(shell) or shell, "-c", f'{lines}\nprintf \'%s\\n\' "$ANTHROPIC_AUTH_TOKEN" "${SWITCH}"'],
        env={**os.environ, KEY_VARIABLE: KEY},
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.splitlines() == [KEY, HOSTILE]


@pytest.mark.parametrize("shell", ["sh", "fish"])
def test_each_tool_that_reads_variables_gets_its_own_and_no_stale_ones(
    shell: str, paths: Paths, monkeypatch: pytest.MonkeyPatch
) -> None:
    require(shell)
    monkeypatch.setenv(KEY_VARIABLE, KEY)
    write_own_file(f"{paths.providers}/a.toml", PROVIDER.format(id="a", base="https://a.example/gw").encode())
    add_profile(paths, "a", "", provider="a")
    passed = launch_for(load_record(paths, "a"), "opencode").passed_variable
    for target, (name, value, stale) in {
        "opencode": (passed, KEY, "ANTHROPIC_API_KEY"),
        "copilot": ("COPILOT_PROVIDER_BASE_URL", "https://a.example/gw", "COPILOT_PROVIDER_API_KEY"),
        "anthropic-sdk": ("ANTHROPIC_AUTH_TOKEN", KEY, "ANTHROPIC_API_KEY"),
        "openai-sdk": ("OPENAI_BASE_URL", "https://a.example/gw/v1", "OPENAI_ADMIN_KEY"),
        "google-genai": ("GEMINI_API_KEY", KEY, "GOOGLE_API_KEY"),
    }.items():
        lines, _notes = shell_environment(paths, "a", Shell(SHELLS[shell]), target)
        assert KEY not in "\n".join(lines)
        done = subprocess.run(
            [shutil.which(shell) or shell, "-c", "\n".join([*lines, f'printf \'%s,%s\' "${name}" "${stale}"'])],
            env={**os.environ, stale: "stale"},
            capture_output=True,
            text=True,
            check=True,
        )
        assert done.stdout == f"{value},", target


@pytest.mark.parametrize("shell", Shell)
def test_a_tool_that_takes_options_becomes_a_function(shell: Shell, paths: Paths) -> None:
    write_own_file(f"{paths.providers}/a.toml", PROVIDER.format(id="a", base="https://a.example/gw").encode())
    add_profile(paths, "a", "", provider="a")
    (start,) = [line for line in shell_environment(paths, "a", shell, "codex")[0] if "ccswitch_py" in line]
    assert start.startswith(("codex() { ", "function codex; ", "function global:codex { "))
    use(paths, "a", ["codex"])
    assert not [line for line in shell_environment(paths, "a", shell, "codex")[0] if "ccswitch_py" in line]
