"""What the doctor finds about tools other than Claude Code: their files, the key command in them, plaintext keys."""

import json
import os
import sys
from pathlib import Path

import pytest

from ccswitch_py.core.errors import BadInput
from ccswitch_py.core.files import write_own_file
from ccswitch_py.core.paths import Paths
from ccswitch_py.services.apply import use
from ccswitch_py.services.doctor.fixes import apply_fixes, plan_fixes
from ccswitch_py.targets.registry import TARGETS
from tests.services.doctor.conftest import KEY, Look
from tests.services.doctor.test_helper_findings import moved_installation
from tests.support.home import add_profile
from tests.support.programs import run_program
from tests.support.target_examples import PROVIDER


@pytest.fixture(autouse=True)
def profile(paths: Paths) -> None:
    write_own_file(f"{paths.providers}/a.toml", PROVIDER.format(id="a", base="https://a.example/gw").encode())
    add_profile(paths, "a", "", provider="a", target_options={"cline": {"delivery": "plaintext"}})


def write(file: Path, text: str, mode: int = 0o600) -> Path:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text)
    file.chmod(mode)
    return file


def test_a_key_command_whose_installation_is_gone_is_found_and_fixed(look: Look, paths: Paths, tmp_path: Path) -> None:
    config = tmp_path / ".codex" / "config.toml"
    python = moved_installation(tmp_path / "moved")
    run_program(os.environ, str(python), "-m", "ccswitch_py", "use", "a", "--target", "codex")
    assert str(python) in config.read_text()
    assert "helper_ready" in look()

    python.unlink()
    dead = look()["helper_dead"]
    assert dead.path == str(config) and dead.sentence.startswith("Codex cannot start the key command")
    assert "`ccswitch use a --target codex`" in dead.fix
    assert apply_fixes(paths, plan_fixes(paths, [dead])).problems == []
    assert "helper_dead" not in look()
    assert sys.executable in config.read_text()


@pytest.mark.parametrize("target_id", [*TARGETS])
def test_a_tool_that_was_just_set_up_is_in_order(look: Look, paths: Paths, target_id: str) -> None:
    target = TARGETS[target_id]
    if not target.live_files(os.environ):
        with pytest.raises(BadInput):
            use(paths, "a", [target_id])
        return
    add_profile(paths, "b", "", provider="a", target_options={target_id: {"delivery": target.deliveries[0]}})
    before = set(look())
    use(paths, "b", [target_id])
    expected = {"command": {"helper_ready"}, "plaintext": {"plaintext_only"}}.get(target.deliveries[0], set[str]())
    assert set(look()) - before - {"settings_ready", "onboarding_missing"} == expected


def test_a_broken_file_is_found_with_its_line_and_stops_nothing_else(look: Look, tmp_path: Path) -> None:
    file = write(tmp_path / ".codex" / "config.toml", 'model = "m"\n[[broken\n')
    found = look()
    assert found["settings_unusable"].path == str(file) and "line 2" in found["settings_unusable"].sentence
    assert found["settings_unusable"].area == "codex"


def test_a_key_of_the_users_own_provider_is_found_in_each_format(look: Look, tmp_path: Path) -> None:
    settings = {"provider": {"own": {"options": {"baseURL": "https://own.example", "apiKey": KEY}}}}
    opencode = write(tmp_path / ".config" / "opencode" / "opencode.json", json.dumps(settings, indent=1))
    found = look()["plaintext_in_tool_file"]
    assert (found.path, found.line) == (str(opencode), 6)
    assert "--target opencode" in found.fix and KEY not in found.sentence

    opencode.unlink()
    codex = write(tmp_path / ".codex" / "config.toml", f'model = "m"\nexperimental_bearer_token = "{KEY}"\n')
    found = look()["plaintext_in_tool_file"]
    assert (found.path, found.line) == (str(codex), 2) and "experimental_bearer_token" in found.sentence


@pytest.mark.parametrize(
    ("name", "text"),
    [
        (".codex/auth.json", '{"OPENAI_API_KEY": "%s"}'),
        (".local/share/opencode/auth.json", '{"own": {"type": "api", "key": "%s"}}'),
        (".pi/agent/auth.json", '{"own": {"type": "api_key", "key": "%s"}}'),
        (".qwen/.env", "OPENAI_API_KEY=%s\n"),
        (".gemini/.env", "GEMINI_API_KEY=%s\n"),
    ],
)
def test_a_key_that_a_tool_keeps_beside_its_settings_is_found(look: Look, tmp_path: Path, name: str, text: str) -> None:
    file = write(tmp_path / name, text % KEY)
    assert look()["plaintext_in_tool_file"].path == str(file)
    file.write_text(text % "$MY_KEY")
    assert "plaintext_in_tool_file" not in look()


def test_a_key_that_others_can_read_is_broken(look: Look, open_home: Path) -> None:
    file = write(open_home / ".qwen" / ".env", f"OPENAI_API_KEY={KEY}\n", mode=0o644)
    assert look()["plaintext_readable_by_others"].path == str(file)


def test_the_key_that_a_profile_writes_is_told_from_the_users_own(look: Look, paths: Paths) -> None:
    use(paths, "a", ["cline"])
    found = look()
    assert "Cline accepts it in no other way" in found["plaintext_only"].sentence
    assert found["plaintext_only"].line and "plaintext_in_tool_file" not in found


def test_an_entry_that_somebody_changed_or_another_file_overrides_is_found(
    look: Look, paths: Paths, tmp_path: Path
) -> None:
    use(paths, "a", ["opencode"])
    folder = tmp_path / ".config" / "opencode"
    assert not {"settings_changed_since", "profile_overridden"} & set(look())
    write(folder / "opencode.jsonc", '{"model": "own/m"}')
    file = folder / "opencode.json"
    file.write_text(file.read_text().replace('"model": "ccswitch/', '"model": "other/'))
    found = look()
    assert "opencode.jsonc" in found["profile_overridden"].sentence
    assert "model" in found["settings_changed_since"].sentence
    assert "`ccswitch use a --target opencode`" in found["settings_changed_since"].fix
