"""The checks beyond the models: a table, so that a new one is a function and a row."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from ccswitch_py.core.language import N_
from ccswitch_py.probe.checks.cache import check_cache
from ccswitch_py.probe.checks.claude_code import check_claude_code
from ccswitch_py.probe.checks.count_tokens import check_count_tokens
from ccswitch_py.probe.checks.image import check_image
from ccswitch_py.probe.checks.stream import check_stream
from ccswitch_py.probe.checks.tools import check_tools
from ccswitch_py.probe.depth import Depth

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from ccswitch_py.probe.client.probe_client import Exchange, ProbeClient
    from ccswitch_py.probe.client.response import Response
    from ccswitch_py.probe.finding import Observation
    from ccswitch_py.probe.judge.classify import Question
    from ccswitch_py.probe.plan import ProbePlan


class FurtherCheck(NamedTuple):
    """A question that makes sense once a model has answered: how many requests it costs, and from which depth on.

    ``passed`` is said when all is well, with ``_``. ``run`` gets the question that was answered, and that exchange.
    """

    name: str
    requests: int
    depth: Depth
    passed: str
    run: Callable[[ProbeClient, Question, Exchange], Awaitable[tuple[Observation, Response | None]]]


FURTHER_CHECKS: tuple[FurtherCheck, ...] = (
    FurtherCheck("stream", 0, Depth.NORMAL, N_("The answer arrives as a stream."), check_stream),
    FurtherCheck("tools", 1, Depth.NORMAL, N_("It calls a tool."), check_tools),
    FurtherCheck("claude_code", 1, Depth.NORMAL, N_("It takes what Claude Code sends."), check_claude_code),
    FurtherCheck("image", 1, Depth.FULL, N_("It sees what is on a picture."), check_image),
    FurtherCheck("count_tokens", 1, Depth.FULL, N_("It counts tokens."), check_count_tokens),
    FurtherCheck("cache", 2, Depth.FULL, N_("A repeated prompt is read from the cache."), check_cache),
)

_UP_TO = {Depth.QUICK: (), Depth.NORMAL: (Depth.NORMAL,), Depth.FULL: (Depth.NORMAL, Depth.FULL)}


def further_checks(depth: Depth) -> tuple[FurtherCheck, ...]:
    """What is asked at this depth once a model has answered."""
    return tuple(check for check in FURTHER_CHECKS if check.depth in _UP_TO[depth])


def requests_planned(plan: ProbePlan) -> int:
    """How many requests the test sends when nothing stops it and all is well."""
    return len(plan.roles_by_model) + sum(check.requests for check in further_checks(plan.depth))
