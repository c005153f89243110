import pytest

from ccswitch_py.core.errors import NotFound
from ccswitch_py.targets.registry import TARGETS, find_target


@pytest.mark.parametrize(
    ("typed", "hint"),
    [
        ("claude", "Did you mean 'claude-code'?"),
        ("Claude Code", "Did you mean 'claude-code'?"),
        ("Codex", "Did you mean 'codex'?"),
        ("gemini", "Did you mean 'gemini-cli'?"),
        ("qwen", "Did you mean 'qwen-code'?"),
        ("ccr", "Did you mean 'claude-code-router'?"),
        ("cn", "Did you mean 'continue'?"),
        ("opencod", "Did you mean 'opencode'?"),
        ("opencode,pi", "Repeat --target for each tool."),
        ("vim", "See `ccswitch targets` for those there are."),
    ],
)
def test_an_unknown_target_is_answered_with_the_one_that_may_be_meant(typed: str, hint: str) -> None:
    with pytest.raises(NotFound) as refused:
        find_target(typed)
    assert refused.value.hint == hint


def test_every_id_and_program_leads_to_its_own_target() -> None:
    for target in TARGETS.values():
        assert find_target(target.id) is target
        if target.program and sum(one.program == target.program for one in TARGETS.values()) == 1:
            with pytest.raises(NotFound) as refused:
                find_target(target.program.upper())
            assert refused.value.hint == f"Did you mean '{target.id}'?"
