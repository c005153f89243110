"""The live test and the real Claude Code, asked about the same gateway."""

from __future__ import annotations

import asyncio
import json
import subprocess
from dataclasses import replace
from pathlib import Path

from ccswitch_py.core.paths import Paths
from ccswitch_py.model.diagnosis import Verdict
from ccswitch_py.model.protocol import MAIN_ROLES
from ccswitch_py.probe.runner import run_probe
from ccswitch_py.services.live_test.plans import plan_of_profile
from ccswitch_py.services.profiles.manage import remove
from ccswitch_py.services.run import prepare_run
from tests.support.home import add_profile
from tests.support.misbehaving import Misbehaving, Script
from tests.support.probing import IMPATIENT, WITHOUT_PAUSE
from tests.support.programs import QUIET, claude_code

MODEL = "gpt-5.4-low"
KEY = "made-up-key-5b2e90c1d7f34a68"
HURRY = {
    "API_TIMEOUT_MS": "1500",
    "CLAUDE_ENABLE_STREAM_WATCHDOG": "1",
    "CLAUDE_STREAM_IDLE_TIMEOUT_MS": "1000",
    "CLAUDE_ENABLE_BYTE_WATCHDOG": "1",
    "CLAUDE_BYTE_STREAM_IDLE_TIMEOUT_MS": "1000",
}
"""Claude Code waits ten minutes for a gateway that says nothing, which changes nothing about what comes of it."""


def our_verdict(paths: Paths, *, hangs: bool = False) -> Verdict:
    """What the live test says of the profile ``work``; it waits long only where nothing can be slow."""
    plan = replace(plan_of_profile(paths, "work"), timeouts=IMPATIENT if hangs else WITHOUT_PAUSE)
    return asyncio.run(run_probe(plan, lambda _: None)).verdict


def claude_code_answers(paths: Paths, folder: Path, *, hurried: bool = True) -> bool:
    """Whether Claude Code, with the launch file of the profile ``work``, says something and ends well."""
    prepared = prepare_run(paths, "work", ["claude", "-p", "hello", "--output-format", "json"])
    program = claude_code()
    env = {**prepared.env, **QUIET, **(HURRY if hurried else {})}
    done = subprocess.run(
        [program, *prepared.argv[1:]], env=env, cwd=folder, capture_output=True, text=True, check=False, timeout=120
    )
    try:
        said = json.loads(done.stdout)
    except ValueError:
        return False
    return done.returncode == 0 and not said["is_error"] and bool(said["result"].strip())


def both(home: Paths, folder: Path, *scripts: Script, model: str = MODEL, hangs: bool = False) -> tuple[bool, bool]:
    """What the live test and Claude Code say of the same gateway, each of them beginning anew with it."""
    said: list[bool] = []
    for ask in (
        lambda: our_verdict(home, hangs=hangs) in (Verdict.WORKS, Verdict.DEGRADED),
        lambda: claude_code_answers(home, folder),
    ):
        with Misbehaving(*scripts) as gateway:
            add_profile(home, "work", gateway.base_url, models=dict.fromkeys(MAIN_ROLES, model))
            said.append(ask())
            assert gateway.talks, "nothing was asked, so this proves nothing"
            remove(home, "work")
    return said[0], said[1]
