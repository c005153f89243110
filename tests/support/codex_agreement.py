"""Whether the real Codex gets an answer from a gateway, to compare with the live test."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from pathlib import Path

from ccswitch_py.core.paths import Paths
from ccswitch_py.services.run import prepare_run
from tests.support import tool_agreement
from tests.support.clients import installed_client
from tests.support.misbehaving import Script

LIMIT_S = 120.0
HANGING_S = 15.0
"""How long Codex may wait for a gateway that says nothing: it has no limit of its own for that."""

HURRY = {"request_max_retries": 1, "stream_max_retries": 1, "stream_idle_timeout_ms": 1500}
"""Codex retries five times and waits five minutes, which changes nothing about what comes of it."""


def codex_answers(paths: Paths, folder: Path, limit_s: float) -> bool:
    """Whether Codex, started with the profile ``work``, says something and ends well within the time."""
    program = installed_client("codex", "@openai/codex-*/vendor/*/bin/codex")
    prepared = prepare_run(paths, "work", ["codex"], "codex")
    home, said = folder / "codex", folder / "said"
    home.mkdir(exist_ok=True)
    said.unlink(missing_ok=True)
    hurried = [part for name, value in HURRY.items() for part in ("-c", f"model_providers.ccswitch.{name}={value}")]
    command = [program, *prepared.argv[1:], *hurried, "exec", "--skip-git-repo-check", "-o", str(said), "say hi"]
    env = {**prepared.env, "CODEX_HOME": str(home)}
    nobody = subprocess.DEVNULL
    try:
        done = subprocess.run(command, env=env, cwd=folder, stdin=nobody, capture_output=True, timeout=limit_s)
    except subprocess.TimeoutExpired:
        return False
    return done.returncode == 0 and said.exists() and bool(said.read_text().strip())


def both(paths: Paths, folder: Path, make: Callable[[], Script], *, hangs: bool = False) -> tuple[bool, bool]:
    """What the live test and Codex say of the same gateway."""

    def answers(_: object) -> bool:
        return codex_answers(paths, folder, HANGING_S if hangs else LIMIT_S)

    return tool_agreement.both(paths, "codex", "responses", make, answers, hangs=hangs)
