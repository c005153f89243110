"""The check ``cache``: is a long prompt that is sent twice read from the cache the second time, or paid in full?"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from ccswitch_py.core.language import ngettext
from ccswitch_py.model.diagnosis import Diagnosis, Status
from ccswitch_py.probe.client.request import plain_question
from ccswitch_py.probe.finding import Observation

if TYPE_CHECKING:
    from ccswitch_py.probe.client.probe_client import Exchange, ProbeClient
    from ccswitch_py.probe.client.response import Response
    from ccswitch_py.probe.judge.classify import Question

LONG_PROMPT = " ".join(f"Rule {number}: the answer to question {number} is short." for number in range(1, 401))
"""About 5,000 tokens: some models keep nothing below 4,096."""


async def check_cache(asker: ProbeClient, question: Question, _: Exchange) -> tuple[Observation, Response | None]:
    """Send the same long prompt twice."""

    def body(stream: bool) -> dict[str, Any]:
        marked = {"type": "text", "text": LONG_PROMPT, "cache_control": {"type": "ephemeral"}}
        return {**plain_question(question.model, stream=stream), "system": [marked]}

    exchange = await asker.ask(question._replace(most_input=None), body)
    if exchange.is_good:
        exchange = await asker.ask(question._replace(most_input=None), body)
    if not exchange.is_good:
        return replace(exchange.finding, status=Status.WARN), exchange.answer
    return judge_cache(exchange.finding), exchange.answer


def judge_cache(second: Observation) -> Observation:
    """What the usage of the second of two equal requests says."""
    counts = second.usage.counts if second.usage else {}
    cached = counts.get("cache_read_input_tokens", 0)
    if cached > 0:
        reason = ngettext(
            "{count} of its tokens came from the cache the second time.",
            "{count} of its tokens came from the cache the second time.",
            cached,
        )
        return Observation(Diagnosis.OK, Status.PASS, reason=reason)
    return second.turned(Diagnosis.CACHE_IGNORED, Status.WARN)
