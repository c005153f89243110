from __future__ import annotations

import json
import os
import time
from pathlib import Path

import pytest

from ccswitch_py.core.paths import Paths
from ccswitch_py.services.apply import use
from ccswitch_py.services.status import status
from ccswitch_py.targets.claude_code import settings as settings_module
from tests.services.doctor.conftest import KEY, Look
from tests.support.home import add_profile, take_out

GATEWAY = {"env": {"ANTHROPIC_BASE_URL": "https://a.example"}}


def test_settings_that_claude_code_skips_are_named_with_their_line(look: Look, settings: Path) -> None:
    settings.write_text('{\n  "theme": "dark", // mine\n}')
    broken = look()["settings_unreadable"]
    assert "line 2" in broken.sentence and "~/.claude/settings.json" in broken.fix
    settings.write_text('{\n  "theme": "dark"\n}')
    assert {"settings_unreadable", "settings_ready"} & set(look()) == {"settings_ready"}


def test_an_empty_file_gets_the_advice_that_fixes_it_and_no_profile_is_in_use(
    look: Look, settings: Path, paths: Paths
) -> None:
    settings.write_text("")
    os.utime(settings, (time.time() - 0.95,) * 2)  # emptied a moment ago: another program may write it yet
    [found] = status(paths)
    assert (found.problem, found.profile, found.base_url) == (None, None, None)
    assert look()["settings_unusable"].fix.startswith("Remove it, or run `ccswitch ")
    add_profile(paths, "work")
    use(paths, "work")
    assert not {"settings_unusable", "settings_unreadable"} & set(look())


def test_settings_that_are_no_file_are_told_and_do_not_keep_us_waiting(look: Look, settings: Path) -> None:
    settings.mkdir()
    found = look()
    assert found["settings_unusable"].fix == "Move it away." and "settings_unreadable" not in found
    settings.rmdir()
    os.mkfifo(settings)
    assert look()["settings_unusable"].fix == "Move it away."
    settings.unlink()
    with settings.open("wb") as file:
        file.truncate(100 * 1024 * 1024)
    assert "does not belong there" in look()["settings_unusable"].fix
    settings.unlink()
    assert not {"settings_unusable", "settings_unreadable"} & set(look())


def test_settings_that_only_ccswitch_cannot_read_are_told_too(look: Look, settings: Path) -> None:
    settings.write_bytes(b'{"theme": "\xff"}')
    assert "not valid UTF-8" in look()["settings_unreadable"].sentence


def test_a_login_that_would_go_to_a_gateway_is_broken_until_there_is_a_key(
    look: Look, settings: Path, paths: Paths
) -> None:
    settings.write_text(json.dumps(GATEWAY))
    credentials = settings.parent / ".credentials.json"
    credentials.write_text('{"claudeAiOauth": {"accessToken": "made-up"}}')
    login = look()["login_to_gateway"]
    assert "login to a.example" in login.sentence and login.line == 1 and "`ccswitch add`" in login.fix
    credentials.unlink()
    assert "`ccswitch add`" in look()["gateway_without_key"].fix
    add_profile(paths, "a", "https://a.example")
    assert "`ccswitch use NAME`" in look()["gateway_without_key"].fix
    use(paths, "a")
    credentials.write_text('{"claudeAiOauth": {"accessToken": "made-up"}}')
    assert not {"login_to_gateway", "gateway_without_key"} & set(look())


def test_a_login_that_a_variable_holds_would_go_to_a_gateway_too(look: Look, settings: Path) -> None:
    settings.write_text(json.dumps(GATEWAY))
    assert "login_to_gateway" in look(CLAUDE_CODE_OAUTH_TOKEN=KEY)
    assert "login_to_gateway" not in look(CLAUDE_CODE_OAUTH_TOKEN=KEY, ANTHROPIC_AUTH_TOKEN=KEY)


def test_the_api_key_of_a_login_would_go_to_a_gateway_where_no_helper_gives_another(
    look: Look, settings: Path, tmp_path: Path
) -> None:
    settings.write_text(json.dumps(GATEWAY))
    (tmp_path / ".claude.json").write_text(f'{{\n"primaryApiKey": "{KEY}"}}')
    found = look(ANTHROPIC_AUTH_TOKEN="made-up-token")
    assert "to a.example" in found["login_key_to_gateway"].sentence and found["login_key_to_gateway"].line == 2
    assert found["plaintext_of_claude_login"].path == str(tmp_path / ".claude.json")
    assert "login_key_to_gateway" in look()
    settings.write_text(json.dumps(GATEWAY | {"apiKeyHelper": "get-key"}))
    assert "login_key_to_gateway" not in look()


@pytest.mark.parametrize(
    ("name", "value", "code"),
    [
        ("ANTHROPIC_CUSTOM_HEADERS", f"x-api-key: {KEY}", "credential_in_claude_state"),
        ("ANTHROPIC_DEFAULT_FABLE_MODEL", "other", "variable_in_claude_state"),
    ],
)
def test_a_variable_of_claude_codes_own_state_takes_part_in_a_profile(
    look: Look, settings: Path, paths: Paths, tmp_path: Path, name: str, value: str, code: str
) -> None:
    add_profile(paths, "a", "https://a.example")
    use(paths, "a")
    take_out(settings, name)
    (tmp_path / ".claude.json").write_text(json.dumps({"env": {name: value, "ANTHROPIC_MODEL": "overruled"}}))
    found = look()
    assert name in found[code].sentence and "~/.claude.json" in found[code].fix
    states = {"credential_in_claude_state", "variable_in_claude_state"}
    assert len(states & set(found)) == 1 and ("plaintext_in_settings" in found) == (KEY in value)


def test_a_base_url_of_the_shell_alone_would_get_the_login_too(look: Look, settings: Path) -> None:
    settings.write_text("{}")
    shell = {"ANTHROPIC_BASE_URL": "https://a.example"}
    assert "gateway_without_key" in look(**shell)
    assert "gateway_without_key" not in look(**shell, ANTHROPIC_AUTH_TOKEN=KEY)
    assert "gateway_without_key" not in look(ANTHROPIC_BASE_URL="https://api.anthropic.com")


def test_the_model_default_is_broken_and_a_profile_overrules_it(look: Look, settings: Path, paths: Paths) -> None:
    settings.write_text('{\n  "model": "default"\n}')
    found = look()["model_default"]
    assert (found.line, found.auto_fix) == (2, None)
    idle = look(ANTHROPIC_MODEL="m")["model_default_without_effect"]
    assert "ANTHROPIC_MODEL does not override it" in idle.sentence and "profile" not in idle.sentence
    add_profile(paths, "a")
    use(paths, "a")
    assert {"model_default", "model_default_without_effect"} & set(look()) == {"model_default_without_effect"}
    settings.write_text(settings.read_text().replace('"model": "default",', ""))
    assert not {"model_default", "model_default_without_effect"} & set(look())


def test_a_first_start_that_was_not_finished_is_told(look: Look, paths: Paths, tmp_path: Path) -> None:
    add_profile(paths, "a")
    use(paths, "a")
    assert "onboarding_missing" in look()
    (tmp_path / ".claude.json").write_text('{"hasCompletedOnboarding": true}')
    assert "onboarding_missing" not in look()


def test_the_state_of_another_config_folder_is_looked_for_there(
    look: Look, paths: Paths, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = tmp_path / "other"
    other.mkdir()
    monkeypatch.setenv("CLAUDE_CONFIG_DIR", str(other))
    add_profile(paths, "a")
    use(paths, "a")
    assert look()["onboarding_missing"].path == str(other / ".claude.json")


def test_a_damaged_state_of_claude_code_is_told(look: Look, tmp_path: Path) -> None:
    state = tmp_path / ".claude.json"
    state.write_text('{"numStartups": 3')
    assert "last backup" in look()["claude_state_unreadable"].fix
    state.write_text('{"numStartups": 3}')
    assert "claude_state_unreadable" not in look()


def test_a_key_that_claude_code_was_told_not_to_use_is_told(look: Look, settings: Path, tmp_path: Path) -> None:
    settings.write_text(json.dumps({"env": {"ANTHROPIC_API_KEY": KEY}}))
    state = tmp_path / ".claude.json"
    state.write_text(json.dumps({"customApiKeyResponses": {"rejected": [KEY[-20:]]}}))
    assert "but `claude -p` does" in look()["api_key_rejected"].sentence
    assert "api_key_rejected" not in look(ANTHROPIC_AUTH_TOKEN=KEY), "another credential is used in its place"
    state.write_text(json.dumps({"customApiKeyResponses": {"rejected": []}}))
    assert "api_key_rejected" not in look()


def test_an_address_that_nobody_can_read_is_called_invalid(look: Look, settings: Path) -> None:
    settings.write_text(json.dumps({"env": {"ANTHROPIC_BASE_URL": "http://[x"}}))
    assert "would call an invalid address without a key" in look()["gateway_without_key"].sentence


def test_what_an_administrator_decides_is_told(look: Look, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings_module, "_MANAGED_ELSEWHERE", str(tmp_path / "etc"))
    managed = tmp_path / "etc" / "managed-settings.json"
    managed.parent.mkdir()
    managed.write_text(json.dumps({"apiKeyHelper": "/usr/bin/get-key"}))
    assert "The administrator sets apiKeyHelper" in look()["managed_settings_decide"].sentence
    managed.write_text('{"model": "opus"}')  # a profile's ANTHROPIC_MODEL goes before it
    assert "managed_settings_decide" not in look()
