import json
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from ccswitch_py.core.files import write_own_file
from ccswitch_py.core.paths import Paths
from ccswitch_py.model.profile import Delivery
from ccswitch_py.services.apply import use
from ccswitch_py.services.status import status
from ccswitch_py.targets.claude_code.target import ClaudeCode
from ccswitch_py.vault.backend_policy import DEMO, DEMO_MARK
from tests.support.home import KEY_VARIABLE, add_profile

KEY = "made-up-key-of-a-login-0123456789-wxyz"
Said = Callable[..., str]


@pytest.fixture
def said(paths: Paths, settings: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Said:
    """What ``use`` and ``status`` say of a state beside a profile: the same."""
    write_own_file(os.path.join(paths.config, DEMO_MARK), b"")
    monkeypatch.setenv("CCSWITCH_KEYRING", DEMO)
    monkeypatch.setenv(KEY_VARIABLE, "made-up-key-of-the-gateway-0123456789")

    def said(state: object, delivery: Delivery = "command") -> str:
        (tmp_path / ".claude.json").write_text(json.dumps(state))
        add_profile(paths, "p", "https://gateway.example", delivery=delivery)
        change = use(paths, "p")
        [claude_code] = [one for one in status(paths) if one.target == "claude-code"]
        of_the_key = ["The key is in settings.json in plaintext."] if delivery == "plaintext" else []
        assert change.notes == [*ClaudeCode().notes(in_use=True), *of_the_key, *claude_code.conflicts]
        return " ".join(claude_code.conflicts)

    return said


def test_a_key_of_the_login_goes_beside_a_key_that_stands_in_the_file(said: Said) -> None:
    assert said({"primaryApiKey": KEY}, "plaintext") == (
        "The API key of your Claude login, in ~/.claude.json, also goes to the gateway. Run /logout in Claude Code, "
        "or use a profile whose key is not stored in a file."
    )


def test_variables_that_the_profile_does_not_set_are_told(said: Said) -> None:
    env = {"ANTHROPIC_AWS_BASE_URL": "https://other.example", "ANTHROPIC_CUSTOM_HEADERS": "x-api-key: other"}
    assert said({"env": env}) == (
        "~/.claude.json sets ANTHROPIC_AWS_BASE_URL, which Claude Code also applies. If you do not want that, "
        "quit Claude Code and remove it there."
    )


@pytest.mark.parametrize(
    "state", [{}, [], {"primaryApiKey": KEY}, {"env": None}, {"env": {"ANTHROPIC_MODEL": "x", "HTTPS_PROXY": "p:1"}}]
)
def test_of_a_state_that_adds_nothing_nothing_is_said(said: Said, state: object) -> None:
    assert said(state) == ""
