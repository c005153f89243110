"""Sends a prompt with the tool's own program, as part of a live test."""

from __future__ import annotations

import asyncio

from ccswitch_py.core.errors import CcswitchError, NotFound
from ccswitch_py.core.language import _
from ccswitch_py.core.paths import Paths
from ccswitch_py.probe.plan import ProbePlan
from ccswitch_py.probe.report import CheckResult
from ccswitch_py.services.run import prepare_run
from ccswitch_py.targets.base import RealClient
from ccswitch_py.targets.registry import DEFAULT_TARGET, find_target


def find_real_client(target_id: str = DEFAULT_TARGET) -> str:
    """The path of the user's own program; raises ``NotFound``."""
    return _real_client(target_id).find()


async def ask_real_client(paths: Paths, plan: ProbePlan) -> CheckResult:
    """Run the user's own program with a saved profile; raises ``NotFound`` if it is not installed."""
    client = _real_client(plan.target)
    try:
        process = await asyncio.to_thread(prepare_run, paths, plan.profile, [*client.command], plan.target)
    except CcswitchError as problem:
        return client.failed(plan, problem.message, problem.hint)
    return await client.ask(plan, process.argv, process.env)


def _real_client(target_id: str) -> RealClient:
    target = find_target(target_id)
    client = target.real_client()
    if client is None:
        message = _("ccswitch cannot ask {target} itself.", target=target.name)
        raise NotFound(message, _("Test the profile without --with-claude."))
    return client
