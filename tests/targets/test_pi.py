from pathlib import Path

from ccswitch_py.targets.pi import Pi


def test_a_key_that_pi_has_stored_for_our_provider_is_named(tmp_path: Path) -> None:
    target, env = Pi(), {"PI_CODING_AGENT_DIR": str(tmp_path)}
    assert target.conflicts(env, {}) == []
    (tmp_path / "auth.json").write_text('{"anthropic": {"type": "api_key", "key": "x"}}')
    assert target.conflicts(env, {}) == []
    (tmp_path / "auth.json").write_text('{"ccswitch": {"type": "api_key", "key": "x"}}')
    (found,) = target.conflicts(env, {})
    assert "'ccswitch'" in found.message and "/logout" in found.hint
