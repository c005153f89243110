"""The checks beyond the models: a table, so that a new one is a function and a row."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from ccswitch_py.probe.stream_check import check_stream

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from ccswitch_py.probe.classify import Question
    from ccswitch_py.probe.finding import Finding
    from ccswitch_py.probe.plan import ProbePlan
    from ccswitch_py.probe.received import Answer


class FurtherCheck(NamedTuple):
    """A question that makes sense once a model has answered, and the requests that it costs at most."""

    name: str
    requests: int
    run: Callable[[ProbePlan, Question], Awaitable[tuple[Finding, Answer]]]


FURTHER_CHECKS: tuple[FurtherCheck, ...] = (FurtherCheck("stream", 1, check_stream),)
