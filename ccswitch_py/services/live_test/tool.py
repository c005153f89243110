"""Where the live test meets the target: what the tool sends, and the user's own program."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from ccswitch_py.core.errors import CcswitchError, NotFound
from ccswitch_py.core.language import _
from ccswitch_py.core.paths import Paths
from ccswitch_py.model.launch import Launch
from ccswitch_py.model.role import Role
from ccswitch_py.probe.client.proxy import proxy_for
from ccswitch_py.probe.plan import Depth, ProbePlan
from ccswitch_py.probe.report import CheckResult
from ccswitch_py.redact.secret import Secret
from ccswitch_py.services.run import prepare_run
from ccswitch_py.targets.base import RealClient
from ccswitch_py.targets.registry import DEFAULT_TARGET, find_target


def make_plan(
    launch: Launch,
    key: Secret,
    *,
    depth: Depth = Depth.NORMAL,
    known_models: Callable[[], tuple[str, ...]] = tuple,
    fingerprint: str = "",
    target_id: str = DEFAULT_TARGET,
) -> ProbePlan:
    """The test of what the target sends with this launch."""
    target = find_target(target_id)
    shape = target.request(launch)
    return ProbePlan(
        launch.profile,
        launch.base_url,
        tuple(shape.headers(key.reveal())),
        key,
        {Role(role): model for role, model in launch.models.items()},
        target.client_shape(launch),
        shape.path,
        proxy_for(launch.base_url),
        depth,
        known_models,
        fingerprint,
    )


def find_real_client(target_id: str = DEFAULT_TARGET) -> str:
    """The path of the user's own program; raises ``NotFound``."""
    return _real_client(target_id).find()


async def ask_real_client(paths: Paths, plan: ProbePlan, target_id: str = DEFAULT_TARGET) -> CheckResult:
    """Let the user's own program ask with a saved profile; raises ``NotFound`` if there is none."""
    client = _real_client(target_id)
    try:
        process = await asyncio.to_thread(prepare_run, paths, plan.profile, [*client.command], target_id)
    except CcswitchError as problem:
        return client.failed(plan, problem.message, problem.hint)
    return await client.ask(plan, process.argv, process.env)


def _real_client(target_id: str) -> RealClient:
    target = find_target(target_id)
    client = target.real_client()
    if client is None:
        raise NotFound(
            _("ccswitch cannot ask {target} itself.", target=target.name), _("Test the profile without --with-claude.")
        )
    return client
