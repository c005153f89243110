"""The check ``stream``: does the answer arrive as a stream, piece by piece and whole? Costs no request of its own."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ccswitch_py.model.diagnosis import Diagnosis, Status
from ccswitch_py.probe.finding import Finding

if TYPE_CHECKING:
    from ccswitch_py.probe.asker import Asker, Exchange
    from ccswitch_py.probe.classify import Question
    from ccswitch_py.probe.received import Answer


async def check_stream(asker: Asker, question: Question, first: Exchange) -> tuple[Finding, Answer | None]:
    """What was seen of streaming when the model was asked."""
    return first.stream or Finding(Diagnosis.NOT_SSE, Status.SKIP), first.answer
