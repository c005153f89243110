"""Asks a gateway which models it lists; a hint only, for what is listed and what is served often differ."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING, Any, NamedTuple

from ccswitch_py.core.language import _
from ccswitch_py.model.base_url import BaseUrl
from ccswitch_py.probe.client.request import Request, headers
from ccswitch_py.probe.client.transport import send
from ccswitch_py.probe.describe import describe
from ccswitch_py.probe.judge.classify import Question, classify
from ccswitch_py.probe.judge.pages import is_html, is_wall
from ccswitch_py.redact.gateway_text import sanitize

if TYPE_CHECKING:
    from ccswitch_py.probe.client.response import Response
    from ccswitch_py.probe.plan import ProbePlan

PAGE = 1000
_NOT_THERE = (404, 405, 410, 501)


class Listing(NamedTuple):
    """The ids, or None and why: ``problem`` and ``advice`` are fit to be shown."""

    ids: list[str] | None
    problem: str = ""
    advice: str = ""


async def list_models(plan: ProbePlan, within_s: float | None = None) -> Listing:
    """The ids under ``/v1/models``, at most 1,000; never raises.

    ``within_s`` is how many seconds it may take, by default as long as an answer of a model.
    """
    if within_s is not None:
        plan = replace(plan, patience=replace(plan.patience, whole_s=within_s))
    url = f"{plan.base_url}/v1/models?limit={PAGE}"
    answer = await send(plan, Request(url, headers(plan.headers), b"", "GET"))
    if answer.status == 200 and answer.trouble is None:
        ids = model_ids(bytes(answer.body), plan)
        if ids is not None:
            return Listing(ids)
    return _why_not(plan, answer)


def _why_not(plan: ProbePlan, answer: Response) -> Listing:
    is_page = is_html(answer.text) or is_wall(answer, answer.text)
    answers_otherwise = answer.status == 200 and answer.trouble is None and not is_page
    if answers_otherwise or (answer.status in _NOT_THERE and not is_wall(answer, answer.text)):
        return Listing(
            None, _("The gateway gives no list of its models."), _("Type the ids from the gateway's web page.")
        )
    finding = classify(answer, Question(BaseUrl(plan.base_url), "", plan.sent_headers))
    row = describe(plan, "models", finding, answer)
    return Listing(None, row.detail, row.advice)


def model_ids(body: bytes, plan: ProbePlan) -> list[str] | None:
    """The ids in an answer of the Anthropic or the OpenAI shape; None for anything else."""
    try:
        rows: Any = json.loads(body)["data"]
        ids = [row["id"] for row in rows]
    except (ValueError, KeyError, TypeError, RecursionError):
        return None
    return [sanitize(model_id, plan.key) for model_id in ids[:PAGE] if isinstance(model_id, str)]
