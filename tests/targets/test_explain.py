"""``explain`` of every target: not set up, in use, and with a file that cannot be read."""

import os
import re
import sys
from pathlib import Path

import pytest

from ccswitch_py.cli.main import main
from ccswitch_py.core.files import write_own_file
from ccswitch_py.core.paths import Paths
from ccswitch_py.services.apply import use
from ccswitch_py.targets.base import Target
from ccswitch_py.targets.registry import TARGETS
from ccswitch_py.vault.backend_policy import DEMO, DEMO_MARK
from tests.support.home import KEY_VARIABLE, add_profile
from tests.support.target_examples import PROVIDER, load_examples

KEY = "sk-made-up-explain-key-5d2c9a71"
EXAMPLES = load_examples()
WITHOUT_FILE = ("aider", "copilot", "anthropic-sdk", "openai-sdk", "google-genai")
OTHERS = [name for name in TARGETS if name not in (*WITHOUT_FILE, "claude-code")]
BY_COMMAND = ("codex", "pi", "openclaw", "crush")
BY_VARIABLE = ("opencode", "kilo", "droid", "qwen-code", "continue", "hermes", "claude-code-router")
PLAINTEXT = ("cline", "claude-code-vscode")
ASKED_FOR = {"delivery": "plaintext"}


@pytest.fixture(autouse=True)
def profile(paths: Paths, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setitem(TARGETS, "claude-desktop", EXAMPLES["claude-desktop"].target)
    for variable in ("CCSWITCH_API_KEY", "GEMINI_API_KEY", "GOOGLE_GEMINI_BASE_URL", "GEMINI_MODEL"):
        monkeypatch.delenv(variable, raising=False)
    monkeypatch.setenv(KEY_VARIABLE, KEY)
    monkeypatch.setenv("COLUMNS", "400")
    write_own_file(os.path.join(paths.config, DEMO_MARK), b"")
    monkeypatch.setenv("CCSWITCH_KEYRING", DEMO)
    monkeypatch.chdir(tmp_path)
    write_own_file(f"{paths.providers}/a.toml", PROVIDER.format(id="a", base="https://a.example/gw").encode())
    add_profile(paths, "a", "", provider="a", target_options=dict.fromkeys(PLAINTEXT, ASKED_FOR))


def explained(capsys: pytest.CaptureFixture[str], target_id: str) -> tuple[int, str]:
    code = main(["explain", "--target", target_id])
    shown = capsys.readouterr()
    assert KEY not in shown.out + shown.err and "Traceback" not in shown.err
    return code, shown.out + shown.err


def first_file(target: Target) -> Path:
    return Path(target.live_files(os.environ)[0].path)


@pytest.mark.parametrize("target_id", OTHERS)
def test_a_tool_that_is_not_set_up_is_called_so(target_id: str, capsys: pytest.CaptureFixture[str]) -> None:
    code, text = explained(capsys, target_id)
    assert code == 0 and f"{TARGETS[target_id].name} is not set up: no profile is in use there." in text
    assert "address, key, model: not set" in text


@pytest.mark.parametrize("target_id", OTHERS)
def test_a_tool_in_use_shows_address_key_and_model_with_their_lines(
    target_id: str, paths: Paths, capsys: pytest.CaptureFixture[str]
) -> None:
    target = TARGETS[target_id]
    use(paths, "a", [target_id])
    code, text = explained(capsys, target_id)
    rows = dict(re.findall(r"^(address|key|model) +(.*)$", text, re.MULTILINE))
    if target_id == "gemini-cli":
        assert rows["address"] == "variable GOOGLE_GEMINI_BASE_URL (set by `ccswitch run`)"
        assert rows["key"] == "variable GEMINI_API_KEY (set by `ccswitch run`)"
    else:
        assert "https://a.example/gw" in rows["address"]
        at = int(re.search(r":(\d+)\)$", rows["address"])[1])  # pyright: ignore[reportOptionalSubscript]
        assert "https://a.example/gw" in first_file(target).read_text().splitlines()[at - 1]
    if target_id in BY_COMMAND:
        assert rows["key"].startswith("command: ccswitch-key a (") and code == 0
    if target_id in BY_VARIABLE:
        assert re.match(r"variable CCSWITCH_API_KEY(_[A-P]{8})? \(set by `ccswitch run`\) \(", rows["key"])
        assert (
            re.search(r"CCSWITCH_API_KEY\w* is not set in this terminal, so the gateway would refuse", text)
            and code == 1
        )
        assert f"`ccswitch run a --target {target_id} -- {target.program}`" in text
    if target_id in PLAINTEXT:
        assert rows["key"].startswith("••••") and code == 0
    if target_id not in ("claude-desktop", "droid"):  # the first accepts none of these, the second names its own item
        assert re.search(r"\ba-main\b.*:\d+\)$", rows["model"])
    assert "{" not in rows["key"]


@pytest.mark.parametrize("target_id", OTHERS)
def test_a_broken_file_is_a_problem_with_its_line_and_fix(target_id: str, capsys: pytest.CaptureFixture[str]) -> None:
    example, path = EXAMPLES[target_id], first_file(TARGETS[target_id])
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(example.broken)
    os.utime(path, (0, 0))
    code, text = explained(capsys, target_id)
    assert code == 1 and f"line {example.line}" in text and path.name in text
    assert "not known" in text and "see above for the fix" in text


@pytest.mark.parametrize("target_id", WITHOUT_FILE)
def test_a_tool_without_a_file_is_explained_by_its_environment(
    target_id: str, capsys: pytest.CaptureFixture[str]
) -> None:
    code, text = explained(capsys, target_id)
    assert code == 2 and f"`ccswitch run NAME --target {target_id} -- PROGRAM`" in text


def test_a_tool_of_another_system_is_called_so(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(TARGETS, "claude-desktop", type(TARGETS["claude-desktop"])("linux"))
    code, text = explained(capsys, "claude-desktop")
    assert code == 2 and "not available on this system" in text


@pytest.mark.parametrize("target_id", BY_COMMAND)
def test_a_key_command_that_gives_no_key_is_a_problem(
    target_id: str, paths: Paths, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    use(paths, "a", [target_id])
    monkeypatch.delenv(KEY_VARIABLE)
    code, text = explained(capsys, target_id)
    assert code == 1 and KEY_VARIABLE in text
    path = first_file(TARGETS[target_id])
    path.write_text(path.read_text().replace(os.path.dirname(sys.executable), "/nonexistent"))
    os.utime(path, (0, 0))
    code, text = explained(capsys, target_id)
    assert code == 1 and "cannot start the key command" in text and f"`ccswitch use a --target {target_id}`" in text


@pytest.mark.parametrize("target_id", ["opencode", "qwen-code"])
def test_the_variable_of_a_terminal_that_has_it_is_no_problem(
    target_id: str, paths: Paths, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    use(paths, "a", [target_id])
    variable = re.search(r"CCSWITCH_API_KEY_\w+", first_file(TARGETS[target_id]).read_text())
    assert variable
    monkeypatch.setenv("CCSWITCH_API_KEY", KEY)  # what Qwen Code's own entry is called
    monkeypatch.setenv(variable[0], KEY)
    code, text = explained(capsys, target_id)
    assert code == 0 and re.search(r"variable CCSWITCH_API_KEY\w* \(set in this terminal\)", text)
    assert f"{TARGETS[target_id].name} sends its requests to https://a.example/gw" in text


def test_variables_go_before_the_file(
    paths: Paths, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    use(paths, "a", ["gemini-cli"])
    monkeypatch.setenv("GOOGLE_GEMINI_BASE_URL", "https://shell.example")
    monkeypatch.setenv("GEMINI_API_KEY", KEY)
    monkeypatch.setenv("GEMINI_MODEL", "of-the-shell")
    assert main(["explain", "--target", "gemini-cli", "--all"]) == 0
    text = capsys.readouterr().out
    assert "Gemini CLI sends its requests to https://shell.example." in text and KEY not in text
    assert "A variable of the terminal overrides ~/.gemini/settings.json." in text


def test_a_change_by_others_is_a_note(paths: Paths, capsys: pytest.CaptureFixture[str]) -> None:
    use(paths, "a", ["codex"])
    path = first_file(TARGETS["codex"])
    path.write_text(path.read_text().replace('model_provider = "ccswitch"', 'model_provider = "own"'))
    os.utime(path, (0, 0))
    code, text = explained(capsys, "codex")
    assert code == 0 and "was changed after the profile 'a' was applied: model_provider" in text
    assert "Codex may not use the profile 'a'" in text
