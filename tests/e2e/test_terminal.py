"""The whole program in a real terminal, as its user has it: a real keyring, the real Claude Code, a gateway here."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from ccswitch_py.demo.server import Gateway
from tests.support.keyring_session import KeyringSession
from tests.support.own_provider import OWN_MINGYAN
from tests.support.programs import ccswitch
from tests.support.tmux import Tmux, tmux

KEY = "canary-terminal-4c1d88f2a90be673"


@pytest.fixture
def terminal(session: KeyringSession) -> Iterator[Tmux]:
    """A shell in the user's project, in a terminal of 80x24."""
    with tmux() as server:
        environ = session.environ | {"TERM": "xterm-256color"}
        server.shell(environ, session.home / "project", 80, 24)
        yield server


def test_from_an_empty_home_to_a_working_claude_code(session: KeyringSession, gateway: Gateway, terminal: Tmux) -> None:
    providers = session.home / "config" / "ccswitch" / "providers"
    providers.mkdir(parents=True)
    (providers / "mingyan.toml").write_text(OWN_MINGYAN.format(base_url=gateway.base_url))
    terminal.type("ccswitch; echo left\n")
    terminal.until_screen(f"{gateway.base_url}/v1/messages")
    terminal.until_screen("gpt-5.4-low")
    terminal.paste(KEY)
    terminal.until_screen("characters")
    terminal.press("C-t")
    terminal.until_screen("Works (")
    terminal.press("C-r")
    terminal.until_screen("Review the change")
    terminal.press("Enter")
    terminal.until_screen("● mingyan: Claude Code")
    assert KEY not in terminal.screen
    terminal.press("q")
    terminal.until_screen("\nleft")
    gateway.clear()
    terminal.type("claude -p hello; echo; echo it ended with $?\n")
    terminal.until_screen("\nit ended with 0")
    asked = [request for request in gateway.requests if request.path.endswith("/v1/messages")]
    assert {request.key for request in asked} == {KEY}
    assert {request.body["model"] for request in asked} == {"gpt-5.4-low"}


def test_add_asks_for_the_key_without_showing_it(session: KeyringSession, terminal: Tmux) -> None:
    terminal.type("ccswitch add work --base-url https://api.example --main m\n")
    terminal.until_screen("There is no model for haiku, sonnet, opus yet.")
    terminal.type("clear; ccswitch add work --base-url https://api.example --main m --same-as-main\n")
    terminal.until_screen("Key (it is not shown)")
    terminal.type(f"{KEY}\n")
    terminal.until_screen("The profile work is saved.")
    assert KEY not in terminal.screen
    assert "work" in ccswitch(session.environ, "keys", "list")


def test_r_lends_the_terminal_to_claude_code_and_comes_back(
    session: KeyringSession, gateway: Gateway, terminal: Tmux
) -> None:
    ccswitch(
        session.environ,
        *("add", "work", "--base-url", gateway.base_url, "--main", "gpt-5.4-low", "--same-as-main", "--key-stdin"),
        given=KEY,
    )
    skip_the_questions_of_a_first_start(session.home, session.home / "project")
    terminal.type("ccswitch; echo left\n")
    terminal.until_screen("work")
    terminal.press("r")
    terminal.until_screen("shift+tab to cycle")
    terminal.type("hello")
    terminal.until_screen("hello")
    terminal.press("Enter")
    terminal.until(lambda: any(request.path.endswith("/v1/messages") for request in gateway.requests))
    terminal.press_until_screen("C-c", "claude exited with code 0.")
    assert {request.key for request in gateway.requests if request.path.endswith("/v1/messages")} == {KEY}
    assert not Path(session.home, ".claude", "settings.json").exists()


def skip_the_questions_of_a_first_start(home: Path, project: Path) -> None:
    """What Claude Code writes once its user has chosen a theme and trusts the folder."""
    seen = {"hasCompletedOnboarding": True, "projects": {str(project): {"hasTrustDialogAccepted": True}}}
    (home / ".claude.json").write_text(json.dumps(seen))
