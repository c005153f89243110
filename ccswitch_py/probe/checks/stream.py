"""The check ``stream``: does the answer arrive as a stream, piece by piece and whole? Costs no request of its own."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ccswitch_py.model.diagnosis import Diagnosis, Status
from ccswitch_py.probe.finding import Observation

if TYPE_CHECKING:
    from ccswitch_py.probe.client.probe_client import Exchange, ProbeClient
    from ccswitch_py.probe.client.response import Response
    from ccswitch_py.probe.judge.classify import Question


async def check_stream(asker: ProbeClient, question: Question, first: Exchange) -> tuple[Observation, Response | None]:
    """What was seen of streaming when the model was asked."""
    return first.stream or Observation(Diagnosis.NOT_SSE, Status.SKIP), first.answer
