"""The checks beyond the models; a new one is a function and a row."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import NamedTuple

from ccswitch_py.core.language import N_
from ccswitch_py.model.diagnosis import Diagnosis, Status
from ccswitch_py.probe.checks.cache import check_cache
from ccswitch_py.probe.checks.count_tokens import check_count_tokens
from ccswitch_py.probe.checks.full_request import check_full_request
from ccswitch_py.probe.checks.image import check_image
from ccswitch_py.probe.checks.tools import check_tools
from ccswitch_py.probe.judge.observation import Observation, Question
from ccswitch_py.probe.plan import Depth, ProbePlan
from ccswitch_py.probe.probe_client import Exchange, Judged, ProbeClient


class FurtherCheck(NamedTuple):
    """A check that needs a model that answers; ``run`` gets the question that was answered, and that exchange.

    ``passed`` is the sentence for a pass, to be translated with the name of the ``tool``.
    """

    name: str
    requests: int
    depth: Depth
    passed: str
    run: Callable[[ProbeClient, Question, Exchange], Awaitable[Judged]]


async def check_stream(_client: ProbeClient, _question: Question, first: Exchange) -> Judged:
    """Report how the first answer was streamed; costs no request."""
    return first.stream or Observation(Diagnosis.NOT_SSE, Status.SKIP), first.answer


FURTHER_CHECKS: tuple[FurtherCheck, ...] = (
    FurtherCheck("stream", 0, Depth.NORMAL, N_("The answer arrives as a stream."), check_stream),
    FurtherCheck("tools", 1, Depth.NORMAL, N_("It calls a tool."), check_tools),
    FurtherCheck("claude_code", 1, Depth.NORMAL, N_("It accepts {tool}'s requests."), check_full_request),
    FurtherCheck("image", 1, Depth.FULL, N_("It reads images."), check_image),
    FurtherCheck("count_tokens", 1, Depth.FULL, N_("It counts tokens."), check_count_tokens),
    FurtherCheck("cache", 2, Depth.FULL, N_("A repeated prompt is read from the cache."), check_cache),
)

_INCLUDED = {Depth.QUICK: (), Depth.NORMAL: (Depth.NORMAL,), Depth.FULL: (Depth.NORMAL, Depth.FULL)}


def further_checks(plan: ProbePlan) -> tuple[FurtherCheck, ...]:
    """The checks of the plan's depth beyond the models, as far as its protocol has them."""
    wanted = _INCLUDED[plan.depth]
    return tuple(check for check in FURTHER_CHECKS if check.depth in wanted and check.name in plan.protocol.checks)


def planned_requests(plan: ProbePlan) -> int:
    """How many requests the test sends if all is well."""
    return len(plan.roles_by_model) + sum(check.requests for check in further_checks(plan))
