"""Asks a gateway which models it lists; a hint only, for what is listed and what is served often differ."""

from __future__ import annotations

import asyncio
import json
from typing import TYPE_CHECKING, Any

import httpx

from ccswitch_py.probe.received import Damaged, TooLarge, Unpacker
from ccswitch_py.probe.request import headers
from ccswitch_py.probe.shown import shown
from ccswitch_py.probe.wire import UnusableProxy, client_of

if TYPE_CHECKING:
    from ccswitch_py.probe.plan import ProbePlan

PAGE = 1000


async def list_models(plan: ProbePlan, within_s: float | None = None) -> list[str] | None:
    """The ids under ``/v1/models``, at most 1,000; None where the gateway has no such list or does not answer in time.

    ``within_s`` is how many seconds it may take, by default as long as an answer of a model.
    """
    url = f"{plan.base_url}/v1/models?limit={PAGE}"
    try:
        async with (
            asyncio.timeout(within_s or plan.patience.whole_s),
            client_of(plan) as client,
            client.stream("GET", url, headers=headers(plan.headers)) as response,
        ):
            if response.status_code != 200:
                return None
            unpacker = Unpacker(response.headers.get("content-encoding", ""))
            body = b"".join([unpacker.feed(chunk) async for chunk in response.aiter_raw()])
    except (httpx.HTTPError, httpx.InvalidURL, OSError, ValueError, Damaged, TooLarge, UnusableProxy):
        return None
    return model_ids(body, plan)


def model_ids(body: bytes, plan: ProbePlan) -> list[str] | None:
    """The ids in an answer of the Anthropic or the OpenAI shape; None for anything else."""
    try:
        rows: Any = json.loads(body)["data"]
        ids = [row["id"] for row in rows]
    except (ValueError, KeyError, TypeError, RecursionError):
        return None
    return [shown(model_id, plan.key) for model_id in ids[:PAGE] if isinstance(model_id, str)]
