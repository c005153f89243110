from pathlib import Path

import pytest

from ccswitch_py.targets.qwen_code import QwenCode


def test_a_project_that_has_providers_of_its_own_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    target, env = QwenCode(), {"HOME": str(tmp_path)}
    file = target.live_files(env)[0]
    settings = tmp_path / "project" / ".qwen" / "settings.json"
    settings.parent.mkdir(parents=True)
    monkeypatch.chdir(tmp_path / "project")
    settings.write_text('{"ui": {}}')
    assert target.conflicts(env, {file: "{}"}) == []
    settings.write_text('{"modelProviders": {"openai": []}, "model": {"name": "m"}}')
    (found,) = target.conflicts(env, {file: "{}"})
    assert found.message == f"{settings} sets model.name, modelProviders, which overrides the profile in Qwen Code."
