from pathlib import Path

import pytest

from ccswitch_py.targets.pi import Pi


def test_a_key_that_pi_has_stored_for_our_provider_is_named(tmp_path: Path) -> None:
    target, env = Pi(), {"PI_CODING_AGENT_DIR": str(tmp_path)}
    assert target.conflicts(env, {}) == []
    (tmp_path / "auth.json").write_text('{"anthropic": {"type": "api_key", "key": "x"}}')
    assert target.conflicts(env, {}) == []
    (tmp_path / "auth.json").write_text('{"ccswitch": {"type": "api_key", "key": "x"}}')
    (found,) = target.conflicts(env, {})
    assert "'ccswitch'" in found.message and "/logout" in found.hint


def test_a_project_with_a_default_model_of_its_own_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / ".pi").mkdir()
    (tmp_path / ".pi" / "settings.json").write_text('{"theme": "dark", "defaultModel": "m"}')
    (found,) = Pi().conflicts({"PI_CODING_AGENT_DIR": str(tmp_path)}, {})
    assert found.message == f"{tmp_path}/.pi/settings.json sets defaultModel, which overrides the profile in pi."
