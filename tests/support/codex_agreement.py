"""The live test and the real Codex, asked about the same gateway."""

from __future__ import annotations

import asyncio
import os
import subprocess
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from ccswitch_py.core.files import write_own_file
from ccswitch_py.core.paths import Paths
from ccswitch_py.model.diagnosis import Verdict
from ccswitch_py.model.protocol import MAIN_ROLES
from ccswitch_py.probe.runner import run_probe
from ccswitch_py.services.live_test.plans import plan_of_profile
from ccswitch_py.services.profiles.manage import remove
from ccswitch_py.services.run import prepare_run
from tests.support.clients import installed_client
from tests.support.home import add_profile
from tests.support.misbehaving import Misbehaving, Script
from tests.support.probing import IMPATIENT, WITHOUT_PAUSE

MODEL = "gpt-5.4-low"
PROVIDER = """
schema = 2
id = "acme"
name = "Acme"
source = "a test"
checked = 2026-01-01

[endpoints.responses]
base_url = "{base}/v1"
auth = "bearer"
"""
LIMIT_S = 120.0
HANGING_S = 15.0
"""How long Codex may wait for a gateway that says nothing: it has no limit of its own for that."""

HURRY = {"request_max_retries": 1, "stream_max_retries": 1, "stream_idle_timeout_ms": 1500}
"""Codex retries five times and waits five minutes, which changes nothing about what comes of it."""


def our_verdict(paths: Paths, *, hangs: bool = False) -> Verdict:
    """What the live test says of the profile ``work`` for Codex."""
    plan = plan_of_profile(paths, "work", target_id="codex")
    plan = replace(plan, timeouts=IMPATIENT if hangs else WITHOUT_PAUSE)
    return asyncio.run(run_probe(plan, lambda _: None)).verdict


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
    """What the live test and Codex say of the same gateway, each of them beginning anew with it."""
    said: list[bool] = []
    for ask in (
        lambda: our_verdict(paths, hangs=hangs) in (Verdict.WORKS, Verdict.DEGRADED),
        lambda: codex_answers(paths, folder, HANGING_S if hangs else LIMIT_S),
    ):
        with Misbehaving(make()) as gateway:
            text = PROVIDER.format(base=gateway.base_url)
            write_own_file(os.path.join(paths.providers, "acme.toml"), text.encode())
            models = dict.fromkeys(MAIN_ROLES, MODEL)
            add_profile(paths, "work", "", provider="acme", models=models)
            said.append(ask())
            assert any("/responses" in seen.target for seen in gateway.seen), "nothing was asked: this proves nothing"
            remove(paths, "work")
    return said[0], said[1]
