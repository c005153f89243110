"""What the doctor says of a key that Claude Code was told No about, seen with the real one."""

import json

import pytest

from tests.support.good_gateway import GoodGateway
from tests.support.keyring_session import KeyringSession
from tests.support.misbehaving import Misbehaving
from tests.support.programs import ccswitch, run_program
from tests.support.tmux import tmux

pytestmark = pytest.mark.real

KEY = "sk-made-up-canary-0123456789-wxyz"


def test_a_rejected_key_is_not_used_on_the_screen_and_is_used_by_a_question_on_the_command_line(
    session: KeyringSession,
) -> None:
    project = session.home / "project"
    state = {
        "hasCompletedOnboarding": True,
        "theme": "dark",
        "customApiKeyResponses": {"approved": [], "rejected": [KEY[-20:]]},
        "projects": {str(project): {"hasTrustDialogAccepted": True, "hasCompletedProjectOnboarding": True}},
    }
    (session.home / ".claude.json").write_text(json.dumps(state))
    with Misbehaving(GoodGateway()) as gateway, tmux() as terminal:
        environ = session.environ | {"ANTHROPIC_BASE_URL": gateway.base_url, "ANTHROPIC_API_KEY": KEY}
        found = json.loads(ccswitch(environ, "doctor", str(project), "--json", code=None))["findings"]
        assert "api_key_rejected" in {finding["code"] for finding in found}

        run_program(environ, "claude", "-p", "hello", folder=project)
        assert {seen.headers.get("x-api-key") for seen in gateway.seen} == {KEY}
        gateway.seen.clear()
        terminal.shell(environ, project, 120, 40)
        terminal.type("claude; echo ended with $(($?+100))\n")
        terminal.until_screen("❯")
        terminal.type("hello")
        terminal.until_screen("hello")
        terminal.press_until_screen("Enter", "ANTHROPIC_API_KEY not used here")
        terminal.press_until_screen("C-c", "ended with 1")
        assert not [seen for seen in gateway.seen if seen.method == "POST"]
