from pathlib import Path

import pytest

from ccswitch_py.targets.gemini_cli import GeminiCli

TARGET = GeminiCli()


def messages(**variables: str) -> list[str]:
    env = {"HOME": "/home/me", **variables}
    return [conflict.message for conflict in TARGET.conflicts(env, {TARGET.live_files(env)[0]: "{}"})]


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ('{"security": {"auth": {"selectedType": "oauth-personal"}}}', "security.auth.selectedType"),
        ('// theirs\n{"security": {"auth": {"enforcedType": "vertex-ai"}}}', "security.auth.enforcedType"),
        ('{"security": {"auth": {"selectedType": "gemini-api-key"}}, "model": {"name": "m"}}', ""),
        ('{"security": ', ""),
    ],
)
def test_another_login_in_settings_that_go_before_the_users_is_named(
    text: str, names: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    for path in (tmp_path / ".gemini" / "settings.json", tmp_path / "system.json"):
        path.parent.mkdir(exist_ok=True)
        path.write_text(text)
    system = str(tmp_path / "system.json")
    expected = [f"{file} sets {names}, which overrides the profile in Gemini CLI." for file in (system, PROJECT)]
    assert messages(GEMINI_CLI_SYSTEM_SETTINGS_PATH=system) == (expected if names else [])


PROJECT = ".gemini/settings.json"


def test_the_users_own_file_is_no_conflict_in_the_home_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / ".gemini").mkdir()
    (tmp_path / ".gemini" / "settings.json").write_text('{"security": {"auth": {"selectedType": "oauth-personal"}}}')
    assert messages(HOME=str(tmp_path), GEMINI_CLI_SYSTEM_SETTINGS_PATH="/nowhere") == []
    assert TARGET.path({"HOME": "/a", "GEMINI_CLI_HOME": "/b"}) == "/b/.gemini/settings.json"
