"""The real claude-code-router, set up by ``ccswitch use``, with the real Claude Code in front of it."""

import os
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.support.clients import MODEL, SMALL_MODEL, STALE, ClientHome, client_home, installed_client
from tests.support.four_protocols import ANSWER, model_of
from tests.support.programs import BIN

KEY_HEADERS = {"authorization", "x-api-key", "x-goog-api-key"}
OWN = """\
{{
  // mine
  PORT: {port},   // odd
  LOG: false,
  Providers: [
    {{name: "own", api_base_url: "http://127.0.0.1:9/v1/chat/completions", api_key: "made-up-own", models: ["m"],}},
  ],
  Router: {{default: "own,m", webSearch: "own,m", longContextThreshold: 90000}},
}}
"""


def is_open(port: int) -> bool:
    try:
        socket.create_connection(("127.0.0.1", port), 1).close()
    except OSError:
        return False
    return True


@contextmanager
def router(one: ClientHome, port: int) -> Iterator[str]:
    """The router that ``ccswitch run`` starts, until the end."""
    program = installed_client("claude-code-router", ".bin/ccr")
    environ = {**one.environ, **STALE}
    command = [str(BIN / "ccswitch"), "run", "work", "--target", "claude-code-router", "--", program, "start"]
    with subprocess.Popen(
        command, env=environ, cwd=one.project, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
    ) as ran:
        try:
            until = time.monotonic() + 60
            while not is_open(port):
                assert ran.poll() is None and time.monotonic() < until, "the router did not start"
                time.sleep(0.1)
            yield program
        finally:
            ran.kill()


@pytest.mark.parametrize(
    ("protocol", "headers"),
    {
        "messages": {"authorization", "x-api-key"},
        "responses": {"authorization"},
        "chat": {"authorization"},
        "gemini": {"x-goog-api-key"},
    }.items(),
)
def test_claude_code_is_answered_through_it_and_off_restores_its_file(protocol: str, headers: set[str]) -> None:
    claude = Path(installed_client("claude-code", "@anthropic-ai/claude-code-linux-*/claude"))
    with socket.create_server(("127.0.0.1", 0)) as free:
        port: int = free.getsockname()[1]
    with client_home() as one:
        one.serve_only(protocol)
        file = one.home / ".claude-code-router" / "config.json"
        file.parent.mkdir()
        file.write_text(OWN.format(port=port))
        one.ccswitch("use", "work", "--target", "claude-code-router")
        one.environ |= {"PATH": f"{claude.parent}{os.pathsep}{one.environ['PATH']}", "IS_SANDBOX": "1"}
        one.environ |= {"CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC": "1", "DISABLE_AUTOUPDATER": "1"}
        with router(one, port) as program:
            assert ANSWER in one.run(program, "code", "-p", "read note.txt", "--allowedTools", "Read")
        one.check_wire(protocol)
        assert all(headers == KEY_HEADERS & set(request.headers) for request in one.asked)
        one.check_tool_call()
        assert {model_of(request) for request in one.asked} <= {MODEL, SMALL_MODEL}
        one.check_disk()
        one.ccswitch("off", "--target", "claude-code-router")
        assert file.read_text() == OWN.format(port=port)
