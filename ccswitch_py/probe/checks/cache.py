"""The check ``cache``: is a long prompt read from the cache the second time, or paid in full?"""

from __future__ import annotations

from dataclasses import replace

from ccswitch_py.core.language import ngettext
from ccswitch_py.model.diagnosis import Diagnosis, Status
from ccswitch_py.probe.judge.observation import Observation, Question
from ccswitch_py.probe.probe_client import Exchange, Judged, ProbeClient

LONG_PROMPT = " ".join(f"Rule {number}: the answer to question {number} is short." for number in range(1, 401))
"""About 5,000 tokens: some models cache nothing below 4,096."""


async def check_cache(client: ProbeClient, question: Question, _first: Exchange) -> Judged:
    """Send the same long prompt twice."""
    marked = {"type": "text", "text": LONG_PROMPT, "cache_control": {"type": "ephemeral"}}
    exchange = await client.ask_with(question, system=[marked])
    if exchange.is_answered:
        exchange = await client.ask_with(question, system=[marked])
    if not exchange.is_answered:
        return replace(exchange.finding, status=Status.WARN), exchange.answer
    return _judge_second(exchange.finding), exchange.answer


def _judge_second(second: Observation) -> Observation:
    counts = second.usage.counts if second.usage else {}
    cached = counts.get("cache_read_input_tokens", 0)
    if cached > 0:
        reason = ngettext(
            "{count} of its tokens came from the cache the second time.",
            "{count} of its tokens came from the cache the second time.",
            cached,
        )
        return Observation(Diagnosis.OK, Status.PASS, reason=reason)
    if second.usage is None or not sum(counts.values()):
        return second.rejudged(Diagnosis.USAGE_MISSING, Status.SKIP)
    return second.rejudged(Diagnosis.CACHE_IGNORED, Status.WARN)
