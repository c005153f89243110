"""Where the live test meets the target: what the tool sends, and the user's own program. Nothing else here knows it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

from ccswitch_py.core.errors import CcswitchError
from ccswitch_py.core.paths import Paths
from ccswitch_py.model.role import Role
from ccswitch_py.probe.client.proxy import proxy_for
from ccswitch_py.probe.plan import Depth, ProbePlan
from ccswitch_py.probe.report import CheckResult
from ccswitch_py.services.run import prepare_run
from ccswitch_py.targets.claude_code import real_client
from ccswitch_py.targets.claude_code.request_shape import MESSAGES_PATH, ClaudeCodeShape
from ccswitch_py.targets.claude_code.switches import switches_of
from ccswitch_py.targets.registry import find_target
from ccswitch_py.vault.secret import Secret

TARGET = "claude-code"


def make_plan(
    name: str,
    base_url: str,
    key: Secret,
    models: dict[Role, str],
    launch: dict[str, Any],
    delivery: str,
    *,
    depth: Depth = Depth.NORMAL,
    known_models: Callable[[], tuple[str, ...]] = tuple,
    fingerprint: str = "",
) -> ProbePlan:
    """The test of what the target sends with this launch file."""
    return ProbePlan(
        name,
        base_url,
        tuple(find_target(TARGET).wire_headers(launch, delivery)(key.reveal())),
        key,
        models,
        ClaudeCodeShape(switches_of(launch)),
        MESSAGES_PATH,
        proxy_for(base_url),
        depth,
        known_models,
        fingerprint,
    )


def find_real_client() -> str:
    """The path of the user's own program; raises ``NotFound``."""
    return real_client.find_claude()


async def ask_real_client(paths: Paths, plan: ProbePlan) -> CheckResult:
    """Let the user's own program ask with a saved profile; raises ``NotFound`` if there is none."""
    try:
        prepared = await asyncio.to_thread(prepare_run, paths, plan.profile, [*real_client.COMMAND], TARGET)
    except CcswitchError as problem:
        return real_client.failed_row(plan, problem.message, problem.hint)
    return await real_client.ask_claude_code(plan, prepared.argv, prepared.env)
