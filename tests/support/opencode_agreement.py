"""Whether the real opencode gets an answer from a gateway, to compare with the live test."""

from __future__ import annotations

import json
import subprocess
import time
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory

from ccswitch_py.core.paths import Paths
from ccswitch_py.model.protocol import Protocol
from ccswitch_py.services.run import prepare_run
from tests.support import tool_agreement
from tests.support.clients import installed_client
from tests.support.misbehaving import Misbehaving, Script

_OFF = ("AUTOUPDATE", "MODELS_FETCH", "LSP_DOWNLOAD", "SHARE", "DEFAULT_PLUGINS")
QUIET = {f"OPENCODE_DISABLE_{name}": "1" for name in _OFF}
LIMIT_S = 120.0
POLL_S = 0.05
MAX_QUESTIONS = 3
"""When to end opencode: it retries five times over a minute, and a stream without its end for ever (measured)."""

HURRY = {"headerTimeout": 1500, "chunkTimeout": 1500}
"""It waits five minutes for a gateway that says nothing, which changes nothing about what comes of it."""


def opencode() -> str:
    """The path of the pinned opencode."""
    return installed_client("opencode", "opencode-linux-x64/bin/opencode")


def opencode_answers(paths: Paths, folder: Path, gateway: Misbehaving, protocol: Protocol, *, hangs: bool) -> bool:
    """Whether opencode, started with the profile ``work``, says something and ends well before it asks too often."""
    prepared = prepare_run(paths, "work", ["opencode"], "opencode")
    config = json.loads(prepared.env["OPENCODE_CONFIG_CONTENT"])
    if hangs:
        config["provider"]["ccswitch"]["options"] |= HURRY
    # With a title of ours it asks for none, so that each request is a try of the question.
    command = [opencode(), *prepared.argv[1:], "run", "--format", "json", "--title", "agreement", "say hi"]
    nobody, pipe = subprocess.DEVNULL, subprocess.PIPE
    with TemporaryDirectory(dir=folder) as home:
        env = {**prepared.env, **QUIET, "HOME": home, "OPENCODE_CONFIG_CONTENT": json.dumps(config)}
        env = {name: value for name, value in env.items() if not name.startswith("XDG_")}
        with subprocess.Popen(command, env=env, cwd=home, stdin=nobody, stdout=pipe, stderr=nobody) as process:
            give_up_at = time.monotonic() + LIMIT_S
            while process.poll() is None:
                asked = tool_agreement.questions(gateway, protocol)
                if asked >= MAX_QUESTIONS or time.monotonic() > give_up_at:
                    process.kill()
                time.sleep(POLL_S)
            assert process.stdout
            lines = process.stdout.read().splitlines()
    parts = [event["part"]["text"] for event in map(json.loads, lines) if event["type"] == "text"]
    return process.returncode == 0 and any(part.strip() for part in parts)


def both(
    paths: Paths, folder: Path, make: Callable[[], Script], protocol: Protocol = "chat", *, hangs: bool = False
) -> tuple[bool, bool]:
    """What the live test and opencode say of the same gateway."""

    def answers(gateway: Misbehaving) -> bool:
        return opencode_answers(paths, folder, gateway, protocol, hangs=hangs)

    return tool_agreement.both(paths, "opencode", protocol, make, answers, hangs=hangs)
